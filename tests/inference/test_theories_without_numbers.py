"""A theory that gives no number for a decision is refused before anything is computed, and the decision is named."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from own_sceptic import QUICK

import estimation as est
from estimation.data import PlayTable
from estimation.errors import TheoryError

WEIGHT = est.Parameter("weight", "w", "how far messages are moved", "share", "logit", 0.0, 1.5, 1.0, "any")
PEOPLE = {"weight": (0.5, 0.4), "receiver_precision": (1.0, 0.2)}


class Ratio(est.Theory):
    """Receivers take off a share of the message: nothing divided by nothing where they hear 0."""

    traits = (WEIGHT,)

    def receiver_target(self, game, kind, values, message, xp):  # noqa: ARG002
        heard = message[:, None]
        with np.errstate(invalid="ignore"):
            return heard - values["weight"] * heard / heard * 3


class Guarded(Ratio):
    """The same with a guard."""

    def receiver_target(self, game, kind, values, message, xp):  # noqa: ARG002
        return message[:, None] - values["weight"] * (message[:, None] > 0) * 3


class Exact(est.NormalFormLevelK):
    """A theory of play without a number for who is column."""

    def choice_probability(self, game, player, kind, values):
        chance = super().choice_probability(game, player, kind, values)
        return chance * np.nan if player == "column" else chance


@pytest.fixture(scope="module")
def table():
    """Eight receivers, some of whom hear 0."""
    games = {"over": est.EstimationGame(highest=6)}
    situations = est.design(games, people=8, decisions=6, seed=3, roles=("receiver",))
    return est.simulate(Guarded(lapse=False), situations, PEOPLE, seed=1)[0]


WAYS = {
    "mode": est.mode,
    "pooled mode": lambda theory, table: est.mode(theory, table, pooled=True),
    "fit": lambda theory, table: est.fit(theory, table, **QUICK),
    "pooled fit": lambda theory, table: est.fit(theory, table, pooled=True, seed=1),
    "fits": lambda theory, table: est.fit({"a": theory, "b": Guarded()}, table, **QUICK),
    "recovery": lambda theory, table: est.recovery(theory, table, PEOPLE, simulations=2),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
@pytest.mark.parametrize("lapse", [False, True])
def test_a_decision_without_a_number_is_named_with_its_game(table, way, lapse):
    frame = table.frame
    silent = frame[frame["message"] == 0]
    first = silent.iloc[0]
    told = rf"condition 'over': no number \(NaN\) for {len(silent)} decisions of receivers, first that of "
    with pytest.raises(TheoryError, match=told + rf"'{first['subject']}' in period {first['period']} \(message 0"):
        way(Ratio(lapse=lapse), table)


def test_nobody_decides_where_a_theory_gives_no_number(table):
    with pytest.raises(TheoryError, match=r"no number \(NaN\) for what receivers do in condition 'over', message 0"):
        est.simulate(Ratio(lapse=False), table, PEOPLE, seed=1)


def test_a_fit_in_which_somebody_is_impossible_is_not_sound(table):
    fit = est.fit(Guarded(), table, **QUICK)
    group = fit.tree["log_likelihood"].dataset
    people = group["people"].copy()
    people[{"subject": 0}] = -1e10
    tree = xr.DataTree.from_dict({name: node.dataset for name, node in fit.tree.children.items()})
    tree["log_likelihood"] = xr.DataTree(group.assign(people=people))
    found = est.diagnose(dataclasses.replace(fit, tree=tree))
    assert not found.ok
    assert found.table.loc["impossible people", "value"] == 1
    assert "impossible people" not in est.diagnose(fit).table.index


@pytest.mark.parametrize("way", [est.mode, est.fit], ids=["mode", "fit"])
def test_a_theory_of_play_without_a_number_is_refused(way):
    game = est.NormalForm([[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]])
    chosen = [("row", "1", 3), ("row", "2", 4), ("column", "1", 5), ("column", "2", 2)]
    counts = pd.DataFrame(chosen, columns=["player", "choice", "count"]).assign(game="pd")
    plays = PlayTable.from_frame(counts, {"pd": game}, name="plays", synthetic=True)
    with pytest.raises(TheoryError, match=r"no number \(NaN\) for what 'pd, column' did"):
        way(Exact(per="choice"), plays)
