"""What CONTRIBUTING.md writes step by step works as it is printed, and needs no other file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from builders import estimation_game, forecast_game
from walkthroughs import edited, edits, folder, printed

import estimation as est
from estimation.theories.messages.likelihood import decision_log_probability

ROOT = Path(__file__).parents[1]
GAMES = [estimation_game("over", highest=10), estimation_game("under", highest=10), forecast_game(60.0, 4.0, 6.0)]
FROM_A_FILE = {
    "Add a theory": "discounting.py",
    "Add a game": "appraisal.py",
    "Add a choice model": "random_regret.py",
    "Add a constraint of assortments": "bundle.py",
}
"""Walk-through → its file, which works from anywhere: nothing of the package is edited."""
SHIPPED = {
    "Add a data set": ["source.toml", "decisions.csv", "README.md"],
    "Add a section to the report": ["honesty.py"],
}
"""Walk-through → what is put into the package."""
MOST_EDITS = {"Add a choice model": 4, "Add a constraint of assortments": 2, "Add a section to the report": 1}
"""Walk-through → how many files of the package it edits to ship; none if it is not here."""


KNOWN_BY_NAME = """
import estimation as est
from estimation.choice.model import ChoiceModel
from estimation.commands.own import model_class, theory_class
from estimation.games import from_spec


def test_what_ships_is_known_by_its_name():
    assert theory_class("discounting")().roles == ("sender",)
    assert from_spec({"family": "appraisal", "share": 0.25}).margin == 0.25
    assert est.Bundle(["pen"]).products == ["pen"]
    model = model_class("random-regret")(["price"])
    assert isinstance(model, est.RandomRegret)
    assert ChoiceModel.from_spec(model.spec()) == model
"""


def run_tests(files, place, house):
    """Write files into a folder and run their tests with the package of another."""
    write(place, files)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", "."],
        cwd=place,
        env=os.environ | {"PYTHONPATH": str(house)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout


def write(place, files):
    place.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (place / name).write_text(text, encoding="utf-8")


def printed_tests(title):
    return {name: text for name, text in printed(title).items() if name.startswith("test_")}


def test_what_is_ones_own_needs_one_file_and_one_test_and_the_tests_pass(tmp_path):
    for title, name in FROM_A_FILE.items():
        assert list(printed(title)) == [name, f"test_{name}"]
        write(tmp_path, printed(title))
    run_tests({}, tmp_path, ROOT)


@pytest.mark.parametrize("title", [*FROM_A_FILE, *SHIPPED])
def test_what_ships_edits_no_more_files_than_are_allowed(title):
    assert len(edits(title)) <= MOST_EDITS.get(title, 0)


@pytest.fixture
def house(tmp_path):
    """Return a copy of the package with everything that the walk-throughs add to it."""
    root, data = tmp_path / "house", Path("datasets", "simulated_forecast_sharing")
    # What is compiled comes along, for whatever is edited is newer; files that another process writes just now do not.
    ignored = shutil.ignore_patterns("_datasets", "*.pyc.*", "*.tmp.*")
    shutil.copytree(ROOT / "estimation", root / "estimation", ignore=ignored)
    shutil.copytree(ROOT / data, root / data)
    for title in (*FROM_A_FILE, *SHIPPED):
        added = {name: text for name, text in printed(title).items() if name not in printed_tests(title)}
        write(root / folder(title), added)
        for path, change in edits(title).items():
            old = (root if (root / path).exists() else ROOT) / path
            write((root / path).parent, {old.name: edited(old.read_text(encoding="utf-8"), change)})
    return root


def test_what_is_added_to_the_package_is_known_and_passes_its_printed_tests(house, tmp_path):
    tests = {"test_names.py": KNOWN_BY_NAME}
    for title, names in SHIPPED.items():
        assert [name for name in printed(title) if name not in printed_tests(title)] == names
        tests |= printed_tests(title)
    run_tests(tests, tmp_path / "tests", house)


def test_the_printed_theory_is_the_one_that_ships():
    path = ROOT / "estimation" / "examples" / "discounting.py"
    assert path.read_text(encoding="utf-8") == printed("Add a theory")[path.name]


@pytest.fixture
def theory():
    return est.import_file(ROOT / "estimation" / "examples" / "discounting.py").Discounting


@pytest.mark.parametrize("game", GAMES, ids=["over", "under", "forecast"])
@pytest.mark.parametrize("response", ["logit", "normal"])
def test_the_printed_theory_gives_probabilities_on_arrays_and_graphs(theory, game, response):
    import pytensor
    import pytensor.tensor as pt
    from uncompiled import UNCOMPILED

    example = theory(response=response)
    assert example.roles == ("sender",)
    parameters = example.parameters([game], example.roles)
    values = {p.name: np.array([[[p.natural(p.centre)]]]) for p in parameters}
    table = decision_log_probability(example, game, "sender", 0, values, game.states)
    np.testing.assert_allclose(np.exp(table).sum(axis=-1), 1)
    symbols = {name: pt.tensor(name, shape=(1, 1, 1)) for name in values}
    graph = decision_log_probability(example, game, "sender", 0, symbols, game.states, xp=pt)
    compiled = pytensor.function(list(symbols.values()), graph, mode=UNCOMPILED, on_unused_input="ignore")
    np.testing.assert_allclose(compiled(*values.values()), table, atol=1e-10)
