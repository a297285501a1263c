"""How much of behaviour could be predicted at all: a benchmark that knows no economics.

People fall into classes; a class chooses by a table P(option | what was seen, role), the same in all conditions but for
the direction of interests, which is learnt from the people of the class and smoothed: over what was seen, and over how
far a choice lies from it. Round numbers, the exact truth and the ends of the scale may stand out of the smooth table.
Shares and tables follow by expectation-maximisation; how many classes and how smooth is chosen by people left out. It
is a lower bound of what can be explained: other benchmarks may do better (Fudenberg, Kleinberg, Liang and Mullainathan
2022, JPE 130(4):956-990).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy import ndimage, special

from estimation.arrays import Array, Indices
from estimation.data.tables.table import Table
from estimation.evaluation.scores.loo import leave_people_out
from estimation.games.game import Game, grid_index
from estimation.inference.fit import fit
from estimation.inference.pooled.pooled import choice_counts
from estimation.names import SENDER
from estimation.theories.messages.babbling import Babbling
from estimation.theories.responses.habits import rounding

BENCHMARK, NOTHING = "flexible benchmark", "babbling"
FOLDS = 5
"""In which people are left out."""
STEPS = 40  # of expectation-maximisation, at most
STEADY = 1e-3  # nats a person from step to step, below which it ends
PSEUDO = 10.0  # decisions of the whole population that a class is given
UNIFORM = 0.01  # of every table: nothing is impossible


@dataclass(frozen=True)
class Flexibility:
    """What is chosen by people left out.

    Attributes
    ----------
    classes
        How many classes of people.
    seen, apart
        Standard deviations of the kernels: over what was seen, and over how far choices lie from it, in options.
    """

    classes: int = 16
    seen: float = 20.0
    apart: float = 1.5


CLASSES, SEEN, APART = (4, 16, 64), (8.0, 20.0, 50.0), (0.75, 1.5, 3.0)
"""What is tried, one after another."""


@dataclass(frozen=True, eq=False)
class Cell:
    """The choices of one role, in conditions of one scale.

    Attributes
    ----------
    counts : (person, seen, option) array
    nearest : (seen,) integer array
        The option nearest to what was seen: the truth of a sender, the message taken literally of a receiver.
    salience : (seen, option) integer array
        Whether an option stands out: 0 not, 1 a round number, 2 rounder, 3 an end of the scale, 4 the nearest option.
    """

    counts: Array
    nearest: Indices
    salience: Indices

    def mirrored(self) -> Cell:
        """Return the choices on a scale that runs the other way."""
        last = self.salience.shape[1] - 1
        return Cell(self.counts[:, ::-1, ::-1], last - self.nearest[::-1], self.salience[::-1, ::-1])

    @cached_property
    def _sheared(self) -> tuple[Any, Any]:
        """Where (seen, option) stands as (seen, option - nearest)."""
        seen, option = np.indices(self.salience.shape)
        return seen, option - self.nearest[:, None] + self.salience.shape[1] - 1

    def smoothed(self, weighted: Array, flexible: Flexibility) -> Array:
        """Return P(option | seen) from weighted counts (seen, option)."""
        levels = int(self.salience.max()) + 1
        total = np.bincount(self.salience.ravel(), weighted.ravel(), levels)
        sheared = np.zeros((weighted.shape[0], 2 * weighted.shape[1] - 1))
        np.add.at(sheared, self._sheared, weighted)
        for axis, width in enumerate((flexible.seen, flexible.apart)):
            sheared = ndimage.gaussian_filter1d(sheared, width, axis=axis, mode="constant", truncate=5.0)
        smooth = sheared[self._sheared] + 1e-9
        smooth /= smooth.sum(axis=1, keepdims=True)
        expected = np.bincount(self.salience.ravel(), (smooth * weighted.sum(axis=1, keepdims=True)).ravel(), levels)
        raised = smooth * ((total + 1.0) / (expected + 1.0))[self.salience]
        raised /= raised.sum(axis=1, keepdims=True)
        return np.asarray((1 - UNIFORM) * raised + UNIFORM / raised.shape[1])


@dataclass(frozen=True, eq=False)
class Benchmark:
    """Classes of people, learnt: shares (class,), and for each cell the log probabilities (class, seen, option)."""

    shares: Array
    tables: tuple[Array, ...]

    def scores(self, cells: Iterable[Cell], people: Indices) -> Array:
        """Return log p(all choices of a person) of some people, (person,), nats."""
        return np.asarray(special.logsumexp(_log_joint(self.shares, self.tables, cells, people), axis=1))


def cells_of(table: Table) -> list[Cell]:
    """Return the choices of a table by role, conditions together: mirrored where the sender gains downwards.

    Conditions whose scales differ in length or in what stands out are cells of their own.
    """
    found: dict[tuple[object, ...], Cell] = {}
    for (condition, role), counts in choice_counts(table).items():
        game = table.games[condition]
        seen, options = (game.states, game.messages) if role == SENDER else (game.messages, game.actions)
        by_word = game.truth if role == SENDER else game.literal
        nearest = grid_index(options, seen) if game.continuous else by_word
        cell = Cell(counts, nearest, _salience(game, role, nearest, len(options)))
        cell = cell.mirrored() if game.direction < 0 else cell
        key = (role, cell.salience.tobytes(), cell.nearest.tobytes())
        found[key] = replace(cell, counts=cell.counts + found[key].counts) if key in found else cell
    return list(found.values())


def _salience(game: Game, role: str, nearest: Indices, options: int) -> Indices:
    salience = np.zeros((len(nearest), options), dtype="int64")
    for level, table in enumerate(rounding(game, role), 1):  # round numbers are those of the habits of response
        salience[:, table.any(axis=0)] = level
    salience[:, [0, -1]] = 3
    salience[np.arange(len(nearest)), nearest] = 4
    return salience


def learnt(cells: list[Cell], people: Indices, flexible: Flexibility, rng: np.random.Generator) -> Benchmark:
    """Return the benchmark of some people (positions)."""
    whole = [cell.smoothed(cell.counts[people].sum(axis=0), flexible) for cell in cells]
    chance = rng.dirichlet(np.full(flexible.classes, 0.2), len(people))
    before = -np.inf
    for _ in range(STEPS):
        shares = (chance.sum(axis=0) + 1) / (len(people) + flexible.classes)
        tables = tuple(
            np.log([cell.smoothed(one, flexible) for one in _weighted(cell.counts[people], chance, prior)])
            for cell, prior in zip(cells, whole, strict=True)
        )
        joint = _log_joint(shares, tables, cells, people)
        total = special.logsumexp(joint, axis=1)
        chance = np.exp(joint - total[:, None])
        if total.sum() - before < STEADY * len(people):
            break
        before = float(total.sum())
    return Benchmark(shares, tables)


def benchmark(table: Table, *, seed: int = 0, progress: bool = False) -> pd.DataFrame:
    """Return how well new people can be predicted without a theory: what completeness is measured by.

    Parameters
    ----------
    table
        Decisions of people who talk.
    seed
        Of the folds in which the benchmark leaves people out.
    progress
        Whether to show progress on standard error.

    Returns
    -------
    DataFrame
        One row per person, log scores of people left out, nats: ``flexible benchmark``, and ``babbling``, by which
        nobody says or hears anything. `compare` and `completeness` take it, so that it is computed once.
    """
    nothing = leave_people_out({NOTHING: fit(Babbling(), table, seed=seed, progress=progress)}, progress=progress)
    learnt_from_others = pd.Series(benchmark_scores(table, seed), index=table.subjects)
    return pd.DataFrame({BENCHMARK: learnt_from_others, NOTHING: nothing[NOTHING].elpd})


def benchmark_scores(table: Table, seed: int = 0) -> Array:
    """Return log p(a person | people of other folds) under the benchmark, (person,), nats."""
    cells, rng = cells_of(table), np.random.default_rng(seed)
    folds = np.array_split(rng.permutation(len(table.subjects)), min(FOLDS, len(table.subjects)))
    scores = np.empty(len(table.subjects))
    for number, left in enumerate(folds):
        others = np.concatenate([fold for place, fold in enumerate(folds) if place != number])
        flexible = _chosen(cells, others, np.random.default_rng([seed, number]))
        scores[left] = learnt(cells, others, flexible, np.random.default_rng([seed, number, 1])).scores(cells, left)
    return scores


def _chosen(cells: list[Cell], people: Indices, rng: np.random.Generator) -> Flexibility:
    """Return how flexible the benchmark of some people is best: by a third of them left out, one thing at a time."""
    mixed = rng.permutation(people)
    left, rest = mixed[: len(mixed) // 3], mixed[len(mixed) // 3 :]

    def score(flexible: Flexibility) -> float:
        return float(learnt(cells, rest, flexible, np.random.default_rng(1)).scores(cells, left).sum())

    best = Flexibility(classes=max(1, min(16, len(rest) // 3)))
    for name, values in (("apart", APART), ("seen", SEEN), ("classes", CLASSES)):
        best = max((replace(best, **{name: value}) for value in values), key=score)  # type: ignore[arg-type]
    return best


def _weighted(counts: Array, chance: Array, prior: Array) -> Array:
    """Return the choices of each class, with a few of the whole population's, (class, seen, option)."""
    own = np.tensordot(chance.T, counts, 1)
    return np.asarray(own + PSEUDO * prior * counts.sum(axis=(0, 2))[:, None] / max(counts.sum(), 1.0))


def _log_joint(shares: Array, tables: tuple[Array, ...], cells: Iterable[Cell], people: Indices) -> Array:
    """Return log share plus log p(choices | class) of each person, (person, class)."""
    pairs = zip(cells, tables, strict=True)
    return np.asarray(
        np.log(shares) + sum(np.tensordot(cell.counts[people], table, ([1, 2], [1, 2])) for cell, table in pairs)
    )
