"""Fits that were saved, read back: only what was written, and only what fits are made of."""

from __future__ import annotations

import os
from pathlib import Path

import xarray as xr

import estimation.choice.models  # noqa: F401 - defines those of the package, which files name
from estimation.choice.model import ChoiceModel
from estimation.data.choices.partitions.partitions import ChoicePartitions
from estimation.data.stored import from_dataset
from estimation.errors import FitError
from estimation.fits.fit import CHOICES, MESSAGES, PLAYS, AnyFit, Fit, Problem
from estimation.fits.job import FORMAT
from estimation.fits.storage import READING, read
from estimation.inference.asked import Model, problem_of
from estimation.inference.partitioned.fit import FILE, PartitionedFit
from estimation.inference.partitioned.problem import PartitionedProblem
from estimation.inference.problem import MessageProblem
from estimation.theories.messages.theory import Theory
from estimation.theories.plays.theory import PlayTheory

BASES: dict[str, type[Model]] = {MESSAGES: Theory, PLAYS: PlayTheory, CHOICES: ChoiceModel}
"""Family → what its models are read back as."""


def load_fit(path: str | Path) -> AnyFit:
    """Read a fit that was saved, of whichever family; of people in partitions, by its folder.

    Raises
    ------
    FitError
        If the file is missing, is not a fit, is of another format, or does not hold what was written.
    """
    if not isinstance(path, str | os.PathLike):
        raise FitError(READING, [f"give the path of a file, not {path!r}"])
    is_store = os.path.isdir(path)
    tree, manifest = read(Path(path) / FILE if is_store else path)
    if manifest.get("format") != FORMAT:
        advice = f"{path} has format {manifest.get('format')}, this version reads {FORMAT}; fit it again"
        raise FitError(READING, [advice])
    try:
        data, base = manifest["data"], BASES[manifest["family"]]
        table, spec = from_dataset(tree["table"].dataset, data), manifest["model"]
        if table.fingerprint != data.get("fingerprint"):
            raise FitError(READING, [f"{path} holds other data than its manifest says"])
        problem = problem_of(base.from_spec(spec), table, manifest.get("pooled"), manifest.get("equal"))
        _check_names(problem, tree["posterior"].dataset, path)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as amiss:
        raise FitError(READING, [f"{path} lacks a part that fits have, or has another one: {amiss}"]) from amiss
    groups = {node.path: node.to_dataset() for node in tree.subtree if node.path != "/table"}
    tree = xr.DataTree.from_dict({"/": xr.Dataset(), **groups})
    store = Path(path).resolve() if is_store else Path(path).resolve().parent
    if isinstance(problem, PartitionedProblem):
        return PartitionedFit(problem, tree, manifest, store)
    if isinstance(table, ChoicePartitions):
        from estimation.inference.choice_partitions.fit import PartitionedChoiceFit  # noqa: PLC0415 - slow to load

        return PartitionedChoiceFit(problem, tree, manifest, store)  # type: ignore[arg-type]
    return Fit(problem, tree, manifest)


def _check_names(problem: Problem, posterior: xr.Dataset, path: str | Path) -> None:
    """Raise `FitError` if columns of formulas are others than those whose coefficients were drawn, or in other order.

    Coefficients go by their places. Versions that kept no order of categories wrote such files.
    """
    if not (isinstance(problem, MessageProblem) and problem.theory.formulas):
        return
    for dim in ("parameter", "covariate"):
        drawn = [str(name) for name in posterior[dim].to_numpy()] if dim in posterior.coords else []
        if drawn != problem.labels[dim]:
            told = f"it holds draws of {drawn}, where the formulas of its table are about {problem.labels[dim]}"
            why = "the order of categories is lost, as in files of earlier versions"
            raise FitError(READING, [f"{path} cannot be used: {told}; {why}; fit it again"])
