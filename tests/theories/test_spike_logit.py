"""Spike-logit: the best option exactly or a logit error, for every theory, in arrays and graphs."""

from __future__ import annotations

import numpy as np
import pytest
from builders import estimation_game

from estimation.names import ROLES
from estimation.theories import CognitiveHierarchy, Honest, LevelK, LevelKLying, Mixture, QuantalResponse, TrustEmbedded
from estimation.theories.messages.likelihood import decision_log_probability
from estimation.theories.responses.logit import Logit, Terms
from estimation.theories.responses.spike_logit import SpikeLogit

GAME = estimation_game("over", highest=20)
SPIKE = {"response": "spike-logit"}
THEORIES = {
    "trust": TrustEmbedded(habits="all", **SPIKE),
    "levels": LevelKLying(2, beliefs="own", habits="all", **SPIKE),
    "hierarchy": CognitiveHierarchy(2, beliefs="own", **SPIKE),
    "equilibrium": QuantalResponse("own", **SPIKE),
    "mixture": Mixture([Honest(**SPIKE), TrustEmbedded(**SPIKE), LevelK(1, **SPIKE)]),
}
theories = pytest.mark.parametrize("theory", THEORIES.values(), ids=THEORIES)
roles = pytest.mark.parametrize("role", ROLES)


def middle(theory, count=1):
    """Parameters around their prior's centre, (count, 1, 1) each."""
    rng = np.random.default_rng(3)
    return {
        p.name: np.asarray(p.natural(p.centre + p.centre_sd * rng.standard_normal((count, 1, 1))))
        for p in theory.parameters([GAME], ROLES)
    }


def seen_and_options(role):
    return (GAME.states, GAME.messages) if role == "sender" else (GAME.messages, GAME.actions)


def test_the_best_option_has_the_spike_and_options_that_are_as_good_share_it():
    payoff = np.array([[[0.0, 3.0, 1.0, 3.0], [2.0, 1.0, 0.0, -1.0]]])
    precision, rate = np.full((1, 1, 1), 0.7), np.full((1, 1, 1), 0.4)
    got = np.exp(SpikeLogit().log_probability(payoff, precision, np.arange(4.0), error_rate=rate))
    weight = np.exp(0.7 * payoff)
    spike = np.array([[[0, 0.5, 0, 0.5], [1, 0, 0, 0]]])
    np.testing.assert_allclose(got, 0.6 * spike + 0.4 * weight / weight.sum(axis=-1, keepdims=True))


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_whoever_always_errs_is_a_logit_and_whoever_never_does_takes_the_best(rate):
    rng = np.random.default_rng(4)
    payoff, precision = rng.normal(size=(3, 5, 7)), np.exp(rng.normal(size=(3, 1, 1)))
    lie = rng.uniform(size=(5, 7))
    got = SpikeLogit().log_probability(Terms(payoff, 0.5, lie), precision, np.arange(7.0), error_rate=rate)
    paid = payoff - 0.5 * lie
    if rate:
        np.testing.assert_allclose(got, Logit().log_probability(paid, precision, np.arange(7.0)), rtol=1e-9)
    else:
        np.testing.assert_array_equal(got == 0, paid == paid.max(axis=-1, keepdims=True))
        assert (got[got < 0] < -600).all()


def test_choices_one_by_one_have_the_chances_of_the_whole_table_with_ties_and_missing_payoffs():
    rng = np.random.default_rng(5)
    payoff, precision = rng.integers(0, 4, (6, 5, 9)).astype(float), np.exp(rng.normal(size=(6, 1, 1)))
    payoff[1, 2, 3] = payoff[2, 4, 0] = np.nan
    payoff[3, 1] = -np.inf
    rows, chosen = np.arange(40) % 5, rng.integers(0, 9, 40)
    with np.errstate(invalid="ignore"):
        whole = SpikeLogit().log_probability(payoff, precision, np.arange(9.0), error_rate=0.4)
        got = SpikeLogit().log_probability(
            payoff, precision, np.arange(9.0), chosen, rows, error_rate=np.full((6, 1), 0.4)
        )
    np.testing.assert_allclose(got, whole[:, rows, chosen], rtol=1e-12)
    assert np.isnan(got).any(axis=1).tolist() == [False, True, True, True, False, False]


@pytest.mark.parametrize(("rows", "chosen"), [([0, 3], [0, 0]), ([0, 1], [0, 4]), ([0, -1], [0, 0])])
def test_choices_that_are_not_in_the_table_are_no_choices(rows, chosen):
    payoff, width = np.zeros((2, 3, 4)), np.ones((2, 1, 1))
    with pytest.raises(IndexError):
        SpikeLogit().log_probability(payoff, width, np.arange(4.0), np.array(chosen), np.array(rows), error_rate=0.5)


def test_payoffs_that_are_the_same_in_all_situations_serve_every_choice():
    payoff, width = np.array([[[0.0, 1.0, 1.0]]]), np.ones((1, 1, 1))
    got = SpikeLogit().log_probability(
        payoff, width, np.arange(3.0), np.array([0, 1]), np.array([0, 5]), error_rate=0.5
    )
    chance = np.exp(payoff[0, 0]) / np.exp(payoff[0, 0]).sum()
    np.testing.assert_allclose(np.exp(got[0]), [0.5 * chance[0], 0.25 + 0.5 * chance[1]], rtol=1e-12)


@theories
@roles
def test_chances_sum_to_one_and_that_of_a_choice_is_the_one_in_the_table(theory, role):
    seen, options = seen_and_options(role)
    chosen = np.arange(len(seen)) * 7 % len(options)
    for kind in range(len(theory.types)):
        values = middle(theory, 3)
        table = decision_log_probability(theory, GAME, role, kind, values, seen)
        np.testing.assert_allclose(np.exp(table).sum(axis=-1), 1, atol=1e-9)
        got = decision_log_probability(theory, GAME, role, kind, values, seen, chosen)
        np.testing.assert_allclose(got, table[:, np.arange(len(seen)), chosen], atol=1e-11)


@pytest.mark.parametrize("name", ["trust", "levels"])
@roles
def test_graphs_say_the_same_as_arrays_and_have_a_gradient(name, role):
    import pytensor
    import pytensor.tensor as pt
    from uncompiled import UNCOMPILED

    theory, (seen, options) = THEORIES[name], seen_and_options(role)
    chosen = np.arange(len(seen)) * 7 % len(options)
    values = middle(theory)
    symbols = {key: pt.tensor(key, shape=(1, 1, 1), dtype="float64") for key in values}
    kind = len(theory.types) - 1
    graph = decision_log_probability(theory, GAME, role, kind, symbols, seen, chosen, pt)
    wrt = [symbols[f"{role}_error_rate"], symbols[f"{role}_precision"]]
    outputs = [graph, *pytensor.grad(graph.sum(), wrt)]
    compiled = pytensor.function(list(symbols.values()), outputs, mode=UNCOMPILED, on_unused_input="ignore")
    found, *slopes = compiled(*values.values())
    want = decision_log_probability(theory, GAME, role, kind, values, seen, chosen)
    np.testing.assert_allclose(found.reshape(want.shape), want, atol=1e-9)
    assert all(np.isfinite(slope).all() and slope.any() for slope in slopes)


def test_each_role_has_an_error_rate_and_theories_of_a_mixture_share_it():
    names = [p.name for p in THEORIES["mixture"].parameters([GAME], ROLES)]
    assert names.count("sender_error_rate") == names.count("receiver_error_rate") == 1
    assert [p.name for p in TrustEmbedded(**SPIKE).parameters([GAME], ("receiver",))] == [
        *("trust", "receiver_precision", "receiver_error_rate", "lapse")
    ]
