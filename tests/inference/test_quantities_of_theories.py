"""Predictions, effects, people and populations of a fit of people who talk against loops over draws and decisions.

People have names that sort oddly, one of them made one decision, two play one role only, and everybody meets games that
pay in other units. Draws are made up, so that nothing here is fitted. About 10 processor seconds.
"""

from __future__ import annotations

import math
from statistics import fmean, median

import numpy as np
import pytest
import theory_grid as grid
from grouped_predictions import ALL, by_groups, hold, quantile, told
from theory_grid import GAMES, NAMES, REACTING, SAMPLES, Ends, Pulling, chances, drawn, mean_of, natural, pulled, seen

import estimation as est

FRAME = grid.decisions()
ROWS = FRAME.to_dict("records")


MIXED = est.Mixture([Pulling(habits="truth"), Ends(habits="truth")])
APART = est.RolesApart(Pulling())


def aim_of(theory, row, kind, value):
    """Where a kind of person aims; those of the mixture from the second on take an end of the scale."""
    return (kind - 1) * GAMES[row["condition"]].highest if theory is MIXED and kind else pulled(row, value)


def expectation(theory, row, kind, value):
    """What somebody is expected to choose, and how likely it is the plain choice: the truth, or what was heard."""
    chance = chances(row, aim_of(theory, row, kind, value), value)
    return mean_of(chance), chance[seen(row)]


@pytest.fixture(scope="module")
def fits():
    table = grid.table_of(FRAME)
    return {theory: grid.with_draws(theory, table) for theory in (Pulling(), MIXED, APART)}


@pytest.mark.parametrize("columns", [["subject"], ["condition", "role"], ["country", "late"]])
def test_predictions_are_averages_over_the_decisions_of_a_group_draw_by_draw(fits, columns):
    for theory, fit in fits.items():
        for place, what in enumerate(("choice", "follow")):

            def of(row, sample, fit=fit, theory=theory, place=place):
                kind, effects = drawn(fit, sample, row["subject"])
                return expectation(theory, row, kind, natural(fit, effects))[place]

            found = est.predict(fit, what=what, by=columns, **ALL)
            hold(found, columns, by_groups(FRAME, columns, of))


def test_a_parameter_is_averaged_over_those_to_whose_kind_it_matters(fits):
    fit = fits[MIXED]

    def of(row, sample):
        kind, effects = drawn(fit, sample, row["subject"])
        return None if kind else natural(fit, effects)["pull"]

    hold(est.predict(fit, what="pull", by="subject", **ALL), ["subject"], by_groups(FRAME, ["subject"], of))


def test_decisions_by_themselves_stand_beside_their_own_rows(fits):
    (theory, fit), *_ = fits.items()
    scenario = grid.table_of(FRAME[FRAME["role"] == "receiver"].sample(frac=0.6, random_state=1))
    found = est.predict(fit, scenario, **ALL)
    assert len(found) == len(scenario)
    for row in found.to_dict("records"):
        values = []
        for sample in range(SAMPLES):
            kind, effects = drawn(fit, sample, row["subject"])
            values.append(expectation(theory, row, kind, natural(fit, effects))[0])
        assert [row["mean"], row["low"], row["high"]] == pytest.approx(told(values))


def test_effects_pair_the_draws_of_the_same_people(fits):
    louder = FRAME.assign(message=[GAMES[c].highest for c in FRAME["condition"]])
    for theory, fit in fits.items():
        found = est.effect(fit, grid.table_of(louder), fit.table, by="role", **ALL)
        sums = {}
        for name, frame in (("after", louder), ("before", FRAME)):

            def of(row, sample, fit=fit, theory=theory):
                kind, effects = drawn(fit, sample, row["subject"])
                return expectation(theory, row, kind, natural(fit, effects))[0]

            sums[name] = by_groups(frame, ["role"], of)
        for row in found.to_dict("records"):
            after, before = (sums[name][row["role"],] for name in ("after", "before"))
            assert [row["scenario"], row["baseline"]] == pytest.approx([fmean(after), fmean(before)])
            gap = [one - other for one, other in zip(after, before, strict=True)]
            assert [row["mean"], row["low"], row["high"]] == pytest.approx(told(gap))


def test_pooled_people_are_all_the_same_in_each_draw():
    fit = est.fit(Pulling(), grid.table_of(FRAME), pooled=True, seed=1, draws=50, chains=1, progress=False)
    scenario, draws = FRAME[FRAME["subject"] != "2"], fit.draws.to_dict("records")
    for who in ("known", "new"):
        found = est.predict(fit, grid.table_of(scenario), by="subject", people=who, draws=50).set_index("subject")[
            "mean"
        ]
        for subject, rows in scenario.groupby("subject"):
            each = [mean_of(chances(row, pulled(row, v), v)) for row in rows.to_dict("records") for v in draws]
            assert found[subject] == pytest.approx(fmean(each))


def test_what_is_missing_in_a_column_is_a_group_and_columns_may_have_any_name():
    frame = FRAME.assign(note=np.where(FRAME["late"] > 0, "late", None), number=-FRAME["late"], index=FRAME["late"])
    fit = grid.with_draws(Pulling(), grid.table_of(frame))
    found, apart = (est.predict(fit, by=by, **ALL) for by in ("note", "late"))
    assert found["note"].fillna("nothing").tolist() == ["late", "nothing"]
    numbers = ["mean", "low", "high"]
    np.testing.assert_array_equal(found[numbers], apart[numbers][::-1])
    for name, values in {"number": [-1.0, 0.0], "index": [0.0, 1.0]}.items():  # which pandas uses, too
        assert est.predict(fit, by=name, **ALL)[name].tolist() == values


def test_people_are_means_of_draws_on_the_natural_scale_where_a_parameter_matters(fits):
    for theory, fit in fits.items():
        for who in NAMES:
            rows = [row for row in ROWS if row["subject"] == who]
            roles, draws = {row["role"] for row in rows}, [drawn(fit, sample, who) for sample in range(SAMPLES)]
            for name in (p.name for p in fit.problem.parameters):
                matters = {role for role in ("sender", "receiver") if role in name} or roles
                there = [
                    natural(fit, effects)[name]
                    for kind, effects in draws
                    if matters & roles and not (theory is MIXED and name == "pull" and kind)
                ]
                expected = fmean(there) if there else math.nan
                assert fit.people.loc[who, name] == pytest.approx(expected, nan_ok=True), (theory.name, who, name)
            if theory is MIXED:
                for place, kind in enumerate(("pulling", "ends: low", "ends: high")):
                    assert fit.people.loc[who, kind] == fmean(kind == place for kind, _ in draws)
            described = [
                fmean(share_described(theory, row, kind, natural(fit, effects)) for row in rows)
                for kind, effects in draws
            ]
            assert fit.people.loc[who, "rests_on"] == pytest.approx(fmean(described))
            assert fit.people.loc[who, "follows"] == pytest.approx(slope(rows), nan_ok=True)


def share_described(theory, row, kind, value):
    """How probable it is that a decision is neither a lapse nor the exact by habit."""
    aim = aim_of(theory, row, kind, value)
    without = {**value, "lapse": 0.0, "sender_truth": 0.0, "receiver_literal": 0.0}
    without |= {f"lapse ({role})": 0.0 for role in ("sender", "receiver")}
    lapse = value["lapse"] if "lapse" in value else value[f"lapse ({row['role']})"]
    exact = value.get("sender_truth" if row["role"] == "sender" else "receiver_literal", 0.0)
    mine = (1 - lapse) * (1 - exact) * chances(row, aim, without)[grid.done(row)]
    return mine / chances(row, aim, value)[grid.done(row)]


def slope(rows):
    """Least squares of actions on messages, within conditions."""
    up = down = 0.0
    for condition in {row["condition"] for row in rows}:
        heard = [row for row in rows if row["role"] == "receiver" and row["condition"] == condition]
        middle = fmean(row["message"] for row in heard) if heard else 0.0
        up += sum((row["message"] - middle) * row["action"] for row in heard)
        down += sum((row["message"] - middle) ** 2 for row in heard)
    return up / down if down else math.nan


def test_summaries_and_draws_are_those_of_the_population():
    table = grid.table_of(FRAME)
    for theory in (REACTING, MIXED, Pulling(correlated=True), APART):
        fit = grid.with_draws(theory, table, seed=6)
        columns = {}
        for name, form in grid.scales(fit).items():
            mean, sd = ([draw[name] for draw in grid.numbers(fit, part)] for part in ("mean", "sd"))
            columns[name], columns[f"spread of {name}"] = [grid.NATURAL[form](value) for value in mean], sd
            ends = [grid.NATURAL[form](median(mean) + sign * 1.645 * median(sd)) for sign in (-1, 1)]
            assert fit.summary.loc[name, ["people_low", "people_high"]].tolist() == pytest.approx(ends)
        for part in ("coefficient", "correlation", "share"):
            for label in grid.numbers(fit, part)[0] if part in fit.posterior else ():
                known = f"correlation of {' and '.join(label.split(', '))}" if part == "correlation" else label
                columns[known] = [draw[label] for draw in grid.numbers(fit, part)]
        assert set(columns) == set(fit.draws.columns)
        for name, values in columns.items():
            assert fit.draws[name].tolist() == pytest.approx(values)
            assert fit.natural["posterior"].dataset[name].to_numpy().ravel().tolist() == pytest.approx(values)
            if not name.startswith("spread of"):
                expected = [median(values), quantile(values, 0.05), quantile(values, 0.95)]
                assert fit.summary.loc[name, ["median", "low", "high"]].tolist() == pytest.approx(expected)
