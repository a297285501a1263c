"""Several experiments, one verdict: which of two theories predicts new people better, over experiments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from estimation.allowed import word_problems
from estimation.arrays import is_real
from estimation.errors import ComparisonError, raise_all
from estimation.evaluation.experiments.between_experiments import (
    SCALE,
    Measured,
    Together,
    inconsistency,
    own_intervals,
)
from estimation.evaluation.experiments.experiments import Experiment, Given, read_experiments
from estimation.evaluation.experiments.synthesised import MEAN, NEXT, SPREAD, Synthesis, ahead_over, row_of
from estimation.evaluation.words import FEWEST

HEADING = "There is no synthesis:"
PER = ("person", "decision")
VARIED = (0.5, 1.0, 2.0)
"""How many times as large as it is the scale of the prior of the spread is thought to be."""


def synthesis(
    experiments: Given,
    theories: Sequence[str] | None = None,
    *,
    per: str = "person",
    scale: float = SCALE,
    progress: bool = True,
) -> Synthesis:
    """Say over several experiments which of two theories predicts a new person better.

    Each experiment's difference in elpd is the mean over its people, with its error. Expectations of experiments are
    normal around their common mean, with a spread that is estimated (random effects over experiments, people within);
    see `estimation.evaluation.experiments.between_experiments`.

    Parameters
    ----------
    experiments
        Name → `Comparison` by people, or fits by the names of theories, as ``{"trust": fit, "level-k": fit}``. A name
        stands for the same theory in all of them; in games of different kinds it may be different classes, which the
        verdict says. People of different experiments must be different people: those of one experiment in two roles
        are one experiment.
    theories
        The two to be told apart; needed if there are more.
    per
        Differences per ``"person"``, as they are; or per ``"decision"`` of theories of messages, if people of some
        experiments decided far more often, so that experiments differ for that reason alone.
    scale
        Of the prior of the spread between experiments, which is a half Student's with four degrees of freedom: in
        standard deviations between people within experiments, so that it has no unit. With few experiments results
        hang on it; `Synthesis.sensitivity` says how much.
    progress
        Whether to show progress on standard error, where people are left out by refits.

    Raises
    ------
    ComparisonError
        If less than two experiments have sound scores of both theories (each is named with the reason), data come
        twice, or an argument makes no sense.
    """
    problems = word_problems(PER, per=per)
    if not (is_real(scale) and scale > 0):
        problems.append(f"scale must be a positive number, not {scale!r}")
    raise_all(problems, ComparisonError, HEADING)
    read = read_experiments(experiments, HEADING, progress)
    first, second = _pair(read, theories)
    left_out = {name: _doubt(one, first, second, per) for name, one in read.items()}
    left_out = {name: doubt for name, doubt in left_out.items() if doubt}
    used = {name: one for name, one in read.items() if name not in left_out}
    if len(used) < FEWEST:
        problems = [f"{name} is left out: {doubt}" for name, doubt in left_out.items()]
        raise ComparisonError(HEADING, [*problems, "two experiments with sound scores are needed at least"])
    measured = _measured(used, first, second, per)
    width = scale * max(measured.between_people, 1e-9)  # theories that say the same differ by nothing
    together = Together.of(measured, width)
    others = [Together.of(measured.but(place), width) for place in range(len(used))]
    table = _table(used, measured, together, others)
    without = pd.DataFrame([_mean(one) for one in others], index=table.index)
    ahead = [ahead_over((first, second), row_of(without, name), table.drop(index=name), per) for name in used]
    varied = {f"{times:g} times": Together.of(measured, times * width) for times in VARIED}
    sensitivity = pd.DataFrame({name: _mean(one) for name, one in varied.items()}).T
    sensitivity.insert(0, "scale", [times * width for times in VARIED])
    return Synthesis(
        (first, second),
        table,
        _over(together),
        without.assign(ahead=pd.Series(ahead, without.index, dtype=object)),
        sensitivity,
        inconsistency(measured),
        left_out,
        _different(used, (first, second)),
        per,
        tuple(name for name, one in used.items() if one.is_synthetic),
    )


def _pair(read: Mapping[str, Experiment], theories: Sequence[str] | None) -> tuple[str, str]:
    known = list(dict.fromkeys(name for one in read.values() for name in one.fits))
    wanted = known if theories is None else list(theories)
    if len(set(wanted)) != 2 or not set(wanted) <= set(known):
        told = f"say which two are to be told apart: theories=({known[0]!r}, …); there are {known}"
        raise ComparisonError(HEADING, [told])
    return wanted[0], wanted[1]


def _doubt(one: Experiment, first: str, second: str, per: str) -> str:
    """Return why an experiment cannot be used."""
    doubt = one.doubts(first, second)
    if not doubt and len(one.scores[first].elpd) < 2:
        doubt = "it has one person only"
    if not doubt and per == "decision" and np.isnan(one.decisions):
        doubt = "decisions are counted for theories of messages only"
    return doubt


def _measured(used: Mapping[str, Experiment], first: str, second: str, per: str) -> Measured:
    rows = []
    for one in used.values():
        gap = one.difference(first, second) / (one.decisions if per == "decision" else 1.0)
        unit = len(gap) * (one.decisions if per == "decision" else 1.0)
        error = np.hypot(one.scores[first].error, one.scores[second].error) / unit
        rows.append((gap.mean(), gap.std(), len(gap), error))
    return Measured(*(np.array(column, dtype=float) for column in zip(*rows, strict=True)))


def _table(
    used: Mapping[str, Experiment], measured: Measured, together: Together, others: Sequence[Together]
) -> pd.DataFrame:
    low, high = own_intervals(measured).T
    columns = {
        "people": measured.people.astype(int),
        "decisions": [one.decisions for one in used.values()],
        "difference": measured.mean,
        "se": measured.standard_error,
        "low": low,
        "high": high,
        "together": together.shrunken,
        "chance": [other.tail_of(measured, place) for place, other in enumerate(others)],
    }
    return pd.DataFrame(columns, index=pd.Index(list(used), name="experiment"))


def _mean(together: Together) -> dict[str, float]:
    low, high = together.interval
    return {"estimate": together.expected, "low": low, "high": high, "probability": together.probability}


def _over(together: Together) -> pd.DataFrame:
    low, high = together.next_interval
    following = {"estimate": together.expected, "low": low, "high": high, "probability": 1 - together.next_below(0.0)}
    middle, low, high = together.spread_quantiles
    spread = {"estimate": middle, "low": low, "high": high, "probability": 1.0}
    return pd.DataFrame({MEAN: _mean(together), NEXT: following, SPREAD: spread}).T


def _different(used: Mapping[str, Experiment], theories: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return what each theory is by experiment, where that differs."""
    found = {}
    for name in theories:
        models = {where: one.fits[name].problem for where, one in used.items()}
        titles = {where: problem.title for where, problem in models.items()}
        if len(set(titles.values())) == 1:
            titles = {where: str(problem.model) for where, problem in models.items()}
        if len(set(titles.values())) > 1:
            found[name] = titles
    return found
