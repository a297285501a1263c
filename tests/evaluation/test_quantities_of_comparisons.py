"""Scores, completeness, likelihoods and distances of people who talk against sums over people and their decisions.

Two small experiments are fitted; other draws are made up (`theory_grid`). About 13 processor seconds.
"""

from __future__ import annotations

import math
from statistics import fmean, stdev

import numpy as np
import pandas as pd
import pytest
import theory_grid as grid
from theory_grid import Pulling, done, pulled

import estimation as est
from estimation.evaluation.comparison.distance import predictive_distance

FRAME = grid.decisions()


@pytest.fixture(scope="module")
def small():
    """Two fits of one small experiment of twelve people, who are called 1 to 12."""
    people = {
        "pull": (0.3, 0.8),
        "sender_precision": (2.0, 0.3),
        "receiver_precision": (2.0, 0.3),
        "lapse": (0.05, 0.3),
    }
    situations = grid.table_of(grid.decisions(names=[str(name) for name in range(1, 13)], periods=4))
    table, _ = est.simulate(Pulling(), situations, people, seed=2)
    how = {"seed": 1, "method": "importance", "draws": 200, "chains": 2, "accuracy": 0.25, "progress": False}
    theories = {"pulling": Pulling(), "honest": est.Honest()}
    return {name: est.fit(theory, table, **how) for name, theory in theories.items()}


@pytest.fixture(scope="module")
def study(small):
    return est.compare(small, roles_apart=False, progress=False)


def test_scores_are_those_of_people_by_name(small, study):
    """Raw importance weights say the same within a tenth of a nat: those of somebody else would not."""
    for name, fit in small.items():
        likelihood = fit.tree["log_likelihood"].dataset["people"]
        for who in fit.table.subjects:
            each = likelihood.sel(subject=who).to_numpy().ravel().tolist()
            own = -math.log(fmean(math.exp(-value) for value in each))
            assert study.pointwise.loc[who, name] == pytest.approx(own, abs=0.1), (name, who)
    table, best = study.table, study.table.index[0]
    for name in table.index:
        own = [study.pointwise.loc[who, name] for who in study.pointwise.index]
        ahead = [study.pointwise.loc[who, best] - study.pointwise.loc[who, name] for who in study.pointwise.index]
        assert table.loc[name, "elpd"] == pytest.approx(sum(own))
        assert table.loc[name, "se"] == pytest.approx(math.sqrt(len(own)) * stdev(own))
        assert table.loc[name, "elpd_diff"] == pytest.approx(-sum(ahead))
        assert table.loc[name, "dse"] == pytest.approx(math.sqrt(len(own)) * stdev(ahead))


def test_completeness_is_the_share_of_the_way_of_the_same_people(small, study):
    people, rng = list(next(iter(small.values())).table.subjects), np.random.default_rng(3)
    bench = pd.DataFrame(
        {"flexible benchmark": rng.normal(-5, 2, 12), "babbling": rng.normal(-15, 2, 12)}, index=people
    ).sample(frac=1.0, random_state=2)
    found = est.completeness(small, benchmark=bench)
    scores = study.pointwise
    for name in small:
        gained = {who: scores.loc[who, name] - bench.loc[who, "babbling"] for who in people}
        reach = {who: bench.loc[who, "flexible benchmark"] - bench.loc[who, "babbling"] for who in people}
        share = sum(gained.values()) / sum(reach.values())
        apart = stdev([gained[who] - share * reach[who] for who in people])
        assert found.loc[name, "explained"] == pytest.approx(share)
        assert found.loc[name, "se"] == pytest.approx(apart * math.sqrt(12) / sum(reach.values()))


def test_pooled_fits_and_maxima_have_the_likelihood_of_each_person(small):
    table = next(iter(small.values())).table
    fit = est.fit(Pulling(), table, pooled=True, seed=1, draws=50, chains=2, progress=False)
    rows = table.frame.to_dict("records")
    likelihood = fit.tree["log_likelihood"].dataset["people"]
    for chain, draw in ((0, 3), (1, 7)):
        value = fit.draws.loc[(chain, draw)].to_dict()
        for who in table.subjects:
            own = [row for row in rows if row["subject"] == who]
            total = sum(math.log(grid.chances(row, pulled(row, value), value)[done(row)]) for row in own)
            assert float(likelihood.sel(chain=chain, draw=draw, subject=who)) == pytest.approx(total)


def test_curves_and_distances_are_those_of_new_people_at_their_own_columns():
    """Nobody differs from what columns say, and all draws of the population are one."""
    table = grid.table_of(FRAME)
    mean = {"pull": -0.5, "sender_precision": 1.0, "receiver_precision": 0.5, "lapse": -2.0}
    fit = grid.with_draws(Pulling(pull="~ age"), table, mean=mean, sd=1e-12)
    fit.posterior["coefficient"][:] = 0.08
    plain = grid.with_draws(Pulling(), table, mean=mean, sd=1e-12)
    first = {row["subject"]: row for row in FRAME.to_dict("records")}
    middle = fmean(row["age"] for row in first.values())
    value = {name: grid.NATURAL["log" if "precision" in name else "logit"](x) for name, x in mean.items()}

    def chance(row, columns):
        own = mean["pull"] + columns * 0.08 * (first[row["subject"]]["age"] - middle)
        mine = value | {"pull": grid.NATURAL["logit"](own)}
        return grid.chances(row, pulled(row, mine), mine)

    there = [row for row in FRAME.to_dict("records") if row["condition"] == "up" and row["role"] == "receiver"]
    (line,) = [one for one in est.plot_behaviour(fit, "receiver", "up").lines if len(one.get_xdata()) > 3][:1]
    for given, mine in zip(line.get_xdata(), line.get_ydata(), strict=True):
        people = {row["subject"]: row for row in there}.values()
        assert mine == pytest.approx(
            fmean(grid.mean_of(chance(row | {"message": given}, 1)) for row in people), rel=1e-6
        )
    total = 0.0
    for row in FRAME.to_dict("records"):
        one, other = chance(row, 1), chance(row, 0)
        total += 0.5 * sum(abs(one[option] - other[option]) for option in one)
    assert predictive_distance(fit, plain) == pytest.approx(total / len(FRAME), rel=1e-6)
