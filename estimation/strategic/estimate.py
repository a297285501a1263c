"""Estimate theories of play: the mode of the likelihood, the posterior, and scores of what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import optimize
from scipy.stats import qmc

from estimation.arrays import Array
from estimation.data.plays import PlayTable
from estimation.errors import ComparisonError, raise_all
from estimation.strategic.importance import Weighted, leave_one_out, sample_posterior
from estimation.strategic.likelihood import Differing, Shared
from estimation.strategic.quantiles import quantiles
from estimation.theories.plays.theory import StrategicTheory

STARTS, CLIMBED = (
    1024,
    6,
)  # points at which the search for the mode looks, and the best of them that it climbs from
WIDE, LIMITS = (
    2.5,
    20.0,
)  # standard deviations of the prior over which it looks; and at which it looks besides


@dataclass(frozen=True)
class Mode:
    """The best parameters without a prior.

    Attributes
    ----------
    parameters : Series
        Natural values by name.
    log_likelihood : float, nats
    """

    parameters: pd.Series
    log_likelihood: float


@dataclass(frozen=True, eq=False, repr=False)
class PlaysFit:
    """A theory of play fitted to choices.

    Attributes
    ----------
    theory, plays
        What was fitted to what.
    model
        The likelihood: `Shared` or `Differing`.
    posterior
        Weighted points.
    seed
        Root of their randomness.
    """

    theory: StrategicTheory
    plays: PlayTable
    model: Shared | Differing
    posterior: Weighted
    seed: int

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row per number: posterior median and central 90 % interval, natural scale."""
        values, weight = self.model.natural(self.posterior.theta), self.posterior.weight
        rows = [quantiles(row, weight, (0.5, 0.05, 0.95)) for row in values]
        index = pd.Index(self.model.names, name="quantity")
        return pd.DataFrame(rows, columns=["median", "low", "high"], index=index)

    @cached_property
    def elpd(self) -> pd.DataFrame:
        """Log p(unit | all others), nats, for each person, or game and side; and whether that took a refit."""
        model = self.model
        score, anew = leave_one_out(model.log_likelihood, model.prior, self.posterior, self.seed)
        return pd.DataFrame({"elpd": score, "refitted": anew}, index=pd.Index(model.units, name="unit"))

    @property
    def ok(self) -> bool:
        """Whether the weights of the posterior can be trusted."""
        return self.posterior.ok

    def __repr__(self) -> str:
        state = "weights good" if self.ok else "weights NOT to be trusted"
        shape = f"Pareto k {self.posterior.pareto_k:.2f}, {self.posterior.effective:.0f} effective draws"
        return f"{self.theory.name} on {self.plays.label}: {state} ({shape})\n{self.summary.round(3).to_string()}"


def mode(theory: StrategicTheory, plays: PlayTable, *, seed: int = 0) -> Mode:
    """Return the parameters, shared by everybody, that maximise the likelihood.

    Likelihoods of exact replies jump and have several peaks: the search looks over a wide grid and at the limits of
    each parameter (nobody thinks, nobody errs), then climbs from the best points without derivatives.

    Raises
    ------
    FitError
        If the theory knows kinds of people.
    """
    model = Shared(theory, plays)
    prior = model.prior
    cube = qmc.Sobol(len(prior.mean), rng=np.random.default_rng(seed)).random(STARTS).T
    limits = LIMITS * np.concatenate([np.eye(len(cube)), -np.eye(len(cube))], axis=1)
    starts = prior.mean[:, None] + prior.sd[:, None] * np.concatenate([WIDE * (2 * cube - 1), limits], axis=1)
    order = np.argsort(-model.log_likelihood(starts).sum(axis=0))
    beyond = (
        2 * LIMITS * prior.sd
    )  # play stands still from the limits on, and the search would go where rounding leads

    def loss(theta: Array) -> float:
        return -float(model.log_likelihood(theta[:, None]).sum())

    options = {"xatol": 1e-6, "fatol": 1e-7, "maxiter": 4000}
    bounds = optimize.Bounds(prior.mean - beyond, prior.mean + beyond)
    found = [
        optimize.minimize(loss, starts[:, k], method="Nelder-Mead", bounds=bounds, options=options)
        for k in order[:CLIMBED]
    ]
    best = min(found, key=lambda result: float(result.fun))
    return Mode(pd.Series(model.natural(best.x[:, None])[:, 0], index=list(model.names)), -float(best.fun))


def posterior(theory: StrategicTheory, plays: PlayTable, *, people: bool = False, seed: int = 0) -> PlaysFit:
    """Return the posterior of a theory of play.

    Parameters
    ----------
    people
        Whether people differ: then every person has parameters of their own, and a kind where the theory knows kinds.

    Raises
    ------
    FitError
        If people are to differ and are not known, or parameters to be shared and the theory knows kinds.
    """
    model: Shared | Differing = Differing(theory, plays) if people else Shared(theory, plays)
    return PlaysFit(theory, plays, model, sample_posterior(model.log_likelihood, model.prior, seed), seed)


def scores(fits: Mapping[str, PlaysFit]) -> pd.DataFrame:
    """Return theories side by side, best first, by how well each predicts a unit from all others.

    Returns
    -------
    DataFrame
        ``elpd`` (nats), ``elpd_diff`` to the best, ``dse`` (its standard error over units), ``log_evidence``,
        ``refitted`` (units that were left out by sampling anew) and ``ok`` (the posterior's weights can be trusted).

    Raises
    ------
    ComparisonError
        If the fits are of different data.
    """
    marks = {name: fit.plays.fingerprint for name, fit in fits.items()}
    problem = f"the fits use different data: { {name: mark[:8] for name, mark in marks.items()} }"
    raise_all([problem] * (len(set(marks.values())) > 1), ComparisonError, "The fits cannot be compared:")
    points = pd.DataFrame({name: fit.elpd["elpd"] for name, fit in fits.items()})
    best = points.sum().idxmax()
    gap = points.sub(points[best], axis=0)
    table = pd.DataFrame(
        {
            "elpd": points.sum(),
            "elpd_diff": gap.sum(),
            "dse": np.sqrt(len(points)) * gap.std(),
            "log_evidence": pd.Series({name: fit.posterior.log_evidence for name, fit in fits.items()}),
            "refitted": pd.Series({name: int(fit.elpd["refitted"].sum()) for name, fit in fits.items()}),
            "ok": pd.Series({name: fit.ok for name, fit in fits.items()}),
        }
    )
    return table.sort_values("elpd", ascending=False).rename_axis("theory")
