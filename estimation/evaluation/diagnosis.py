"""Can the numbers of a fit be trusted? Criteria with values and thresholds, and one sentence."""

from __future__ import annotations

from dataclasses import dataclass

import arviz as az
import numpy as np
import pandas as pd
import xarray as xr

from estimation.fits.checks import EFFECTIVE, ESS_PER_CHAIN, GOOD_K, RHAT, least_ess, worst_rhat
from estimation.fits.fit import PLAYS, AnyFit, check_fit
from estimation.inference.roles import role_fits
from estimation.population.likelihoods import TOLERATED, relative_error
from estimation.text.page import as_html

BFMI = 0.3  # Betancourt (2016), arXiv:1604.00695
INTEGRAL_ERROR = "integral error"
DIGITS = {"R-hat": ".4f"}  # where three significant ones would round a failure to the threshold
RULED_OUT = -1e8  # nats: decisions without a number count as -1e10, see `population.nodes`
FALSE_ALARM = 0.01  # probability of "missed peaks" if every integral is right
EFFECTIVE_NODES = 20  # below it, a person's integral rests on a handful of points


@dataclass(frozen=True, eq=False, repr=False)
class Diagnosis:
    """The outcome of each check of a fit.

    Attributes
    ----------
    label
        What was fitted.
    table
        One row per criterion: value, threshold, passed, meaning.
    notes
        What must be known of the theory at these estimates, though no check fails.
    """

    label: str
    table: pd.DataFrame
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every criterion is met."""
        return bool(self.table["passed"].all())

    @property
    def comparable(self) -> bool:
        """Whether every criterion is met that a comparison needs.

        How far integrals move estimates is none of its business: a comparison adds up the errors of people's
        likelihoods by itself.
        """
        return bool(self.table["passed"][~self.table.index.str.startswith(INTEGRAL_ERROR)].all())

    @property
    def verdict(self) -> str:
        """One sentence: sound, or what failed."""
        if self.ok:
            return " ".join([f"{self.label}: all {len(self.table)} checks passed.", *self.notes])
        failed = [
            f"{name} is {row.value:{DIGITS.get(str(name).split(',')[0], '.3g')}} ({row.threshold})"
            for name, row in self.table[~self.table["passed"]].iterrows()
        ]
        return f"{self.label}: do not use these numbers yet; {'; '.join(failed)}."

    def __repr__(self) -> str:
        return f"{self.verdict}\n{self.table.to_string()}"

    def _repr_html_(self) -> str:
        return as_html(self.verdict, self.table)


def diagnose(fit: AnyFit) -> Diagnosis:
    """Check a fit's chains and integrals.

    Returns
    -------
    Diagnosis
        Convergence of the chains (R-hat, effective sample size), what the sampler says of itself (divergences and
        energy, or how well its proposals cover the posterior), and the quality of each person's integral (Pareto k of
        the importance weights, effective nodes), as far as there are any. Of unrelated roles, each by itself.

    Raises
    ------
    FitError
        If it is no fit.
    """
    check_fit(fit, "There is nothing to diagnose:")
    roles = role_fits(fit)
    if roles:
        tables = [diagnose(one).table for one in roles.values()]
        named = [table.set_axis(table.index + f", {role}s") for role, table in zip(roles, tables, strict=True)]
        return Diagnosis(fit.label, pd.concat(named).rename_axis("criterion"))
    stats = fit.tree["sample_stats"].dataset
    rows = _of_numbers(fit)
    rows += [] if _is_weighted(fit) else _of_chains(fit.problem.watched(fit.posterior)) + _of_sampler(stats)
    if "proposals" in fit.tree:
        rows += _of_proposals(fit.tree["proposals"].dataset)
    if "integration" in fit.tree:
        rows += _of_integrals(fit.tree["integration"].dataset, fit.tree["posterior"].dataset)
    table = pd.DataFrame(rows, columns=["criterion", "value", "threshold", "passed", "meaning"])
    return Diagnosis(fit.label, table.set_index("criterion"), _notes(fit))


def _notes(fit: AnyFit) -> tuple[str, ...]:
    if fit.family != PLAYS or "median" not in fit.summary:
        return ()
    return tuple(fit.model.reservations(fit.table.games, fit.summary["median"].to_dict()))


Row = tuple[str, float, str, bool, str]


def _of_numbers(fit: AnyFit) -> list[Row]:
    """Return a row if draws are no numbers, or somebody's decisions impossible: other checks pass over them."""
    values = [*fit.tree["posterior"].dataset.data_vars.values(), *fit.tree["log_likelihood"].dataset.data_vars.values()]
    missing = sum(int((~np.isfinite(value.to_numpy())).sum()) for value in values)
    rows: list[Row] = [("missing numbers", float(missing), "0", False, "every draw is a number")] * bool(missing)
    impossible = sum(_impossible(value) for value in fit.tree["log_likelihood"].dataset.data_vars.values())
    meaning = "the model gives a number for what everybody did, and does not rule it out"
    return rows + [("impossible people", float(impossible), "0", False, meaning)] * bool(impossible)


def _impossible(log_likelihood: xr.DataArray) -> int:
    """Return of how many people, or of what else likelihoods are, the average draw rules out what was done."""
    return int((log_likelihood.mean(("chain", "draw")) < RULED_OUT).sum())


def _of_chains(posterior: xr.Dataset) -> list[Row]:
    ess_needed = ESS_PER_CHAIN * posterior.sizes["chain"]
    rhat, bulk, tail = worst_rhat(posterior), least_ess(posterior, "bulk"), least_ess(posterior, "tail")
    return [
        ("R-hat", rhat, f"at most {RHAT}", rhat <= RHAT, "chains agree with each other"),
        ("bulk ESS", bulk, f"at least {ess_needed}", bulk >= ess_needed, "draws are enough for means"),
        ("tail ESS", tail, f"at least {ess_needed}", tail >= ess_needed, "draws are enough for intervals"),
    ]


def _of_sampler(stats: xr.Dataset) -> list[Row]:
    rows: list[Row] = []
    if "diverging" in stats:
        count = float(stats["diverging"].sum())
        rows.append(("divergences", count, "0", count == 0, "no part of the posterior was too steep for the sampler"))
    if "energy" in stats:
        bfmi = float(np.min(np.asarray(az.bfmi(stats["energy"].to_numpy()))))
        rows.append(
            ("E-BFMI", bfmi, f"at least {BFMI}", bfmi >= BFMI, "the sampler reached the tails of the posterior")
        )
    return rows


def _is_weighted(fit: AnyFit) -> bool:
    """Return whether the draws are independent: then chains have nothing to say."""
    return "proposals" in fit.tree and "effective" in fit.tree["proposals"].dataset


def _of_proposals(quality: xr.Dataset) -> list[Row]:
    k, is_weighted = float(quality["k"]), "effective" in quality
    name = "Pareto k of proposals" if is_weighted else "Pareto k"
    rows: list[Row] = [(name, k, f"below {GOOD_K}", k < GOOD_K, "the proposals cover the posterior")]
    if is_weighted:
        count = float(quality["effective"])
        enough = count >= EFFECTIVE
        rows.append(("effective draws", count, f"at least {EFFECTIVE}", enough, "draws are enough for intervals"))
    return rows


def _of_integrals(quality: xr.Dataset, posterior: xr.Dataset) -> list[Row]:
    worst_k, least = float(np.max(quality["k"].to_numpy())), float(np.min(quality["effective"].to_numpy()))
    enough = least >= EFFECTIVE_NODES
    rows = [
        ("Pareto k", worst_k, f"below {GOOD_K}", worst_k < GOOD_K, "every person's integral is reliable"),
        ("effective nodes", least, f"at least {EFFECTIVE_NODES}", enough, "no integral rests on few points"),
    ]
    if "stake" in quality:
        stake, allowed = float(quality["stake"].max()), float(np.log(_people(quality) / FALSE_ALARM))
        meaning = (
            "points drawn without regard to the data find nothing that an integral missed (log evidence that one did)"
        )
        rows.append(("missed peaks", stake, f"at most {allowed:.1f}", stake <= allowed, meaning))
    if "mean_error" in quality:
        shift = relative_error(quality, posterior)
        meaning = "errors of the integrals move no estimate by more (posterior standard deviations)"
        rows.append((INTEGRAL_ERROR, shift, f"at most {TOLERATED}", shift <= TOLERATED, meaning))
    return rows


def _people(quality: xr.Dataset) -> int:
    """Return of how many people integrals were judged; of those in partitions the worst ones stand there."""
    return int(quality["people"].sum()) if "people" in quality else quality.sizes["subject"]
