"""Files that say which game was played in each condition: TOML, or a table of payoffs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from estimation.data.files.csv_file import read_frame
from estimation.data.tables.specs import games_from_specs, read_toml
from estimation.errors import DataError, raise_all
from estimation.games.game import Game
from estimation.games.sender_receiver import SenderReceiverGame
from estimation.names import CONDITION
from estimation.reading import no_path

NO_GAMES = "{} does not describe games:"
OF_PYTHON = "; decisions with games that are made in Python: est.Table.from_frame, or est.read_table of a file"


def read_games(path: str | Path) -> dict[str, Game]:
    """Read the game of each condition from a TOML file.

    The file has one table per condition, for example ``[conditions.high]`` with ``family = "estimation"`` and
    that family's parameters: the same form as in a data set's ``source.toml``. A sender-receiver game may name a file
    with its payoffs, ``payoffs = "payoffs.csv"``, next to the TOML file. Where a payoff table says all, its path may
    be given here itself (see `SenderReceiverGame.from_frame`): a column ``condition`` then says which rows are of
    which game, and without one the condition is called as the file.

    Raises
    ------
    DataError
        If the file cannot be read, or a condition does not describe a game.
    """
    return games_from_specs(read_specs(path), DataError, NO_GAMES.format(path))


def read_specs(path: str | Path) -> dict[str, Any]:
    """Return the description of each condition's game, from TOML or a payoff table.

    Raises
    ------
    DataError
        If the file cannot be read, or names no condition.
    """
    raise_all(no_path(path, OF_PYTHON), DataError, "The games cannot be read:")
    heading = NO_GAMES.format(path)
    if is_payoff_table(path):
        return _of_table(Path(path))
    specs = read_toml(path, DataError, heading).get("conditions")
    if not isinstance(specs, dict) or not specs:
        problem = 'it needs one table per condition, such as [conditions.high] with family = "estimation"'
        raise DataError(heading, [problem])
    return {name: _with_payoffs(name, spec, Path(path).parent) for name, spec in specs.items()}


def is_payoff_table(path: str | Path) -> bool:
    """Return whether games are given by the payoffs in a comma-separated table."""
    return Path(path).suffix.lower() == ".csv"


def _of_table(path: Path) -> dict[str, Any]:
    """Return the game of each condition that a payoff table names in a column; or one, called as the file."""
    frame = _payoffs(path)
    parts = frame.groupby(CONDITION.name, sort=False) if CONDITION.name in frame else [(path.stem, frame)]
    tables = {str(name): part.drop(columns=CONDITION.name, errors="ignore") for name, part in parts}
    return {
        name: {"family": SenderReceiverGame.family, "payoffs": part.to_dict("list")} for name, part in tables.items()
    }


def _with_payoffs(condition: str, spec: Any, folder: Path) -> Any:
    """Return the description of a game with the columns of its payoff table, if it names a file of it."""
    if not (isinstance(spec, dict) and isinstance(spec.get("payoffs"), str)):
        return spec
    frame = _payoffs(folder / spec["payoffs"])
    if CONDITION.name in frame:
        frame = frame[frame[CONDITION.name] == condition]
    return spec | {"payoffs": frame.to_dict("list")}


def _payoffs(path: Path) -> pd.DataFrame:
    """Return a payoff table as text, the labels of conditions without blanks around them."""
    frame = read_frame(path, as_text=True)
    twice = frame.columns[frame.columns.duplicated()].unique()
    problems = [f"column {name!r} is there twice" for name in twice] + ["it has no rows"] * frame.empty
    raise_all(problems, DataError, NO_GAMES.format(path))
    return frame.assign(**{CONDITION.name: frame[CONDITION.name].str.strip()}) if CONDITION.name in frame else frame


def games_toml(games: Mapping[str, Game]) -> str:
    """Return games in the form that `read_games` reads."""
    lines = []
    for condition, game in games.items():
        lines.append(f"[conditions.{toml_value(condition)}]")
        lines += [f"{key} = {toml_value(value)}" for key, value in game.spec().items() if value is not None]
        lines.append("")
    return "\n".join(lines)


def toml_value(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, dict):
        parts = (f"{toml_value(str(key))} = {toml_value(part)}" for key, part in value.items())
        return "{ " + ", ".join(parts) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml_value(part) for part in value) + "]"
    return repr(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)
