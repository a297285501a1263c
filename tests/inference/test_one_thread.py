"""Whatever is estimated, matrices are multiplied in one thread meanwhile, and in as many as before afterwards."""

from __future__ import annotations

import pytest
from choice_builders import WEIGHTS, choice_table
from engine import trust_experiment
from threadpoolctl import threadpool_info, threadpool_limits

import estimation as est

TERMS = list(WEIGHTS)
TRUST = est.TrustEmbedded(lapse=False)


def talk():
    return trust_experiment(people=6, decisions=8, roles=("sender",))[0]


def threads():
    """How many threads each algebra library multiplies matrices in."""
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


@pytest.fixture
def seen(monkeypatch):
    """The numbers of threads whenever utilities of choices or payoffs of senders are asked for."""
    found = set()

    def watched(original):
        def asked(*arguments, **options):
            found.update(threads())
            return original(*arguments, **options)

        return asked

    for owner, name in ((est.MultinomialLogit, "likelihood"), (est.TrustEmbedded, "sender_terms")):
        monkeypatch.setattr(owner, name, watched(getattr(owner, name)))
    with threadpool_limits(2, "blas"):
        yield found


@pytest.mark.parametrize("estimate", [est.mode, lambda *asked: est.fit(*asked, draws=100, progress=False)])
@pytest.mark.parametrize("what", ["choices", "talk"])
def test_estimates_are_made_in_one_thread(estimate, what, seen):
    asked = {"choices": lambda: (est.MultinomialLogit(TERMS), choice_table()), "talk": lambda: (TRUST, talk())}[what]()
    seen.clear()
    estimate(*asked)
    assert seen == {1}
    assert threads() == {2}


def test_people_are_left_out_in_one_thread(seen):
    fit = est.fit(TRUST, talk(), draws=100, progress=False)
    seen.clear()
    est.leave_out(fit, fit.table.subjects[:1])
    assert seen == {1}
    assert threads() == {2}
