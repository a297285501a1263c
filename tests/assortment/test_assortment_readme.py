"""What the README says about menus is what its code prints."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SECTION = README[README.index("## What to offer") : README.index("## How to cite")]
BLOCKS = re.findall(r"```python\n(.*?)```\s*```text\n(.*?)```", SECTION, flags=re.DOTALL)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@pytest.mark.parametrize("place", range(len(BLOCKS)), ids=["menus", "from choices", "fulfilment"])
def test_code_in_the_readme_prints_what_stands_below_it(place):
    code, printed = BLOCKS[place]
    found = io.StringIO()
    with contextlib.redirect_stdout(found):
        exec(code, {"est": __import__("estimation")})
    words, expected = (" ".join(NUMBER.sub("#", text).split()) for text in (found.getvalue(), printed))
    assert words == expected
    numbers, stated = (list(map(float, NUMBER.findall(text))) for text in (found.getvalue(), printed))
    assert numbers == pytest.approx(stated, rel=0.02, abs=0.02)  # draws of another machine differ a little


def test_the_section_has_three_examples():
    assert len(BLOCKS) == 3
