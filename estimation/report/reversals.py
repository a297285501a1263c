"""What would change the verdict: fewer or more people, other theories, better computation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from estimation.evaluation import words
from estimation.evaluation.comparison.comparison import Comparison
from estimation.evaluation.words import CLEAR, ONE_UNIT, SAME_PREDICTIONS, SMALL_DIFFERENCE
from estimation.text.digits import number
from estimation.text.sentences import counted, plural

Item = tuple[str, str]
MANY = 100_000  # people that no experiment will have


def reversals(study: Any, problems: Sequence[str], checks: Mapping[str, pd.DataFrame]) -> list[Item]:
    """Return what would change the verdict, each with a lead.

    Parameters
    ----------
    study
        The comparison, or a fit by itself.
    problems
        Why no verdict is given, if none is.
    checks
        Predictive checks by model: what the best one misses could be explained by another.
    """
    if problems:
        return [("A sound computation.", "No verdict is given; once all checks pass there may be one, either way.")]
    if not isinstance(study, Comparison):
        return [
            ("A comparison.", "Nothing was compared yet: a rival may predict the same people better."),
            *_facts(checks),
        ]
    found = [_of_people(study)] if len(study.by_person) == 1 else [_of_people(study), _of_computation(study)]
    if study.doubts:
        found.append(("A sound computation of what was left out.", f"So far without {', '.join(study.doubts)}."))
    best = str(study.table.index[0])
    found += _facts({best: checks[best]} if best in checks else {})
    return found


def _of_people(study: Comparison) -> Item:
    """Return how few people carry the verdict, or how many would be needed for one."""
    if len(study.by_person) == 1:
        return ("More units.", ONE_UNIT)
    first, second = map(str, study.table.index[:2])
    gap = (study.by_person[first] - study.by_person[second]).to_numpy()
    unit = "game and player" if study.left_out == "game" else "person"
    if is_clear(gap):
        count = carried_by(gap)
        share = number(100 * count / len(gap), significant=2)
        errors = f"{words.reach(len(gap) - count):.2g}" if len(gap) - count > 1 else "its"
        text = (
            f"Without the {counted(count, unit)} ({share} % of {len(gap)}) that speak most for {first}, its lead over "
            f"{second} would be within {errors} standard errors or below {SMALL_DIFFERENCE:g} nats."
        )
        return (f"Fewer {plural(unit)}.", text)
    if study.table["distance"][second] < SAME_PREDICTIONS:
        text = f"{first} and {second} expect nearly the same of single decisions in these games."
        return (
            "Another design.",
            f"{text} Games in which they differ would tell them apart with fewer {plural(unit)}.",
        )
    needed = needed_for(gap)
    wanted = f"about {needed:,} {plural(unit)}" if needed <= MANY else f"more {plural(unit)} than any experiment has"
    text = (
        f"If further {plural(unit)} differed like these {len(gap)}, {wanted} would bring the lead of {first} over "
        f"{second} to {CLEAR:g} standard errors."
    )
    return (f"More {plural(unit)}.", text)


def is_clear(gap: Any) -> bool:
    """Return whether a difference, person by person in nats, is beyond its error and not small."""
    return len(gap) > 1 and words.is_clear(gap.sum(), np.sqrt(len(gap)) * gap.std(ddof=1), len(gap))


def carried_by(gap: Any) -> int:
    """Return how many of those who speak most for the winner must be left out until the difference is not clear."""
    ordered = np.sort(gap)[::-1]
    return next((count for count in range(len(gap)) if not is_clear(ordered[count:])), len(gap))


def needed_for(gap: Any) -> int:
    """Return how many people like these a difference of two standard errors needs, to two digits."""
    mean, spread = gap.mean(), gap.std(ddof=1)
    if not mean > 0:
        return MANY + 1
    needed = max((CLEAR * spread / mean) ** 2, SMALL_DIFFERENCE / mean, len(gap) + 1)
    unit = 10 ** max(0, math.floor(math.log10(needed)) - 1)
    return int(math.ceil(needed / unit) * unit)


def _of_computation(study: Comparison) -> Item:
    errors = study.table["mc_error"].iloc[:2]
    error, spread = float(np.hypot(*errors)), float(study.table["dse"].iloc[1])
    size = f"The computation adds an error of {number(error, significant=1)} nats to the difference of the first two"
    small = "small beside" if error < spread / 3 else "not small beside"
    then = "longer sampling would change little" if error < spread / 3 else "sample longer before trusting it"
    return ("Longer sampling.", f"{size}, {small} its standard error of {number(spread, significant=2)}: {then}.")


def _facts(checks: Mapping[str, pd.DataFrame]) -> list[Item]:
    items = []
    for name, found in checks.items():
        missed = list(dict.fromkeys(str(fact) for fact in found.loc[found["surprising"], "statistic"]))
        if missed:
            text = f"{name} does not explain {'; '.join(missed)}. One that does"
            items.append(
                ("A theory of what is missed.", f"{text}, and predicts no worse elsewhere, would predict better.")
            )
    return items
