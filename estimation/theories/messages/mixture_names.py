"""What components of a mixture, their kinds and their parameters are called."""

from __future__ import annotations

from collections.abc import Sequence

from estimation.allowed import word_problems
from estimation.games.estimation_game import EstimationGame
from estimation.names import ROLES
from estimation.theories.messages.combined import ALIKE
from estimation.theories.messages.theory import Theory
from estimation.theories.priors import SHARE
from estimation.theories.responses.habits import habit_parameters
from estimation.theories.responses.response import LAPSE, RESPONSES

SHARED = ("noise", "all", "nothing")
ANY_GAME = EstimationGame(highest=20)  # its options allow every habit; other names do not depend on the game


def labels_of(components: Sequence[Theory]) -> tuple[str, ...]:
    """Return what each component is called: the name of its theory, numbered where two have the same."""
    names = [part.name for part in components]
    return tuple(
        name if names.count(name) == 1 else f"{name} {names[: index + 1].count(name)}"
        for index, name in enumerate(names)
    )


def kinds_of(components: Sequence[Theory]) -> dict[str, tuple[int, int]]:
    """Return every kind of every component by name, with its component and its position there."""
    return {
        label if len(part.types) == 1 else f"{label}: {kind}": (index, local)
        for index, (label, part) in enumerate(zip(labels_of(components), components, strict=True))
        for local, kind in enumerate(part.types)
    }


def renamed(components: Sequence[Theory], shared: str) -> tuple[dict[str, str], ...]:
    """Return, for each component, its own names of parameters and what they are called in the mixture.

    A name that is shared (`SHARED`), or that one component alone uses, stays; others say whose they are.
    """
    known = [[p.name for p in part.parameters([ANY_GAME], ROLES)] for part in components]
    rules = [(rule, role) for rule in RESPONSES.values() for role in ROLES]
    noise = {p.name for rule, role in rules for p in (rule.parameter([ANY_GAME], role), *rule.further(role))}
    everything = {name for names in known for name in names}
    habits = {share.name for role in ROLES for share in habit_parameters("all", [ANY_GAME], role)}
    common = {"noise": noise | habits | {LAPSE.name}, "all": everything, "nothing": set()}[shared]

    def new(name: str, label: str) -> str:
        is_clear = name in common or sum(name in names for names in known) == 1
        return name if is_clear else f"{name} ({label})"

    return tuple(
        {name: new(name, label) for name in names} for names, label in zip(known, labels_of(components), strict=True)
    )


def contradictions(components: Sequence[Theory], shared: str, without: Sequence[str]) -> list[str]:
    """Return what is wrong with the options of a mixture."""
    problems = [] if len(components) > 1 else ["give at least two theories"]
    for option in ALIKE:
        found = {getattr(part, option) for part in components}
        if len(found) > 1:
            problems.append(f"components differ in {option} ({sorted(map(repr, found))}); give all of them the same")
    twice = {label for place, label in enumerate(labels_of(components)) if components[place] in components[:place]}
    advice = "is another component once more: nothing tells the two apart, leave one out"
    problems += [f"{label} {advice}" for label in sorted(twice)]
    problems += word_problems(SHARED, shared=shared)
    if problems:
        return problems
    kinds = kinds_of(components)
    unknown = [name for name in without if name not in kinds]
    if unknown:
        problems.append(f"without names {unknown}, which are none of the kinds {list(kinds)}")
    left = {index for name, (index, _) in kinds.items() if name not in without}
    idle = [label for index, label in enumerate(labels_of(components)) if index not in left]
    if idle:
        problems.append(f"nobody is left to follow {idle}; leave them out of the components")
    return problems + _misnamed(components, shared)


def _misnamed(components: Sequence[Theory], shared: str) -> list[str]:
    """Say which formulas and priors are of no parameter of their component, and which shared ones are not the same."""
    problems, told = [], dict[str, set[object]]()
    for label, part, names in zip(labels_of(components), components, renamed(components, shared), strict=True):
        for option in ("formulas", "priors"):
            unknown = sorted(set(getattr(part, option)) - set(names) - {SHARE})
            problems += [f"{label} has {option} of {unknown}, which are none of its parameters {sorted(names)}"] * bool(
                unknown
            )
        for p in part.parameters([ANY_GAME], ROLES):
            told.setdefault(names[p.name], set()).add((p.scale, p.centre, p.centre_sd, p.spread))
    advice = "its scale or its prior differs; give one of them another name, or share less"
    return problems + [
        f"{name!r} is not the same in all components: {advice}" for name, priors in told.items() if len(priors) > 1
    ]
