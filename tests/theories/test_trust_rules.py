"""How trust follows experience: worked steps, identities, and bounds; published worked values are in the ledger."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st

from estimation.theories.beliefs.trust_rules import follow_accuracy, follow_counts, follow_news

unit = st.floats(0, 1)


def test_one_step_of_equation_11_is_what_exact_fractions_give():
    """With the paper's δ^g = 1/2, δ^l = 1 and w = 1/2: its worked examples lead to 11/28 and 31/56."""
    half, gain, loss = Fraction(1, 2), Fraction(1, 2), Fraction(1)
    after_failure = half * (1 + half * loss * Fraction(-3, 7))
    after_success = half * (1 + half * gain * Fraction(3, 7))
    assert (after_failure, after_success) == (Fraction(11, 28), Fraction(31, 56))
    got = follow_accuracy(0.5, np.array([2.0, 5.0]), np.array([5.0, 2.0]), 0.5, 1.0)
    np.testing.assert_allclose(got, [11 / 28, 31 / 56], rtol=1e-14)


def test_a_path_of_trust_under_equation_11_is_the_recursion_in_exact_fractions():
    """Six periods of demand 50 in which the agent errs by 2 and the retailer by 5, then the other way round."""
    trust, exact = np.float64(0.5), Fraction(1, 2)
    for own, told in [(5, 2), (5, 2), (5, 2), (2, 5), (2, 5), (2, 5)]:
        ratio = Fraction(own - told, own + told)
        span = abs(abs(exact - Fraction(1, 2)) - Fraction(1, 2))
        exact = exact * (1 + span * (Fraction(1, 2) if ratio >= 0 else 1) * ratio)
        trust = follow_accuracy(trust, float(own), float(told), 0.5, 1.0)
        assert float(trust) == pytest.approx(float(exact), rel=1e-14)
    assert exact < Fraction(1, 2)  # lost faster than gained


@given(unit, unit, unit, unit)
def test_trust_that_follows_news_ends_between_where_it_was_and_what_it_saw(trust, accuracy, gain, loss):
    after = follow_news(trust, accuracy, gain, loss)
    low, high = sorted([trust, accuracy])
    assert low - 1e-12 <= after <= high + 1e-12
    rate = gain if accuracy >= trust else loss
    assert after == pytest.approx((1 - rate) * trust + rate * accuracy)


@given(st.lists(st.booleans(), min_size=1, max_size=30), st.floats(0.01, 0.99), st.floats(0.1, 50))
def test_counting_gives_the_mean_of_the_beta_posterior(borne_out, first, weight):
    trust = first
    for seen, event in enumerate(borne_out):
        trust = follow_counts(trust, float(event), weight + seen)
    a, b = first * weight + sum(borne_out), (1 - first) * weight + len(borne_out) - sum(borne_out)
    assert trust == pytest.approx(a / (a + b))


@given(unit, st.floats(0, 100), st.floats(0, 100), unit, unit)
def test_trust_that_compares_accuracy_stays_between_nothing_and_all(trust, own, told, gain, loss):
    after = follow_accuracy(trust, own, told, gain, loss)
    assert -1e-12 <= after <= 1 + 1e-12
    assert after >= trust - 1e-12 if own >= told else after <= trust + 1e-12


def test_without_errors_on_either_side_trust_stays():
    assert follow_accuracy(0.3, 0.0, 0.0, 0.5, 1.0) == 0.3
