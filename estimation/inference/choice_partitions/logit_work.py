"""What is done with the choices of one partition where everybody has the same weights: sums go back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from estimation.arrays import Array
from estimation.choice.likelihoods.arrays import ChoiceArrays
from estimation.choice.likelihoods.logit import LogitLikelihood, scores
from estimation.choice.sampling.pooled_draws import of_groups
from estimation.choice.utilities.design import arrays_with
from estimation.data.partitions.partitions import Partition
from estimation.inference.choice_partitions.kept import keep, opened
from estimation.inference.choice_partitions.problem import PartitionedLogit, PartitionedTastes
from estimation.inference.choice_partitions.team import arrays_file
from estimation.inference.partitioned.files import Files
from estimation.jobs.unit import Result, Unit
from estimation.threads import one_thread

CHOICES = "choices"
OF_CHOICES = ("x", "first_row", "chosen", "first_situation", "weight")


@dataclass(frozen=True, eq=False)
class LogitWork:
    """Work on one partition at a time: a unit names the ``partition`` and what to ``do``, a method of this class.

    Attributes
    ----------
    problem
        The model and what is known of all choices, without the list of partitions.
    folder
        Where the numbers of terms are kept, partition by partition.
    """

    problem: PartitionedLogit
    folder: Path

    def __call__(self, unit: Unit) -> Result:
        """Do what a unit says; a unit keeps to one thread."""
        with one_thread():
            return getattr(self, unit.inputs["do"])(unit)

    def build(self, unit: Unit) -> Result:
        """Read and check the rows, and keep the numbers of the terms; return what is summed over all choices."""
        part: Partition = unit.inputs["partition"]
        file = arrays_file(self.folder, part, CHOICES)

        def made() -> Result:
            arrays = arrays_of(self.problem, part, unit.inputs["checked"])
            found = {name: getattr(arrays, name) for name in OF_CHOICES}
            keep(file, found if arrays.offset is None else found | {"offset": arrays.offset})
            return about(arrays)

        return Files(self.folder, part).once(CHOICES, file, made)

    def expand(self, unit: Unit) -> Result:
        """Return the log likelihood at some weights, nats, its gradient and minus its second derivative."""
        likelihood, weights = self._likelihood(unit), np.array(unit.inputs["weights"])
        value, slope = likelihood.slope(weights)
        return {"value": value, "slope": slope, "information": likelihood.information(weights)}

    def score(self, unit: Unit) -> Result:
        """Return sums of outer products of scores, of situations and of people."""
        arrays = self._likelihood(unit).arrays
        own = scores(arrays, np.array(unit.inputs["weights"]))
        people = np.add.reduceat(own, arrays.first_situation[:-1], axis=0)
        return {"robust": own.T @ own, "subject": people.T @ people}

    def weigh(self, unit: Unit) -> Result:
        """Return the log likelihood at many weights (coefficient, draw) → (draw,), nats."""
        likelihood = self._likelihood(unit)
        weights = np.array(unit.inputs["weights"])
        together = np.zeros(likelihood.arrays.situations, dtype=np.int64)
        return {"value": of_groups(likelihood, weights, together)[0]}

    def _likelihood(self, unit: Unit) -> LogitLikelihood:
        found = opened(arrays_file(self.folder, unit.inputs["partition"], CHOICES))
        names = self.problem.likelihood.arrays.attributes
        of_choices = {name: found[name] for name in OF_CHOICES}
        arrays = ChoiceArrays(**of_choices, attributes=names, subjects=(), offset=found.get("offset"))
        return LogitLikelihood(arrays, np.ones(len(names)))


def arrays_of(problem: PartitionedLogit | PartitionedTastes, part: Partition, checked: str) -> ChoiceArrays:
    """Return the choices of a partition; the one named `checked` has to tell all coefficients."""
    table = problem.table.read(part)
    if checked == part.name:
        problem.check_part(table, part.name)
    return arrays_with(problem.design, table)


def about(arrays: ChoiceArrays) -> dict[str, Any]:
    """Return what is summed over all choices: rows, squares around means within situations, the null likelihood."""
    squares: Array = arrays.within_sd**2 * len(arrays.x)
    told = {"rows": len(arrays.x), "squares": squares, "null": arrays.null_log_likelihood}
    return told | {"people": arrays.people, "choices": arrays.situations}
