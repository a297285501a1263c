"""Theories that were fitted to one experiment predict the people of another, in whatever units it was played."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from engine import TRUST, trust_experiment

import estimation as est
from estimation.evaluation.scores.loo import leave_people_out
from estimation.inference.posterior import drawn_populations
from estimation.population.people import log_likelihood

HOW = {"accuracy": 0.5, "seed": 1, "draws": 200, "progress": False}
RECEIVER = {name: TRUST[name] for name in ("trust", "receiver_precision", "lapse")}


def game(times):
    """Five states; payoffs in a currency that is worth less, so that there is more of it."""
    states = [1.0, 2.0, 3.0, 4.0, 5.0]
    sides = ([[times * (11 - 2 * abs(s + bias - a) ** 1.4) for a in states] for s in states] for bias in (1, 0))
    return est.SenderReceiverGame(states, states, *sides)


def receivers(times, people, seed):
    """People who do the same whatever the currency."""
    played = {"biased": game(times)}
    population = RECEIVER | {"receiver_precision": (1.0 / times, 0.4)}
    situations = est.design(played, people, 10, seed, ("receiver",))
    return est.simulate(est.TrustEmbedded(), situations, population, seed=seed)[0]


@pytest.fixture(scope="module")
def fits():
    """Two experiments in dollars and one in cents: by trust, and the first by babbling too."""
    tables = {"first": receivers(1, 10, 1), "second": receivers(1, 8, 2), "cents": receivers(100, 8, 2)}
    found = {name: {"trust": est.fit(est.TrustEmbedded(), table, **HOW)} for name, table in tables.items()}
    found["first"]["babbling"] = est.fit(est.Babbling(), tables["first"], **HOW)
    return found


@pytest.fixture(scope="module")
def moved(fits):
    return est.transfer(fits, progress=False)


def test_new_people_are_integrated_over_the_population_of_the_others(fits, moved):
    """Scores agree with averages over people drawn from populations of the posterior, within Monte-Carlo error."""
    fit, there = fits["first"]["trust"], fits["second"]["trust"].problem
    rng = np.random.default_rng(3)
    drawn = [one.sample(60, rng)[1] for one in drawn_populations(fit, 150, rng)]
    nodes = np.concatenate(drawn).T
    for person in there.crowd.people[:4]:
        likelihood = np.exp(log_likelihood(fit.theory, 0, person, fit.problem.parameters, nodes)).reshape(150, -1)
        own = likelihood.mean(axis=1)
        expected, error = np.log(own.mean()), own.std() / np.sqrt(150) / own.mean()
        assert abs(moved.pointwise["trust", "first", "second", person.subject] - expected) < 4 * error + 0.05


def test_a_currency_makes_no_difference_unless_numbers_are_taken_as_they_are(fits, moved):
    """The same people paid in cents are predicted alike; with the precision of dollars, far worse."""
    cents = moved.table.loc[("trust", "first", "cents")]
    dollars = moved.table.loc[("trust", "first", "second")]
    assert cents["elpd"] == pytest.approx(dollars["elpd"], abs=0.05)
    pair = {name: fits[name] for name in ("first", "cents")}
    raw = est.transfer(pair, ("trust",), rescaled=False, progress=False)
    assert raw.table.loc[("trust", "first", "cents"), "elpd"] < cents["elpd"] - 2


def test_losses_are_measured_at_the_fit_of_the_people_themselves(fits, moved):
    """A loss is the mean of people's own left-out score minus the transferred one; of one population, there is none."""
    own = leave_people_out(fits["second"])["trust"].elpd
    gap = own - moved.pointwise["trust", "first", "second"]
    row = moved.table.loc[("trust", "first", "second")]
    assert row["loss"] == pytest.approx(gap.mean())
    assert row["loss"] < 3 * row["loss_se"]
    assert moved.matrix("trust").loc["first", "second"] == row["loss"]
    assert np.isnan(moved.matrix("trust").loc["first", "first"])


def test_what_does_not_apply_is_named(fits, moved):
    """No fit of the people themselves: scores without a loss. Other roles and other games: the reason."""
    assert np.isnan(moved.table.loc[("babbling", "first", "second"), "loss"])
    assert moved.table.loc[("babbling", "first", "second"), "why"] == ""
    senders = trust_experiment(4, 3, 1, ("sender",))[0]
    other = {"trust": est.fit(est.TrustEmbedded(), senders, **HOW)}
    found = est.transfer({"first": fits["first"], "senders": other}, ("trust",), progress=False)
    assert "the fit is of receivers, the people are senders" in found.table.loc[("trust", "first", "senders"), "why"]
    assert "Left out: trust from first to senders" in found.verdict


def test_theories_are_put_side_by_side_and_everything_is_shown(moved):
    """Differences between theories are means over the same people; the page and the figure name experiments."""
    gap = moved.pointwise["trust", "first", "second"] - moved.pointwise["babbling", "first", "second"]
    between = moved.between("trust", "babbling")
    assert between.loc[("first", "second"), "difference"] == pytest.approx(gap.mean())
    assert "SYNTHETIC: first, second, cents." in moved.verdict
    assert "first" in moved._repr_html_()
    assert [label.get_text() for label in moved.plot("trust").get_yticklabels()] == ["first", "second", "cents"]


def test_a_theory_that_nobody_fitted_is_refused(fits):
    with pytest.raises(est.ComparisonError, match=r"'level-k' is none of the theories \['trust', 'babbling'\]"):
        est.transfer(fits, ("level-k",), progress=False)


def test_one_name_for_two_theories_is_left_out_with_the_reason(fits):
    given = {"first": {"trust": fits["first"]["babbling"]}, "second": fits["second"]}
    why = est.transfer(given, ("trust",), progress=False).table["why"].to_dict()
    assert why["trust", "first", "second"].startswith("two theories have this name: ")


def test_theories_are_compared_where_both_transfers_are_sound_only(moved):
    table = moved.table.sort_index()
    table.loc[("babbling", "first", "second"), "why"] = "its chains have not converged"
    assert ("first", "second") in moved.between("trust", "babbling").index
    left = replace(moved, table=table).between("trust", "babbling")
    assert ("first", "second") not in left.index
    assert ("first", "cents") in left.index
