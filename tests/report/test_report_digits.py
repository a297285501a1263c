"""Numbers as text: no more digits than the Monte-Carlo error allows."""

from __future__ import annotations

import math

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, strategies as st

from estimation.text.digits import decimals, fixed, number, quantile_error


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
    ],
)
def test_numbers_stop_where_their_error_begins(value, error, text):
    assert number(value, error) == text


@given(st.floats(-1e6, 1e6), st.floats(1e-4, 1e3))
def test_the_last_digit_is_at_least_the_error(value, error):
    assert 10.0 ** -decimals(value, error) >= error * (1 - 1e-12)


def test_there_is_no_negative_zero():
    assert fixed(-0.004, 2) == "0.00"


def test_the_error_of_a_quantile_shrinks_with_the_draws():
    rng = np.random.default_rng(7)
    few, many = (xr.DataArray(rng.normal(size=(4, size)), dims=("chain", "draw")) for size in (100, 10_000))
    assert quantile_error(few, 0.5) > 3 * quantile_error(many, 0.5)


def test_draws_that_do_not_vary_have_no_known_error():
    assert math.isnan(quantile_error(xr.DataArray(np.ones((2, 50)), dims=("chain", "draw")), 0.5))
