"""Every quantity of a fit of people who talk against loops over draws, people and decisions.

People have names that sort oddly, one of them made one decision, two play one role only, and everybody meets games that
pay in other units. Draws are made up, so that nothing here is fitted. About 10 processor seconds.
"""

from __future__ import annotations

import math
from statistics import fmean, median

import numpy as np
import pytest
import theory_grid as grid
from theory_grid import DRAWS, GAMES, NAMES, SAMPLES, Ends, Pulling, chances, drawn, mean_of, natural, pulled, seen

import estimation as est

ALL = {"draws": SAMPLES, "interval": 0.5}  # each draw of people once, in some order
FRAME = grid.decisions()
ROWS = FRAME.to_dict("records")
LATE = fmean(row["late"] for row in ROWS)
MIXED = est.Mixture([Pulling(habits="truth"), Ends(habits="truth")])
APART = est.RolesApart(Pulling())
REACTING = Pulling(pull="~ age + country * late")


def quantile(values, share):
    """The quantile at a share of the way from the lowest to the highest of the values, straight between them."""
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low = int(at)
    return ordered[low] + (at - low) * (ordered[min(low + 1, len(ordered) - 1)] - ordered[low])


def told(values):
    """Mean and middle half of numbers, of which some may not be there."""
    there = [value for value in values if value is not None]
    if not there:
        return [math.nan] * 3
    return [fmean(there), quantile(there, 0.25), quantile(there, 0.75)]


def aim_of(theory, row, kind, value):
    """Where a kind of person aims; those of the mixture from the second on take an end of the scale."""
    return (kind - 1) * GAMES[row["condition"]].highest if theory is MIXED and kind else pulled(row, value)


def expectation(theory, row, kind, value):
    """What somebody is expected to choose, and how likely it is the plain choice: the truth, or what was heard."""
    chance = chances(row, aim_of(theory, row, kind, value), value)
    return mean_of(chance), chance[seen(row)]


def by_groups(frame, columns, of):
    """Group of rows → one number a draw, averages over the rows that have one; `of(row, sample)` gives those."""
    groups = {}
    for row in frame.to_dict("records"):
        groups.setdefault(tuple(row[column] for column in columns), []).append(row)
    found = {}
    for key, rows in groups.items():
        for sample in range(SAMPLES):
            values = [value for row in rows if (value := of(row, sample)) is not None]
            found.setdefault(key, []).append(fmean(values) if values else None)
    return found


def hold(found, columns, expected):
    """Compare a table of predictions with numbers by group and draw."""
    assert len(found) == len(expected)
    for row in found.to_dict("records"):
        mine = [row["mean"], row["low"], row["high"]]
        assert mine == pytest.approx(told(expected[tuple(row[c] for c in columns)]), rel=1e-8, nan_ok=True), row


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


def at_columns(fit, row, sample, here):
    """The pull of somebody in a decision: their own, moved from the columns of the fit (`here`) to those of the row."""
    effects, shift = dict(drawn(fit, sample, row["subject"])[1]), grid.coefficients_of(fit, sample)
    mine = here[row["subject"]]
    abroad = (row["country"] == "B") - (mine["country"] == "B")
    effects["pull"] += shift["pull: age"] * (row["age"] - mine["age"]) + shift["pull: country[T.B]"] * abroad
    slope = effects["pull: late"] + shift["pull: country[T.B]:late"] * abroad
    effects["pull"] += slope * (row["late"] - LATE)
    return natural(fit, effects)


SCENARIOS = {
    "as it was": FRAME,
    "everybody in A": FRAME.assign(country="A"),
    "everybody older, early": FRAME.assign(age=FRAME["age"] + 3, late=0.0),
    "everybody late in B": FRAME.assign(country="B", late=1.0),
    "a move in between": FRAME.assign(country=np.where(FRAME["period"] < 4, "A", "B"), age=FRAME["period"] + 30.0),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_people_move_with_the_columns_of_formulas(name):
    """Where a slope's column is zero throughout, the slope is still that of the person's country."""
    scenario, here = SCENARIOS[name], {row["subject"]: row for row in ROWS}
    fit = grid.with_draws(REACTING, grid.table_of(FRAME), seed=4)
    assert list(fit.problem.design.covariates.names) == ["pull: age", "pull: country[T.B]", "pull: country[T.B]:late"]
    table = grid.table_of(scenario)
    for what in ("pull", "choice"):

        def of(row, sample, what=what):
            value = at_columns(fit, row, sample, here)
            return value["pull"] if what == "pull" else mean_of(chances(row, pulled(row, value), value))

        for columns in (["subject"], ["country", "role"]):
            found = est.predict(fit, table, what=what, by=columns, **ALL)
            hold(found, columns, by_groups(scenario, columns, of))


@pytest.mark.parametrize(
    "theory",
    [
        est.RolesApart(Pulling(pull="~ age")),
        est.Mixture([Pulling(pull="~ age"), Ends()]),
        Pulling(pull="~ age", sender_precision="~ age", correlated=True),
    ],
    ids=["roles apart", "mixture", "precision, correlated"],
)
def test_columns_move_parameters_in_one_role_of_one_kind_and_of_noise(theory):
    """Those who receive only, in a table of receivers, and everybody in one of both roles."""
    fit, here = grid.with_draws(theory, grid.table_of(FRAME)), {row["subject"]: row for row in ROWS}
    for scenario in (FRAME.assign(age=FRAME["age"] + 5), FRAME[FRAME["role"] == "receiver"].assign(age=30.0)):

        def of(row, sample):
            kind, found = drawn(fit, sample, row["subject"])
            effects = dict(found)
            for name, coefficient in grid.coefficients_of(fit, sample).items():
                effects[name.partition(": ")[0]] += coefficient * (row["age"] - here[row["subject"]]["age"])
            value = natural(fit, effects)
            aim = (kind - 1) * GAMES[row["condition"]].highest if kind else pulled(row, value)
            return mean_of(chances(row, aim, value))

        found = est.predict(fit, grid.table_of(scenario), by="subject", **ALL)
        hold(found, ["subject"], by_groups(scenario, ["subject"], of))


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


def test_new_people_have_the_mean_of_their_columns():
    """Where nobody differs from what columns say, draws of new people are those of the coefficients."""
    fit = grid.with_draws(REACTING, grid.table_of(FRAME), seed=4, sd=1e-12)
    first = {row["subject"]: row for row in ROWS}
    centre = {
        "age": fmean(row["age"] for row in first.values()),
        "country": fmean(row["country"] == "B" for row in first.values()),
    }
    scenario = SCENARIOS["a move in between"]
    found = est.predict(fit, grid.table_of(scenario), what="pull", by="subject", people="new", draws=2 * DRAWS)
    expected = {}
    for row in scenario.to_dict("records"):
        for mean, number in zip(grid.numbers(fit, "mean"), grid.numbers(fit, "coefficient"), strict=True):
            abroad = (row["country"] == "B") - centre["country"]
            pull = mean["pull"] + number["pull: age"] * (row["age"] - centre["age"])
            pull += number["pull: country[T.B]"] * abroad
            slope = mean["pull: late"] + number["pull: country[T.B]:late"] * abroad
            pull = grid.NATURAL["logit"](pull + slope * (row["late"] - LATE))
            expected.setdefault(row["subject"], []).append(pull)
    for row in found.to_dict("records"):
        assert row["mean"] == pytest.approx(fmean(expected[row["subject"]]), rel=1e-6)


def test_what_a_fit_cannot_know_of_another_table_is_refused():
    fit = grid.with_draws(REACTING, grid.table_of(FRAME), seed=4)
    moving = grid.table_of(SCENARIOS["a move in between"])
    with pytest.raises(est.TheoryError, match=r"'pull: age'.*varies within people here"):
        est.simulate(fit, moving, seed=1)
    with pytest.raises(est.FitError, match="rename column 'low'"):
        est.predict(fit, grid.table_of(FRAME.assign(low=FRAME["late"])), by="low")
    receivers = grid.with_draws(Pulling(), grid.table_of(FRAME[FRAME["role"] == "receiver"]))
    with pytest.raises(est.TheoryError, match="sender_precision matters there"):
        est.simulate(receivers, grid.table_of(FRAME), seed=1)


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
