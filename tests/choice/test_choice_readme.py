"""What the README says about choices is what its code prints."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SECTION = README[README.index("## What people value") : README.index("## What to offer")]
BLOCKS = re.findall(r"```python\n(.*?)```\s*```text\n(.*?)```", SECTION, flags=re.DOTALL)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@pytest.mark.parametrize("place", [0, 1], ids=["willingness to pay", "substitution"])
def test_code_in_the_readme_prints_what_stands_below_it(place):
    code, printed = BLOCKS[place]
    found = io.StringIO()
    with contextlib.redirect_stdout(found):
        exec(code, {"est": __import__("estimation")})
    words, expected = (" ".join(NUMBER.sub("#", text).split()) for text in (found.getvalue(), printed))
    assert words == expected
    numbers, stated = (list(map(float, NUMBER.findall(text))) for text in (found.getvalue(), printed))
    assert numbers == pytest.approx(stated, abs=0.02)  # two digits, draws of another machine
