"""What a parameter's prior says of the typical person and of any person, computed without random numbers."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy import optimize, stats

from estimation.arrays import Array
from estimation.theories.parameter import SPREAD_LOG_SD, Parameter

NODES = 40  # of the quadrature over spreads
TYPICAL, PEOPLE = 0.95, 0.9  # what intervals of typical persons, and of people, hold


def typical_interval(parameter: Parameter) -> tuple[float, float]:
    """Return what holds the typical person with 95 %, natural scale."""
    return _ends(parameter, float(stats.norm.ppf((1 + TYPICAL) / 2)) * parameter.centre_sd)


def people_interval(parameter: Parameter) -> tuple[float, float]:
    """Return what holds a person of a population of which nothing is known yet with 90 %, natural scale."""
    sd, weight = spreads(parameter)
    total = np.sqrt(parameter.centre_sd**2 + sd**2)

    def beyond(reach: float) -> float:
        return float(weight @ (2 * stats.norm.sf(reach / total))) - (1 - PEOPLE)

    return _ends(parameter, float(optimize.brentq(beyond, 0.0, 50.0 * total.max())))


def densities(parameter: Parameter, at: Array) -> tuple[Array, Array]:
    """Return the densities of the typical person and of any person on the transformed scale, at places (point,)."""
    sd, weight = spreads(parameter)
    total = np.sqrt(parameter.centre_sd**2 + sd**2)
    people = stats.norm.pdf(at[:, None], parameter.centre, total) @ weight
    return stats.norm.pdf(at, parameter.centre, parameter.centre_sd), people


def spreads(parameter: Parameter) -> tuple[Array, Array]:
    """Return standard deviations over people (node,) and their weights in the log-normal prior."""
    node, weight = _quadrature()
    return parameter.spread * np.exp(SPREAD_LOG_SD * node), weight


@cache
def _quadrature() -> tuple[Array, Array]:
    node, weight = np.polynomial.hermite_e.hermegauss(NODES)
    return node, weight / weight.sum()


def _ends(parameter: Parameter, reach: float) -> tuple[float, float]:
    low, high = (float(parameter.natural(np.asarray(parameter.centre + sign * reach))) for sign in (-1, 1))
    return low, high
