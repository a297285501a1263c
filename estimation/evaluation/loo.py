"""Leave-one-person-out by Pareto-smoothed importance sampling, with exact refits where it fails.

What is scored is a person whom the model has never seen: all of their decisions together, with their own parameters
integrated out. Summing likelihoods given a person's estimated parameters would score something else, and favour the
more flexible theory (Merkle, Furr and Rabe-Hesketh 2019, Psychometrika 84:802-829).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import arviz as az
import numpy as np
import pandas as pd

from estimation.inference.artifact import Fit
from estimation.inference.refit import Refitter


@dataclass(frozen=True, eq=False)
class LeaveOneOut:
    """Scores of a fit, per person.

    Attributes
    ----------
    elpd : (subject,) Series
        log p(person | everybody else), nats.
    pareto_k : (subject,) Series
        Reliability of each score as first computed.
    refitted
        People whose score comes from an exact refit, because their Pareto k was too high.
    good_k
        The threshold, which depends on the number of draws (Vehtari et al. 2024, JMLR 25:72).
    error
        Monte-Carlo standard error of the total that comes from the integrals over people, nats.
    """

    elpd: pd.Series
    pareto_k: pd.Series
    refitted: tuple[str, ...]
    good_k: float
    error: float


def leave_one_out(fit: Fit, most_refits: int = 20, advance: Callable[[], None] = lambda: None) -> LeaveOneOut:
    """Score a fit person by person.

    Parameters
    ----------
    most_refits
        People with a Pareto k above the threshold are left out by exact refits, unless they are more than this: then
        the scores stand as they are, and a comparison withholds its verdict.
    """
    result = az.loo(fit.tree, var_name="people", pointwise=True)
    subjects = [str(subject) for subject in result.elpd_i["subject"].to_numpy()]
    elpd = pd.Series(result.elpd_i.to_numpy().copy(), index=subjects)
    pareto_k = pd.Series(result.pareto_k.to_numpy(), index=subjects)
    poor = list(pareto_k.index[pareto_k > result.good_k])
    refitted = poor if len(poor) <= most_refits else []
    for subject, value in (Refitter(fit).left_out(refitted, advance) if refitted else {}).items():
        elpd[subject] = value
    error = float(np.sqrt((fit.tree["integration"].dataset["error"] ** 2).sum()))
    return LeaveOneOut(elpd, pareto_k, tuple(refitted), float(result.good_k), error)
