"""SYNTHETIC people written partition by partition: as many as there is room for on a disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from estimation.counts import MANY, count_problems, seed_problems
from estimation.data.partitions.folder import SHOWN, partitions
from estimation.data.partitions.parquet import SYNTHETIC, marks_of, write_parquet
from estimation.data.partitions.partitions import Partitions
from estimation.data.partitions.together import in_turn, parquet_files
from estimation.data.partitions.writer import PEOPLE, WRITING, called, write_games
from estimation.errors import DataError, raise_all
from estimation.games.game import Game
from estimation.inference.simulation.simulate import design, loner_problems, simulate
from estimation.jobs.unit import plain, seed_of
from estimation.names import PARTNER, RECEIVER, SENDER, SUBJECT
from estimation.saving import make_folder
from estimation.theories.messages.theory import Theory

TRUTH = "_truth"
"""The folder, beside the partitions, with what each person is like: who looks for partitions passes over it."""


def simulate_partitions(
    theory: Theory,
    games: Mapping[str, Game],
    folder: str | Path,
    population: Mapping[str, tuple[float, float]],
    *,
    people: int,
    decisions: int,
    seed: int,
    each: int = PEOPLE,
    roles: tuple[str, ...] = (SENDER, RECEIVER),
    shares: Mapping[str, float] | None = None,
    correlations: Mapping[str, float] | None = None,
) -> Partitions:
    """Let people decide as a theory says, and write them as partitions, labelled SYNTHETIC, one after another.

    Situations are those of `design`, people those of `simulate`; partners are of one partition. What each person is
    like stands in ``_truth``. A run that was interrupted goes on where it stopped; until all are written, `partitions`
    refuses the folder.

    Parameters
    ----------
    games
        Condition → game.
    folder
        Where to write.
    population, shares, correlations
        As in `simulate`.
    people, decisions, each
        How many people there are in all, how many decisions each makes in each role, and how many people a partition
        holds.

    Raises
    ------
    DataError
        If numbers make no sense, or the folder holds other partitions.
    TheoryError
        If a parameter or kind is missing or unknown.
    """
    numbers = {"people": people, "decisions": decisions, "each": each}
    problems = count_problems(most=MANY, **numbers) + seed_problems(seed)
    fewest = 0 if problems else min(each, people, people % each or each)
    alone = [] if problems else loner_problems(fewest, len(games), roles)
    problems += [f"a partition would hold {fewest} of all people; of a partition, {text}" for text in alone]
    raise_all(problems, DataError, WRITING)
    where = Path(folder)
    told: dict[str, Any] = {"shares": shares, "correlations": correlations}
    about = {"theory": theory.spec(), "games": {name: game.spec() for name, game in games.items()}, **numbers, **told}
    mark = mark_of(about | {"population": population, "seed": seed, "roles": roles})

    def some(count: int, own: int, number: int) -> Simulated:
        situations = design(games, count, decisions, own, roles)
        table, truth = simulate(theory, situations, population, seed=own, **told)
        frame = table.written
        frame[PARTNER.name] = f"{number:05d}-" + frame[PARTNER.name]
        return frame, truth

    stream(where, games, people, each, seed, mark, some)
    return partitions(where, games, name=f"simulated_{theory.name}", synthetic=True)


Simulated = tuple[pd.DataFrame, pd.DataFrame]
"""Decisions of some people, and what each of them is like."""


def stream(
    folder: Path,
    games: Mapping[str, Game],
    people: int,
    each: int,
    seed: int,
    mark: str,
    some: Callable[[int, int, int], Simulated],
) -> None:
    """Write SYNTHETIC people partition by partition; what is there already is not made again.

    Parameters
    ----------
    each
        How many people a partition holds.
    mark
        Names the simulation (`mark_of`).
    some
        Number of people, seed of their own and number of the partition → people, whose labels get that number.

    Raises
    ------
    DataError
        If the folder holds other Parquet files, or nothing can be written there.
    """
    left = still_to_come(folder, people, each, mark)
    write_games(games, folder)
    truths = make_folder(folder / TRUTH, DataError, WRITING)
    with in_turn(folder, WRITING):
        for number, start in left:
            name = called(number)
            frame, truth = some(min(each, people - start), seed_of(seed, name), number)
            for labels in (frame, truth):
                labels[SUBJECT.name] = f"{number:05d}-" + labels[SUBJECT.name]
            write_parquet(truth, truths / f"{name}.parquet", [SYNTHETIC, mark], DataError, WRITING)
            write_parquet(frame, folder / f"{name}.parquet", [SYNTHETIC, mark], DataError, WRITING)


def still_to_come(folder: Path, people: int, each: int, mark: str) -> list[tuple[int, int]]:
    """Return number and first person of each partition that is not written yet.

    Raises
    ------
    DataError
        If the folder holds other Parquet files than those of the simulation with this mark.
    """
    places = enumerate(range(0, people, each), 1)
    all_of_it = {folder / f"{called(number)}.parquet": (number, start) for number, start in places}
    others = [file for file in parquet_files(folder) if file not in all_of_it or mark not in marks_of(file, WRITING)]
    problems = [f"{file} is not of this simulation; choose another folder" for file in others[:SHOWN]]
    problems += [f"{len(others):,} files in all are not of this simulation"] * (len(others) > SHOWN)
    raise_all(problems, DataError, WRITING)
    return [place for file, place in all_of_it.items() if not file.exists()]


def mark_of(about: Mapping[str, Any]) -> str:
    """Return a digest of what a simulation depends on."""
    written = json.dumps(plain(about), sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:16]
