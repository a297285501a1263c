"""The logit on choices in partitions: one pass for value, gradient and curvature; its mode, and draws around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from estimation.arrays import Array
from estimation.choice.likelihoods.logit import LogitLikelihood
from estimation.choice.likelihoods.newton import Top, maximise
from estimation.choice.likelihoods.target import sd_of
from estimation.choice.maximum.maximum import inverse_of
from estimation.choice.maximum.sandwich import INFORMATION, ROBUST
from estimation.choice.pooled import far_from_zero, simpler
from estimation.choice.sampling.draws import Fitted
from estimation.choice.sampling.independence import near_normal
from estimation.choice.sampling.pooled_draws import named
from estimation.choice.sampling.sampler import sample_top
from estimation.errors import ChoiceError
from estimation.fits.checks import is_short, tail_shapes
from estimation.fits.job import Settings
from estimation.inference.choice_partitions.mode import SummedMode
from estimation.inference.choice_partitions.problem import PartitionedLogit
from estimation.inference.choice_partitions.team import Team, summed
from estimation.names import SUBJECT

EXACT = 2_000_000_000
"""Rows times draws up to which every draw is weighed; beyond, a normal is drawn from and some proposals are."""
CHECKED = 64
"""Proposals that are weighed where the posterior is taken for the normal around its mode."""
NORMAL = 0.1
"""Standard deviation of their log weights, nats, up to which it is: so many draws lose a hundredth of their worth."""


@dataclass(frozen=True, eq=False)
class SummedLogit(LogitLikelihood):
    """The likelihood of all choices as sums over partitions; `arrays` are those of the example.

    Value, gradient and curvature come from one pass over the choices, and are remembered until the next one.
    """

    team: Team
    told: dict[str, Any]
    last: dict[bytes, dict[str, Array]] = field(default_factory=dict)

    @classmethod
    def of(cls, problem: PartitionedLogit, team: Team) -> SummedLogit:
        """Let partitions be read and checked, and return the likelihood."""
        told = team.ask("build", "reading choices", checked=team.largest.name)
        found = {name: summed(told, name) for name in told[0]}
        spread = np.sqrt(found["squares"] / found["rows"])
        return cls(problem.likelihood.arrays, sd_of(spread, problem.model.prior_scale), team, found)

    def slope(self, parameters: Array) -> tuple[float, Array]:
        """Return the log likelihood, nats, and its gradient, (coefficient,)."""
        found = self._at(parameters)
        return float(found["value"]), found["slope"]

    def information(self, parameters: Array) -> Array:
        """Return minus the second derivative, (coefficient, coefficient)."""
        return self._at(parameters)["information"]

    def weighed(self, weights: Array) -> Array:
        """Return the log posterior density of weights (coefficient, draw) → (draw,), nats, without its constant."""
        return summed(self.team.ask("weigh", weights=weights), "value") + self.log_prior(weights)

    def _at(self, parameters: Array) -> dict[str, Array]:
        key = parameters.tobytes()
        if key not in self.last:
            told = self.team.ask("expand", weights=parameters)
            self.last.clear()
            self.last[key] = {name: summed(told, name) for name in ("value", "slope", "information")}
        return self.last[key]


def mode_of(problem: PartitionedLogit, team: Team) -> SummedMode:
    """Return the maximum-likelihood estimate, with errors from the curvature and robust ones, by sums."""
    likelihood = SummedLogit.of(problem, team)
    top = maximise(likelihood, prior=False)
    if not top.converged:
        raise ChoiceError("The search for the maximum did not end:", simpler(likelihood.arrays))
    names = pd.Index(likelihood.arrays.attributes, name="coefficient")
    inverse = inverse_of(top.information)
    told = team.ask("score", weights=top.parameters)
    counts = {ROBUST: int(likelihood.told["choices"]), SUBJECT.name: int(likelihood.told["people"])}
    covariances = {INFORMATION: inverse}
    for errors, count in counts.items():
        covariances[errors] = inverse @ summed(told, errors) @ inverse * (count / (count - 1))
    return SummedMode(
        problem.model,
        problem.table,  # type: ignore[arg-type] # what is asked of it, it knows as a table does
        top.value,
        float(likelihood.told["null"]),
        pd.Series(top.parameters, index=names, name="estimate"),
        pd.Series([], index=pd.Index([], dtype=object), name="estimate", dtype=float),
        (),
        pd.DataFrame(inverse, names, names),
        np.empty((0, len(names))),
        SUBJECT.name if counts[SUBJECT.name] < counts[ROBUST] else INFORMATION,
        {errors: pd.DataFrame(found, names, names) for errors, found in covariances.items()},
        counts,
    )


def draws_of(problem: PartitionedLogit, team: Team, settings: Settings) -> Fitted:
    """Return draws of the posterior: by proposals around the mode, or of the normal there if weights allow it."""
    likelihood = SummedLogit.of(problem, team)
    try:
        return _drawn(likelihood, settings)
    except np.linalg.LinAlgError as amiss:  # no curvature at the mode: its digits were lost
        raise ChoiceError("The posterior has no mode that can be drawn around:", simpler(likelihood.arrays)) from amiss


def _drawn(likelihood: SummedLogit, settings: Settings) -> Fitted:
    top = maximise(likelihood, prior=True)
    count = settings.chains * settings.draws
    quick = None if likelihood.told["rows"] * count <= EXACT else _normal(likelihood, top, settings)
    if quick is not None:
        return quick
    found = sample_top(
        likelihood,
        top,
        likelihood.weighed,
        near_normal(len(top.parameters)),
        thin=1,
        settings=settings,
        is_short=lambda draws: is_short(named(likelihood, draws)),
        before_chains=partial(_refuse_chains, likelihood),
    )
    groups = {
        "posterior": named(likelihood, found.draws),
        "sample_stats": found.stats,
        "log_likelihood": xr.Dataset(),
        "proposals": xr.Dataset({"k": found.proposals.pareto_k} if found.proposals else {}),
    }
    return Fitted(groups, found.facts | {"prior_sd": likelihood.prior_sd.tolist()})


def _normal(likelihood: SummedLogit, top: Top, settings: Settings) -> Fitted | None:
    """Return draws of the normal around the mode; None if the weights of some of them say that it is not enough."""
    rng = np.random.default_rng(settings.seed)
    root = np.linalg.cholesky(np.linalg.inv(top.information))
    white = rng.standard_normal((len(root), CHECKED))
    log_weight = likelihood.weighed(top.parameters[:, None] + root @ white) + 0.5 * (white**2).sum(axis=0)
    spread = float(log_weight.std())
    if not (top.converged and spread <= NORMAL):
        return None
    drawn = top.parameters + rng.standard_normal((settings.chains, settings.draws, len(root))) @ root.T
    worth = settings.chains * settings.draws * float(np.exp(-(spread**2)))
    facts = {"name": f"the normal around the mode; log weights of {CHECKED} of its draws differ by {spread:.4f} nats"}
    groups = {
        "posterior": named(likelihood, drawn),
        "sample_stats": xr.Dataset(),
        "log_likelihood": xr.Dataset(),
        "proposals": xr.Dataset({"k": tail_shapes(log_weight[None])[0], "effective": worth}),
    }
    return Fitted(groups, facts | {"prior_sd": likelihood.prior_sd.tolist()})


def _refuse_chains(likelihood: SummedLogit) -> None:
    advice = "chains are not offered for choices in partitions; simplify the model, or fit a sample"
    advices = far_from_zero(likelihood.arrays) or [advice]
    raise ChoiceError("Proposals around the mode do not cover the posterior:", advices)
