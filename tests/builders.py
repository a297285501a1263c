"""Small valid things that tests vary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from estimation.data import Table
from estimation.games import EstimationGame, ForecastSharing, from_spec
from estimation.games.game import Game


def estimation_game(direction: str = "over", lie_power: float = 1.0, highest: int = 100) -> EstimationGame:
    prior = {"family": "beta-binomial", "a": 3.0, "b": 3.0}
    spec = {"family": "estimation", "direction": direction, "highest": highest, "prior": prior}
    return from_spec(spec | {"lie_power": lie_power, "lie_reference": 10.0})


def forecast_game(
    capacity_cost: float = 60.0, noise_range: float = 75.0, state_range: float = 150.0
) -> ForecastSharing:
    return from_spec(
        {
            "family": "forecast-sharing",
            "mean_demand": 250.0,
            "retail_price": 100.0,
            "wholesale_price": 75.0,
            "unit_cost": 0.0,
            "capacity_cost": capacity_cost,
            "state_range": state_range,
            "noise_range": noise_range,
        }
    )


def games_of(family: str = "estimation") -> dict[str, Game]:
    """Two conditions of a family."""
    if family == "estimation":
        return {"over": estimation_game("over"), "under": estimation_game("under", lie_power=2.0)}
    return {"risky": forecast_game(60.0), "safe": forecast_game(15.0)}


def make_frame(
    family: str = "estimation",
    subjects: int = 4,
    periods: int = 6,
    *,
    games: Mapping[str, Game] | None = None,
    seed: int = 20110501,
) -> pd.DataFrame:
    """Random decisions of people who alternate between the roles; conditions differ between people."""
    played = dict(games or games_of(family))
    rng = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for person in range(subjects):
        condition = list(played)[person % len(played)]
        game = played[condition]
        for period in range(1, periods + 1):
            rows.append(
                {
                    "subject": f"s{person + 1:02d}",
                    "role": "sender" if period % 2 else "receiver",
                    "period": period,
                    "condition": condition,
                    "state": rng.choice(game.states, p=game.prior),
                    "message": rng.choice(game.messages),
                    "action": rng.choice(game.actions),
                }
            )
    return pd.DataFrame(rows)


def make_table(family: str = "estimation", subjects: int = 4, periods: int = 6, **options: Any) -> Table:
    """Check a `make_frame`: `games` and `seed` go there, other options to `Table.from_frame`."""
    games = options.pop("games", None) or games_of(family)
    frame = make_frame(family, subjects, periods, games=games, seed=options.pop("seed", 20110501))
    return Table.from_frame(frame, games, **({"name": f"made_up_{family}"} | options))


def with_cell(frame: pd.DataFrame, row: int, column: str, value: Any) -> pd.DataFrame:
    """Return a copy with one cell changed, whatever the type of the column."""
    changed = frame.copy()
    changed[column] = changed[column].astype(object)
    changed.loc[row, column] = value
    return changed


MALFORMED: dict[str, tuple[Any, list[str]]] = {
    "missing column": (
        lambda frame: frame.drop(columns="message"),
        ["column 'message' (game units: what the sender says about the state) is missing", "rename"],
    ),
    "unknown role": (
        lambda frame: with_cell(frame, 2, "role", "judge"),
        ["column 'role' (identifier) must be one of ['sender', 'receiver']: {row 2} has 'judge'; recode it"],
    ),
    "condition without a game": (
        lambda frame: with_cell(frame, 3, "condition", "sideways"),
        ["column 'condition'", "games are given for ['over', 'under']", "{row 3} has 'sideways'"],
    ),
    "state outside the game": (
        lambda frame: with_cell(frame, 0, "state", 140.0),
        ["column 'state' (game units) is outside 0 … 100", "condition 'over'", "{row 0} has", "140"],
    ),
    "message that is no option": (
        lambda frame: with_cell(frame, 4, "message", 3.5),
        ["column 'message' (game units) lies between the options", "{row 4} has", "3.5"],
    ),
    "action outside the game": (
        lambda frame: with_cell(frame, 1, "action", -1.0),
        ["column 'action' (game units) is outside 0 … 100", "{row 1} has"],
    ),
    "non-numeric message": (
        lambda frame: with_cell(frame, 5, "message", "abc"),
        ["column 'message' (game units) must be a number: {row 5} has 'abc'; write digits"],
    ),
    "non-numeric state": (
        lambda frame: with_cell(frame, 0, "state", "high"),
        ["column 'state' (game units) must be a number: {row 0} has 'high'"],
    ),
    "infinite action": (
        lambda frame: with_cell(frame, 1, "action", np.inf),
        ["column 'action' (game units) must be finite: {row 1} has"],
    ),
    "sender without state": (
        lambda frame: with_cell(frame, 0, "state", np.nan),
        ["column 'state' (game units) is empty where a sender's row needs it: {row 0} has"],
    ),
    "sender without message": (
        lambda frame: with_cell(frame, 2, "message", None),
        ["column 'message' (game units) is empty where a sender's row needs it: {row 2} has"],
    ),
    "receiver without message": (
        lambda frame: with_cell(frame, 1, "message", np.nan),
        ["column 'message' (game units) is empty where a receiver's row needs it: {row 1} has"],
    ),
    "receiver without action": (
        lambda frame: with_cell(frame, 3, "action", np.nan),
        ["column 'action' (game units) is empty where a receiver's row needs it: {row 3} has"],
    ),
    "duplicated decision": (
        lambda frame: pd.concat([frame, frame.iloc[[1]]], ignore_index=True),
        ["['subject', 'role', 'period']", "subject 's01' as receiver in period 2", "keep one of them"],
    ),
    "empty table": (lambda frame: frame.head(0), ["the table has no rows"]),
    "period that is not whole": (
        lambda frame: with_cell(frame, 2, "period", 1.5),
        ["column 'period' (count) must be a whole number: {row 2} has", "1.5"],
    ),
    "missing period": (
        lambda frame: with_cell(frame, 2, "period", None),
        ["column 'period' (count) is empty: {row 2} has"],
    ),
    "missing subject": (
        lambda frame: with_cell(frame, 4, "subject", None),
        ["column 'subject' (identifier) is empty: {row 4} has", "fill it in"],
    ),
    "missing condition": (
        lambda frame: with_cell(frame, 4, "condition", " "),
        ["column 'condition' (identifier) is empty: {row 4} has"],
    ),
}
"""What can be wrong with a table: how to spoil a `make_frame()`, and what the error must then say."""


def expected(fragments: list[str], word: str, first: int) -> list[str]:
    """Return the fragments with rows named as a reader names them: from `first`, as `word`."""
    return [re.sub(r"\{row (\d+)\}", lambda hit: f"{word} {int(hit[1]) + first}", text) for text in fragments]
