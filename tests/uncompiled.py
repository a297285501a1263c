"""How tests evaluate graphs: as they are written, for to compile one takes longer than what they compute."""

from __future__ import annotations

from pytensor.compile.mode import Mode

UNCOMPILED = Mode("py", None)
