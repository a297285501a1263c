"""Maximum-likelihood estimates of whatever has a quick one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from estimation.counts import seed_problems
from estimation.data.choices.partitions.partitions import ChoicePartitions
from estimation.data.stored import AnyTable
from estimation.errors import FitError, raise_all
from estimation.inference.asked import Model, problem_of
from estimation.inference.problem import MessageProblem
from estimation.jobs.workers import AnyExecutor
from estimation.theories.plays.theory import PlayTheory
from estimation.threads import one_thread


@one_thread()
def mode(
    model: Model,
    table: AnyTable,
    *,
    pooled: bool = False,
    seed: int = 0,
    path: str | Path | None = None,
    executor: AnyExecutor = None,
) -> Any:
    """Return the maximum-likelihood estimate: the mode of the posterior under flat priors.

    Parameters
    ----------
    model, table
        A theory of messages with a `Table` (`TheoryMode`); a theory of play, whose parameters everybody shares, with a
        `PlayTable` (`PlayMode`); or with a `ChoiceTable` a model in which everybody has the same weights (`Mode`,
        whose standard errors are clustered by person where people choose more than once: `Mode.with_errors`), or a
        multinomial logit with coefficients that all differ between people (`MixedMode`, the "mixed logit").
    pooled
        Of theories of messages: whether everybody shares the parameters, or people are integrated out.
    seed
        Of the points at which the search starts, or of the nodes over which people are integrated out.
    path, executor
        Of choices in partitions: a folder for what is made of them (a temporary one if left out), and who works.

    Raises
    ------
    FitError
        If model and table do not belong together, or there is no quick mode.
    ChoiceError
        If some coefficients differ between people and others do not, or people fall into classes (use
        ``estimation.fit``), or if something cannot be identified from these choices: every problem is listed.
    """
    raise_all(seed_problems(seed), FitError, "There is no quick mode:")
    problem = problem_of(model, table, True if isinstance(model, PlayTheory) else None)
    if isinstance(table, ChoicePartitions):
        from estimation.inference.choice_partitions.fit import mode_of_partitions  # noqa: PLC0415 - slow to load

        return mode_of_partitions(problem, path, executor=executor)  # type: ignore[arg-type]
    if isinstance(problem, MessageProblem):
        from estimation.inference.pooled.pooled_mode import pooled_mode  # noqa: PLC0415 - engines are slow to import
        from estimation.inference.pooled.population_mode import population_mode  # noqa: PLC0415 - as above

        return (pooled_mode if pooled else population_mode)(problem, seed)
    return problem.mode(seed)
