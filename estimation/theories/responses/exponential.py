"""The exponential of the compiled likelihoods, and what their sums of exponentials agree about.

Compiled functions are kept on disk until their own file changes: after a change here, remove the caches of those that
use it.
"""

from __future__ import annotations

import numba
import numpy as np

NEGLIGIBLE = -40.0  # an option so many logits below the best does not change the last digit of the sum
TOO_MUCH = 1e30  # a sum in which the option chosen, a one, loses digits
HIGHEST = 100.0  # more logits above the option chosen than that make a sum that is too much in any case

# Compiled by their signatures: the types are there, where Python's type checker does not look. Sums may be reordered,
# except in the exponential, whose first three lines would cancel.
AS = {"cache": True, "nogil": True}
REORDERED = {"contract", "reassoc", "nsz", "arcp"}
_ROUND = 1.5 * 2.0**52  # a number so large that adding it rounds to whole numbers, which are its last bits
_PER_LOG_2, _LOG_2, _LOG_2_REST = 1 / np.log(2), float.fromhex("0x1.62e42fee00000p-1"), 1.9082149292705877e-10


@numba.njit("float64(float64)", fastmath={"contract"}, forceinline=True, **AS)  # type: ignore[untyped-decorator]
def exponential(x):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return e^x for -700 < x < 700, to 2e-16 of its size, in steps that a processor takes for several x at once.

    With x = k log 2 + r, |r| < .35, it is 2^k times a polynomial in r (1 + r + r² q(r), q interpolating at Chebyshev's
    points); k is added to the exponent of that number.
    """
    rounded = x * _PER_LOG_2 + _ROUND
    k = rounded - _ROUND
    r = (x - k * _LOG_2) - k * _LOG_2_REST
    p = 2.7620088445409746e-07 + r * 2.510038549551032e-08
    p = 2.4801521295954376e-05 + r * (2.7557268459997064e-06 + r * p)
    p = 0.0013888888917213717 + r * (0.00019841269863053618 + r * p)
    p = 0.04166666666662413 + r * (0.008333333333330062 + r * p)
    p = 1.0 + r * (1.0 + r * (0.5000000000000001 + r * (0.16666666666666669 + r * p)))
    bits = np.float64(p).view(np.int64) + (np.float64(rounded).view(np.int64) << 52)
    return np.int64(bits).view(np.float64)
