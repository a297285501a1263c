"""SYNTHETIC choices written partition by partition: as many as there is room for on a disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from estimation.arrays import Array, Indices
from estimation.choice.hierarchy.problem import NORMAL, SIGNS, natural
from estimation.choice.hierarchy.triangular import TRIANGULAR
from estimation.choice.models.logit import MultinomialLogit
from estimation.counts import MANY, count_problems, seed_problems
from estimation.data.choices.partitions.folder import choice_partitions
from estimation.data.choices.partitions.partitions import ChoicePartitions
from estimation.data.partitions.parquet import SYNTHETIC, write_parquet
from estimation.data.partitions.together import in_turn
from estimation.data.partitions.writer import WRITING, called
from estimation.errors import DataError, raise_all
from estimation.inference.simulation.simulate_partitions import TRUTH, mark_of, still_to_come
from estimation.jobs.unit import seed_of
from estimation.names import ALTERNATIVE, CHOSEN, SITUATION, SUBJECT
from estimation.saving import make_folder

PEOPLE = 1_000
"""People in a partition."""


def simulate_choice_partitions(
    model: MultinomialLogit,
    folder: str | Path,
    population: Mapping[str, tuple[float, float]],
    *,
    people: int,
    choices: int,
    alternatives: int,
    seed: int,
    each: int = PEOPLE,
) -> ChoicePartitions:
    """Let people choose as a logit says, and write their choices as partitions, labelled SYNTHETIC, one after another.

    Attributes are independent standard normals, drawn anew for every alternative of every choice. What each person
    values stands in ``_truth``. A run that was interrupted goes on where it stopped.

    Parameters
    ----------
    model
        A multinomial logit whose terms are columns, without constants.
    folder
        Where to write.
    population
        Coefficient → mean and standard deviation over people, of independent normals; of the logarithm where the model
        has a log-normal. A deviation of 0: everybody has the same.
    people, choices, alternatives, each
        How many people there are in all, how many choices each makes among how many alternatives, and how many people
        a partition holds.

    Raises
    ------
    DataError
        If numbers make no sense, a coefficient is missing or unknown, or the folder holds other partitions.
    """
    numbers = {"people": people, "choices": choices, "alternatives": alternatives, "each": each}
    problems = count_problems(most=MANY, people=people, choices=choices, each=each)
    problems += count_problems(least=2, alternatives=alternatives) + seed_problems(seed)
    problems += [f"the population of {name!r} is missing" for name in model.attributes if name not in population]
    problems += [f"{name!r} is no coefficient" for name in population if name not in model.attributes]
    others = model.constants or model.error_components or model.covariates or model.components > 1 or model.wtp_space
    if others or TRIANGULAR in model.distributions.values():
        problems.append("only a logit whose terms are columns, with tastes of one normal, is simulated in partitions")
    raise_all(problems, DataError, WRITING)
    about = {"model": model.spec(), "population": dict(population), **numbers, "seed": seed}
    mark = mark_of(about)
    left = still_to_come(Path(folder), people, each, mark)
    where = make_folder(folder, DataError, WRITING)
    truths = make_folder(where / TRUTH, DataError, WRITING)
    with in_turn(where, WRITING):
        for number, start in left:
            file = where / f"{called(number)}.parquet"
            rng = np.random.default_rng(seed_of(seed, file.stem))
            frame, truth = _simulated(model, population, min(each, people - start), choices, alternatives, rng)
            for labels in (frame, truth):
                names = pd.Index([f"{number:05d}-{own:06d}" for own in range(len(truth))])
                labels[SUBJECT.name] = pd.Categorical.from_codes(labels[SUBJECT.name].to_numpy(), names)
            write_parquet(truth, truths / file.name, [SYNTHETIC, mark], DataError, WRITING)
            write_parquet(frame, file, [SYNTHETIC, mark], DataError, WRITING)
    return choice_partitions(where, name="simulated_choices", synthetic=True)


def _simulated(
    model: MultinomialLogit,
    population: Mapping[str, tuple[float, float]],
    people: int,
    choices: int,
    alternatives: int,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return rows of choices, and what each person values; people by their places."""
    names = list(model.attributes)
    weights = _weights(model, population, people, rng)
    x = rng.standard_normal((people, choices, alternatives, len(names)))
    worth = np.einsum("ntjk,nk->ntj", x, weights) + rng.gumbel(size=(people, choices, alternatives))
    rows = people * choices * alternatives
    frame = pd.DataFrame(x.reshape(rows, -1), columns=names, copy=False)
    frame.insert(0, SUBJECT.name, np.repeat(np.arange(people), choices * alternatives))
    frame.insert(1, SITUATION.name, np.tile(np.repeat(np.arange(choices), alternatives), people))
    labels = pd.Index([f"option {place}" for place in range(1, alternatives + 1)])
    offered: Indices = np.tile(np.arange(alternatives), people * choices)
    frame.insert(2, ALTERNATIVE.name, pd.Series(pd.Categorical.from_codes(offered, labels)))
    frame.insert(3, CHOSEN.name, offered == np.repeat(worth.argmax(axis=2).ravel(), alternatives))
    truth = pd.DataFrame(weights, columns=names)
    truth.insert(0, SUBJECT.name, np.arange(people))
    return frame, truth


def _weights(
    model: MultinomialLogit, population: Mapping[str, tuple[float, float]], people: int, rng: np.random.Generator
) -> Array:
    """Return what each person values, (person, coefficient), as it enters the utility."""
    mean, sd = np.array([population[name] for name in model.attributes]).T
    sign = np.array([SIGNS[model.distributions.get(name, NORMAL)] for name in model.attributes])
    return natural(mean + sd * rng.standard_normal((people, len(mean))), sign)
