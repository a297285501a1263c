"""Where files of data sets are looked for: shipped, in a mirror, in the cache."""

from __future__ import annotations

import os
from pathlib import Path

from estimation.errors import DatasetError

PACKAGE = Path(__file__).resolve().parents[2]
MIRROR_VARIABLE = "ESTIMATION_DATA_DIR"


def shipped_folder() -> Path:
    """Return the folder that describes the data sets: in an installed package, or beside it in a checkout.

    The installed one comes first: beside an installed package, a folder `datasets` is somebody else's.

    Raises
    ------
    DatasetError
        If neither exists.
    """
    places = [PACKAGE / "_datasets", PACKAGE.parent / "datasets"]
    for place in places:
        if place.is_dir():
            return place
    raise DatasetError(
        "The descriptions of the data sets are not installed:",
        [f"neither {places[0]} nor {places[1]} exists; install the package again"],
    )


def mirror_folder(name: str) -> Path | None:
    """Return where the mirror keeps a data set, or None if ``ESTIMATION_DATA_DIR`` names no mirror."""
    mirror = os.environ.get(MIRROR_VARIABLE, "").strip()
    return Path(mirror).expanduser() / name if mirror else None


def cache_folder(name: str) -> Path:
    """Return where fetched files of a data set are kept: the user's cache folder."""
    import pooch  # noqa: PLC0415 - slow to import, needed only for data that are not shipped

    return Path(pooch.os_cache("estimation")) / name
