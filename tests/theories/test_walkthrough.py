"""The theory that CONTRIBUTING.md writes step by step works as it is printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from builders import estimation_game, forecast_game

from estimation.theories import LevelK, Theory
from estimation.theories.messages.theory import decision_log_probability
from estimation.theories.parameter import Parameter

GUIDE = Path(__file__).parents[2] / "CONTRIBUTING.md"
GAMES = [
    estimation_game("over", highest=10),
    estimation_game("under", highest=10),
    forecast_game(60.0, 4.0, 6.0),
]


@pytest.fixture(scope="module")
def theory():
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL)
    names = {
        "__name__": __name__,
        "dataclass": dataclass,
        "ClassVar": ClassVar,
        "np": np,
        "Theory": Theory,
        "Parameter": Parameter,
    }
    exec(compile(code, str(GUIDE), "exec", dont_inherit=True), names)
    return names["Discounting"]


@pytest.mark.parametrize("game", GAMES, ids=["over", "under", "forecast"])
@pytest.mark.parametrize("response", ["logit", "normal"])
@pytest.mark.parametrize("role", ["sender", "receiver"])
def test_the_printed_theory_gives_probabilities_on_arrays_and_graphs(theory, game, response, role):
    import pytensor
    import pytensor.tensor as pt

    example = theory(response=response)
    parameters = example.parameters([game], ("sender", "receiver"))
    values = {p.name: np.array([[[p.natural(p.centre)]]]) for p in parameters}
    seen = game.states if role == "sender" else game.messages
    table = decision_log_probability(example, game, role, 0, values, seen)
    np.testing.assert_allclose(np.exp(table).sum(axis=-1), 1)
    symbols = {name: pt.tensor(name, shape=(1, 1, 1)) for name in values}
    graph = decision_log_probability(example, game, role, 0, symbols, seen, xp=pt)
    compiled = pytensor.function(list(symbols.values()), graph, mode="FAST_COMPILE", on_unused_input="ignore")
    np.testing.assert_allclose(compiled(*values.values()), table, atol=1e-10)


@pytest.mark.parametrize("game", GAMES, ids=["over", "under", "forecast"])
def test_the_printed_theory_without_discount_is_level_zero(theory, game):
    none = {"discount": np.array([[0.0]])}
    example, level_k = theory(response="normal"), LevelK(response="normal")
    np.testing.assert_array_equal(
        example.sender_target(game, 0, none, game.states), level_k.sender_target(game, 0, {}, game.states)
    )
    np.testing.assert_allclose(
        example.receiver_target(game, 0, none, game.messages),
        level_k.receiver_target(game, 0, {}, game.messages),
        atol=0.5,  # level-k aims at options of the grid
    )
