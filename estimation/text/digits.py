"""Numbers as text, with as many digits as their Monte-Carlo error allows and no more."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import xarray as xr

MINUS = "\N{MINUS SIGN}"
ABSENT = "\N{EN DASH}"
SIGNIFICANT = 3  # digits that a reader can use
SMALLEST = 6  # decimals at most: beyond them a number is as good as zero
MIDDLE = (0.05, 0.5, 0.95)
"""Ends and middle of the central 90 % interval."""
REACH = 1.645
"""Standard deviations that hold the middle 90 % of a normal population."""


def decimals(value: float, error: float, significant: int = SIGNIFICANT) -> int:
    """Return how many decimals of a number to print; negative for tens, hundreds and so on.

    The unit of the last printed digit is at least the Monte-Carlo error, and no more than `significant` digits are
    printed. An unknown or vanishing error leaves the second rule alone.

    Examples
    --------
    >>> decimals(0.8425, error=0.004), decimals(5.07, error=0.2), decimals(-12345.6, error=0.3)
    (2, 0, 0)
    """
    by_error = math.floor(-math.log10(error)) if error > 0 and math.isfinite(error) else SMALLEST
    if value == 0 or not math.isfinite(value):
        return max(0, min(by_error, significant - 1))
    return min(by_error, max(0, significant - 1 - math.floor(math.log10(abs(value)))), SMALLEST)


def number(value: Any, error: float = 0.0, significant: int = SIGNIFICANT) -> str:
    """Return a number as text; `error` is its Monte-Carlo standard error.

    Examples
    --------
    >>> number(0.84249, error=0.003), number(-12345.6, error=0.3), number(float("nan"))
    ('0.84', '−12,346', '–')
    """
    amount = float(value)
    if math.isnan(amount):
        return ABSENT
    if math.isinf(amount):
        return "∞" if amount > 0 else f"{MINUS}∞"
    return fixed(amount, decimals(amount, error, significant))


def fixed(value: float, places: int) -> str:
    """Return a number with so many decimals, a true minus sign, and no negative zero."""
    rounded = round(value, places)
    text = f"{abs(rounded):,.{max(places, 0)}f}"
    return f"{MINUS}{text}" if rounded < 0 else text


def quantile_error(draws: xr.DataArray, probability: float) -> float:
    """Return the Monte-Carlo standard error of a quantile of draws (chain, draw), or nan if they do not vary."""
    import arviz as az  # noqa: PLC0415 - slow to import, and numbers without draws do not need it

    values = draws.transpose("chain", "draw").to_numpy()
    if np.ptp(values) == 0:
        return float("nan")
    return float(np.asarray(az.mcse(values, method="quantile", prob=probability)))


def quantiles(draws: xr.DataArray) -> list[str]:
    """Return low, middle and high of draws (chain, draw) as text, each with its own Monte-Carlo error."""
    values = np.quantile(draws.to_numpy(), MIDDLE)
    return [number(value, quantile_error(draws, level)) for value, level in zip(values, MIDDLE, strict=True)]


def interval(draws: xr.DataArray) -> tuple[str, str]:
    """Return the middle of draws (chain, draw), and the ends of their central 90 % interval."""
    low, middle, high = quantiles(draws)
    return middle, f"{low} to {high}"


def median(draws: xr.DataArray) -> str:
    """Return the middle of draws (chain, draw) as text."""
    return number(np.median(draws.to_numpy()), quantile_error(draws, 0.5))
