"""Options that take one or several: a text is one, whatever else holds several is gone through."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np


def listed(given: object) -> tuple[Any, ...]:
    """Return what is given as one or as several as a tuple; None and what holds nothing else are one.

    Examples
    --------
    >>> listed("s01"), listed(["s01", "s02"]), listed(7)
    (('s01',), ('s01', 's02'), (7,))
    """
    if isinstance(given, np.ndarray):
        given = given.tolist()
    return tuple(given) if isinstance(given, Iterable) and not isinstance(given, str | bytes) else (given,)
