"""What several experiments say together, and what holds beyond one of them, against plain sums over grids.

About 5 processor seconds.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import theory_grid as grid
from advised import advised
from scipy import special, stats
from theory_grid import Pulling, Sale, done, pulled

import estimation as est
from estimation.evaluation.experiments.between_experiments import FREEDOM, Measured, Together, inconsistency
from estimation.evaluation.experiments.transfer import Predicted

MEAN, SD, PEOPLE = [0.9, 0.1, -0.4, 0.5], [1.4, 0.8, 1.1, 2.0], [4, 12, 25, 9]


@pytest.fixture(scope="module")
def whole():
    """Points of μ and τ, their posterior, and the density of each result around its own expectation, (…, θ)."""
    mean, spread, own = np.linspace(-4, 5, 151), np.geomspace(2e-3, 12, 70), np.linspace(-7, 8, 401)
    student = [
        stats.t.pdf((y - own) / (s / math.sqrt(n)), n - 1) / (s / math.sqrt(n))
        for y, s, n in zip(MEAN, SD, PEOPLE, strict=True)
    ]
    edges = np.append(own, 2 * own[-1] - own[-2]) - (own[1] - own[0]) / 2
    between = np.diff(special.ndtr((edges - mean[:, None, None]) / spread[:, None]), axis=2)  # of θ, (μ, τ, θ)
    likelihood = np.array([between @ one for one in student])
    prior = stats.t.pdf(spread / 0.5, FREEDOM) * spread
    return mean, spread, own, student, between, likelihood, prior


def normed(weight):
    return weight / weight.sum()


def halved(weight):
    """The probability below each point, half of its own included."""
    return np.cumsum(weight) - weight / 2


def quantiles(weight, at):
    """The median and the ends of the middle 95 %."""
    return tuple(np.interp([0.5, 0.025, 0.975], halved(weight), at))


def test_posteriors_over_experiments_are_those_of_sums_over_a_grid(whole):
    """Student's errors of few people, means and spreads, what each is expected to be, and how far off each is."""
    mean, spread, own, student, between, likelihood, prior = whole
    measured = Measured(*(np.array(part, dtype=float) for part in (MEAN, SD, PEOPLE, [0.0] * 4)))
    found = Together.of(measured, 0.5)
    weight = normed(likelihood.prod(axis=0) * prior)
    over_mean, over_spread = weight.sum(axis=1), weight.sum(axis=0)
    near = {"abs": 0.006}
    assert found.expected == pytest.approx(over_mean @ mean, **near)
    assert found.interval == pytest.approx(quantiles(over_mean, mean)[1:], **near)
    assert 1 - found.probability == pytest.approx(np.interp(0.0, mean, halved(over_mean)), **near)
    assert found.spread_quantiles == pytest.approx(quantiles(over_spread, spread), **near)
    following = (weight[:, :, None] * between).sum(axis=(0, 1))
    assert found.next_interval == pytest.approx(quantiles(following, own)[1:], **near)
    assert found.next_below(0.25) == pytest.approx(np.interp(0.25, own, halved(following)), **near)
    for j in range(4):
        shrunken = ((weight / likelihood[j])[:, :, None] * between * student[j] * own).sum()
        assert found.shrunken[j] == pytest.approx(shrunken, **near)
        rest = normed(np.delete(likelihood, j, axis=0).prod(axis=0) * prior)
        there = (rest[:, :, None] * between).sum(axis=(0, 1))
        below = there @ stats.t.cdf((MEAN[j] - own) / (SD[j] / math.sqrt(PEOPLE[j])), PEOPLE[j] - 1)
        assert Together.of(measured.but(j), 0.5).tail_of(measured, j) == pytest.approx(
            2 * min(below, 1 - below), **near
        )
    error = np.array(SD) / np.sqrt(PEOPLE)
    middle = (np.array(MEAN) / error**2).sum() / (1 / error**2).sum()
    q = sum((y - middle) ** 2 / e**2 for y, e in zip(MEAN, error, strict=True))
    assert inconsistency(measured) == pytest.approx((max(0, 1 - 3 / q), stats.chi2.sf(q, 3)))


@pytest.mark.parametrize("rescaled", [True, False])
def test_people_elsewhere_are_integrated_over_the_population_of_the_fit(rescaled):
    """Senders of another experiment, who earn ten times as much of the action: precisions are a tenth, unless not."""
    here = grid.decisions(periods=6).assign(condition="sale", role="sender")
    small = {"state": here["state"].clip(upper=6), "message": here["message"].clip(upper=6), "action": 0.0}
    fit = grid.with_draws(Pulling(lapse=False), grid.table_of(here.assign(**small), {"sale": Sale()}))
    fit = replace(fit, manifest={"settings": {"seed": 3}})
    there = here.assign(subject=here["subject"].map(lambda who: f"{who}'"), **small | {"message": 6 - small["message"]})
    table = grid.table_of(there, {"sale": Sale(share=5.0)})
    found = Predicted.of(fit, table, rescaled)
    pull, precision = np.linspace(-9, 8, 171), np.linspace(-7, 7, 141)
    kept = {}
    for row in there.to_dict("records"):
        aim = np.array([pulled(row, {"pull": share}) for share in special.expit(pull)])
        worth = 5.0 * np.exp(precision)[None, :, None] * -np.abs(np.arange(7) - aim[:, None])[:, None, :]
        kept[row["subject"]] = kept.get(row["subject"], 0) + special.log_softmax(worth, axis=2)[:, :, int(done(row))]
    means, sds = grid.numbers(fit, "mean"), grid.numbers(fit, "sd")
    for who, own in kept.items():
        chances = []
        for mean, sd in zip(means, sds, strict=True):
            moved = mean["sender_precision"] - (math.log(10) if rescaled else 0)
            weight = stats.norm.pdf(pull, mean["pull"], sd["pull"])[:, None]
            weight = weight * stats.norm.pdf(precision, moved, sd["sender_precision"])
            chances.append((normed(weight) * np.exp(own)).sum())
        assert found.scores[who] == pytest.approx(math.log(np.mean(chances)), abs=0.08), who
    assert found.is_whole


def test_where_games_are_the_same_units_are_too_also_of_coefficients():
    """A formula's coefficients are carried over: without them people's ages would not count."""
    here = grid.decisions(periods=6).assign(condition="sale", role="sender")
    small = {"state": here["state"].clip(upper=6), "message": here["message"].clip(upper=6), "action": 0.0}
    here = here.assign(**small)
    games = {"sale": Sale()}
    fit = grid.with_draws(Pulling(lapse=False, pull="~ age"), grid.table_of(here, games))
    fit = replace(fit, manifest={"settings": {"seed": 3}})
    there = here.assign(subject=here["subject"].map(lambda who: f"{who}'"))
    scores = [Predicted.of(fit, grid.table_of(there, games), rescaled).scores for rescaled in (True, False)]
    np.testing.assert_allclose(*scores, rtol=1e-9)
    older = Predicted.of(fit, grid.table_of(there.assign(age=there["age"] + 40), games), True).scores
    assert (older - scores[0]).abs().min() > 1e-3


def test_advisers_of_whom_a_fit_says_nothing_are_named():
    met = advised(people=3, right={"good": 0.8, "even": 0.5})
    fit = grid.with_draws(est.AdviceTaking(own="ignored"), met)
    with pytest.raises(est.ComparisonError, match="the people of the fit say nothing of trust_bad"):
        Predicted.of(fit, advised(people=3), True)
