"""The compiled logit of what was chosen is the logit of its definition, at the edges too."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from builders import estimation_game

from estimation.errors import TheoryError
from estimation.games.estimation_game import EstimationGame
from estimation.theories import THEORIES, Honest, TrustEmbedded
from estimation.theories.messages.likelihood import decision_log_probability
from estimation.theories.messages.theory import Theory
from estimation.theories.responses.logit import Terms, exponential, logit_of_chosen
from estimation.theories.responses.tabulated import Axis, by_situation, table_rows

ROUNDING = {"rtol": 1e-12, "atol": 5e-14}  # sums of which the chosen option is e^-69 have its logits' last digits
NODES, SITUATIONS, OPTIONS = 5, 4, 31
RNG = np.random.default_rng(11)
PAYOFF = RNG.normal(size=(NODES, SITUATIONS, OPTIONS))
PRECISION = np.exp(RNG.normal(size=(NODES, 1, 1)))
ROWS, CHOSEN = RNG.integers(SITUATIONS, size=9), RNG.integers(OPTIONS, size=9)


def oracle(payoff, precision, rows, chosen):
    """Return the logarithms of the shares of exponentials, without a compiler."""
    logits = precision * (payoff - np.max(payoff, axis=-1, keepdims=True))
    logits = np.broadcast_to(logits, np.broadcast_shapes(logits.shape, (NODES, SITUATIONS, 1)))
    total = np.log(np.exp(np.maximum(logits, -700)).sum(axis=-1))
    return logits[:, rows, chosen] - total[:, rows]


def test_the_exponential_is_right_to_its_last_digits():
    x = np.linspace(-40.0, 100.0, 20_001)
    found = np.array([exponential(value) for value in x])
    np.testing.assert_allclose(found, np.exp(x.astype(np.longdouble)).astype(float), rtol=5e-16)


@pytest.mark.parametrize("precision", [0.0, 1e-6, 1.0, 30.0, 1e6])
@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e5])
@pytest.mark.parametrize("options", [1, 2, 7, 31, 101])
def test_it_is_the_definition_from_no_precision_to_certainty(precision, scale, options):
    payoff = scale * RNG.normal(size=(NODES, SITUATIONS, options))
    chosen = CHOSEN % options
    widths = precision * np.exp(RNG.normal(size=(NODES, 1, 1)))
    found = logit_of_chosen(payoff, widths, ROWS, chosen)
    np.testing.assert_allclose(found, oracle(payoff, widths, ROWS, chosen), **ROUNDING)


def test_options_that_are_all_alike_share_evenly():
    found = logit_of_chosen(np.full((1, 1, 31), 1e5), PRECISION, np.zeros(31, int), np.arange(31))
    np.testing.assert_allclose(found, -np.log(31), rtol=1e-15)


def test_a_certain_choice_has_no_surprise_and_its_opposite_is_told_in_full():
    payoff = np.array([[[0.0, -1e4, -2e4]]])
    found = logit_of_chosen(payoff, np.ones((1, 1, 1)), np.zeros(3, int), np.arange(3))
    np.testing.assert_array_equal(found, [[0.0, -1e4, -2e4]])
    for alone in range(3):
        one = logit_of_chosen(payoff, np.ones((1, 1, 1)), np.zeros(1, int), np.array([alone]))
        np.testing.assert_array_equal(one, found[:, [alone]])


def test_what_is_worth_nothing_on_earth_is_never_chosen():
    payoff = np.array([[[-np.inf, 1.0, 1.0, np.nan]]])
    found = logit_of_chosen(payoff, np.ones((1, 1, 1)), np.zeros(4, int), np.arange(4))
    np.testing.assert_allclose(found, [[-np.inf, -np.log(2), -np.log(2), np.nan]])
    backwards = logit_of_chosen(payoff, np.ones((1, 1, 1)), np.zeros(4, int), np.arange(4)[::-1])
    np.testing.assert_array_equal(backwards, found[:, ::-1])


@pytest.mark.parametrize(
    ("payoff", "precision"),
    [
        (PAYOFF[0], PRECISION),
        (PAYOFF[:1], PRECISION),
        (PAYOFF[:, :1], PRECISION),
        (PAYOFF, PRECISION[:1]),
        (PAYOFF[0], np.exp(RNG.normal(size=(NODES, SITUATIONS, 1)))),
        (PAYOFF, np.exp(RNG.normal(size=(1, SITUATIONS, 1)))),
    ],
)
def test_what_does_not_vary_is_given_once(payoff, precision):
    found = logit_of_chosen(payoff, precision, ROWS, CHOSEN)
    np.testing.assert_allclose(found, oracle(payoff, precision, ROWS, CHOSEN), **ROUNDING)


def test_memory_may_lie_in_any_order_and_be_read_only():
    want = logit_of_chosen(PAYOFF, PRECISION, ROWS, CHOSEN)
    twice = np.repeat(PAYOFF, 2, axis=2)
    shared = PAYOFF.copy()
    shared.flags.writeable = False
    for payoff in (np.asfortranarray(PAYOFF), twice[..., ::2], PAYOFF[::-1][::-1], shared):
        np.testing.assert_array_equal(logit_of_chosen(payoff, PRECISION, ROWS[::-1][::-1], CHOSEN), want)
    found = logit_of_chosen(PAYOFF.astype(np.float32), PRECISION, ROWS.astype(np.int32), CHOSEN)
    np.testing.assert_allclose(found, want, rtol=1e-4)


@pytest.mark.parametrize("cost", [0.0, np.exp(RNG.normal(size=(NODES, 1, 1))), RNG.uniform(size=(1, SITUATIONS, 1))])
@pytest.mark.parametrize("gain", [PAYOFF, PAYOFF[0], PAYOFF[:, :1], PAYOFF[0, :, :1]])
@pytest.mark.parametrize("precision", [1.0, 1e3])
def test_a_payoff_in_its_terms_is_the_payoff(cost, gain, precision):
    terms = Terms(gain, cost, np.abs(np.arange(OPTIONS) - 9.0 * np.arange(SITUATIONS)[:, None]))
    widths = precision * PRECISION
    want = oracle(np.broadcast_to(terms.payoff(), PAYOFF.shape), widths, ROWS, CHOSEN)
    np.testing.assert_allclose(logit_of_chosen(terms, widths, ROWS, CHOSEN), want, rtol=1e-12, atol=precision * 1e-13)


WITH_TERMS = [theory for theory in THEORIES.values() if theory.sender_terms is not Theory.sender_terms]


@pytest.mark.parametrize("make", WITH_TERMS, ids=[theory.name for theory in WITH_TERMS])
def test_theories_with_terms_are_evaluated_as_theories_of_payoffs(make):
    game, theory = estimation_game(highest=12), make()
    rows, chosen = np.array([3, 0, 0, 7, 12]), np.array([3, 4, 0, 9, 12])

    class Slower(make):
        def sender_payoff(self, *given):
            return super().sender_payoff(*given)

    for kind in range(len(theory.types)):
        named = theory.parameters([game], ("sender",))
        values = {p.name: p.natural(p.centre + RNG.normal(size=(7, 1, 1))) for p in named}
        one, other = (
            decision_log_probability(how, game, "sender", kind, values, game.states, chosen, rows=rows)
            for how in (theory, Slower())
        )
        np.testing.assert_allclose(one, other, rtol=1e-12)
        every = decision_log_probability(theory, game, "sender", kind, values, game.states)
        np.testing.assert_allclose(one, every[:, rows, chosen], rtol=1e-11)


def test_a_payoff_that_a_subclass_writes_counts_before_terms_that_it_inherits():
    class Silent(TrustEmbedded):
        def sender_payoff(self, game, kind, values, state, xp=np):  # noqa: ARG002
            return np.zeros((len(state), len(game.messages)))

    game = estimation_game(highest=12)
    values = {p.name: np.full((1, 1, 1), p.natural(p.centre)) for p in Silent().parameters([game], ("sender",))}
    found = decision_log_probability(Silent(), game, "sender", 0, values, game.states, np.arange(13))
    np.testing.assert_allclose(found, -np.log(13))


def test_a_theory_of_targets_has_no_terms():
    with pytest.raises(TheoryError, match="use sender_payoff"):
        Honest().sender_terms(estimation_game(highest=12), 0, {}, np.zeros(1))


@pytest.mark.parametrize(("rows", "chosen"), [([4], [0]), ([0], [31]), ([0], [-1])])
def test_payoffs_that_are_too_few_are_refused(rows, chosen):
    with pytest.raises(IndexError, match="every situation and option"):
        logit_of_chosen(PAYOFF, PRECISION, np.array(rows), np.array(chosen))


@pytest.mark.parametrize("precision", [1.0, 1e6, 1e21])
def test_nothing_is_more_likely_than_certain_however_little_people_err(precision):
    """The last digit of a payoff is many logits then: options must be compared as they were rounded, every time."""
    rng = np.random.default_rng(3)
    gain, lie = rng.normal(size=(200, 7, 11)), rng.random((7, 11))
    cost = np.exp(rng.normal(0, 3, size=(200, 1, 1)))
    rows, chosen = np.repeat(np.arange(7), 3), rng.integers(11, size=21)
    width = np.full((200, 1, 1), precision)
    found = logit_of_chosen(Terms(gain, cost, lie), width, rows, chosen)
    payoff = gain - cost * lie
    below = width * (payoff - payoff.max(axis=-1, keepdims=True))
    expected = (below - np.log(np.exp(below).sum(axis=-1, keepdims=True)))[:, rows, chosen]
    assert (found <= 1e-12).all()
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)
    assert (found > -1e-9).any() or precision == 1.0


@pytest.mark.parametrize("owners", [[0], [0, 1, 2, 3], [0, 0, 1, 1]], ids=["nodes", "situations", "people"])
@pytest.mark.parametrize("smooth", [False, True], ids=["lines", "spline"])
@pytest.mark.parametrize(
    "cost", [None, 0.3, np.exp(RNG.normal(size=(NODES, 1, 1)))], ids=["no lie", "number", "people"]
)
@pytest.mark.parametrize("precision", [1.0, 1e3])
def test_rows_that_are_read_where_they_are_used_are_the_rows_of_the_table(owners, smooth, cost, precision):
    axes = [Axis(1.0, 7, smooth=smooth), Axis(2.0, 9, smooth=smooth)]
    table = RNG.normal(size=(7, 9, 6, OPTIONS))
    for index, axis in enumerate(axes):
        table = axis.coefficients(table, index)
    values = [np.exp(RNG.normal(size=(NODES, SITUATIONS, 1)))[:, owners] for _ in axes]
    given = np.array([5, 0, 0, 2])
    gain = table_rows(by_situation(table), axes, values, given)
    assert gain.shape == (NODES, SITUATIONS, OPTIONS)
    lie = np.abs(np.arange(OPTIONS) - 9.0 * np.arange(SITUATIONS)[:, None])
    terms = Terms(gain) if cost is None else Terms(gain, cost, lie)
    widths = precision * (values[0] if len(owners) > 1 else PRECISION)
    found = logit_of_chosen(terms, widths, ROWS, CHOSEN)
    array = np.asarray(gain)
    np.testing.assert_allclose(array, by_corners(table, axes, values, given), rtol=1e-12, atol=1e-12)
    paid = array if cost is None else array - cost * lie
    np.testing.assert_allclose(found, oracle(paid, widths, ROWS, CHOSEN), rtol=1e-11, atol=precision * 1e-12)
    with pytest.raises(IndexError, match="every situation and option"):
        logit_of_chosen(terms, widths, np.array([SITUATIONS]), np.array([0]))


def by_corners(table, axes, values, given):
    """Return rows of a table at values, one coefficient after another."""
    total = 0.0
    (first, along), (second, across) = (axis.place(value) for axis, value in zip(axes, values, strict=True))
    for i, j in itertools.product(range(len(along)), range(len(across))):
        total = total + along[i] * across[j] * table[first[..., 0] + i, second[..., 0] + j, given]
    return total


@pytest.mark.parametrize("direction", ["over", "under"])
@pytest.mark.parametrize("shape", [(7, 1, 1), (1, 5, 1), (7, 5, 1)])
def test_gains_of_whoever_is_trusted_are_those_of_the_reply_whether_or_not_they_are_written_down(direction, shape):
    game, rng = EstimationGame(direction, highest=30, lie_reference=3.0), np.random.default_rng(5)
    trust, cost, precision = rng.random(shape), rng.random(shape), np.exp(rng.normal(size=(7, 1, 1)))
    state, rows, chosen = np.array([0.0, 4.0, 17.0, 17.0, 30.0]), rng.integers(5, size=40), rng.integers(31, size=40)
    gain = game.trusting_gain(game.messages, trust, state[:, None])
    written = game.sender_payoff(game.trusting_action(game.messages, trust), state[:, None])
    np.testing.assert_allclose(np.asarray(gain), written, atol=1e-12)
    lie = game.lie_size(game.messages, state[:, None])
    found = logit_of_chosen(Terms(gain, cost, lie), precision, rows, chosen)
    np.testing.assert_allclose(found, logit_of_chosen(Terms(written, cost, lie), precision, rows, chosen), atol=1e-9)
