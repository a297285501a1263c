"""Can the numbers of a fit be trusted? Criteria with values and thresholds, and one sentence."""

from __future__ import annotations

from dataclasses import dataclass

import arviz as az
import numpy as np
import pandas as pd

from estimation.inference.artifact import Fit
from estimation.convergence import ESS_PER_CHAIN, RHAT, least_ess, worst_rhat
from estimation.inference.integration import GOOD_K

BFMI = 0.3  # Betancourt (2016), arXiv:1604.00695
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
    """

    label: str
    table: pd.DataFrame

    @property
    def ok(self) -> bool:
        """Whether every criterion is met."""
        return bool(self.table["passed"].all())

    @property
    def verdict(self) -> str:
        """One sentence: sound, or what failed."""
        if self.ok:
            return f"{self.label}: all {len(self.table)} checks passed."
        failed = [
            f"{name} is {row.value:.3g} ({row.threshold})"
            for name, row in self.table[~self.table["passed"]].iterrows()
        ]
        return f"{self.label}: do not use these numbers yet; {'; '.join(failed)}."

    def __repr__(self) -> str:
        return f"{self.verdict}\n{self.table.to_string()}"

    def _repr_html_(self) -> str:
        return f"<p>{self.verdict}</p>{self.table.to_html()}"


def diagnose(fit: Fit) -> Diagnosis:
    """Check a fit's chains and integrals.

    Returns
    -------
    Diagnosis
        Convergence of the chains (R-hat, effective sample size, divergences, energy) and quality of each person's
        integral (Pareto k of the importance weights, effective nodes).
    """
    chains = fit.tree["posterior"].sizes["chain"]
    ess_needed = ESS_PER_CHAIN * chains
    posterior = fit.tree["posterior"].dataset
    rhat, bulk, tail = worst_rhat(posterior), least_ess(posterior, "bulk"), least_ess(posterior, "tail")
    stats, quality = fit.tree["sample_stats"].dataset, fit.tree["integration"].dataset
    bfmi = float(np.min(np.asarray(az.bfmi(stats["energy"].to_numpy()))))
    worst_k, least = float(quality["k"].max()), float(quality["effective"].min())
    rows = [
        ("R-hat", rhat, f"at most {RHAT}", rhat <= RHAT, "chains agree with each other"),
        ("bulk ESS", bulk, f"at least {ess_needed}", bulk >= ess_needed, "draws are enough for means"),
        ("tail ESS", tail, f"at least {ess_needed}", tail >= ess_needed, "draws are enough for intervals"),
        (
            "divergences",
            float(stats["diverging"].sum()),
            "0",
            not bool(stats["diverging"].any()),
            "the sampler went everywhere",
        ),
        ("E-BFMI", bfmi, f"at least {BFMI}", bfmi >= BFMI, "the sampler's energy moved freely"),
        ("Pareto k", worst_k, f"below {GOOD_K}", worst_k < GOOD_K, "every person's integral is reliable"),
        (
            "effective nodes",
            least,
            f"at least {EFFECTIVE_NODES}",
            least >= EFFECTIVE_NODES,
            "no integral rests on few points",
        ),
    ]
    table = pd.DataFrame(rows, columns=["criterion", "value", "threshold", "passed", "meaning"])
    return Diagnosis(fit.label, table.set_index("criterion"))
