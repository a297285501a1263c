"""Odd values in frames, games, files of fits and commands: refused in a sentence, or what they say."""

from __future__ import annotations

import random

import pytest
from base_files import CHOICES, GAMES, PRODUCTS, TALK
from choice_builders import choice_frame
from hostile_inputs import CELLS
from judged import Judge
from odd_values import damaged, judge_bytes, judge_frames, judge_games, judge_manifests

import estimation as est


@pytest.fixture(scope="module")
def fit_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("fits") / "fit.nc"
    table = est.read_choices(choice_frame(20), name="shop")
    est.fit(est.MultinomialLogit(["price", "quality"]), table, draws=50, seed=1).save(file)
    return file


@pytest.fixture
def judge(tmp_path):
    return Judge(tmp_path)


def none_failed(judge):
    print(judge.report())  # noqa: T201 - shown by -s, and where a count is not as it should be
    assert not judge.failed, "\n".join(judge.failed[:5])


def test_cells_of_any_type_are_refused_or_read_as_they_are(judge):
    judge_frames(judge)
    none_failed(judge)


def test_games_that_cannot_be_computed_are_refused(judge):
    judge_games(judge, random.Random(1), 40)
    none_failed(judge)


@pytest.mark.parametrize(("bits", "ends", "manifests"), [(8, 2, 3), pytest.param(25, 5, 10, marks=pytest.mark.slow)])
def test_damaged_fits_are_refused_and_rewritten_ones_too(judge, fit_file, bits, ends, manifests):
    known = est.load_fit(fit_file).summary
    changes = damaged(fit_file.read_bytes(), random.Random(2), bits, ends)
    judge_bytes(judge, fit_file, est.load_fit, lambda fit: fit.summary.equals(known), changes)
    judge_manifests(judge, fit_file, random.Random(3), manifests)
    none_failed(judge)
    assert judge.counts["damaged .nc: refused"] == bits + ends


def commands(folder, rng, count):
    """Yield command lines with one odd argument or file; none of them may begin to sample."""
    (folder / "talk.csv").write_text(TALK)
    (folder / "choices.csv").write_text(CHOICES)
    (folder / "products.csv").write_text(PRODUCTS)
    (folder / "games.toml").write_text(GAMES)
    (folder / "bad.nc").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(200))
    talk, choices, products, games, bad = (
        str(folder / name) for name in ("talk.csv", "choices.csv", "products.csv", "games.toml", "bad.nc")
    )
    numbers = ("nan", "inf", "-inf", "1e308", "1e-320", "-1", "0", "1000000000", "1" * 400, "x", "")
    for _ in range(count):
        odd = rng.choice([cell for cell in CELLS if not cell.startswith("-")]) or "~"
        path = str(folder / rng.choice(["absent.csv", "", "bad.nc", "talk.csv", "games.toml"]))
        yield rng.choice(
            [
                ["check", path, "--games", games],
                ["check", talk, "--games", path],
                ["check", talk, "--games", games, "--subjects", path],
                ["check", choices, "--schema", "choice", "--outside", odd],
                ["check", path, "--schema", "choice", "--json"],
                ["assort", path],
                ["assort", products, rng.choice(["--cap", "--minimum", "--window", "--requires", "--together"]), odd],
                ["assort", products, "--window", f"revenue:{rng.choice(numbers)}:{rng.choice(numbers)}=1"],
                [
                    "assort",
                    products,
                    rng.choice(["--tolerance", "--utility-weight", "--outside-weight"]),
                    rng.choice(numbers),
                ],
                ["assort", products, rng.choice(["--at-most", "--at-least", "--exactly"]), rng.choice(numbers)],
                ["fit", talk, "--games", games, "--theory", odd],
                ["fit", talk, "--games", games, "--theory", "trust", "--option", f"trust=~ {odd} + ("],
                ["fit", talk, "--games", games, "--theory", "level-k", "--option", f"max_level=x{odd}"],
                ["fit", talk, "--games", games, "--theory", "trust", "--draws", "1000000000"],
                ["fit-choice", choices, "-a", f"{odd}("],
                ["fit-choice", choices, "-a", "price", "--classes", rng.choice(["0", "-1", "1000000000"])],
                ["fit-choice", choices, "-a", "price", "--nest", odd],
                ["fit-choice", choices, "-a", "price", "--random", odd],
                [rng.choice(["compare"]), path if path.endswith("csv") else bad, bad],
                ["report", bad, "--out", str(folder / "r.md")],
                ["fetch", odd],
                ["reproduce", odd],
                ["simulate", "--fit", bad, "--out", str(folder / "s.csv")],
                ["simulate", "--theory", odd, "--games", games, "--out", str(folder / "s.csv")],
            ]
        )


def test_commands_say_what_is_wrong(judge, tmp_path):
    for arguments in commands(tmp_path, random.Random(4), 30):
        judge.command(*arguments)
    none_failed(judge)
