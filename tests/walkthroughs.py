"""The files that CONTRIBUTING.md prints."""

from __future__ import annotations

import re
from pathlib import Path

GUIDE = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")


def printed(title):
    """Return the files that a walk-through prints: name → text, in order."""
    section = GUIDE.split(f"## {title}", maxsplit=1)[1].split("\n## ", maxsplit=1)[0]
    return dict(re.findall(r"`(\w+\.py)`[^`]*?```python\n(.*?)```", section, flags=re.DOTALL))
