"""Exact refits of models of choice: their errors are each person's own, so that a total over people averages them."""

from __future__ import annotations

import pickle
from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

import estimation as est
from estimation.choice import fit as refit
from estimation.choice.hierarchy import draws
from estimation.choice.hierarchy.integral import NODES, integral_of_new
from estimation.choice.hierarchy.sampler import sample
from estimation.evaluation.scores.refits import _for_workers

TERMS = ["price", "quality", "size"]
KINDS, TWINS, SITUATIONS = 6, 7, 6
FINE = 100  # times the nodes of a fit


@pytest.fixture(scope="module")
def twins():
    """SYNTHETIC people, seven of whom at a time were offered and chose the same."""
    rng = np.random.default_rng(61)
    offers = rng.normal(size=(KINDS, SITUATIONS, 3, len(TERMS)))
    tastes = rng.normal([-1.0, 1.0, 0.0], 0.8, size=(KINDS, len(TERMS)))
    utility = np.einsum("ktja,ka->ktj", offers, tastes) + rng.gumbel(size=offers.shape[:3])
    chosen = utility.argmax(axis=-1)[..., None] == np.arange(3)
    kind = np.tile(np.arange(KINDS), TWINS)
    people, rows = len(kind), SITUATIONS * 3
    frame = pd.DataFrame(offers[kind].reshape(-1, len(TERMS)), columns=TERMS).assign(
        subject=np.repeat([f"s{n:02}" for n in range(people)], rows),
        situation=np.repeat(np.arange(people * SITUATIONS), 3),
        alternative=np.tile(["a", "b", "c"], people * SITUATIONS),
        chosen=chosen[kind].ravel().astype(int),
    )
    table = est.read_choices(frame, name="synthetic_twins")
    return est.MultinomialLogit(TERMS, random="all").on(table)


def test_people_alike_are_scored_with_random_numbers_of_their_own(twins, monkeypatch):
    """Without sampling errors twins differ by the errors of their integrals, which average out in a total."""
    problem = twins.hierarchy
    sampled = sample(problem, seed=3, draws=200, chains=2)
    monkeypatch.setattr(draws, "sample", lambda *_, **__: sampled)
    names = twins.table.subjects
    scores = [refit.without(twins, [name]).scores[name] for name in names]
    found = np.array(scores).reshape(TWINS, KINDS)
    alike = problem.without(np.arange(len(names)) >= KINDS)
    fine = integral_of_new(alike, sampled.middle, sampled.populations, FINE * NODES).everybody(4)[0]
    truth = special.logsumexp(fine, axis=0) - np.log(len(fine))
    spread = found.std(axis=0, ddof=1)
    assert (spread > 1e-4).all(), "twins have the same errors, which a total then adds up"
    z = (found.mean(axis=0) - truth) / (spread * np.sqrt(1 / TWINS + draws.FINER / FINE))
    assert stats.t(TWINS - 1).sf(np.abs(z)).min() > 0.001 / 2 / KINDS


def test_a_refit_whose_chains_stay_too_short_is_not_sound(twins, monkeypatch):
    monkeypatch.setattr(refit, "DRAWS", 50)
    monkeypatch.setattr(draws, "sample", partial(sample, rounds=1))
    assert not refit.without(twins, twins.table.subjects[:1]).is_sound


@pytest.mark.parametrize(
    ("people", "words"),
    [
        (["s01", "s1"], "'s1' made none of the choices of synthetic_twins"),
        ("nobody", "'nobody' made none of the choices"),
        ([], "no subject is named"),
    ],
)
def test_only_people_who_chose_can_be_left_out(twins, people, words):
    with pytest.raises(est.ChoiceError, match=words):
        refit.without(twins, people)


def test_somebody_is_left_to_say_how_tastes_differ(twins):
    with pytest.raises(est.ChoiceError, match="everybody is left out"):
        refit.without(twins, twins.table.subjects)


def test_one_name_is_one_person(twins):
    pooled = est.MultinomialLogit(TERMS).on(twins.table)
    assert refit.without(pooled, "s01") == refit.without(pooled, ["s01"])


def test_a_workers_copy_of_a_fit_says_the_same_of_who_is_left_out(twins):
    fit = est.fit(est.MultinomialLogit(TERMS), twins.table, seed=1)
    brought, out = pickle.loads(pickle.dumps(_for_workers(fit))), twins.table.subjects[:2]
    assert est.leave_out(brought, out) == est.leave_out(fit, out)
    assert len(pickle.dumps(brought)) < len(pickle.dumps(fit))
