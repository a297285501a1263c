"""What is asked of a fit: a model applied to a table, and settings that it knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from estimation.choice.model import ChoiceModel
from estimation.data.choices.partitions.partitions import ChoicePartitions
from estimation.data.choices.table import ChoiceTable
from estimation.data.partitions.partitions import Partitions
from estimation.data.stored import AnyTable
from estimation.data.tables.plays import PlayTable
from estimation.data.tables.table import Table
from estimation.errors import FitError
from estimation.fits.fit import Problem
from estimation.fits.job import Settings
from estimation.inference.mismatch import mismatch
from estimation.inference.partitioned.problem import PartitionedProblem
from estimation.inference.pooled.players import play_problem
from estimation.inference.pooled.pooled import PooledProblem
from estimation.inference.problem import MessageProblem
from estimation.theories.messages.theory import Theory
from estimation.theories.plays.theory import PlayTheory

STARTING = "The fit cannot be started:"
Model = Theory | PlayTheory | ChoiceModel


def problem_of(
    model: Model, table: AnyTable, pooled: bool | None = None, equal: Mapping[str, str] | None = None
) -> Problem:
    """Return a model applied to a table, for parameters see `fit`.

    Raises
    ------
    FitError
        If they do not belong together, or the model does not allow what is asked for.
    """
    problems = []
    if not isinstance(model, Theory | PlayTheory) and (pooled is not None or equal):
        problems.append("pooled and equal are for theories; of choices, the model says who has the same tastes")
    elif equal and not (pooled and isinstance(model, Theory)):
        problems.append("equal is for theories of messages whose parameters everybody shares; add pooled=True")
    if problems:
        raise FitError(STARTING, problems)
    if isinstance(model, PlayTheory) and isinstance(table, PlayTable):
        return play_problem(model, table, pooled)
    if isinstance(model, Theory) and isinstance(table, Partitions) and not pooled:
        return PartitionedProblem(model, table)
    if isinstance(model, Theory) and isinstance(table, Table):
        return PooledProblem(model, table, dict(equal or {})) if pooled else MessageProblem(model, table)
    if isinstance(model, ChoiceModel) and isinstance(table, ChoiceTable):
        return model.on(table)
    if isinstance(model, ChoiceModel) and isinstance(table, ChoicePartitions):
        from estimation.inference.choice_partitions.problem import problem_in_partitions  # noqa: PLC0415 - slow to load

        return problem_in_partitions(model, table)
    raise FitError(STARTING, [mismatch(model, table)])


def settings_of(problem: Problem, **given: Any) -> Settings:
    """Return settings, of which those that were left out are the usual ones.

    Raises
    ------
    FitError
        If the problem does not know a setting, or a value makes no sense.
    """
    unknown = sorted(set(given) - set(problem.settings))
    if unknown:
        advice = f"leave {', '.join(unknown)} out: {problem.label} knows only {', '.join(problem.settings)}"
        raise FitError(STARTING, [advice])
    return Settings(**given)
