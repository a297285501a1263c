"""All 86 people of the advice experiment: whom they trust, what better advice does, and that the page says the same."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import estimation as est

pytestmark = [pytest.mark.slow, pytest.mark.data("leong_advice_taking")]
PAGE = (Path(__file__).parents[2] / "docs" / "studies" / "advice.md").read_text(encoding="utf-8")
THEORIES = {"stays": est.AdviceTaking(combine="log-odds"), "moves": est.AdviserLearning(combine="log-odds")}
INTERVAL = re.compile(r"(-?[\d.]+) \((-?[\d.]+) to (-?[\d.]+)\)")
SPREADS = 3.3
"""Standard deviations in a central 90 % interval."""


def on_the_page(section: str) -> pd.DataFrame:
    """Return the table of a section of the page."""
    lines = [line for line in PAGE.split(f"\n## {section}\n")[1].split("\n## ")[0].splitlines() if line[:1] == "|"]
    head, _, *rows = ([cell.strip() for cell in line.split("|")[1:-1]] for line in lines)
    return pd.DataFrame(rows, columns=head)


def said(cell: str, unit: float) -> tuple[float, float, float]:
    """Return what a cell of the page says: mean, low and high."""
    return tuple(float(number) / unit for number in INTERVAL.fullmatch(cell).groups())


def agrees(row: pd.Series, cell: str, unit: float = 1.0) -> None:
    """Means lie within half a printed digit and four Monte-Carlo errors (100 effective draws in each) of each other."""
    mean, low, high = said(cell, unit)
    digit = 10.0 ** -len(cell.partition(" ")[0].partition(".")[2]) / unit
    sd = max(row["high"] - row["low"], high - low) / SPREADS
    assert row["mean"] == pytest.approx(mean, abs=digit / 2 + 4 * sd * (2 / 100) ** 0.5), cell


@pytest.fixture(scope="module")
def table():
    return est.load("leong_advice_taking")


@pytest.fixture(scope="module")
def fits(table):
    return est.fit(THEORIES, table, seed=1, draws=300, accuracy=0.2, progress=False)


@pytest.mark.parametrize("name", THEORIES)
def test_advisers_are_trusted_in_the_order_of_their_accuracy_with_intervals_apart(fits, name):
    trust = est.predict(fits[name], what="trust", by="partner").sort_values("partner", ignore_index=True)
    assert trust["partner"].tolist() == ["1", "2", "3"]
    assert (trust["low"].to_numpy()[:-1] > trust["high"].to_numpy()[1:]).all()
    page = on_the_page("Trust in each adviser")[f"trust that {name}"]
    for (_, row), cell in zip(trust.iterrows(), page, strict=True):
        agrees(row, cell)


def test_ten_points_of_accuracy_move_following_and_trust_that_stays_not(fits, table):
    """By interval; six to seven points if trust follows the record, less than one if it stays."""
    better, page = est.with_accuracy(table, 0.1, seed=1), on_the_page("Ten points of accuracy")
    page = page.set_index(["trust", "effect on"])["all advisers"]
    for name, fit in fits.items():
        for what in ("trust", "follow"):
            found = est.effect(fit, better, table, what=what).iloc[0]
            assert found["low"] > 0 or (name, what) == ("stays", "trust")
            agrees(found, page[name, what], unit=100.0)
    follow = {name: est.effect(fit, better, table, what="follow").iloc[0] for name, fit in fits.items()}
    assert follow["moves"]["low"] > follow["stays"]["high"]


@pytest.mark.parametrize(("unit", "section"), [("subject", "A new person"), ("period", "Later periods")])
def test_new_people_and_later_periods_do_not_tell_whether_trust_moves(fits, unit, section):
    """Neither is ahead by two standard errors, as the page says; the differences are those of the page."""
    study = est.compare(fits, unit=unit, progress=False)
    assert study.table["ok"].all()
    last = study.table.iloc[-1]
    assert abs(last["elpd_diff"]) < 2 * last["dse"]
    page = on_the_page(section).set_index("theory").map(lambda cell: cell.replace(",", ""))
    elpd = page["elpd"].astype(float)
    apart, digit = study.table["elpd"], 10.0 ** -len(page["elpd"]["moves"].partition(".")[2])
    # of both fits and of the page's, which had more nodes and draws and so errs no more
    error = 2**0.5 * np.hypot(*study.table["mc_error"])
    assert 4 * error < last["dse"]  # or agreement would say nothing
    assert apart["moves"] - apart["stays"] == pytest.approx(elpd["moves"] - elpd["stays"], abs=digit + 4 * error)
