"""Maxima of likelihoods side by side, as papers print them: Schwarz's criterion, Vuong's test, likelihood ratios.

They say which theory fits these people best, not which predicts a new person best (`compare`): theories of more numbers
fit better, and the criterion makes up for that in large samples only.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from estimation.choice.maximum.mixed_mode import MixedMode
from estimation.choice.maximum.mode import Mode
from estimation.errors import ComparisonError, raise_all
from estimation.inference.pooled.theory_mode import TheoryMode

AGAINST = "Maxima of the likelihood cannot be compared:"
SAME = 0.01
"""Nats, standard deviation of a difference of totals: theories no farther apart differ by where searches ended."""


def likelihood_table(modes: Mapping[str, TheoryMode]) -> pd.DataFrame:
    """Return theories in the order of Schwarz's criterion, the best first.

    Parameters
    ----------
    modes
        Name → what `estimation.mode` returned; all of the same data.

    Returns
    -------
    DataFrame
        One row per theory: ``log_likelihood`` and the Monte-Carlo ``error`` of its integrals, nats; ``numbers``
        estimated; ``bic``; and against the first row ``vuong``, the statistic of Vuong's test by person with Schwarz's
        correction (negative: worse), and its two-sided ``p``.

    Raises
    ------
    ComparisonError
        If there is none, or they are of different data.
    """
    if not modes:
        raise ComparisonError(AGAINST, ["there is none"])
    _check_same(modes)
    names = sorted(modes, key=lambda name: modes[name].bic)
    rows = [
        {
            "log_likelihood": modes[name].log_likelihood,
            "error": modes[name].error,
            "numbers": modes[name].numbers,
            "bic": modes[name].bic,
            **vuong(modes[name], modes[names[0]]),
        }
        for name in names
    ]
    return pd.DataFrame(rows, index=pd.Index(names, name="theory"))


def vuong(one: TheoryMode, other: TheoryMode) -> dict[str, float]:
    """Return ``vuong``, the statistic of a test that two theories are as near to the truth, and its two-sided ``p``.

    Positive: the first is nearer. A person's log likelihood is one observation; the total is corrected for numbers
    estimated as Schwarz's criterion is (Vuong 1989, Econometrica 57(2):307-333, equation 5.9). For theories of which
    neither contains the other; both missing where the two do not differ by more than searches leave open (`SAME`).
    The p is that of a normal distribution, as published: of fewer than some twenty people it is too small.

    Raises
    ------
    ComparisonError
        If they are of different data.
    """
    _check_same({"one": one, "other": other})
    difference = one.by_person - other.by_person
    spread = float(np.sqrt(len(difference)) * difference.std(ddof=0))
    correction = (one.numbers - other.numbers) / 2 * np.log(len(difference))
    statistic = (float(difference.sum()) - correction) / spread if spread > SAME else np.nan
    return {"vuong": statistic, "p": float(2 * stats.norm.sf(abs(statistic)))}


def likelihood_ratio(special: TheoryMode, general: TheoryMode) -> dict[str, float]:
    """Return twice the log ``ratio`` of two likelihoods, the ``numbers`` more in the general theory, and the ``p``.

    For a theory that is the other one with some numbers fixed inside their range: only then does the ratio follow
    chi-squared (Wilks 1938); where a number stands at its end, p is too large.

    Raises
    ------
    ComparisonError
        If they are of different data, or the general theory has no more numbers.
    """
    _check_same({"special": special, "general": general})
    numbers = general.numbers - special.numbers
    if numbers <= 0:
        problem = f"the general theory has {general.numbers} numbers, the special one {special.numbers}; swap them"
        raise ComparisonError(AGAINST, [problem])
    ratio = 2 * (general.log_likelihood - special.log_likelihood)
    return {"ratio": ratio, "numbers": numbers, "p": float(stats.chi2.sf(max(ratio, 0.0), numbers))}


def _check_same(modes: Mapping[str, TheoryMode]) -> None:
    kind = "give what est.mode returned of theories of messages"
    how = f"{kind}, by name, as in {{'trust': mode}}, not as a {type(modes).__name__}"
    raise_all([] if isinstance(modes, Mapping) and modes else [how], ComparisonError, AGAINST)
    given = modes.items()
    strange = [_instead(name, one, kind) for name, one in given if not isinstance(one, TheoryMode)]
    raise_all(strange, ComparisonError, AGAINST)
    first = next(iter(modes.values())).problem.table
    others = [
        f"{name!r} is of {one.problem.table.label}, others of {first.label}"
        for name, one in modes.items()
        if one.problem.table.fingerprint != first.fingerprint
    ]
    raise_all(others, ComparisonError, AGAINST)


def _instead(name: str, one: object, kind: str) -> str:
    """Say what to do with something that is no maximum of a theory of messages."""
    if not isinstance(one, Mode | MixedMode):
        return f"{name!r} is a {type(one).__name__}; {kind}"
    advice = "hold its log_likelihood against that of another one on the same data, or the fits with est.compare"
    return f"{name!r} is of a model of choice, and this is for theories of messages; {advice}"
