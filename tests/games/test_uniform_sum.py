"""The sum of two uniforms: closed forms against sums over both."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from oracles.cheap_talk import uniform_sum_excess, uniform_sum_probability, uniform_sum_quantile

from estimation.games.forecast_sharing import uniform_sum_excess as expected_excess, uniform_sum_quantile as quantile

WIDTHS = [(300, 150), (300, 50), (100, 150), (150, 150), (10, 150), (0.5, 150), (1e-4, 50)]
widths = st.floats(0.5, 400)


@pytest.mark.parametrize(("width", "other"), WIDTHS)
@pytest.mark.parametrize("probability", [0.01, 0.1, 0.2, 0.45, 0.5, 0.7, 0.8, 0.97])
def test_the_quantile_is_where_the_summed_probability_says(probability, width, other):
    assert quantile(probability, width, other) == pytest.approx(
        uniform_sum_quantile(probability, width, other), abs=1e-4
    )


@pytest.mark.parametrize(("width", "other"), WIDTHS)
@pytest.mark.parametrize("place", [-1.2, -0.9, -0.5, -0.1, 0.0, 0.3, 0.7, 0.99, 1.3])
def test_the_expected_excess_is_the_average_over_both(place, width, other):
    threshold = place * (width + other) / 2
    assert expected_excess(threshold, width, other) == pytest.approx(
        uniform_sum_excess(threshold, width, other), abs=3e-5 * other
    )


@pytest.mark.parametrize("other", [50.0, 150.0])
def test_a_vanishing_width_leaves_one_uniform(other):
    threshold = np.linspace(-other, other, 41)
    single = np.clip(threshold + other / 2, 0, other) ** 2 / (2 * other) + np.maximum(threshold - other / 2, 0)
    np.testing.assert_allclose(expected_excess(threshold, 0.0, other), single, atol=1e-12 * other)
    assert quantile(0.2, 0.0, other) == pytest.approx(-0.3 * other, abs=1e-6)


@pytest.mark.parametrize("other", [50.0, 150.0])
def test_the_series_for_narrow_widths_joins_the_cubic_without_a_step(other):
    """Away from the ends of the wide uniform, where the series is not smooth and errs by width²/24B at most."""
    threshold = np.linspace(-0.6, 0.6, 121) * other
    below, above = (expected_excess(threshold, other * 1e-3 * factor, other) for factor in (0.999_999, 1.000_001))
    np.testing.assert_allclose(below, above, atol=1e-6 / 24 * other * 1.01)
    smooth = np.abs(np.abs(threshold) - other / 2) > 1e-3 * other
    np.testing.assert_allclose(below[smooth], above[smooth], atol=1e-11 * other)


@given(st.floats(0.005, 0.995), widths, widths)
def test_the_quantile_inverts_the_probability(probability, width, other):
    value = quantile(probability, width, other)
    assert uniform_sum_probability(value, width, other, count=4_000) == pytest.approx(probability, abs=2e-5)


@given(widths, widths, st.floats(0.001, 0.5))
def test_quantiles_are_symmetric_and_do_not_care_which_uniform_is_first(width, other, probability):
    value = quantile(probability, width, other)
    assert value == pytest.approx(-quantile(1 - probability, width, other), abs=1e-9 * (width + other))
    assert value == pytest.approx(quantile(probability, other, width), abs=1e-9 * (width + other))


@given(widths, widths)
def test_the_expected_excess_rises_with_slopes_between_nothing_and_one(width, other):
    threshold = np.linspace(-1.2, 1.2, 97) * (width + other) / 2
    slope = np.diff(expected_excess(threshold, width, other)) / np.diff(threshold)
    assert slope.min() > -1e-6
    assert slope.max() < 1 + 1e-6
    assert (np.diff(slope) > -1e-6).all()
