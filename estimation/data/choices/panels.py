"""Published panels of purchases and of stated choices between two alternatives: their columns to ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from estimation.data.choices.wide import long_from_wide

CATSUPS = ("heinz41", "heinz32", "heinz28", "hunts32")
CRACKERS = ("sunshine", "kleebler", "nabisco", "private")
JOURNEYS = {"choice1": "first", "choice2": "second"}
MARGARINES = (
    *("parkay_stick", "blue_bonnet_stick", "fleischmanns_stick", "house_stick", "generic_stick", "imperial_stick"),
    *("shedd_spread_tub", "parkay_tub", "fleischmanns_tub", "house_tub"),
)
MARGARINE_COLUMNS = (
    *("PPk_Stk", "PBB_Stk", "PFl_Stk", "PHse_Stk", "PGen_Stk", "PImp_Stk"),
    *("PSS_Tub", "PPk_Tub", "PFl_Tub", "PHse_Tub"),
)
HOUSEHOLD = {"Income": "income", "Fam_Size": "family_size", "college": "college", "retired": "retired"}
OFFERED, OTHER = "offered", "other"
"""The two cards of a question of `bank`, of which the data hold the difference."""

Paths = Mapping[str, Path]


def read_catsup(paths: Paths) -> pd.DataFrame:
    """Return the purchases of ketchup: price, displays and feature advertisements as 0 or 1."""
    return _purchases(paths["Catsup.csv"], CATSUPS)


def read_cracker(paths: Paths) -> pd.DataFrame:
    """Return the purchases of saltines: price, displays and feature advertisements as 0 or 1."""
    return _purchases(paths["Cracker.csv"], CRACKERS)


def read_train(paths: Paths) -> pd.DataFrame:
    """Return stated choices between two train journeys: price in guilders, time in minutes, comfort 0 (best) to 2."""
    attributes, kept = ("price", "time", "change", "comfort"), {"subject": "id"}
    frame = pd.read_csv(paths["Train.csv"])
    for journey in ("1", "2"):
        frame = frame.rename(columns={f"{name}{journey}": f"{name}.choice{journey}" for name in attributes})
    named = frame.rename(columns={f"{a}.{code}": f"{a}.{name}" for a in attributes for code, name in JOURNEYS.items()})
    long = long_from_wide(named, JOURNEYS, attributes, kept=kept)
    return long.assign(price=long["price"] / 100)


def read_margarine(paths: Paths) -> pd.DataFrame:
    """Return the purchases of margarine: price in dollars, with the household's income in 1,000 dollars and size."""
    bought, households = pd.read_csv(paths["margarine.csv"]), pd.read_csv(paths["margarine_households.csv"])
    prices = {theirs: f"price.{ours}" for theirs, ours in zip(MARGARINE_COLUMNS, MARGARINES, strict=True)}
    wide = bought.rename(columns=prices).merge(households, on="hhid", validate="many_to_one")
    labels = {number + 1: name for number, name in enumerate(MARGARINES)}
    kept = {"subject": "hhid", **{ours: theirs for theirs, ours in HOUSEHOLD.items()}}
    return long_from_wide(wide, labels, ("price",), kept=kept)


def read_bank(paths: Paths) -> pd.DataFrame:
    """Return choices between two credit cards: one has the differences of attributes, the other zeros."""
    raw = pd.read_csv(paths["bank.csv"]).reset_index(names="situation").rename(columns={"id": "subject"})
    attributes = [name for name in raw.columns if name not in ("situation", "subject", "choice")]
    first = raw.assign(alternative=OFFERED, chosen=raw["choice"])
    second = raw.assign(alternative=OTHER, chosen=1 - raw["choice"], **dict.fromkeys(attributes, 0))
    both = pd.concat([first, second]).sort_values("situation", kind="stable", ignore_index=True)
    return both[["subject", "situation", "alternative", "chosen", *attributes]]


def _purchases(path: Path, brands: tuple[str, ...]) -> pd.DataFrame:
    return long_from_wide(pd.read_csv(path), brands, ("disp", "feat", "price"), kept={"subject": "id"})


PANEL_READERS: dict[str, Callable[[Paths], pd.DataFrame]] = {
    "bank": read_bank,
    "catsup": read_catsup,
    "cracker": read_cracker,
    "margarine": read_margarine,
    "train": read_train,
}
