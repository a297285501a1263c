"""How much of behaviour could be predicted at all: a benchmark that knows no economics.

People fall into classes; a class chooses by a table P(option | what was seen, role), the same in all conditions but for
the direction of interests, which is learnt from the people of the class and smoothed: over what was seen, and over how
far a choice lies from it. Round numbers, the exact truth and the ends of the scale may stand out of the smooth table.
Shares and tables follow by expectation-maximisation; how many classes and how smooth is chosen by people left out. It
is a lower bound of what can be explained: other benchmarks may do better (Fudenberg, Kleinberg, Liang and Mullainathan
2022, JPE 130(4):956-990). Of people who are advised, what was seen is the adviser, what came of their last word, and
what own information says (`advised_cells`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import special

from estimation.arrays import Array, Indices
from estimation.data.tables.table import Table
from estimation.errors import ComparisonError, raise_all
from estimation.evaluation.comparison.cells import AnyCell, cells_of
from estimation.evaluation.scores.loo import leave_people_out
from estimation.games.judge_advisor import JudgeAdvisor
from estimation.inference.fit import fit
from estimation.theories.messages.babbling import Babbling

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
        Standard deviations of the kernels: over what was seen, and over how far choices lie from it, in options. Of
        people who are advised, `seen` is how many decisions an adviser's own table is worth.
    """

    classes: int = 16
    seen: float = 20.0
    apart: float = 1.5


CLASSES, SEEN, APART = (4, 16, 64), (8.0, 20.0, 50.0), (0.75, 1.5, 3.0)
"""What is tried, one after another."""


@dataclass(frozen=True, eq=False)
class Benchmark:
    """Classes of people, learnt: shares (class,), and for each cell the log probabilities (class, seen, option)."""

    shares: Array
    tables: tuple[Array, ...]

    def scores(self, cells: Iterable[AnyCell], people: Indices) -> Array:
        """Return log p(all choices of a person) of some people, (person,), nats."""
        return np.asarray(special.logsumexp(_log_joint(self.shares, self.tables, cells, people), axis=1))


def learnt(cells: list[AnyCell], people: Indices, flexible: Flexibility, rng: np.random.Generator) -> Benchmark:
    """Return the benchmark of some people (positions)."""
    whole = [_table(cell, cell.counts[people].sum(axis=0), flexible) for cell in cells]
    chance = rng.dirichlet(np.full(flexible.classes, 0.2), len(people))
    before = -np.inf
    for _ in range(STEPS):
        shares = (chance.sum(axis=0) + 1) / (len(people) + flexible.classes)
        tables = tuple(
            np.log([_table(cell, one, flexible) for one in _weighted(cell.counts[people], chance, prior)])
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

    Raises
    ------
    ComparisonError
        If people estimated before they heard advice: its tables would have to know what, which is too much to learn.
    """
    judges = [condition for condition, game in table.games.items() if isinstance(game, JudgeAdvisor)]
    told = "tables of choices after a message do not know the first estimate, which second ones start from; compare"
    problems = [f"in condition {name!r} people estimate twice; {told} theories with each other" for name in judges]
    raise_all(problems, ComparisonError, "There is no benchmark:")
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


def _chosen(cells: list[AnyCell], people: Indices, rng: np.random.Generator) -> Flexibility:
    """Return how flexible the benchmark of some people is best: by a third of them left out, one thing at a time."""
    mixed = rng.permutation(people)
    left, rest = mixed[: len(mixed) // 3], mixed[len(mixed) // 3 :]

    def score(flexible: Flexibility) -> float:
        return float(learnt(cells, rest, flexible, np.random.default_rng(1)).scores(cells, left).sum())

    best = Flexibility(classes=max(1, min(16, len(rest) // 3)))
    for name, values in (("apart", APART), ("seen", SEEN), ("classes", CLASSES)):
        best = max((replace(best, **{name: value}) for value in values), key=score)  # type: ignore[arg-type]
    return best


def _table(cell: AnyCell, weighted: Array, flexible: Flexibility) -> Array:
    """Return P(option | seen) from weighted counts (seen, option); nothing is impossible."""
    smooth = cell.smoothed(weighted, flexible.seen, flexible.apart)
    return np.asarray((1 - UNIFORM) * smooth + UNIFORM / smooth.shape[1])


def _weighted(counts: Array, chance: Array, prior: Array) -> Array:
    """Return the choices of each class, with a few of the whole population's, (class, seen, option)."""
    own = np.tensordot(chance.T, counts, 1)
    return np.asarray(own + PSEUDO * prior * counts.sum(axis=(0, 2))[:, None] / max(counts.sum(), 1.0))


def _log_joint(shares: Array, tables: tuple[Array, ...], cells: Iterable[AnyCell], people: Indices) -> Array:
    """Return log share plus log p(choices | class) of each person, (person, class)."""
    pairs = zip(cells, tables, strict=True)
    return np.asarray(
        np.log(shares) + sum(np.tensordot(cell.counts[people], table, ([1, 2], [1, 2])) for cell, table in pairs)
    )
