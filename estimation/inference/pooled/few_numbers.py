"""Fit models whose population is described by a few numbers: theories of play, and pooled theories of messages."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from scipy import special

from estimation.arrays import Array, Spec
from estimation.errors import FitError, TheoryError, raise_all
from estimation.fits.checks import resampled
from estimation.fits.fit import Fit, Problem
from estimation.fits.job import Settings, manifest_of
from estimation.fits.refitted import Refitted
from estimation.inference.pooled.adaptive_importance import Points, sample_posterior
from estimation.inference.undefined import ADVICE, AWAY
from estimation.population.normal import Population
from estimation.theories.parameter import Parameter


class FewNumbers(Problem):
    """A model whose population is described by a few numbers, applied to a table.

    The posterior's variable is ``theta`` (chain, draw, number), transformed scale: points drawn in proportion to their
    weights. ``proposals`` also holds ``log_evidence``, the log probability of the data under model and prior, nats.

    Attributes
    ----------
    is_pooled
        Whether everybody shares the parameters.
    """

    is_pooled = True

    @property
    @abstractmethod
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters of a person, or of everybody."""

    @property
    @abstractmethod
    def units(self) -> list[str]:
        """Who or what the rows of the likelihood are: what can be left out."""

    @abstractmethod
    def log_likelihood(self, theta: Array) -> Array:
        """Return the log likelihood of each unit at theta (number, node), (unit, node), nats."""

    def check(self) -> None:
        """Say what cannot be fitted before anything is computed.

        Raises
        ------
        TheoryError
            If the likelihood of a unit is no number (NaN) at the centre of the prior, or a deviation to either side.
        """
        prior = self.prior
        with np.errstate(all="ignore"):
            value = self.log_likelihood(prior.mean[:, None] + prior.sd[:, None] * np.array(AWAY))
        lost = [unit for unit, row in zip(self.units, value, strict=True) if np.isnan(row).any()]
        problems = [f"no number (NaN) for what {unit!r} did; {ADVICE}" for unit in lost]
        raise_all(problems, TheoryError, f"{self.model.name} cannot be applied to {self.table.label}:")

    @property
    def quantities(self) -> dict[str, tuple[str, str]]:
        """What is estimated: name → symbol and unit."""
        return {p.name: (p.symbol, p.unit) for p in self.parameters}

    @property
    def numbers(self) -> tuple[str, ...]:
        """What the entries of theta are called."""
        return tuple(self.quantities)

    @property
    def prior(self) -> Population:
        """The prior of theta."""
        centre, sd = np.array([(p.centre, p.centre_sd) for p in self.parameters]).T
        return Population(centre, sd, np.ones(1))

    def natural(self, theta: Array) -> Array:
        """Return the quantities, natural scale, at theta (number, node), (quantity, node)."""
        return np.stack([p.natural(row) for p, row in zip(self.parameters, theta, strict=True)])

    @property
    def about(self) -> Spec:
        """Whether everybody shares the parameters."""
        return {"pooled": self.is_pooled}

    @property
    def label(self) -> str:
        """Model and data; ``pooled`` where people could differ."""
        pooled = ", pooled," if self.is_pooled and self.table.subjects else ""
        return f"{self.model.name}{pooled} on {self.table.label}"

    def theta(self, posterior: xr.Dataset) -> Array:
        """Return the draws of theta, (number, sample), chains one after another."""
        return posterior["theta"].stack(sample=("chain", "draw")).transpose("number", "sample").to_numpy()

    def draws(self, posterior: xr.Dataset) -> pd.DataFrame:
        """Return draws of `quantities`."""
        samples = posterior.stack(sample=("chain", "draw")).indexes["sample"]
        return pd.DataFrame(self.natural(self.theta(posterior)).T, samples, list(self.quantities))

    def summary(self, posterior: xr.Dataset) -> pd.DataFrame:
        """Return one row per quantity, with its symbol and its unit."""
        symbols, units = zip(*self.quantities.values(), strict=True)
        found = super().summary(posterior)
        return found.assign(symbol=symbols, unit=units)[["symbol", *found.columns, "unit"]]


def fit_few_numbers(
    problem: FewNumbers,
    settings: Settings,
    path: str | Path | None = None,
    progress: bool = False,  # noqa: ARG001 - all families are fitted alike; this takes seconds
) -> Fit[FewNumbers]:
    """Fit a model of a few numbers.

    Raises
    ------
    FitError
        If there is nothing to estimate, or the path's folder does not exist.
    TheoryError
        If the theory gives no number (NaN) for what somebody did.
    """
    problems = [] if problem.parameters else [f"{problem.model.name} has no parameters"]
    raise_all(problems, FitError, "There is nothing to estimate:")
    problem.check()
    started, rng = time.perf_counter(), np.random.default_rng(settings.seed)
    tree = _assembled(problem, settings, sample_posterior(problem.log_likelihood, problem.prior, rng), rng)
    result = Fit(problem, tree, manifest_of(problem, settings, time.perf_counter() - started))
    if path is not None:
        result.save(path)
    return result


def _assembled(problem: FewNumbers, settings: Settings, found: Points, rng: np.random.Generator) -> xr.DataTree:
    """Put draws, likelihoods and the quality of the proposals into one tree with the field's names."""
    chosen = resampled(found.weight, settings.chains * settings.draws, rng)
    shape = (settings.chains, settings.draws)
    ids = {"chain": np.arange(settings.chains), "draw": np.arange(settings.draws)}

    def dataset(name: str, unit: str, labels: Sequence[str], values: Array) -> xr.Dataset:
        drawn = values[:, chosen].T.reshape(*shape, len(values))
        return xr.Dataset({name: (("chain", "draw", unit), drawn)}, {**ids, unit: list(labels)})

    quality = {"k": found.k, "effective": found.effective, "log_evidence": found.log_evidence}
    groups = {
        "/": xr.Dataset(),
        "posterior": dataset("theta", "number", problem.numbers, found.theta),
        "sample_stats": xr.Dataset(),
        "log_likelihood": dataset("people", "subject", problem.units, found.log_likelihood),
        "proposals": xr.Dataset(quality),
    }
    return xr.DataTree.from_dict(groups)


def refit_few_numbers(fit: Fit[FewNumbers], people: Sequence[str]) -> Refitted:
    """Return log p(unit | all but these units) of each of these units, nats, by a posterior without them."""
    problem, left = fit.problem, np.isin(fit.problem.units, people)
    rng = np.random.default_rng([fit.manifest["settings"]["seed"], 3, int(np.argmax(left))])
    others = sample_posterior(problem.log_likelihood, problem.prior, rng, np.where(left, 0.0, 1.0))
    value, log_weight = others.log_likelihood[left], np.log(np.maximum(others.weight, 1e-300))
    scores = special.logsumexp(log_weight + value, axis=1)
    errors = np.sqrt((others.weight * np.expm1(value - scores[:, None])) ** 2 @ np.ones(value.shape[1]))
    names = [unit for unit, out in zip(problem.units, left, strict=True) if out]
    return Refitted(
        dict(zip(names, scores.tolist(), strict=True)), others.ok, dict(zip(names, errors.tolist(), strict=True))
    )
