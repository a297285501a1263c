"""Numbers of two runs: equal ones agree, chance is not called a difference, and what is no chance is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import estimation as est
from estimation.papers.numbers import Number, differences, numbers_of, numbers_text, read_numbers


class Normals:
    """A fit whose draws are independent standard normals."""

    tree = xr.DataTree()

    def __init__(self, seed, quantities=8, chains=4, draws=500):
        rng = np.random.default_rng(seed)
        index = pd.MultiIndex.from_product([range(chains), range(draws)], names=["chain", "draw"])
        names = [f"quantity {place}" for place in range(quantities)]
        self.draws = pd.DataFrame(rng.standard_normal((chains * draws, quantities)), index, names)
        self.problem = type("Problem", (), {"title": "normals"})


def test_errors_of_quantiles_are_those_of_independent_normals():
    """Asymptotic standard error of a quantile: sqrt(p (1 - p) / n) / density there."""
    numbers = numbers_of(Normals(1))
    for statistic, expected in (("median", 0.02803), ("low", 0.04725), ("high", 0.04725)):
        found = [number.error for number in numbers if number.statistic == statistic]
        assert np.mean(found) == pytest.approx(expected, rel=0.15)


def test_chance_is_called_a_difference_in_one_of_a_hundred_runs_at_most():
    """25 honest second runs, 24 numbers each: more than three false alarms have a probability below 2e-4."""
    first = numbers_of(Normals(0))
    alarms = [bool(differences(first, numbers_of(Normals(seed)))) for seed in range(1, 26)]
    assert sum(alarms) <= 3


def test_a_shift_of_eight_errors_is_a_difference_and_is_named():
    first = numbers_of(Normals(0))
    moved = [
        Number(one.model, one.quantity, one.statistic, one.value + 8 * np.hypot(one.error, one.error), one.error)
        if one.key == ("normals", "quantity 3", "median")
        else one
        for one in first
    ]
    (said,) = differences(first, moved)
    assert said.startswith("normals, quantity 3, median: ")
    assert "8.0 Monte-Carlo errors" in said


def test_numbers_without_error_agree_to_eight_digits_or_differ():
    exact = [Number("model", "quantity", "median", 2.0, 0.0)]
    assert differences(exact, [Number("model", "quantity", "median", 2.0 + 1e-9, 0.0)]) == []
    assert "no chance in either" in differences(exact, [Number("model", "quantity", "median", 2.0001, 0.0)])[0]
    assert differences(exact, [Number("model", "quantity", "median", float("nan"), 0.0)])


def test_numbers_that_one_run_lacks_are_named():
    one, other = Number("a", "x", "median", 1.0, 0.1), Number("a", "y", "median", 1.0, 0.1)
    assert differences([one], [other]) == [
        "a, x, median is missing from the second run",
        "a, y, median is new in the second run",
    ]


def test_numbers_are_read_back_to_the_last_digit(tmp_path):
    numbers = [Number("a, b", 'say "x"', "median", 0.1 + 0.2, 1e-300), Number("a", "y", "low", float("nan"), 0.0)]
    (tmp_path / "numbers.csv").write_text(numbers_text(numbers))
    first, second = read_numbers(tmp_path / "numbers.csv")
    assert first == numbers[0]
    assert np.isnan(second.value)


def test_a_file_of_something_else_is_refused_line_by_line(tmp_path):
    (tmp_path / "numbers.csv").write_text("model,quantity,statistic,value,error\na,b,c,many,0\na,b\n")
    with pytest.raises(est.ReplicationError, match=r"line 2: 'a,b,c,many,0'(.|\n)*line 3: 'a,b'"):
        read_numbers(tmp_path / "numbers.csv")


@pytest.mark.parametrize("error", [np.inf, np.nan])
def test_an_error_without_end_excuses_no_difference(error):
    first, second = Number("m", "q", "median", 1.0, 0.1), Number("m", "q", "median", 2.0, error)
    assert differences([first], [second])
    assert not differences([first], [Number("m", "q", "median", 1.0, error)])


def test_a_number_that_stands_twice_is_not_chosen_from(tmp_path):
    twice = [Number("m", "q", "median", value, 0.1) for value in (1.0, 2.0)]
    (tmp_path / "numbers.csv").write_text(numbers_text(twice))
    with pytest.raises(est.ReplicationError, match="m, q, median is there twice"):
        read_numbers(tmp_path / "numbers.csv")
