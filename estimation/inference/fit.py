"""The door to every fit: a model and a table become one, fits are read back, and people are left out of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import xarray as xr

from estimation.choice.model import ChoiceModel
from estimation.data.choices.table import ChoiceTable
from estimation.data.stored import AnyTable, from_dataset
from estimation.data.table import Table
from estimation.errors import FitError, raise_all
from estimation.fits.fit import CHOICES, Fit, Problem
from estimation.fits.manifest import FORMAT, Settings
from estimation.fits.refitted import Refitted
from estimation.fits.storage import read
from estimation.inference.problem import MessageProblem
from estimation.theories.messages.theory import Theory


def fit(
    model: Theory | ChoiceModel,
    table: AnyTable,
    *,
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
) -> Fit[Any]:
    """Fit a theory to a table of decisions, or a model of choice to a table of choices.

    Parameters
    ----------
    model, table
        A theory such as ``TrustEmbedded()`` with a `Table`; a model of choice such as ``MultinomialLogit(["price"])``
        with a `ChoiceTable`.
    seed, draws, chains
        Root of all randomness, draws kept of each chain, and chains.
    tune, method, target_accept, cores, accuracy, samples
        For theories of messages, see `estimation.fits.manifest.Settings`, which holds what is taken if they are left
        out. Other models know none of these.
    progress
        Whether to show progress on standard error.
    path
        File to save the fit to. A fit of a theory that was interrupted and is started again with the same path goes on
        where it stopped.

    Raises
    ------
    FitError
        If a setting makes no sense, model and table do not belong together, or the path belongs to another fit.
    TheoryError, ChoiceError
        If the model cannot be fitted to this table in this way.
    """
    more: dict[str, Any] = {"tune": tune, "method": method, "target_accept": target_accept, "cores": cores}
    more |= {"accuracy": accuracy, "samples": samples}
    given = {name: value for name, value in more.items() if value is not None}
    problem = problem_of(model, table)
    unknown = sorted(set(given) - set(problem.settings))
    advice = f"leave {', '.join(unknown)} out: {problem.label} knows only {', '.join(problem.settings)}"
    raise_all([advice] if unknown else [], FitError, "The fit cannot be started:")
    settings = Settings(seed, draws, chains, **given)  # type: ignore[arg-type]
    return _engine(problem.family)(problem, settings, path, progress)


def _engine(family: str) -> Callable[..., Fit[Any]]:
    """Return what fits problems of a family; each loads only the libraries that it needs."""
    if family == CHOICES:
        from estimation.choice.fit import fit_choices  # noqa: PLC0415 - engines are slow to import

        return fit_choices
    from estimation.inference.messages import fit_messages  # noqa: PLC0415 - as above

    return fit_messages


def problem_of(model: Theory | ChoiceModel, table: AnyTable) -> Problem:
    """Return a model applied to a table.

    Raises
    ------
    FitError
        If they do not belong together.
    """
    if isinstance(model, Theory) and isinstance(table, Table):
        return MessageProblem(model, table)
    if isinstance(model, ChoiceModel) and isinstance(table, ChoiceTable):
        return model.on(table)
    problem = f"a {type(model).__name__} says nothing about a {type(table).__name__}"
    advice = "theories take a Table of decisions, models of choice a ChoiceTable of choices"
    raise FitError("The fit cannot be started:", [f"{problem}; {advice}"])


def load_fit(path: str | Path) -> Fit[Any]:
    """Read a fit that was saved, of whichever family.

    Raises
    ------
    FitError
        If the file is missing, is not a fit, is of another format, or holds other data than it says.
    """
    tree, manifest = read(path)
    if manifest.get("format") != FORMAT:
        problem = f"{path} has format {manifest.get('format')}, this version reads {FORMAT}; fit it again"
        raise FitError("The fit cannot be read:", [problem])
    data = manifest["data"]
    table = from_dataset(tree["table"].dataset, data)
    if table.fingerprint != data["fingerprint"]:
        raise FitError("The fit cannot be read:", [f"{path} holds other data than its manifest says"])
    groups = {node.path: node.to_dataset() for node in tree.subtree if node.path != "/table"}
    kept = xr.DataTree.from_dict({"/": xr.Dataset(), **groups})
    model = (ChoiceModel if manifest["family"] == CHOICES else Theory).from_spec(manifest["model"])
    return Fit(problem_of(model, table), kept, manifest)


def leave_out(fit: Fit[Any], people: Sequence[str], **settings: int) -> Refitted:
    """Return log p(person | everybody but these people) of each of these people, nats, by a refit without them.

    Parameters
    ----------
    settings
        ``draws`` and ``tune`` of the refit, for theories of messages.
    """
    if fit.family == CHOICES:
        from estimation.choice.refit import without  # noqa: PLC0415 - engines are slow to import

        return without(fit.problem, people)
    from estimation.inference.refit import Refitter  # noqa: PLC0415 - engines are slow to import

    return Refitter(fit, **settings).without(people)
