"""The lever between a firm's revenue and its customers' utility, as it may be given."""

from __future__ import annotations

import numpy as np

from estimation.arrays import in_reach
from estimation.errors import AssortmentError


def check_lever(utility_weight: float) -> None:
    """Refuse a lever that is negative or not finite."""
    given = in_reach(utility_weight)
    if not (np.isfinite(given) and given >= 0):
        raise AssortmentError(f"utility_weight is {given!r}; it is money per unit of utility, finite and >= 0")
