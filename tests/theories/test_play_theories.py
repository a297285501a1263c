"""Theories of play: limits, invariances, the same numbers from loops, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from games_of_play import DILEMMA, GAMES, RANDOM
from scipy import special

from estimation.errors import TheoryError
from estimation.games import NormalForm, money_request
from estimation.theories import (
    PLAY_THEORIES,
    LogitEquilibrium,
    Nash,
    NormalFormCognitiveHierarchy,
    NormalFormLevelK,
    equilibria,
    from_spec,
)
from estimation.theories.plays.normal_form_cognitive_hierarchy import hierarchy

MAKERS = [
    NormalFormLevelK(2),
    NormalFormLevelK(2, per="choice"),
    NormalFormCognitiveHierarchy(),
    NormalFormCognitiveHierarchy("logit"),
    LogitEquilibrium(),
    Nash(),
]
makers = pytest.mark.parametrize("theory", MAKERS, ids=str)
players = pytest.mark.parametrize("player", ["row", "column"])


def values_of(theory, game, **fixed):
    middle = {p.name: np.full(2, p.natural(p.centre)) for p in theory.parameters([game])}
    return middle | {name: np.full(2, float(value)) for name, value in fixed.items() if name in middle}


@makers
@players
@pytest.mark.parametrize("game", GAMES)
def test_probabilities_of_all_options_sum_to_one(theory, player, game):
    for kind in range(len(theory.types)):
        table = theory.choice_probability(game, player, kind, values_of(theory, game))
        assert table.shape[-1] == len(game.options(player))
        np.testing.assert_allclose(table.sum(axis=-1), 1, atol=1e-12)


@makers
@players
def test_adding_a_constant_to_payoffs_changes_nothing(theory, player):
    for game in GAMES:
        moved = NormalForm(game.row + 17.0, game.column - 4.0)
        values = values_of(theory, game)
        for kind in range(len(theory.types)):
            np.testing.assert_allclose(
                theory.choice_probability(moved, player, kind, values),
                theory.choice_probability(game, player, kind, values),
                atol=1e-8,
            )


@pytest.mark.parametrize(
    "theory", [m for m in MAKERS if not isinstance(m, Nash) and m != NormalFormCognitiveHierarchy()], ids=str
)
@players
def test_without_precision_choices_are_even(theory, player):
    for game in GAMES:
        for kind in range(len(theory.types)):
            table = theory.choice_probability(game, player, kind, values_of(theory, game, precision=1e-12))
            np.testing.assert_allclose(table, 1 / table.shape[-1], atol=2e-3)


@players
def test_at_high_precision_level_k_replies_exactly_to_the_level_below(player):
    other = {"row": "column", "column": "row"}[player]
    for game in RANDOM:
        below = np.full(len(game.options(other)), 1 / len(game.options(other)))
        for level in (1, 2, 3):
            got = NormalFormLevelK(3).choice_probability(game, player, level, {"precision": np.array([1e6])})[0]
            believed = below if level == 1 else exact(game, other, level - 1)
            assert got[np.argmax(game.payoff(player) @ believed)] == pytest.approx(1)


def exact(game, player, level):
    """The exact play of a level, in words: reply to the reply to … to even play (no ties in random games)."""
    other = {"row": "column", "column": "row"}[player]
    if level == 0:
        return np.full(len(game.options(player)), 1 / len(game.options(player)))
    return np.eye(len(game.options(player)))[np.argmax(game.payoff(player) @ exact(game, other, level - 1))]


@pytest.mark.parametrize("tau", [0.3, 1.5, 4.0])
@pytest.mark.parametrize("precision", [None, 0.8])
def test_the_cognitive_hierarchy_agrees_with_loops(tau, precision):
    for game in GAMES:
        share = [math.exp(-tau) * tau**k / math.factorial(k) for k in range(40)]
        play = {"row": [exact(game, "row", 0)], "column": [exact(game, "column", 0)]}
        for k in range(1, 40):
            new = {}
            for player, other in (("row", "column"), ("column", "row")):
                belief = sum(share[h] * play[other][h] for h in range(k)) / sum(share[:k])
                worth = game.payoff(player) @ belief
                tied = np.isclose(worth, worth.max(), rtol=1e-9)
                new[player] = tied / tied.sum() if precision is None else special.softmax(precision * worth)
            for player, reply in new.items():
                play[player].append(reply)
        got = hierarchy(game, np.array([tau]), None if precision is None else np.array([precision]))
        for player, plays in play.items():
            expected = sum(f * q for f, q in zip(share, plays, strict=True)) / sum(share)
            np.testing.assert_allclose(got[player][0], expected, atol=1e-8)


def test_without_thinking_everybody_is_even_and_dominated_options_keep_the_share_of_step_0():
    low, high = hierarchy(DILEMMA, np.array([1e-9, 2.0]))["row"]
    np.testing.assert_allclose(low, 0.5, atol=1e-6)
    assert high[0] == pytest.approx(math.exp(-2.0) / 2, rel=1e-6)


def test_in_the_request_game_each_level_asks_for_one_less():
    """From level 1 at 19 or 20 on: against even play 20 earns 20 and 19 earns 19 + 2."""
    game = money_request()
    for level in range(1, 5):
        chance = NormalFormLevelK(5).choice_probability(game, "row", level, {"precision": np.array([1e6])})[0]
        assert game.row_options[chance.argmax()] == str(20 - level)


@makers
def test_a_theory_is_the_same_after_a_trip_through_plain_data(theory):
    assert from_spec(theory.spec()) == theory
    assert type(theory).__name__ in str(theory)
    for parameter in theory.parameters(GAMES):
        assert parameter.meaning
        assert parameter.why


@makers
def test_every_parameter_changes_what_people_do(theory):
    for parameter in theory.parameters(GAMES):
        moved = [
            values_of(theory, GAMES[0], **{parameter.name: parameter.natural(parameter.centre + d)}) for d in (0, 1)
        ]
        changes = [
            np.abs(np.subtract(*(theory.choice_probability(game, player, kind, values) for values in moved))).max()
            for game in GAMES
            for player in ("row", "column")
            for kind in range(len(theory.types))
        ]
        assert max(changes) > 1e-6, parameter.name


def test_unknown_options_are_refused():
    with pytest.raises(TheoryError, match="is none of"):
        from_spec({"theory": "Telepathy"})
    with pytest.raises(TheoryError, match="maxlevel"):
        from_spec({"theory": "NormalFormLevelK", "maxlevel": 2})
    with pytest.raises(TheoryError, match=r"max_level must be a whole number(.|\n)*per must be '"):
        NormalFormLevelK(-1, "day")
    with pytest.raises(TheoryError, match="reply must be '"):
        NormalFormCognitiveHierarchy("never")
    with pytest.raises(TheoryError, match="supports are tried up to"):
        equilibria(NormalForm(np.ones((11, 2)), np.ones((11, 2))))
    shipped = ["LogitEquilibrium", "Nash", "NormalFormCognitiveHierarchy", "NormalFormLevelK"]
    assert sorted(PLAY_THEORIES) == shipped
