"""Priors that are given in the place of a theory's own: of its parameters, and of the shares of kinds of people."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real

import numpy as np

PRIOR = {"centre", "centre_sd", "spread"}
"""What of a parameter's prior can be replaced."""
SHARE, CONCENTRATION = "share", "concentration"
"""The shares of kinds of people, and what of their Dirichlet prior can be replaced."""


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
                if isinstance(value, bool) or not isinstance(value, Real) or not np.isfinite(float(value))
            ]
            if name == SHARE and not problems and prior.get(CONCENTRATION, 1.0) <= 0:
                problems.append(f"the concentration of shares must be positive, not {prior[CONCENTRATION]!r}")
    return problems
