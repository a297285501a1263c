"""The natural logarithm of the compiled likelihoods, in steps that a processor takes for several numbers at once."""

from __future__ import annotations

import numba
import numpy as np

from estimation.theories.responses.exponential import AS

_ONE, _ROOT_HALF = np.float64(1.0).view(np.uint64), np.sqrt(0.5).view(np.uint64)
_SHIFT, _LARGE = np.uint64(52), np.float64(2.0**52).view(np.uint64)
_UNBIASED = 2.0**52 + 1023.0
_LOG_2, _LOG_2_REST = float.fromhex("0x1.62e42fee00000p-1"), 1.9082149292705877e-10
_ODD = tuple(2 / (2 * n + 1) for n in range(1, 11))


@numba.njit("float64(float64)", fastmath={"contract"}, forceinline=True, error_model="numpy", **AS)  # type: ignore[untyped-decorator]
def logarithm(x):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return log x for normal numbers above 0, to 4e-16 of its size or of one, whichever is larger.

    With x = 2^k m, m between the roots of 1/2 and 2, it is k log 2 + 2 artanh s, s = (m - 1) / (m + 1); as |s| < .172,
    the series of artanh has all its digits after eleven terms.
    """
    bits = np.float64(x).view(np.uint64)
    power = (bits + (_ONE - _ROOT_HALF)) >> _SHIFT
    k = np.uint64(power | _LARGE).view(np.float64) - _UNBIASED
    m = np.uint64((bits - (power << _SHIFT)) + _ONE).view(np.float64)
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    p = _ODD[7] + z * (_ODD[8] + z * _ODD[9])
    p = _ODD[4] + z * (_ODD[5] + z * (_ODD[6] + z * p))
    p = _ODD[1] + z * (_ODD[2] + z * (_ODD[3] + z * p))
    p = s * z * (_ODD[0] + z * p)
    return k * _LOG_2 + (2.0 * s + (p + k * _LOG_2_REST))
