"""Games from plain data: the ``[conditions]`` of a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from estimation.errors import EstimationError, GameError, raise_all
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


def read_toml(path: str | Path, error: type[EstimationError], heading: str) -> dict[str, Any]:
    """Return what a TOML file holds, or raise `error` with what keeps it from being read."""
    text = read_text(path, error, heading)
    try:
        return tomllib.loads(text)
    except ValueError as problem:
        raise error(heading, [f"it is not TOML: {problem}"]) from problem
    except RecursionError:
        raise error(heading, ["it is not TOML: its lists or tables are nested too deep"]) from None
