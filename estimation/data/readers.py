"""From raw files to the standard columns: one reader per data set that does not come in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from estimation.data.oey import read_what_is_reality

Reader = Callable[[Mapping[str, Path]], pd.DataFrame]

READERS: dict[str, Reader] = {"oey_what_is_reality": read_what_is_reality}
