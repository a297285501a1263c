"""The lever between a firm's revenue and its customers' utility, and how long and how closely it is solved for."""

from __future__ import annotations

from estimation.arrays import in_reach, is_real
from estimation.errors import AssortmentError

MEANING = {
    "utility_weight": "money per unit of utility",
    "seconds": "the time that there is",
    "tolerance": "the gap that may be left",
}


def check_lever(utility_weight: float = 0.0, *, seconds: float = 0.0, tolerance: float = 0.0) -> None:
    """Refuse a lever, a time or a tolerance that is negative or no finite number; all are listed."""
    given = {"utility_weight": utility_weight, "seconds": seconds, "tolerance": tolerance}
    problems = [
        f"{name} is {in_reach(value)!r}; it is {MEANING[name]}, finite and >= 0"
        for name, value in given.items()
        if not (is_real(value) and value >= 0)
    ]
    if problems:
        raise AssortmentError("; ".join(problems))
