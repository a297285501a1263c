"""People who talk move with the columns of formulas, in plain loops over draws, people and decisions.

People have names that sort oddly, one of them made one decision, two play one role only, and everybody meets games that
pay in other units. Draws are made up, so that nothing here is fitted. About 12 processor seconds.
"""

from __future__ import annotations

from statistics import fmean

import numpy as np
import pytest
import theory_grid as grid
from grouped_predictions import ALL, by_groups, hold
from theory_grid import DRAWS, GAMES, REACTING, Ends, Pulling, chances, drawn, mean_of, natural, pulled

import estimation as est

FRAME = grid.decisions()
ROWS = FRAME.to_dict("records")
LATE = fmean(row["late"] for row in ROWS)


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
