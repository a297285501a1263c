"""Priors that are given in the place of a theory's own: of its parameters, and of the shares of kinds of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from estimation.arrays import is_real
from estimation.text.digits import exact
from estimation.theories.parameter import SPREAD_LOG_SD, Parameter

PRIOR = {"centre", "centre_sd", "spread"}
"""What of a parameter's prior can be replaced."""
SHARE, CONCENTRATION = "share", "concentration"
"""The shares of kinds of people, and what of their Dirichlet prior can be replaced."""
CHANGED = "changed by the user; the usual is"
"""How the reason of a prior begins that is not a theory's own, whose reason would be another's."""


def believed(parameter: Parameter, given: Mapping[str, float]) -> Parameter:
    """Return a parameter with parts of its prior replaced, and with what they replace as the reason.

    Examples
    --------
    >>> trust = Parameter("trust", "α", "weight", "weight", "logit", 0.0, 1.5, 1.5, "flat to the eye")
    >>> believed(trust, {"centre": -1.0}).why
    'changed by the user; the usual is Normal(0, 1.5) for the mean over people'
    """
    parts: dict[str, Any] = dict(given)
    new = replace(parameter, **parts)
    usual = [
        *[f"{mean_prior(parameter)} for the mean over people"] * (mean_prior(new) != mean_prior(parameter)),
        *[f"{sd_prior(parameter)} for the SD over people"] * (sd_prior(new) != sd_prior(parameter)),
    ]
    return replace(new, why=f"{CHANGED} {' and '.join(usual)}") if usual else new


def mean_prior(p: Parameter) -> str:
    """Return the prior of a parameter's mean over people, as papers print it."""
    return f"Normal({exact(p.centre)}, {exact(p.centre_sd)})"


def sd_prior(p: Parameter) -> str:
    """Return the prior of a parameter's standard deviation over people, as papers print it."""
    return f"LogNormal(log {exact(p.spread)}, {exact(SPREAD_LOG_SD)})"


def prior_problems(priors: object) -> list[str]:
    """Return what is wrong with the form of priors: parameter → what replaces its prior, of `PRIOR`.

    Of `SHARE` it is the concentration, which is positive.
    """
    how = "as in {'trust': {'centre_sd': 2.0}}"
    if not isinstance(priors, Mapping):
        return [f"priors are given by parameter, {how}, not as a {type(priors).__name__}"]
    problems = []
    for name, prior in priors.items():
        if not isinstance(prior, Mapping):
            problems.append(f"the prior of {name!r} is given by its parts, {how}, not as {prior!r}")
        elif not set(prior) <= (known := {CONCENTRATION} if name == SHARE else PRIOR):
            problems.append(f"the prior of {name!r} has {sorted(set(prior) - known)}; give some of {sorted(known)}")
        else:
            problems += [
                f"{part} of the prior of {name!r} must be a number, not {value!r}"
                for part, value in prior.items()
                if not is_real(value)
            ]
            if name == SHARE and not problems and prior.get(CONCENTRATION, 1.0) <= 0:
                problems.append(f"the concentration of shares must be positive, not {prior[CONCENTRATION]!r}")
    return problems
