"""From raw files to the standard columns: one reader per data set that does not come in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from estimation.data.choices.published import (
    read_camera,
    read_electricity,
    read_modecanada,
    read_swissmetro,
    read_travelmode,
    read_yogurt,
)
from estimation.data.oey import read_rational_lying, read_what_is_reality

Reader = Callable[[Mapping[str, Path]], pd.DataFrame]

READERS: dict[str, Reader] = {
    "camera": read_camera,
    "electricity": read_electricity,
    "modecanada": read_modecanada,
    "oey_rational_lying": read_rational_lying,
    "oey_what_is_reality": read_what_is_reality,
    "swissmetro": read_swissmetro,
    "travelmode": read_travelmode,
    "yogurt": read_yogurt,
}
