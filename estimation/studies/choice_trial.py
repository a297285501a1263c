"""Simulated tables of choices, each fitted by the model that made it: trials of the road of choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from estimation.choice.model import ChoiceModel
from estimation.choice.models.classes import LatentClassLogit
from estimation.choice.quantities.simulate import simulate_choices
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, StudyError, raise_all
from estimation.inference.fit import fit
from estimation.jobs.unit import Result, Unit, seed_of
from estimation.studies.plan import StudyPlan
from estimation.studies.trial import checks, summary
from estimation.studies.trials import WHAT

QUICK: dict[str, Any] = {"draws": 300, "chains": 2, "progress": False}
"""Settings of refits: two chains, since one cannot show that it has converged."""


@dataclass(frozen=True)
class ChoiceTrial:
    """Draw a model's parameters from its prior, simulate choices and fit them."""

    model: ChoiceModel  # who makes and fits the choices
    table: ChoiceTable  # in whose situations
    settings: Mapping[str, Any] = field(default_factory=dict)  # of the fits, in addition to `QUICK`
    seed: int = 0  # root of all randomness

    def __call__(self, unit: Unit) -> Result:
        """Return truth, estimates, ranks and checks of one trial; or why the data were refused (separation)."""
        seed = seed_of(self.seed, unit.key)
        rng = np.random.default_rng(seed_of(self.seed, f"{unit.key}, truth"))
        truth, luck = self.model.on(self.table).truth(rng), int(rng.integers(2**31))
        further: dict[str, Any] = dict(truth.further)
        made = simulate_choices(self.model, self.table, truth.weights, seed=luck, **further)
        try:
            found = fit(self.model, made, **{"seed": seed, **QUICK, **self.settings})
        except ChoiceError as problem:  # refused because of the data alone: the others' ranks stay uniform
            return {"refused": str(problem)}
        drawn = found.problem.quantities(found.posterior)
        return summary(truth.quantities, drawn, rng) | checks(found)


def choice_trials(model: ChoiceModel, table: ChoiceTable, plan: StudyPlan) -> tuple[list[Result], dict[str, Any]]:
    """Return the results of trials of a model whose parameters come from its prior, and all that they depend on.

    Raises
    ------
    StudyError
        If the prior cannot be drawn from.
    """
    _check_prior(model)
    settings = dict(plan.settings)
    job = {"model": model.spec(), "design": table.fingerprint, "settings": QUICK | settings, "seed": plan.seed}
    work = ChoiceTrial(model, table, settings, plan.seed)
    return list(plan.run([Unit(key) for key in plan.keys], work, job, WHAT).values()), job


def _check_prior(model: ChoiceModel) -> None:
    names = [] if isinstance(model, LatentClassLogit) else list(model.covariates)
    problem = f"truths are not drawn from the prior of the effects of covariates {names}; leave them out"
    raise_all([problem] if names else [], StudyError, "The study cannot be run:")
