"""What CONTRIBUTING.md writes step by step works as it is printed, and needs no other file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from builders import estimation_game, forecast_game
from walkthroughs import printed

import estimation as est
from estimation.theories.messages.theory import decision_log_probability

ROOT = Path(__file__).parents[1]
GAMES = [
    estimation_game("over", highest=10),
    estimation_game("under", highest=10),
    forecast_game(60.0, 4.0, 6.0),
]


@pytest.fixture(params=["Add a theory", "Add a game", "Add a choice model"])
def walkthrough(request, tmp_path):
    files = printed(request.param)
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_walkthrough_needs_one_file_and_one_test_and_the_test_passes(walkthrough):
    names = sorted(path.name for path in walkthrough.iterdir())
    assert [name.startswith("test_") for name in names] == [False, True]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", "."],
        cwd=walkthrough,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


@pytest.fixture
def theory(tmp_path):
    path = tmp_path / "discounting.py"
    path.write_text(printed("Add a theory")[path.name], encoding="utf-8")
    return est.import_file(path).Discounting


@pytest.mark.parametrize("game", GAMES, ids=["over", "under", "forecast"])
@pytest.mark.parametrize("response", ["logit", "normal"])
def test_the_printed_theory_gives_probabilities_on_arrays_and_graphs(theory, game, response):
    import pytensor
    import pytensor.tensor as pt

    example = theory(response=response)
    assert example.roles == ("sender",)
    parameters = example.parameters([game], example.roles)
    values = {p.name: np.array([[[p.natural(p.centre)]]]) for p in parameters}
    table = decision_log_probability(example, game, "sender", 0, values, game.states)
    np.testing.assert_allclose(np.exp(table).sum(axis=-1), 1)
    symbols = {name: pt.tensor(name, shape=(1, 1, 1)) for name in values}
    graph = decision_log_probability(example, game, "sender", 0, symbols, game.states, xp=pt)
    compiled = pytensor.function(list(symbols.values()), graph, mode="FAST_COMPILE", on_unused_input="ignore")
    np.testing.assert_allclose(compiled(*values.values()), table, atol=1e-10)
