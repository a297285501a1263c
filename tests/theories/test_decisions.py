"""From payoffs to probabilities: response rules, lapses and limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats
from theories_in_variants import games, makers, middle, responses, roles, seen_and_options

from estimation.theories.messages.likelihood import decision_log_probability, with_lapse
from estimation.theories.responses.logit import Logit
from estimation.theories.responses.response import CensoredNormal


@games
@makers
@roles
@responses
@pytest.mark.parametrize("lapse", [True, False])
def test_the_probabilities_of_all_options_sum_to_one(game, make, role, response, lapse):
    theory = make(response=response, lapse=lapse)
    given_, options = seen_and_options(game, role)
    for kind in range(len(theory.types)):
        table = decision_log_probability(theory, game, role, kind, middle(theory, game, 4), given_)
        assert table.shape == (4, len(given_), len(options))
        np.testing.assert_allclose(np.exp(table).sum(axis=-1), 1, atol=1e-9)


@games
@makers
@roles
@responses
def test_the_probability_of_a_choice_is_the_one_in_the_table(game, make, role, response):
    theory = make(response=response)
    given_, options = seen_and_options(game, role)
    chosen = np.arange(len(given_)) * 7 % len(options)
    for kind in range(len(theory.types)):
        values = middle(theory, game, 3)
        table = decision_log_probability(theory, game, role, kind, values, given_)
        got = decision_log_probability(theory, game, role, kind, values, given_, chosen)
        np.testing.assert_allclose(got, table[:, np.arange(len(given_)), chosen], atol=1e-12)


@games
@makers
@roles
def test_without_precision_everything_is_equally_likely(game, make, role):
    theory = make(lapse=False)
    given_, options = seen_and_options(game, role)
    values = middle(theory, game, **{f"{role}_precision": 0.0})
    table = decision_log_probability(theory, game, role, len(theory.types) - 1, values, given_)
    np.testing.assert_allclose(np.exp(table), 1 / len(options))


@games
@makers
@roles
def test_with_endless_precision_only_best_options_are_chosen(game, make, role):
    theory = make(lapse=False)
    given_, options = seen_and_options(game, role)
    values = middle(theory, game, **{f"{role}_precision": 1e7})
    method = theory.sender_payoff if role == "sender" else theory.receiver_payoff
    for kind in range(len(theory.types)):
        best = np.zeros((1, len(given_), len(options)), bool)
        for now, _ in theory.kinds_at_decision(kind, values):
            payoff = method(game, now, values, given_)
            best |= payoff >= payoff.max(axis=-1, keepdims=True) - 1e-5
        table = np.exp(decision_log_probability(theory, game, role, kind, values, given_))
        np.testing.assert_allclose(table.sum(axis=-1, where=best), 1)


@games
@makers
@roles
def test_with_a_vanishing_error_only_the_option_nearest_to_the_aim_is_chosen(game, make, role):
    theory = make(response="normal", lapse=False)
    given_, options = seen_and_options(game, role)
    values = middle(theory, game, **{f"{role}_error": 1e-5, "favourite": 0.437, "trust": 0.6137})
    method = theory.sender_target if role == "sender" else theory.receiver_target
    table = np.exp(decision_log_probability(theory, game, role, 0, values, given_))
    want, clear = np.zeros((1, len(given_), len(options))), np.ones((1, len(given_)), bool)
    for now, log_share in theory.kinds_at_decision(0, values):
        aim = np.broadcast_to(method(game, now, values, given_), (1, len(given_), 1))
        distance = np.abs(options - aim)
        # aims at a border are a toss-up
        clear &= np.diff(np.sort(distance, axis=-1)[..., :2], axis=-1)[..., 0] > 1e-3
        want += np.exp(log_share) * np.eye(len(options))[np.argmin(distance, axis=-1)]
    assert clear.mean() > 0.4
    np.testing.assert_allclose(table[clear], want[clear], atol=1e-9)


@games
@makers
@roles
@responses
def test_a_person_who_never_looks_chooses_anything(game, make, role, response):
    theory = make(response=response)
    given_, options = seen_and_options(game, role)
    table = decision_log_probability(theory, game, role, 0, middle(theory, game, lapse=1.0), given_)
    np.testing.assert_allclose(np.exp(table), 1 / len(options))


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=8), st.floats(0, 20), st.floats(-1e3, 1e3), st.integers(0, 9))
def test_logit_sees_differences_of_payoffs_only(payoff, precision, constant, first):
    payoff = np.roll(np.array(payoff)[None, :], first)
    plain = Logit().log_probability(payoff, precision, np.arange(payoff.size))
    moved = Logit().log_probability(payoff + constant, precision, np.arange(payoff.size))
    np.testing.assert_allclose(plain, moved, atol=1e-9 * (1 + precision * abs(constant)))
    weight = np.exp(precision * (payoff - payoff.max()))
    np.testing.assert_allclose(np.exp(plain), weight / weight.sum(), atol=1e-12)


@given(
    st.integers(0, 2**32 - 1),
    st.floats(1e-3, 1e4),
    st.sampled_from([(1,), (4,), (1, 1), (1, 4), (3, 1), (3, 4)]),
    st.sampled_from([(1, 1), (3, 1), (3, 4), (1, 4)]),
)
def test_compiled_logit_of_what_was_chosen_equals_the_table_of_all_options(seed, scale, of_payoff, of_precision):
    rng = np.random.default_rng(seed)
    payoff = scale * rng.standard_cauchy((*of_payoff, 6))
    precision = np.exp(rng.normal(size=(*of_precision, 1)))
    rows, chosen = rng.integers(0, max(of_payoff[-1], of_precision[1]), 9), rng.integers(0, 6, 9)
    got = Logit().log_probability(payoff, precision, np.arange(6.0), chosen, rows)
    table = Logit().log_probability(*np.broadcast_arrays(payoff, precision)[:2], np.arange(6.0))
    largest = np.abs(precision * payoff).max()
    np.testing.assert_allclose(got, table[:, rows, chosen], rtol=1e-10, atol=1e-14 * largest + 1e-12)


@given(st.floats(-30, 30), st.floats(0.05, 200))
def test_a_normal_error_is_rounded_to_the_grid_and_heaped_at_its_ends(aim, error):
    grid = np.array([-10.0, -9, -7, -3, 0, 1, 2, 10])
    got = np.exp(CensoredNormal().log_probability(np.array([[aim]]), error, grid))[0]
    edges = [-np.inf, *(grid[1:] + grid[:-1]) / 2, np.inf]
    for low, high, probability in zip(edges[:-1], edges[1:], got, strict=True):
        law = stats.norm(aim, error)
        want = law.cdf(high) - law.cdf(low) if low < aim else law.sf(low) - law.sf(high)
        assert probability == pytest.approx(want, abs=1e-12)


def test_far_tails_keep_their_digits():
    """Forty standard deviations away a difference of cdfs is 0; its logarithm is about -800."""
    grid = np.arange(0, 101.0)
    got = CensoredNormal().log_probability(np.array([[10.0]]), 2.0, grid)[0]
    assert np.isfinite(got).all()
    assert got[100] == pytest.approx(stats.norm.logsf(99.5, 10, 2))
    assert got[90] == pytest.approx(stats.norm.logsf(89.5, 10, 2), rel=1e-6)


@given(st.floats(-700, 0), st.floats(0, 1), st.integers(2, 500))
def test_lapses_mix_with_an_even_chance(log_probability, lapse, options):
    got = with_lapse(log_probability, max(lapse, 1e-9), options)
    assert np.exp(got) == pytest.approx((1 - lapse) * np.exp(log_probability) + lapse / options, abs=2e-9)
