"""SYNTHETIC marketplaces: sellers who are told by recommenders of known accuracy what to do, and see what turns out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Array, is_real
from estimation.counts import MANY, count_problems, seed_problems
from estimation.data.partitions.folder import partitions
from estimation.data.partitions.partitions import Partitions
from estimation.data.partitions.writer import PEOPLE, WRITING
from estimation.data.tables.source import Source
from estimation.data.tables.table import Table
from estimation.errors import DataError, raise_all
from estimation.games.advice import TOLD, AdviceGame
from estimation.inference.simulation.simulate import MOST, simulate
from estimation.inference.simulation.simulate_partitions import Simulated, mark_of, stream
from estimation.names import ACTION, CONDITION, MESSAGE, PARTNER, PERIOD, RECEIVER, ROLE, STATE, SUBJECT
from estimation.theories.messages.theory import Theory

MARKET = "market"
"""What the condition is called."""
CALLED = "SYNTHETIC marketplace"
CHANCES = (0.2, 0.8)
"""Between which sellers' own probabilities lie evenly, where the game tells them one."""


def marketplace(game: AdviceGame, accuracies: Mapping[str, float], *, sellers: int, decisions: int, seed: int) -> Table:
    """Return a marketplace without behaviour: who is told what by whom, and what turns out. Fill it with `simulate`.

    In every decision a seller faces one of the recommenders, by chance and each as often as the other; a recommender
    names what will turn out with a probability that is its accuracy, and otherwise one of the other states. States come
    from the game's prior; where sellers are told a probability (``own="told"``), from that.

    Parameters
    ----------
    game
        With the recommenders among its advisers.
    accuracies
        Recommender → how often it is right; sellers do not know it, unless the game says so.
    sellers, decisions
        How many sellers there are, and how many recommendations each gets.

    Raises
    ------
    DataError
        If numbers make no sense, or recommenders are not those of the game.
    """
    problems = _problems(game, accuracies, seed, sellers=sellers, decisions=decisions)
    if not problems and sellers * decisions > MOST:
        problems.append(f"sellers times decisions must be at most {MOST:,}; use est.simulate_marketplace")
    raise_all(problems, DataError, "There is no marketplace:")
    rng, count, names = np.random.default_rng([seed, 9]), sellers * decisions, list(accuracies)
    own = rng.uniform(*CHANCES, count)
    state = (rng.random(count) < own).astype("int64") if game.own == TOLD else _drawn(game.prior, count, rng)
    adviser = rng.integers(len(names), size=count)
    is_right = rng.random(count) < np.array([accuracies[name] for name in names])[adviser]
    other = (state + rng.integers(1, len(game.states), size=count)) % len(game.states)
    said = np.where(is_right, state, other)
    width = len(str(sellers))
    columns: dict[str, Any] = {
        SUBJECT.name: np.repeat([f"s{number:0{width}d}" for number in range(1, sellers + 1)], decisions),
        ROLE.name: RECEIVER,
        CONDITION.name: MARKET,
        PERIOD.name: np.tile(np.arange(1, decisions + 1), sellers),
        PARTNER.name: np.array(names)[adviser],
        STATE.name: _words(game, state),
        MESSAGE.name: _words(game, said),
        ACTION.name: _words(game, said),
    }
    if game.column:
        columns[game.column] = own
    origin = Source(title="a SYNTHETIC marketplace without behaviour", synthetic=True)
    return Table.from_frame(pd.DataFrame(columns), {MARKET: game}, name=CALLED, source=origin, synthetic=True)


def simulate_marketplace(
    theory: Theory,
    game: AdviceGame,
    folder: str | Path,
    population: Mapping[str, tuple[float, float]],
    *,
    accuracies: Mapping[str, float],
    sellers: int,
    decisions: int,
    seed: int,
    each: int = PEOPLE,
    shares: Mapping[str, float] | None = None,
    correlations: Mapping[str, float] | None = None,
) -> Partitions:
    """Let sellers take recommendations as a theory says, and write them as partitions, labelled SYNTHETIC.

    Situations are those of `marketplace`. Sellers are made a partition at a time, as many as there is room for on the
    disk. What each is like stands in ``_truth``; a run that was interrupted goes on where it stopped.

    Parameters
    ----------
    game, accuracies, sellers, decisions
        As in `marketplace`.
    folder
        Where to write.
    population, shares, correlations
        As in `simulate`.
    each
        How many sellers a partition holds.

    Raises
    ------
    DataError
        If numbers make no sense, or the folder holds other partitions.
    TheoryError
        If a parameter or kind is missing or unknown.
    """
    numbers = {"sellers": sellers, "decisions": decisions, "each": each}
    raise_all(_problems(game, accuracies, seed, **numbers), DataError, WRITING)
    where = Path(folder)
    told: dict[str, Any] = {"shares": shares, "correlations": correlations}
    about = {"theory": theory.spec(), "game": game.spec(), "accuracies": dict(accuracies), **numbers, **told}

    def some(count: int, own: int, number: int) -> Simulated:  # noqa: ARG001 - recommenders are the same everywhere
        situations = marketplace(game, accuracies, sellers=count, decisions=decisions, seed=own)
        table, truth = simulate(theory, situations, population, seed=own, **told)
        return table.written, truth

    mark = mark_of(about | {"population": population, "seed": seed})
    stream(where, {MARKET: game}, sellers, each, seed, mark, some)
    return partitions(where, {MARKET: game}, name=CALLED, synthetic=True)


def _problems(game: AdviceGame, accuracies: Mapping[str, float], seed: int, **numbers: int) -> list[str]:
    """Return what is wrong with a marketplace."""
    problems = count_problems(most=MANY, **numbers) + seed_problems(seed)
    if not isinstance(game, AdviceGame):
        return [*problems, f"the game must be one of advice (est.AdviceGame), not {type(game).__name__}"]
    if game.earlier:
        problems.append("sellers of a marketplace have no earlier experience; leave earlier=True out of the game")
    problems += ["accuracies are missing: say how often each recommender is right"] * (not accuracies)
    listed = game.advisers or tuple(accuracies)
    strangers = [name for name in accuracies if name not in listed]
    problems += [f"recommender {name!r} is none of the game's advisers {list(listed)}" for name in strangers]
    problems += [
        f"recommender {name!r} must be right with a probability between 0 and 1, not {value!r}"
        for name, value in accuracies.items()
        if not (is_real(value) and 0 <= value <= 1)
    ]
    return problems


def _drawn(chance: Array, count: int, rng: np.random.Generator) -> Any:
    """Return places drawn with given chances, (count,)."""
    return rng.choice(len(chance), size=count, p=chance)


def _words(game: AdviceGame, place: Any) -> Any:
    """Return states as a table has them: words, where they have some."""
    words = game.labels.get(STATE.name)
    return np.array(words)[place] if words else game.states[place]
