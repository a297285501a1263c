"""What the README says is what its code prints."""

from __future__ import annotations

import ast
import builtins
import contextlib
import io
import re
from pathlib import Path

import pytest

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n((?:(?!```).)*)```\s*```text\n(.*?)```", README, flags=re.DOTALL)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
TWO_DIGITS = {"abs": 0.02}
"""Draws of another machine differ a little."""
CASES = {
    "ten lines": {"rel": 0.02, "abs": 3},  # nats
    "games without communication": {"abs": 0.11},  # the last digit
    "willingness to pay": TWO_DIGITS,
    "substitution": TWO_DIGITS,
    "menus": {"rel": 0.02, "abs": 0.02},
    "menus from choices": {"rel": 0.02, "abs": 0.02},
    "fulfilment": {"rel": 0.02, "abs": 0.02},
}
"""What stands in the README, in order → how near numbers must be."""


SLOW = {"ten lines"}


@pytest.mark.parametrize(
    ("place", "near"),
    [
        pytest.param(place, near, id=name, marks=[pytest.mark.slow] * (name in SLOW))
        for place, (name, near) in enumerate(CASES.items())
    ],
)
def test_code_in_the_readme_prints_what_stands_below_it(place, near, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    code, printed = BLOCKS[place]
    found = io.StringIO()
    with contextlib.redirect_stdout(found):
        exec(code, {"est": __import__("estimation")})
    words, expected = (" ".join(NUMBER.sub("#", text).split()) for text in (found.getvalue(), printed))
    assert words == expected
    numbers, stated = (list(map(float, NUMBER.findall(text))) for text in (found.getvalue(), printed))
    assert numbers == pytest.approx(stated, **near)


def test_blocks_use_only_names_that_an_earlier_line_has_made():
    known = {"est", *dir(builtins)}
    for code in re.findall(r"```python\n((?:(?!```).)*)```", README, flags=re.DOTALL):
        nodes = list(ast.walk(ast.parse(code)))
        named = [node for node in nodes if isinstance(node, ast.Name)]
        known |= {node.id for node in named if isinstance(node.ctx, ast.Store)}
        known |= {name.asname or name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
        assert {node.id for node in named} <= known, code


def test_every_example_of_the_readme_is_looked_at():
    assert len(BLOCKS) == len(CASES)
