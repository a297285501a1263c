"""Fixed discount: payoffs and aims written out by hand, its limits, and its constants found again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from engine import GAMES as GAMES_OF_TWENTY
from small_games import GAMES, pair

import estimation as est
from estimation.errors import TheoryError

ROLES = ("sender", "receiver")
QUICK = {"seed": 1, "draws": 400, "chains": 2, "method": "importance", "accuracy": 1.0, "progress": False}


def at(**values):
    return {name: np.array([[float(value)]]) for name, value in values.items()}


def cut(value, options):
    return min(max(value, options[0]), options[-1])


@pytest.mark.parametrize("name", GAMES)
@pytest.mark.parametrize(("constant", "slope"), [(0.0, 1.0), (1.25, 1.0), (-0.75, 1.0), (0.5, 0.4), (2.5, 1.5)])
def test_receivers_act_on_the_message_less_the_constant_and_senders_add_theirs(name, constant, slope):
    game, naive = pair(name)
    theory = est.FixedDiscount("free", response="normal")
    values = at(discount=constant, receiver_slope=slope, inflation=constant, sender_slope=slope)
    payoff = theory.receiver_payoff(game, 0, values, game.messages)
    aim = theory.receiver_target(game, 0, values, game.messages)[:, 0]
    said = theory.sender_target(game, 0, values, game.states)[:, 0]
    worth = theory.sender_payoff(game, 0, values, game.states)
    middle = sum(state * weight for state, weight in zip(naive.states, naive.prior, strict=True))
    for row, seen in enumerate(naive.messages):
        turned = (slope - 1) * (seen - middle)
        believed = cut(seen - game.direction * constant + turned, naive.states)
        want = [naive.receiver(action, believed) for action in naive.actions]
        np.testing.assert_allclose(payoff[row], want, atol=1e-9)
        best = naive.actions[int(np.argmax(want))]
        assert abs(cut(aim[row], naive.actions) - best) <= 0.5 + 1e-9 or max(want) - want[int(np.argmax(want))] < 1e-9
        wanted = seen + game.direction * constant + turned
        assert said[row] == pytest.approx(wanted)
        np.testing.assert_allclose(worth[row], [-game.margin * abs(m - wanted) for m in naive.messages], atol=1e-9)


@pytest.mark.parametrize("name", GAMES)
def test_graphs_aim_at_the_same_actions_as_arrays_between_all_states(name):
    import pytensor
    import pytensor.tensor as pt
    from uncompiled import UNCOMPILED

    game, _ = pair(name)
    theory, symbol = est.FixedDiscount(response="normal"), pt.tensor("discount", shape=(1, 1, 1), dtype="float64")
    graph = theory.receiver_target(game, 0, {"discount": symbol}, game.messages, pt)
    asked = pytensor.function([symbol], graph, mode=UNCOMPILED)
    for constant in np.linspace(-1.5, 1.5, 7) * np.diff(game.states).min():
        want = theory.receiver_target(game, 0, at(discount=constant), game.messages)
        np.testing.assert_allclose(asked(np.full((1, 1, 1), constant))[0], want, atol=1e-9)


@pytest.mark.parametrize("name", GAMES)
def test_without_a_constant_it_is_honesty_and_belief(name):
    game, _ = pair(name)
    none = at(discount=0, inflation=0)
    for role, seen in zip(ROLES, (game.states, game.messages), strict=True):
        want = getattr(est.Honest(), f"{role}_payoff")(game, 0, {}, seen)
        np.testing.assert_allclose(getattr(est.FixedDiscount(), f"{role}_payoff")(game, 0, none, seen), want, atol=1e-9)


@pytest.mark.parametrize("name", GAMES)
def test_a_slope_of_none_is_a_belief_that_no_message_moves(name):
    game, _ = pair(name)
    flat = at(discount=0, receiver_slope=0)
    payoff = est.FixedDiscount("free").receiver_payoff(game, 0, flat, game.messages)
    np.testing.assert_allclose(payoff, np.broadcast_to(payoff[:1], payoff.shape), atol=1e-9)


def test_each_role_has_its_constant_and_the_slope_only_if_it_is_free():
    games = [est.EstimationGame()]
    names = {
        slope: [p.name for p in est.FixedDiscount(slope).own_parameters(games, ROLES)] for slope in ("one", "free")
    }
    assert names == {
        "one": ["discount", "inflation"],
        "free": ["discount", "receiver_slope", "inflation", "sender_slope"],
    }
    assert [p.name for p in est.FixedDiscount().own_parameters(games, ("sender",))] == ["inflation"]
    with pytest.raises(TheoryError, match="slope must be '"):
        est.FixedDiscount("two")


def test_a_fit_finds_constants_and_slopes_again():
    truth = {
        "discount": (3.0, 2.0),
        "inflation": (2.0, 2.5),
        "receiver_slope": (0.8, 0.15),
        "sender_slope": (1.1, 0.15),
        "sender_precision": (1.0, 0.4),
        "receiver_precision": (0.8, 0.4),
        "lapse": (0.05, 0.5),
    }
    theory = est.FixedDiscount("free")
    table, _ = est.simulate(theory, est.design(GAMES_OF_TWENTY, 24, 40, seed=3), truth, seed=4)
    fit = est.fit(theory, table, **QUICK)
    assert est.diagnose(fit).ok
    posterior = fit.tree["posterior"].dataset
    for parameter in fit.problem.parameters:
        low, high = np.quantile(posterior["mean"].sel(parameter=parameter.name), [0.005, 0.995])
        assert low < parameter.transformed(truth[parameter.name][0]) < high, parameter.name


def test_a_formula_sees_that_some_people_discount_more():
    game, people = {"over": GAMES_OF_TWENTY["over"]}, {"receiver_precision": (0.8, 0.4), "lapse": (0.05, 0.5)}
    frames = []
    for number, (liar, constant) in enumerate({"big": 6.0, "small": 1.0}.items()):
        situations = est.design(game, 12, 20, seed=number, roles=("receiver",))
        table, _ = est.simulate(est.FixedDiscount(), situations, people | {"discount": (constant, 1.5)}, seed=number)
        frames.append(table.frame.assign(liar=liar, subject=liar + table.frame["subject"].astype(str)))
    table = est.Table.from_frame(pd.concat(frames, ignore_index=True), game)
    fit = est.fit(est.FixedDiscount(discount="~ liar"), table, **QUICK)
    effect = fit.summary.loc["discount: liar[T.small]"]
    assert effect["low"] < -5.0 < effect["high"] < 0
    assert effect["unit"] == "game units per unit"
