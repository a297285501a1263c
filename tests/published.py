"""Numbers that were published about a data set, from its `published.csv`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

DATASETS = Path(__file__).parents[1] / "datasets"


def published(name: str) -> pd.DataFrame:
    """Return the rows of a data set's published numbers."""
    return pd.read_csv(DATASETS / name / "published.csv")
