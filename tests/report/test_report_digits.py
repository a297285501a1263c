"""Numbers as text: no more digits than the Monte-Carlo error allows."""

from __future__ import annotations

import math

import numpy as np
import pytest
import xarray as xr
from hypothesis import example, given, strategies as st

from estimation.text.digits import alike, decimals, fixed, number, quantile_error, quantiles


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (0.84249, 0.003, "0.84"),
        (0.84249, 0.0, "0.842"),
        (0.0087, 0.002, "0.01"),
        (5.07, 0.2, "5"),
        (-12345.6, 0.3, "−12,346"),
        (-0.0001, 0.1, "0.0"),
        (0.0, 0.01, "0.00"),
        (386.4, 14.0, "400"),
        (math.nan, 0.1, "–"),
        (math.inf, 0.1, "∞"),
        (1234.5, math.nan, "1,234"),
        (-6.42e-8, 9e-10, "−0.000000064"),  # of one more unit of a price in millions
        (6.42e-8, 0.0, "0"),  # may be rounding
        (6.42e-8, 1e-6, "0"),
    ],
)
def test_numbers_stop_where_their_error_begins(value, error, text):
    assert number(value, error) == text


@given(st.floats(-1e6, 1e6), st.floats(1e-4, 1e3))
@example(0.0, 2.0)
def test_the_last_digit_is_at_least_the_error_and_of_nought_one_is_printed(value, error):
    assert 10.0 ** -decimals(value, error) >= (min(error, 1.0) if value == 0 else error) * (1 - 1e-12)


def test_there_is_no_negative_zero():
    assert fixed(-0.004, 2) == "0.00"


def test_the_error_of_a_quantile_shrinks_with_the_draws():
    rng = np.random.default_rng(7)
    few, many = (xr.DataArray(rng.normal(size=(4, size)), dims=("chain", "draw")) for size in (100, 10_000))
    assert quantile_error(few, 0.5) > 3 * quantile_error(many, 0.5)


def test_draws_that_do_not_vary_have_no_known_error():
    assert math.isnan(quantile_error(xr.DataArray(np.ones((2, 50)), dims=("chain", "draw")), 0.5))


@pytest.mark.parametrize(
    ("values", "errors", "texts"),
    [
        ((7.61, 22.8, 39.4), (1.2, 0.9, 1.5), ("7.6", "22.8", "39.4")),  # not "10 to 39"
        ((110.4, 185.2, 260.2), (0.2, 0.3, 3.0), ("110", "185", "260")),
        ((0.0021, 0.031, 0.31), (1e-4, 1e-3, 1e-3), ("0.0021", "0.0310", "0.3100")),
        ((-0.0001, 0.52, 0.91), (0.01, 0.01, 0.01), ("0.00", "0.52", "0.91")),  # as good as zero
        ((-12345.6, 0.0, 98765.4), (300.0, 30.0, 400.0), ("−12,346", "0", "98,765")),
        ((0.0, 1.5, math.inf), (0.1, 0.1, 0.1), ("0.0", "1.5", "∞")),
        ((-8.93e-8, -6.46e-8, -4.24e-8), (1e-9, 1e-9, 1e-9), ("−0.000000089", "−0.000000065", "−0.000000042")),
        ((1e-9, 1e-8, 0.31), (1e-10, 1e-10, 1e-3), ("0.000000", "0.000000", "0.310000")),
        ((1e-9, 1e-8, 2e-8), (math.nan,) * 3, ("0.000000", "0.000000", "0.000000")),
    ],
)
def test_numbers_of_a_row_have_equal_decimals_and_are_never_rounded_above_the_unit(values, errors, texts):
    assert alike(values, errors) == list(texts)


@given(st.lists(st.floats(1e-3, 1e5), min_size=3, max_size=3), st.floats(1e-4, 1e2))
def test_printed_ends_are_within_a_tenth_of_what_they_stand_for(values, error):
    for value, text in zip(values, alike(values, [error] * 3), strict=True):
        if value >= error:
            assert float(text.replace(",", "")) == pytest.approx(value, rel=0.051)


def test_an_interval_that_contains_a_value_still_does_as_printed():
    draws = xr.DataArray(np.random.default_rng(3).beta(2, 8, size=(4, 100)), dims=("chain", "draw"))
    low, middle, high = map(float, quantiles(draws))
    assert low < middle < high
