"""Marks, bands and data of figures and pages of people against loops over their decisions and draws.

Draws of people are made up (`theory_grid`). About 4 processor seconds.
"""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import pytest
import theory_grid as grid
from scipy import special
from theory_grid import GAMES, NATURAL, SAMPLES, Ends, Pulling, chances, done, drawn, mean_of, natural, pulled, seen

import estimation as est
from estimation.report.interactive.people import people_view
from estimation.report.theories.gallery import trust_pictures
from estimation.text.digits import number

FRAME = grid.decisions()
PULL = np.random.default_rng(9).normal(size=6)


@pytest.fixture(scope="module")
def table():
    return grid.table_of(FRAME)


def test_a_page_of_people_holds_their_own_decisions_and_expectations_and_estimates(table):
    """Of one fit whose draws differ in nothing: every decision of everybody, in the panel of its role and condition."""
    same = {"pull": PULL, "sender_precision": 0.3, "receiver_precision": -0.4, "lapse": -2.0}
    fit = grid.with_draws(Pulling(), table, theta=same)
    view = people_view({"theory": fit})
    data = view.data
    rows = FRAME.to_dict("records")
    assert [one["name"] for one in data["persons"]] == sorted(grid.NAMES)
    (expected,) = data["decisions"]["expected"]
    for person, one in enumerate(data["persons"]):
        mine, value = defaultdict(list), natural(fit, drawn(fit, 0, one["name"])[1])
        for row in rows:
            if row["subject"] == one["name"]:
                mean = mean_of(chances(row, pulled(row, value), value))
                mine[f"{row['role']}s, {row['condition']}"].append((row["period"], seen(row), done(row), mean))
        shown = defaultdict(list)
        for place in range(*one["rows"]):
            panel = data["panels"][data["decisions"]["panel"][place]]["title"]
            told = [data["decisions"][name][place] for name in ("period", "given", "chosen")]
            shown[panel].append((*told, expected[place]))
        assert set(shown) == set(mine)
        for panel, decisions in mine.items():
            np.testing.assert_allclose(shown[panel], sorted(decisions), rtol=1e-3)
        columns = {column["name"]: column["values"][person] for column in data["columns"]}
        assert columns["pull"] == pytest.approx(value["pull"], rel=1e-3)
        plays = {row["role"] for row in rows if row["subject"] == one["name"]}
        for role in ("sender", "receiver"):
            told = columns[f"{role} precision"]
            assert (told is None) if role not in plays else told == pytest.approx(value[f"{role}_precision"], rel=1e-3)
    lines = {row[0]: row[1:] for row in view.tables[0].rows}
    for place, who in enumerate(table.subjects):
        assert float(lines[who][0]) == pytest.approx(special.expit(PULL[place]), abs=6e-4)


def test_lines_of_people_are_quantiles_of_their_draws_in_order(table):
    fit = grid.with_draws(Pulling(), table)
    axes = est.plot_people(fit, "pull")
    draws = {who: [drawn(fit, s, who)[1]["pull"] for s in range(SAMPLES)] for who in table.subjects}
    quantiles = {who: special.expit(np.quantile(own, [0.05, 0.5, 0.95])) for who, own in draws.items()}
    order = sorted(quantiles, key=lambda who: quantiles[who][1])
    (lines,) = [one for one in axes.collections if one.get_label() != "middle 90 % of population"]
    for rank, (who, segment) in enumerate(zip(order, lines.get_segments(), strict=True), 1):
        np.testing.assert_allclose(segment, [[quantiles[who][0], rank], [quantiles[who][2], rank]])
    dots = {(round(x, 9), int(y)) for line in axes.lines if line.get_marker() == "o" for x, y in line.get_xydata()}
    assert dots == {(round(quantiles[who][1], 9), rank) for rank, who in enumerate(order, 1)}
    hollow = [line for line in axes.lines if line.get_label() == "read with care"]
    marked = {int(y) for line in hollow for _, y in line.get_xydata()}
    assert marked == {rank for rank, who in enumerate(order, 1) if fit.people.loc[who, "mark"]}
    typical = np.median([own["pull"] for own in grid.numbers(fit, "mean")])
    spread = np.median([own["pull"] for own in grid.numbers(fit, "sd")])
    (dashed,) = [line for line in axes.lines if line.get_label() == "typical person"]
    assert dashed.get_xdata()[0] == pytest.approx(special.expit(typical))
    (band,) = [patch for patch in axes.patches if patch.get_label() == "middle 90 % of population"]
    ends = special.expit(typical + 1.645 * spread * np.array([-1, 1]))
    assert (band.get_x(), band.get_x() + band.get_width()) == pytest.approx(tuple(ends), rel=1e-3)


def test_columns_of_kinds_are_shares_of_draws_person_by_person(table):
    fit = grid.with_draws(Ends(), table)
    axes = est.plot_types(fit)
    kinds = {who: np.mean([drawn(fit, s, who)[0] for s in range(SAMPLES)]) for who in table.subjects}
    high = sorted((share for share in kinds.values() if share > 0.5), reverse=True)
    low = sorted(share for share in kinds.values() if share <= 0.5)
    bars = dict(zip(["low", "high"], axes.containers, strict=True))
    np.testing.assert_allclose([bar.get_height() for bar in bars["high"]], [*low, *high])
    np.testing.assert_allclose([bar.get_y() for bar in bars["high"]], [1 - share for share in (*low, *high)])
    axes = est.plot_shares(fit)
    share = np.array([[own["low"], own["high"]] for own in grid.numbers(fit, "share")])
    np.testing.assert_allclose([bar.get_height() for bar in axes.containers[0]], 100 * np.median(share, axis=0))
    (ends,) = axes.containers[1].lines[2]
    wanted = 100 * np.quantile(share, [0.05, 0.95], axis=0).T
    np.testing.assert_allclose([segment[:, 1] for segment in ends.get_segments()], wanted)


@pytest.mark.parametrize(("role", "condition"), [("sender", "down"), ("receiver", "up")])
def test_curves_of_behaviour_are_means_of_choices_beside_their_own_decisions(table, role, condition):
    """Two theories whose people are all the same: each line has the marks of its own theory."""
    held = {"sender_precision": 0.2, "receiver_precision": -0.3, "lapse": -2.5}
    fits = {
        name: grid.with_draws(Pulling(), table, mean=held | {"pull": p}, sd=1e-9) for name, p in (("b", -1), ("a", 1))
    }
    axes = est.plot_behaviour(fits, role, condition)
    lines = {line.get_label(): line.get_xydata() for line in axes.lines}
    for name, pull in (("b", -1), ("a", 1)):
        value = {each: NATURAL["log" if "precision" in each else "logit"](at) for each, at in held.items()}
        value["pull"] = NATURAL["logit"](pull)
        for given, mean in lines[name]:
            row = {"role": role, "condition": condition, "state": given, "message": given}
            assert mean == pytest.approx(mean_of(chances(row, pulled(row, value), value)), rel=1e-6), (name, given)
    here = [row for row in FRAME.to_dict("records") if (row["role"], row["condition"]) == (role, condition)]
    marks = sorted(map(tuple, axes.collections[0].get_offsets().tolist()))
    assert marks == sorted((seen(row), done(row)) for row in here)
    averages = lines["average of the data"]
    assert min(map(seen, here)) <= averages[:, 0].min() <= averages[:, 0].max() <= max(map(seen, here))
    assert GAMES[condition].highest >= averages[:, 1].max()
    assert not math.isnan(averages.sum())


def test_the_picture_of_trust_is_described_by_where_it_begins_and_ends_in_each_condition():
    frame = FRAME.assign(state=FRAME["state"].where(FRAME["role"] == "sender", FRAME["message"]), partner="someone")
    fit = grid.with_draws(est.DynamicTrust(lapse=False), grid.table_of(frame))
    (picture,) = trust_pictures({"moving": fit, "still": grid.with_draws(est.TrustEmbedded(), grid.table_of(frame))})
    path = est.predict(fit, fit.table.only("receiver"), what="trust", by=["condition", "period"], draws=200)
    for condition, rows in path.groupby("condition"):
        first, last = (number(rows["mean"].iloc[place], significant=2) for place in (0, -1))
        assert f"from {first} to {last} in {condition}" in picture.alt
    assert "under moving" in picture.caption
