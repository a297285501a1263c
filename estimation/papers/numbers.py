"""The numbers of a study at full precision, each with its Monte-Carlo error: by these a second run is judged."""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from io import StringIO
from pathlib import Path

import numpy as np

from estimation.errors import ReplicationError, raise_all
from estimation.evaluation.comparison.comparison import Comparison
from estimation.fits.fit import QUANTILES, AnyFit
from estimation.text.comma_separated import rows_text

SCORES = ("elpd", "elpd_diff", "se", "dse")
"""Columns of a comparison that a second run must find again; stacking weights have no error of their own."""
FAMILY_LEVEL = 0.01
"""Probability that any number of an honest second run is called different."""
LAST_DIGITS = 1e-8
"""Difference, relative to the number, that other processors and libraries may make without any chance."""


@dataclass(frozen=True)
class Number:
    """A number of a study.

    Parameters
    ----------
    model, quantity, statistic
        Whose number it is, what of, and which: ``median``, ``low``, ``high`` (central 90 % interval) or a score.
    value, error
        In the unit of the quantity; the error is its Monte-Carlo standard error, 0 where there is none.
    """

    model: str
    quantity: str
    statistic: str
    value: float
    error: float

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is called."""
        return self.model, self.quantity, self.statistic


NAMES = tuple(field.name for field in fields(Number))


def numbers_of(study: AnyFit | Comparison) -> list[Number]:
    """Return the estimates of every fit of a study and, of a comparison, the scores of the models."""
    if not isinstance(study, Comparison):
        return list(_estimates(study.problem.title, study))
    estimates = [number for name, fit in study.fits.items() for number in _estimates(str(name), fit)]
    return [*estimates, *_scores(study)]


def _estimates(name: str, fit: AnyFit) -> Iterator[Number]:
    """Yield median and ends of the interval of every quantity that the fit draws.

    The error holds that of quantiles of draws, widened where draws were weighted, and how far the integrals over people
    may have moved the posterior.
    """
    import arviz as az  # noqa: PLC0415 - slow to import

    chains = len(fit.draws.index.unique("chain"))
    widening = math.sqrt(max(1.0, len(fit.draws) / _effective(fit)))
    for quantity, column in fit.draws.items():
        values = column.to_numpy(float).reshape(chains, -1)
        moved = _moved(fit) * float(values.std())
        for statistic, probability in QUANTILES.items():
            value = float(np.quantile(values, probability))
            own = (
                0.0 if np.ptp(values) == 0 else float(np.asarray(az.mcse(values, method="quantile", prob=probability)))
            )
            yield Number(name, str(quantity), statistic, value, math.hypot(own * widening, moved))


def _effective(fit: AnyFit) -> float:
    """Return how many draws the draws are worth: fewer where proposals were weighted."""
    weighted = "proposals" in fit.tree and "effective" in fit.tree["proposals"].dataset
    return max(1.0, float(fit.tree["proposals"].dataset["effective"])) if weighted else math.inf


def _moved(fit: AnyFit) -> float:
    """Return how far integrals may have moved an estimate, posterior standard deviations; 0 without integrals."""
    known = "integration" in fit.tree and "any_error" in fit.tree["integration"].dataset
    return float(fit.tree["integration"].dataset["any_error"]) if known else 0.0


def _scores(study: Comparison) -> Iterator[Number]:
    """Yield the scores; a difference has the error of both sides."""
    best = study.table["mc_error"].iloc[0]
    for name, row in study.table.iterrows():
        for score in SCORES:
            error = math.hypot(row["mc_error"], best) if score.endswith(("diff", "dse")) else float(row["mc_error"])
            yield Number(str(name), f"new {study.left_out}", score, float(row[score]), error)


def numbers_text(numbers: Iterable[Number]) -> str:
    """Return numbers as comma-separated text, every digit that they have."""
    rows = ([*astuple(number)[:3], repr(number.value), repr(number.error)] for number in numbers)
    return rows_text([NAMES, *rows])


def read_numbers(path: Path) -> list[Number]:
    """Return the numbers of a file that holds what `numbers_text` made.

    Raises
    ------
    ReplicationError
        If it holds anything else, with the line.
    """
    rows = list(csv.reader(StringIO(path.read_text(encoding="utf-8"))))
    problems = [f"its first line must be {','.join(NAMES)}"] * (rows[:1] != [list(NAMES)])
    found = []
    for line, row in enumerate(rows[1:], 2):
        try:
            model, quantity, statistic, value, error = row
            found.append(Number(model, quantity, statistic, float(value), float(error)))
        except ValueError:
            problems.append(f"line {line}: {','.join(row)[:80]!r} is no number with its error")
    twice = [key for key, count in Counter(one.key for one in found).items() if count > 1]
    problems += [f"{_called(key)} is there twice" for key in twice]
    raise_all(problems, ReplicationError, f"{path} does not hold numbers of a study:")
    return found


def differences(first: Iterable[Number], second: Iterable[Number]) -> list[str]:
    """Return how a second run differs from a first by more than chance, in words; nothing if it does not.

    Two numbers differ if they are further apart than their Monte-Carlo errors explain: at a level at which any of
    them is called different in one of a hundred honest second runs (Bonferroni). Numbers without error must agree to
    eight digits.
    """
    from scipy.stats import norm  # noqa: PLC0415 - slow to import

    ours, theirs = {one.key: one for one in first}, {one.key: one for one in second}
    limit = float(norm.isf(FAMILY_LEVEL / 2 / max(1, len(ours))))
    found = [f"{_called(key)} is missing from the second run" for key in ours if key not in theirs]
    found += [f"{_called(key)} is new in the second run" for key in theirs if key not in ours]
    for key, one in ours.items():
        if key in theirs and (said := _difference(one, theirs[key], limit)):
            found.append(f"{_called(key)}: {said}")
    return found


def _difference(one: Number, other: Number, limit: float) -> str:
    if one.value == other.value or (math.isnan(one.value) and math.isnan(other.value)):
        return ""
    gap, error = abs(one.value - other.value), math.hypot(one.error, other.error)
    allowed = limit * error + LAST_DIGITS * max(abs(one.value), abs(other.value))
    if gap <= allowed and math.isfinite(error):  # an endless error would excuse every difference
        return ""
    apart = f"{gap / error:.1f} Monte-Carlo errors" if error > 0 and math.isfinite(gap) else "no chance in either"
    return f"{one.value:.6g} in the package, {other.value:.6g} in the second run ({apart})"


def _called(key: tuple[str, str, str]) -> str:
    return ", ".join(key)
