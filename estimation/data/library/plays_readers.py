"""From raw files to choices in normal-form games: one reader per data set."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from estimation.data.library.nfg import read_nfg
from estimation.games.money_request import money_request
from estimation.games.normal_form import PLAYERS, ROW, NormalForm

Paths = Mapping[str, Path]
Read = tuple[pd.DataFrame, dict[str, NormalForm]]


def read_normal_form_games(paths: Paths) -> Read:
    """Return counts of choices and games of the collection: games whose payoffs are there, options numbered from 1."""
    games = {name: read_nfg(path) for name, path in paths.items() if name.endswith(".nfg")}
    raw = pd.concat([pd.read_csv(path) for name, path in paths.items() if name.endswith(".csv")], ignore_index=True)
    file = raw["GAME"].str.lower().str.replace("-", "_") + ".nfg"
    known = raw[file.isin(list(games))]
    frame = pd.DataFrame(
        {
            "game": known["GAME"],
            "player": np.array(PLAYERS)[known["PLAYER"].to_numpy() - 1],
            "choice": known["ACTION"].astype(str),
            "count": known["COUNT"],
        }
    )
    return frame, dict(zip(known["GAME"], file[known.index].map(games), strict=True))


def read_callaway(paths: Paths) -> Read:
    """Return the choices of each person, and the games; options are numbered from 1."""
    games = {}
    for treatment in ("negative", "positive"):
        for row in pd.read_csv(paths[f"{treatment}_games_df.csv"]).itertuples():
            payoff = np.array(json.loads(str(row.row)))
            games[f"{treatment} {row.round}"] = NormalForm(payoff[..., 0], payoff[..., 1])
    raw = pd.read_csv(paths["individal_choices_df.csv"])
    frame = pd.DataFrame(
        {
            "subject": raw["pid"],
            "game": raw["treatment"] + " " + raw["round"].astype(str),
            "player": raw["role"].replace({"col": "column"}),
            "choice": (raw["choice"] + 1).astype(str),
        }
    )
    return frame, games


def read_money_request(paths: Paths) -> Read:
    """Return the published shares of requests as counts; rounded percentages make fractions of people."""
    raw = pd.read_csv(paths["requests.csv"])
    count = raw["percent"] / 100 * raw["people"]
    frame = pd.DataFrame({"game": "11-20", "player": ROW, "choice": raw["request"].astype(str), "count": count})
    return frame, {"11-20": money_request()}


PLAYS_READERS: dict[str, Callable[[Paths], Read]] = {
    "arad_rubinstein_2012": read_money_request,
    "callaway_3x3_individual": read_callaway,
    "normal_form_games": read_normal_form_games,
}
