"""The PyMC model behind a fit, to be drawn as a graph, extended, or sampled by any sampler of PyMC."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from estimation.choice.likelihoods.target import prior_sd
from estimation.choice.models.logit import MultinomialLogit
from estimation.choice.utilities.design import arrays_of
from estimation.data.stored import AnyTable
from estimation.errors import FitError
from estimation.inference.asked import Model, problem_of
from estimation.inference.problem import MessageProblem

if TYPE_CHECKING:
    import pymc as pm

    from estimation.data.choices.table import ChoiceTable


def pymc_model(model: Model, table: AnyTable) -> pm.Model:
    """Return a model as PyMC has it, with names and dimensions as in ``fit.tree["posterior"]``.

    Of a theory of messages in which people differ: ``mean`` and ``sd`` (parameter) of the population, transformed
    scale, ``share`` (kind) if there are kinds of people, which are summed over, ``coefficient`` (covariate) and
    ``correlation`` (pair) if the theory has them, and people's own ``theta`` (subject, parameter), which the engine of
    `est.fit` integrates out. Of a multinomial logit in which people are alike: ``coefficients`` (coefficient).

    Parameters
    ----------
    model, table
        As for `est.fit`.

    Raises
    ------
    FitError
        If there is no such model: of theories in which people learn, of play, and of choice where people differ.
    TheoryError
        If the theory has no gradient (a best message found by search).
    """
    problem = problem_of(model, table)
    if isinstance(problem, MessageProblem) and not problem.theory.learns:
        from estimation.population.joint import joint_model  # noqa: PLC0415 - slow to import

        labels = {name: along for name, along in problem.labels.items() if along}
        subjects = {"subject": list(problem.table.subjects)}
        return joint_model(problem.theory, problem.crowd.people, problem.structure, labels | subjects)
    if isinstance(model, MultinomialLogit) and not model.random:
        return _logit(model, problem.table)  # type: ignore[arg-type] # a model of choices has a table of choices
    advice = "PyMC models are made of theories of messages in which nobody learns, and of logits with equal weights"
    raise FitError(f"There is no PyMC model of {problem.label}:", [advice])


def _logit(model: MultinomialLogit, table: ChoiceTable) -> pm.Model:
    """Return the multinomial logit in which everybody has the same weights."""
    import pymc as pm  # noqa: PLC0415 - slow to import
    import pytensor.tensor as pt  # noqa: PLC0415 - as above

    arrays = arrays_of(model, table)
    first, sizes = arrays.first_row, np.diff(arrays.first_row)
    slot = np.arange(first[-1]) - np.repeat(first[:-1], sizes)
    situation = np.repeat(np.arange(len(sizes)), sizes)
    with pm.Model(coords={"coefficient": list(arrays.attributes)}) as made:
        weights = pm.Normal("coefficients", 0, prior_sd(arrays, model.prior_scale), dims="coefficient")
        utility = arrays.x @ weights
        padded = pt.set_subtensor(pt.full((len(sizes), sizes.max()), -np.inf)[situation, slot], utility)
        chosen = utility[arrays.chosen] - pt.logsumexp(padded, axis=1)
        pm.Potential("situations", (arrays.weight * chosen).sum())
    return made
