"""Which fits may be compared with each other, and by which units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from estimation.errors import ComparisonError, raise_all
from estimation.fits.fit import CHOICES, MESSAGES, AnyFit, check_fit
from estimation.inference.partitioned.problem import PartitionedProblem
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.names import CONDITION, SUBJECT

BY_REFITS = ("condition", "period")
UNITS = ("subject", "decision", *BY_REFITS)


def check_comparable(fits: Mapping[str, AnyFit], units: Sequence[str]) -> None:
    """Raise `ComparisonError` with every reason why fits cannot be compared by these units."""
    heading = "The fits cannot be compared:"
    if not isinstance(fits, Mapping):
        what = f"give the fits by name, as in {{'trust': trust, 'level-k': levelk}}, not a {type(fits).__name__}"
        raise ComparisonError(heading, [what])
    for name, fit in fits.items():
        check_fit(fit, f"{heading} {name!r} is none;", ComparisonError)
    talks = [fit for fit in fits.values() if fit.family == MESSAGES]
    theories = [fit for fit in talks if isinstance(fit.problem, MessageProblem)]
    problems = [f"unit {unit!r} is not offered; choose of {UNITS}" for unit in units if unit not in UNITS]
    problems += ["say by which unit to compare"] * (not units)
    problems += [f"unit {unit!r} is named twice" for unit in sorted(set(units)) if list(units).count(unit) > 1]
    if "decision" in units and any(fit.family != CHOICES for fit in fits.values()):
        problems.append("unit 'decision' is offered for models of choice only; compare theories by 'subject'")
    if set(units) & set(BY_REFITS) and len(theories) < len(fits):
        problems.append(
            f"units {BY_REFITS} are offered for theories of messages in which people differ; "
            "compare others by 'subject'"
        )
    if set(units) & set(BY_REFITS) and are_parted(fits):
        problems.append("people in partitions are compared by 'subject' only; other units are refits of all of them")
    elif "condition" in units and any(fit.theory.learns and _have_moved(fit) for fit in theories):
        problems.append(
            "people who learn carry what they saw from one condition to the next, so none can be left out; "
            "compare by 'subject' or by 'period'"
        )
    problems += [
        f"the fit of {name!r} holds no likelihoods of people: the table was too large to keep them"
        for name, fit in fits.items()
        if "subject" in units and "people" not in fit.tree["log_likelihood"].dataset and not are_parted({name: fit})
    ]
    if len(fits) < 2:
        problems.append(f"give at least two fits, not {len(fits)}")
    fingerprints = {fit.fingerprint for fit in fits.values()}
    if len(fingerprints) > 1:
        which = ", ".join(f"{name!r} {fit.table.label} {fit.fingerprint[:8]}…" for name, fit in fits.items())
        problems.append(f"the fits use different data ({which}); fit every theory to the same table")
    options = {fit.theory.lapse for fit in talks}
    if len(options) > 1:
        problems.append(
            "some theories have lapses and others not; give all of them the same chance to explain mistakes"
        )
    raise_all(problems, ComparisonError, heading)


def are_parted(fits: Mapping[str, AnyFit]) -> bool:
    """Return whether some of the fits are of people in partitions."""
    return any(isinstance(fit.problem, PartitionedProblem) for fit in fits.values())


def _have_moved(fit: MessageFit) -> bool:
    """Return whether somebody decided in several conditions."""
    return bool((fit.table.frame.groupby(SUBJECT.name)[CONDITION.name].nunique() > 1).any())
