"""Games from plain data: the ``[conditions]`` of a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from estimation.errors import DataError, EstimationError, GameError, raise_all
from estimation.games import from_spec
from estimation.games.game import Game
from estimation.reading import read_text


def games_from_specs(
    specs: Mapping[str, Mapping[str, Any]], error: type[EstimationError], heading: str
) -> dict[str, Game]:
    """Return the game of each condition, or raise one `error` with the problems of all of them."""
    games, problems = {}, []
    for condition, spec in specs.items():
        try:
            games[str(condition)] = from_spec(dict(spec))
        except GameError as problem:
            details = "; ".join(problem.problems)
            problems.append(f"condition {condition!r}: {problem.heading} {details}")
        except (TypeError, ValueError) as problem:
            problems.append(f"condition {condition!r}: {spec!r} does not describe a game ({problem})")
    raise_all(problems, error, heading)
    return games


def read_games(path: str | Path) -> dict[str, Game]:
    """Read the game of each condition from a TOML file.

    The file has one table per condition, for example ``[conditions.high]`` with ``family = "estimation"`` and
    that family's parameters: the same form as in a data set's ``source.toml``.

    Raises
    ------
    DataError
        If the file cannot be read, or a condition does not describe a game.
    """
    heading = f"{path} does not describe games:"
    specs = read_toml(path, DataError, heading).get("conditions")
    if not isinstance(specs, dict) or not specs:
        problem = 'it needs one table per condition, such as [conditions.high] with family = "estimation"'
        raise DataError(heading, [problem])
    return games_from_specs(specs, DataError, heading)


def read_toml(path: str | Path, error: type[EstimationError], heading: str) -> dict[str, Any]:
    """Return what a TOML file holds, or raise `error` with what keeps it from being read."""
    text = read_text(path, error, heading)
    try:
        return tomllib.loads(text)
    except ValueError as problem:
        raise error(heading, [f"it is not TOML: {problem}"]) from problem
    except RecursionError:
        raise error(heading, ["it is not TOML: its lists or tables are nested too deep"]) from None
