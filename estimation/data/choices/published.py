"""Published data sets of choices: their columns to ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from estimation.data.choices.wide import long_from_wide

MODES = {1: "air", 2: "train", 3: "bus", 4: "car"}
SWISS = {1: "train", 2: "swissmetro", 3: "car"}
SWISS_COLUMNS = {"train": "TRAIN", "swissmetro": "SM", "car": "CAR"}
SWISS_ATTRIBUTES = {"TT": "time", "CO": "fare", "HE": "headway", "SEATS": "seats"}
SWISS_COVARIATES = (
    *("GROUP", "SURVEY", "PURPOSE", "FIRST", "TICKET", "WHO", "LUGGAGE", "AGE", "MALE", "INCOME", "GA"),
    *("ORIGIN", "DEST"),
)
YOGURTS = ("dannon", "hiland", "weight", "yoplait")
NOBODY = "none"
"""The name of the outside option of `camera`."""

Paths = Mapping[str, Path]


def read_electricity(paths: Paths) -> pd.DataFrame:
    """Return the choices among electricity suppliers: prices in cents/kWh, contract lengths in years."""
    raw = pd.read_csv(_only(paths))
    return raw.rename(columns={"id": "subject", "chid": "situation", "alt": "alternative", "choice": "chosen"})


def read_modecanada(paths: Paths) -> pd.DataFrame:
    """Return the trips between Montreal and Toronto: cost in dollars, times in minutes, trains and flights per day."""
    raw = pd.read_csv(_only(paths), index_col=0)
    return raw.rename(columns={"case": "situation", "alt": "alternative", "choice": "chosen"})


def read_swissmetro(paths: Paths) -> pd.DataFrame:
    """Return the stated choices with a known answer: times in minutes, money in francs.

    ``cost`` is what the traveller pays: nothing on rails with an annual ticket (``ga``), the ``fare`` otherwise.
    """
    raw = pd.read_csv(_only(paths), sep="\t")
    wide = raw[raw["CHOICE"] != 0].rename(
        columns={
            f"{column}_{attribute}": f"{name}_{ours}"
            for name, column in SWISS_COLUMNS.items()
            for attribute, ours in {**SWISS_ATTRIBUTES, "AV": "available"}.items()
        }
    )
    kept = {"subject": "ID", **{column.lower(): column for column in SWISS_COVARIATES}}
    long = long_from_wide(
        wide, SWISS, SWISS_ATTRIBUTES.values(), "{alternative}_{attribute}", "CHOICE", "{alternative}_available", kept
    )
    free = (long["ga"] == 1) & (long["alternative"] != "car")
    return long.assign(cost=long["fare"].where(~free, 0.0))


def read_travelmode(paths: Paths) -> pd.DataFrame:
    """Return the trips between Sydney and Melbourne: times in minutes, costs in dollars, income in 1000 dollars."""
    raw = pd.read_csv(_only(paths), sep=";")
    named = raw.rename(columns={"individual": "situation", "mode": "alternative", "choice": "chosen"})
    return named.assign(alternative=named["alternative"].map(MODES))


def read_yogurt(paths: Paths) -> pd.DataFrame:
    """Return the purchases: price in cents per ounce, feature advertisements as 0 or 1."""
    return long_from_wide(pd.read_csv(_only(paths)), YOGURTS, ("feat", "price"), kept={"subject": "id"})


def read_camera(paths: Paths) -> pd.DataFrame:
    """Return the conjoint study: features as 0 or 1, price in 100 dollars, none of these as fifth alternative."""
    named = pd.read_csv(_only(paths)).rename(columns={"resp": "subject", "task": "situation", "alt": "alternative"})
    label = named["alternative"].astype(str)
    return named.assign(alternative=label.where(label != "5", NOBODY))


def _only(paths: Paths) -> Path:
    (path,) = paths.values()
    return path


CHOICE_READERS: dict[str, Callable[[Paths], pd.DataFrame]] = {
    "camera": read_camera,
    "electricity": read_electricity,
    "modecanada": read_modecanada,
    "swissmetro": read_swissmetro,
    "travelmode": read_travelmode,
    "yogurt": read_yogurt,
}
