"""Worked values of how trust follows accuracy: Fu, Dong, Liu and Han (2016), section 3.2."""

from __future__ import annotations

import numpy as np

from estimation.replication.route import Route
from estimation.replication.target import Found, Question
from estimation.theories.messages.trust_rules import relative_accuracy, room


def answer(question: Question) -> Found:
    """Return a worked value; the group names the case, as ``d = 50, q = 52, Q = 55`` or ``w = 0.5``."""
    case = {name.strip(): float(value) for name, value in (p.split("=") for p in question.group.split(","))}
    if question.quantity == "relative accuracy":
        own, told = abs(case["d"] - case["q"]), abs(case["d"] - case["Q"])
        return Found(float(relative_accuracy(np.float64(own), np.float64(told))))
    return Found(float(room(case["w"])))


ROUTES = {"fu_2016_trust_update/section-3-2": Route(answer, "the rule's formulas at the printed cases")}
