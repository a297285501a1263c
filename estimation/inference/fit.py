"""The door to every fit: a model and a table become one, and people are left out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, overload

from estimation.data.choices.partitions.partitions import ChoicePartitions
from estimation.data.partitions.partitions import Partitions
from estimation.data.stored import AnyTable
from estimation.errors import FitError, did_you_mean, raise_all
from estimation.fits.fit import CHOICES, AnyFit, Problem, check_fit
from estimation.fits.refitted import Refitted
from estimation.fits.storage import SAVING
from estimation.inference.asked import Model, problem_of, settings_of
from estimation.inference.kept import kept_fit
from estimation.inference.partitioned.problem import PartitionedProblem
from estimation.inference.pooled.few_numbers import FewNumbers, fit_few_numbers, refit_few_numbers
from estimation.inference.problem import MessageProblem
from estimation.inference.roles import fit_unrelated
from estimation.inference.several import fit_each
from estimation.jobs.workers import AnyExecutor
from estimation.listed import listed
from estimation.reading import no_path
from estimation.saving import check_destination
from estimation.threads import one_thread


@overload
def fit(model: Mapping[str, Model], table: AnyTable, **settings: Any) -> dict[str, AnyFit]: ...


@overload
def fit(
    model: Model,
    table: AnyTable,
    *,
    pooled: bool | None = None,
    equal: Mapping[str, str] | None = None,
    seed: int = 0,
    draws: int = 500,
    chains: int = 4,
    tune: int | None = None,
    method: str | None = None,
    target_accept: float | None = None,
    cores: int | None = None,
    accuracy: float | None = None,
    samples: int | None = None,
    progress: bool = True,
    path: str | Path | None = None,
    executor: AnyExecutor = None,
) -> AnyFit: ...


@one_thread()  # type: ignore[misc] # of several models too: the settings of each
def fit(
    model: Model | Mapping[str, Model],
    table: AnyTable,
    *,
    pooled: bool | None = None,
    equal: Mapping[str, str] | None = None,
    seed: int = 0,
    draws: int = 500,
    chains: int = 4,
    tune: int | None = None,
    method: str | None = None,
    target_accept: float | None = None,
    cores: int | None = None,
    accuracy: float | None = None,
    samples: int | None = None,
    progress: bool = True,
    path: str | Path | None = None,
    executor: AnyExecutor = None,
) -> AnyFit | dict[str, AnyFit]:
    """Fit a theory to a table of decisions, or a model of choice to a table of choices; or several, side by side.

    Parameters
    ----------
    model, table
        A theory of messages such as ``TrustEmbedded()`` with a `Table` or `Partitions`; a theory of play such as
        ``LogitEquilibrium()`` with a `PlayTable`; a model of choice such as ``MultinomialLogit(["price"])`` with a
        `ChoiceTable` or `ChoicePartitions`. Of several models by name, as in ``{"trust": TrustEmbedded(), "level-k":
        LevelK()}``, the fits are returned by name.
    pooled
        Of theories: whether everybody shares the parameters. If left out, people differ where it is known who decided
        and the theory allows it.
    equal
        Of pooled theories of messages: parameters that equal another one, as in
        ``{"receiver_precision": "sender_precision"}``.
    seed, draws, chains
        Root of all randomness, draws kept of each chain, and chains.
    tune, method, target_accept, cores, accuracy, samples
        For theories of messages in which people differ, see `estimation.fits.job.Settings`, which holds what is
        taken if they are left out. Other models know none of these.
    progress
        Whether to show progress on standard error.
    path
        File to save the fit to; of several, and of people in partitions, a folder. A fit that was interrupted and is
        started again with the same path goes on where it stopped, and ends as it would have ended.
    executor
        Of people in partitions: who works, see `estimation.jobs.run.run_units`; this process if left out (of choices, a
        thread of it for each processor).

    Raises
    ------
    FitError
        If a setting makes no sense, model and table do not belong together, or the path belongs to another fit.
    TheoryError, ChoiceError
        If the model cannot be fitted to this table in this way.
    """
    more = {"tune": tune, "method": method, "target_accept": target_accept, "cores": cores, "accuracy": accuracy}
    given: dict[str, Any] = {name: value for name, value in (more | {"samples": samples}).items() if value is not None}
    if isinstance(model, Mapping):
        problems = {name: problem_of(each, table, pooled, equal) for name, each in model.items()}
        given |= {"pooled": pooled, "equal": equal, "seed": seed, "draws": draws, "chains": chains}
        given |= (
            {} if executor is None and not isinstance(table, Partitions | ChoicePartitions) else {"executor": executor}
        )
        return fit_each(fit, problems, path, progress, **given)
    problem = problem_of(model, table, pooled, equal)
    is_parted = isinstance(table, Partitions | ChoicePartitions)
    needless = {"executor": executor} if executor is not None and not is_parted else {}
    settings = settings_of(problem, seed=seed, draws=draws, chains=chains, **given, **needless)
    if isinstance(problem, PartitionedProblem):
        from estimation.inference.partitioned.fit import fit_partitions  # noqa: PLC0415 - engines are slow to import

        return fit_partitions(problem, settings, path, progress, executor)
    if isinstance(table, ChoicePartitions):
        from estimation.inference.choice_partitions.fit import fit_choice_partitions  # noqa: PLC0415 - as above

        return fit_choice_partitions(problem, settings, path, progress, executor)  # type: ignore[arg-type]
    if path is not None:
        check_destination(path, FitError, SAVING)
    return _engine(problem)(problem, settings, path, progress)


def fit_or_load(model: Model, table: AnyTable, path: str | Path, *, progress: bool = True, **settings: Any) -> AnyFit:
    """Return the fit in a file if it is of this model, table and settings; otherwise fit, and keep it there.

    Parameters
    ----------
    model, table, progress, settings
        As for `fit`; what is left out is the usual.
    path
        The file; what it holds otherwise is replaced. Of partitions the folder, which is refused if it holds another
        finished fit.

    Raises
    ------
    EstimationError
        As `fit`.
    """
    raise_all(no_path(path, "; it comes third, after model and table"), FitError, SAVING)
    found = kept_fit(Path(path), model, table, **settings)
    return found if found is not None else fit(model, table, path=path, progress=progress, **settings)


def _engine(problem: Problem) -> Callable[..., AnyFit]:
    """Return what fits a problem; each loads only the libraries that it needs."""
    if isinstance(problem, FewNumbers):
        return fit_few_numbers
    if problem.family == CHOICES:
        from estimation.choice.fit import fit_choices  # noqa: PLC0415 - engines are slow to import

        return fit_choices
    from estimation.inference.messages import fit_messages  # noqa: PLC0415 - as above

    is_apart = isinstance(problem, MessageProblem) and problem.has_unrelated_roles
    return partial(fit_unrelated, fit_messages) if is_apart else fit_messages


@one_thread()
def leave_out(fit: AnyFit, people: str | Iterable[object], **settings: int) -> Refitted:
    """Return log p(person | everybody but these people) of each of these people, nats, by a refit without them.

    Parameters
    ----------
    settings
        ``draws`` and ``tune`` of the refit, for theories of messages.

    Raises
    ------
    FitError
        If somebody is not in the fit, nobody is named, or nobody is left.
    """
    check_fit(fit, "Nobody can be left out:")
    if isinstance(fit.table, ChoicePartitions):
        raise FitError("Nobody can be left out:", ["choices in partitions are not fitted anew; fit a sample of people"])
    if isinstance(fit.problem, PartitionedProblem):
        raise FitError("Nobody can be left out:", ["people in partitions are left out by weights, in est.compare"])
    if fit.family == CHOICES:
        from estimation.choice.fit import without  # noqa: PLC0415 - engines are slow to import

        return without(fit.problem, people)
    people = _known(fit, people)
    if isinstance(fit.problem, FewNumbers):
        return refit_few_numbers(fit, people)
    from estimation.inference.refit import Refitter  # noqa: PLC0415 - engines are slow to import

    return Refitter(fit, **settings).without(people)


def _known(fit: AnyFit, people: str | Iterable[object]) -> list[str]:
    """Return the people to leave out, each once, who are some of those of a fit of a theory."""
    names = list(dict.fromkeys(str(who) for who in listed(people)))
    alone = isinstance(fit.problem, FewNumbers)  # without its only unit, such a theory predicts by its prior
    there = fit.problem.units if alone else fit.table.subjects
    problems = [
        f"{who!r} is none of the people of the fit{did_you_mean(who, there)}" for who in names if who not in there
    ]
    problems += [] if names else ["nobody is named"]
    problems += ["nobody is left to fit"] * (not problems and len(names) == len(there) and not alone)
    raise_all(problems, FitError, "Nobody can be left out:")
    return names
