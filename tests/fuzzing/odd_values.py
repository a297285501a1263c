"""Values of every type where numbers and labels belong: frames, descriptions of games, options, manifests."""

from __future__ import annotations

import copy
import datetime
import decimal
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from base_files import CHOICES, TALK
from hostile_inputs import rows_of
from judged import Judge

import estimation as est
from estimation.fits.storage import MANIFEST, read, read_tree, write_tree
from estimation.games import from_spec

VALUES: tuple[Any, ...] = (
    *(
        None,
        np.nan,
        np.inf,
        -np.inf,
        True,
        False,
        0,
        -0.0,
        1,
        1.0,
        1.5,
        -1,
        10**20,
        10**400,
        -(10**400),
        10**5000,
        2**53,
        2**53 + 1,
    ),
    *(
        1e308,
        -1e308,
        1e-320,
        2.0**60,
        1j,
        "",
        " ",
        "1",
        "1.0",
        "x",
        "a\0b",
        "y" * 100_000,
        b"x",
        [1],
        (1, 2),
        {1: 2},
        {"a": []},
    ),
    *(set(), object, len, pd.NaT, pd.NA, pd.Timestamp("2020-01-01"), datetime.date(2020, 1, 1), decimal.Decimal("1.5")),
    *(
        np.int64(7),
        np.float32(0.1),
        np.uint64(2**64 - 1),
        np.bool_(True),
        np.array([1, 2]),
        np.str_("z"),
        Path("x"),
        pd.Interval(0, 1),
    ),
)
SPECS: dict[str, dict[str, Any]] = {
    "estimation": {"direction": "over", "highest": 20, "prior": {"family": "beta-binomial", "a": 3.0, "b": 3.0}},
    "forecast-sharing": {
        "mean_demand": 250.0,
        "retail_price": 100.0,
        "wholesale_price": 75.0,
        "unit_cost": 0.0,
        "capacity_cost": 60.0,
        "state_range": 15.0,
        "noise_range": 7.5,
        "step": 1.0,
    },
    "crawford-sobel": {"bias": 1.0, "state_values": [0, 1, 2], "message_values": [0, 1], "action_values": [0, 1, 2]},
    "advice": {
        "states": ["down", "up"],
        "advisers": ["a", "b"],
        "own": "told",
        "accuracies": {"a": 0.8},
        "column": "c",
    },
    "accusation": {"direction": "over", "highest": 10, "share": 0.5, "caught": 5.0},
}


def frames() -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Yield tables of decisions and of choices, one cell or one whole column of which is odd."""
    for kind, text in (("talk", TALK), ("choices", CHOICES)):
        rows = rows_of(text)
        for number, value in enumerate(VALUES):
            for whole in (False, True):
                frame = pd.DataFrame(rows[1:], columns=rows[0], dtype=object)
                name = rows[0][number % len(rows[0])]
                frame[name] = pd.Series(
                    [value if whole or at == 1 else cell for at, cell in enumerate(frame[name])], dtype=object
                )
                yield kind, f"column {name!r}, value {number}, whole {whole}", frame


def judge_frames(judge: Judge) -> None:
    """A frame with an odd cell is refused, or accepted with labels and numbers that it holds."""
    game = {"over": from_spec({"family": "estimation", **SPECS["estimation"]})}
    for kind, what, frame in frames():

        def run(kind: str = kind, frame: pd.DataFrame = frame) -> str:
            if kind == "talk":
                read_frame = est.Table.from_frame(frame, game).frame
                labels, numbers = ["subject"], ["period", "state", "message", "action"]
            else:
                read_frame = est.read_choices(frame).frame
                labels, numbers = ["subject", "alternative"], []
            for name in labels:
                assert sorted(map(_label, frame[name])) == sorted(map(str, read_frame[name]))
            for name in numbers:
                assert sorted(map(_number, frame[name])) == sorted(map(_number, read_frame[name]))
            return "accepted"

        judge.judge(f"frame of {kind}", what, run)


def _label(cell: Any) -> str:
    return cell.strip() if isinstance(cell, str) else str(int(cell))


def _number(cell: Any) -> float:
    missing = cell is None or cell is pd.NaT or cell is pd.NA or (isinstance(cell, str) and not cell.strip())
    return -1.0 if missing or float(cell) != float(cell) else float(cell)


def changed_leaves(given: Any, rng: random.Random, count: int) -> Iterator[Any]:
    """Yield plain data with one entry replaced, removed or renamed."""
    for _ in range(count):
        made = copy.deepcopy(given)
        at, key = made, None
        while True:
            keys = list(at) if isinstance(at, dict) else list(range(len(at))) if isinstance(at, list) else []
            if not keys or (key is not None and rng.random() < 0.3):
                break
            parent, key = at, rng.choice(keys)
            at = parent[key]
        if key is None:
            continue
        how = rng.random()
        if how < 0.75:
            parent[key] = rng.choice(PLAIN)
        elif isinstance(parent, dict) and how < 0.9:
            parent[f"{key}x"] = parent.pop(key)
        else:
            del parent[key]
        yield made


PLAIN: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1e308,
    10**30,
    10**400,
    "",
    "x",
    "1",
    [],
    [1],
    {},
    {"a": 1},
    [[]],
    0.5,
    "a\0b",
    "z" * 10_000,
)


def judge_games(judge: Judge, rng: random.Random, count: int) -> None:
    """A description of a game is refused, or makes a game whose payoffs are finite."""
    for family, spec in SPECS.items():
        for odd in changed_leaves({"family": family, **spec}, rng, count):

            def run(odd: Any = odd, family: str = family) -> str:
                game = from_spec(odd)
                if family != "accusation" and len(game.states) * len(game.actions) < 1e5:
                    assert np.isfinite(game.sender_table).all()
                    assert np.isfinite(game.receiver_table).all()
                return "accepted"

            judge.judge(f"game {family}", str(odd)[:300], run)


def judge_bytes(
    judge: Judge, file: Path, load: Callable[[Path], Any], same: Callable[[Any], bool], changes: list[bytes]
) -> None:
    """A file whose bytes were changed is refused, or read with identical content."""
    for number, content in enumerate(changes):
        other = file.with_name(f"damaged{file.suffix}")
        other.write_bytes(content)

        def run(other: Path = other) -> str:
            assert same(load(other)), "other content"
            return "accepted"

        judge.judge(f"damaged {file.suffix}", f"change {number}", run)


def damaged(content: bytes, rng: random.Random, flips: int, cuts: int) -> list[bytes]:
    """Return a file with one bit turned, and cut off, each at a place by chance."""
    made = []
    for _ in range(flips):
        turned = bytearray(content)
        turned[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        made.append(bytes(turned))
    return made + [content[: rng.randrange(len(content))] for _ in range(cuts)]


def judge_manifests(judge: Judge, file: Path, rng: random.Random, count: int) -> None:
    """A fit whose manifest was rewritten and sealed anew is refused, or can be reported on."""
    _, manifest = read(file)
    other = file.with_name("rewritten.nc")
    for odd in changed_leaves(manifest, rng, count):
        tree = read_tree(file)
        tree.attrs[MANIFEST] = json.dumps(odd)
        write_tree(tree, other)

        def run() -> str:
            fit = est.load_fit(other)
            assert len(fit.summary)
            return "accepted"

        judge.judge("rewritten manifest", json.dumps(odd)[:2000], run)
