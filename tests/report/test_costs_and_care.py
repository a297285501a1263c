"""What a report says of people whose estimates rest on little, of facts that cost something, and of facts left out."""

from __future__ import annotations

from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import xarray as xr
from small_study import small_table

import estimation as est
from estimation.evaluation.facts.missed import COLUMNS
from estimation.fits.fit import Fit
from estimation.inference.problem import MessageProblem
from estimation.report import shared
from estimation.report.interactive.people import UNTOLD, people_view
from estimation.report.theories import people_figures
from estimation.report.theories.care import MOST, care_sections
from estimation.report.theories.costs import cost_table
from estimation.report.theories.people import Spread, spread_of
from estimation.text.digits import ABSENT


def fit_of(marks):
    people = pd.DataFrame({"mark": marks}, index=[f"s{place}" for place in range(len(marks))])
    return SimpleNamespace(people=people)


def test_people_with_a_mark_under_some_theory_are_listed_and_others_are_not():
    fits = {"trust": fit_of(["", "rests on 2 of 20", ""]), "level-k": fit_of(["", "", "hardly follow"])}
    ((_, table),) = [section.blocks for section in care_sections(fits)]
    assert [row[0] for row in table.rows] == ["s1", "s2"]
    assert table.rows[0][1] == "rests on 2 of 20"
    assert care_sections({"trust": fit_of(["", ""])}) == ()
    ((_, long),) = [section.blocks for section in care_sections({"trust": fit_of(["x"] * 60)})]
    assert len(long.rows) == MOST
    assert f"the first {MOST} of 60" in long.caption


def test_costs_stand_with_their_errors_and_what_is_not_known_is_a_dash():
    found = pd.DataFrame(
        [
            ("fact", "mean correction", "over", "receiver", 8.35, 7.77, 31.4, 9.6, "60 % of it goes with drift"),
            ("habit", "multiples of 5", "over", "receiver", 0.44, 0.2, 20.2, 5.1, ""),
            ("fact", "slope", "over", "receiver", 0.5, 0.4, -13.2, 27.0, ""),
            ("fact", "correlation", "all", "both", 0.7, 0.2, np.nan, np.nan, ""),
        ],
        columns=["what", *COLUMNS],
    )
    rows = cost_table(found, "trust").rows
    assert rows[0][-3:] == ("31", "10", "60 % of it goes with drift")
    assert rows[1][-1] == "a habit beside any theory"
    assert rows[2][-3:-1] == ("none shown", "27"), "a cost below zero is no lower bound"
    assert rows[3][-3:] == ("–", "–", "–")


def made_fit(theory, table):
    """Return a fit whose draws are made up: all at the prior's mean, and of the first kind."""
    problem = MessageProblem(theory, table)
    names, people = [p.name for p in problem.parameters], len(table.subjects)
    middle = np.array([p.centre for p in problem.parameters])
    draws = {"mean": (("chain", "draw", "parameter"), np.tile(middle, (1, 4, 1)))}
    draws["sd"] = (draws["mean"][0], np.ones((1, 4, len(names))))
    own = {
        "theta": (("sample", "subject", "parameter"), np.tile(middle, (4, people, 1))),
        "kind": (("sample", "subject"), np.zeros((4, people), dtype=int)),
    }
    groups = {
        "/": xr.Dataset(),
        "posterior": xr.Dataset(draws, {"parameter": names}),
        "people": xr.Dataset(own, {"parameter": names, "subject": table.subjects}),
    }
    return Fit(problem, xr.DataTree.from_dict(groups), {})


def test_only_those_are_drawn_whose_decisions_depend_on_a_parameter():
    frame = small_table().frame
    first = small_table().subjects[0]
    some = frame[(frame["subject"] != first) | (frame["role"] == "receiver")]
    table = est.Table.from_frame(some, small_table().games, name="simulated_some", synthetic=True)
    fit = made_fit(est.TrustEmbedded(), table)
    assert table.subjects[0] == first
    everybody = len(table.subjects)
    assert [len(spread_of(fit, name).median) for name in ("lying_cost", "trust")] == [everybody - 1, everybody]
    assert np.isnan(fit.people["lying_cost"].to_numpy()).tolist() == [True, *[False] * (everybody - 1)]
    assert fit.people["trust"].notna().all()
    assert fit.people.to_csv().splitlines()[1].split(",")[1 + list(fit.people).index("lying_cost")] == ""
    view = people_view(fit, draws=2)
    assert view.tables[0].rows[0][view.tables[0].head.index("lying cost")] == ABSENT
    assert UNTOLD in view.notes


def test_who_never_sends_is_of_no_kind_of_sender():
    table = small_table()
    rows = table.frame[(table.frame["subject"] != table.subjects[0]) | (table.frame["role"] == "receiver")]
    theory = est.RolesApart(sender=est.LevelK(max_level=1), receiver=est.LevelK(max_level=1))
    fit = made_fit(theory, est.Table.from_frame(rows, table.games, name="simulated_some", synthetic=True))
    known = fit.people.notna()
    assert known["level 1 as receiver"].all()
    assert known["level 1 as sender"].tolist() == [False, *[True] * (len(known) - 1)]


def test_facts_that_the_file_cannot_show_are_not_counted_and_are_named_with_the_reason():
    checked = pd.DataFrame(
        {
            "statistic": ["mean", "share at the end"],
            "group": ["over", "over"],
            "surprising": [True, False],
            "left_out": ["", "the file is cut"],
        }
    )
    assert shared._in_words(checked) == "misses 1 of 1 fact: mean"
    assert shared.left_out(checked) == [("Left out: share at the end, over.", "The file is cut.")]
    assert shared.left_out(checked.drop(columns="left_out")) == []


def test_people_to_be_read_with_care_are_drawn_hollow(monkeypatch):
    values = np.array([1.0, 2.0, 3.0])
    spread = Spread(
        values - 1, values, values + 1, 2.0, (0.0, 4.0), 0.5, "x", "identity", np.array([False, True, False])
    )
    monkeypatch.setattr(people_figures, "spread_of", lambda *_: spread)
    fit = SimpleNamespace(table=SimpleNamespace(synthetic=False))
    axes = people_figures.plot_people(fit, "x")
    hollow = [line for line in axes.lines if line.get_label() == "read with care"]
    assert [tuple(line.get_xdata()) for line in hollow] == [(2.0,)]
    plt.close(axes.figure)
