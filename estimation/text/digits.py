"""Numbers as text, with as many digits as their Monte-Carlo error allows and no more."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import xarray as xr

MINUS = "\N{MINUS SIGN}"
ABSENT = "\N{EN DASH}"
SIGNIFICANT = 3  # digits that a reader can use
SMALLEST = 6  # decimals at most: beyond them a number is as good as zero, unless its error is known and smaller
EXACT = 1e-6  # of a number that is known exactly, the error with which it is shown in full, however small it is
MIDDLE = (0.05, 0.5, 0.95)
"""Ends and middle of the central 90 % interval."""
REACH = 1.645
"""Standard deviations that hold the middle 90 % of a normal population."""


def decimals(value: float, error: float, significant: int = SIGNIFICANT) -> int:
    """Return how many decimals of a number to print; negative for tens, hundreds and so on.

    The unit of the last printed digit is at least the Monte-Carlo error, and no more than `significant` digits are
    printed. An unknown or vanishing error leaves the second rule alone, and no more than six decimals: what is smaller
    may be rounding. Where the error is known and smaller than the number, it is not: utilities of one more cent.

    Examples
    --------
    >>> decimals(0.8425, error=0.004), decimals(5.07, error=0.2), decimals(-12345.6, error=0.3)
    (2, 0, 0)
    """
    by_error = math.floor(-math.log10(error)) if error > 0 and math.isfinite(error) else SMALLEST
    if value == 0 or not math.isfinite(value):
        return max(0, min(by_error, significant - 1))
    places = min(by_error, max(0, significant - 1 - math.floor(math.log10(abs(value)))))
    return places if 0 < error < abs(value) else min(places, SMALLEST)


def exact(value: float) -> str:
    """Return a number as it was given, not as it was computed.

    Examples
    --------
    >>> exact(-0.5), exact(-0.0), exact(2)
    ('−0.5', '0', '2')
    """
    return f"{value + 0.0:.3g}".replace("-", MINUS)


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
    places = decimals(amount, error, significant)
    return "0" if places == SMALLEST and round(amount, places) == 0 else fixed(amount, places)


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


def alike(values: Sequence[float], errors: Sequence[float]) -> list[str]:
    """Return the numbers of one row as text, all with as many decimals: of the one that is known worst.

    Yet with two significant digits at least, and never rounded above the unit: an end of 7.6 is not 10.

    Examples
    --------
    >>> alike([7.61, 22.8, 39.4], [1.2, 0.9, 1.5]), alike([0.0021, 0.31], [1e-4, 1e-3])
    (['7.6', '22.8', '39.4'], ['0.0021', '0.3100'])
    """
    pairs = [(float(v), e) for v, e in zip(values, errors, strict=True) if math.isfinite(v)]
    carried = min((decimals(value, error) for value, error in pairs), default=0)
    known = [abs(value) for value, error in pairs if value and not abs(value) < error]  # others are as good as zero
    wanted = max((1 - math.floor(math.log10(value)) for value in known), default=0)
    is_sure = any(0 < error < abs(value) for value, error in pairs)
    least = max(SMALLEST, 1 - math.floor(math.log10(max(known)))) if is_sure else SMALLEST
    places = min(max(carried, wanted, 0), least)
    return [fixed(float(value), places) if math.isfinite(value) else number(value) for value in values]


def quantiles(draws: xr.DataArray) -> list[str]:
    """Return low, middle and high of draws (chain, draw) as text, with the digits of the one that is known worst."""
    return alike(np.quantile(draws.to_numpy(), MIDDLE).tolist(), [quantile_error(draws, level) for level in MIDDLE])


def interval(draws: xr.DataArray) -> tuple[str, str]:
    """Return the middle of draws (chain, draw), and the ends of their central 90 % interval."""
    low, middle, high = quantiles(draws)
    return middle, f"{low} to {high}"
