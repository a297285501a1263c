"""Which fits may be compared with each other, and by which units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass

import numpy as np

from estimation.allowed import is_among
from estimation.data.choices.table import ChoiceTable
from estimation.data.tables.table import Table
from estimation.errors import ComparisonError, raise_all
from estimation.fits.fit import CHOICES, MESSAGES, AnyFit, check_fit
from estimation.games.game import Game
from estimation.inference.partitioned.problem import PartitionedProblem
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.names import CONDITION, SUBJECT
from estimation.text.sentences import enumerated

BY_REFITS = ("condition", "period")
UNITS = ("subject", "decision", *BY_REFITS)


def check_comparable(fits: Mapping[str, AnyFit], units: Sequence[str]) -> None:
    """Raise `ComparisonError` with every reason why fits cannot be compared by these units."""
    heading = "The fits cannot be compared:"
    if not isinstance(fits, Mapping):
        what = f"give the fits by name, as in {{'trust': trust, 'level-k': levelk}}, not a {type(fits).__name__}"
        raise ComparisonError(heading, [what])
    odd = [
        f"fits are named by text, as in {{'trust': trust}}, not {name!r}" for name in fits if not isinstance(name, str)
    ]
    raise_all(odd, ComparisonError, heading)
    for name, fit in fits.items():
        check_fit(fit, f"{heading} {name!r} is none;", ComparisonError)
    talks = [fit for fit in fits.values() if fit.family == MESSAGES]
    theories = [fit for fit in talks if isinstance(fit.problem, MessageProblem)]
    problems = [f"unit {unit!r} is not offered; choose of {UNITS}" for unit in units if not is_among(unit, UNITS)]
    units = [unit for unit in units if is_among(unit, UNITS)]
    problems += ["say by which unit to compare"] * (not units and not problems)
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
        problems += _other_games(fits) or [f"the fits use different data ({which}); fit every theory to the same table"]
    problems += _other_weights(fits)
    options = {fit.theory.lapse for fit in talks}
    if len(options) > 1:
        problems.append(
            "some theories have lapses and others not; give all of them the same chance to explain mistakes"
        )
    raise_all(problems, ComparisonError, heading)


def are_parted(fits: Mapping[str, AnyFit]) -> bool:
    """Return whether some of the fits are of people in partitions."""
    return any(isinstance(fit.problem, PartitionedProblem) for fit in fits.values())


def _other_weights(fits: Mapping[str, AnyFit]) -> list[str]:
    """Say whether weights of a sample count choices in some fits and people in others."""
    weighted = [fit for fit in fits.values() if isinstance(fit.table, ChoiceTable) and fit.table.is_sample_weighted]
    advice = (
        "weights of a sample count choices where everybody is alike, and people where they differ; compare fits to "
        "choices that were read without weights"
    )
    return [advice] * (len({fit.problem.people_differ for fit in weighted}) > 1)


def _have_moved(fit: MessageFit) -> bool:
    """Return whether somebody decided in several conditions."""
    return bool((fit.table.frame.groupby(SUBJECT.name)[CONDITION.name].nunique() > 1).any())


def _other_games(fits: Mapping[str, AnyFit]) -> list[str]:
    """Say that fits are of the same decisions in different games, and in which way; nothing if decisions differ."""
    (first, of), *others = ((name, fit.table) for name, fit in fits.items())
    if not all(isinstance(table, Table) and of.frame.equals(table.frame) for _, table in [(first, of), *others]):
        return []
    problems = []
    for name, table in others:
        for condition, game in table.games.items():
            if parts := _differing(of.games.get(condition), game):
                problems.append(
                    f"{first!r} and {name!r} take the same decisions to be made in different games: of condition "
                    f"{condition!r} {enumerated(parts)} differ{'s' * (len(parts) == 1)}; fit all to the same games"
                )
    return problems


def _differing(one: Game | None, other: Game) -> list[str]:
    """Return what differs between two games, by the names of their options; nothing if they are the same."""
    if type(one) is not type(other):
        return ["the family"]
    mine, theirs = (dict(vars(game)) for game in (one, other))
    names: list[str] = [option.name for option in fields(other)] if is_dataclass(other) else []
    differ = [name for name in names if not np.array_equal(np.asarray(mine.get(name)), np.asarray(theirs.get(name)))]
    return [f"the {name.strip('_').replace('_', ' ')}" for name in differ]
