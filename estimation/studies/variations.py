"""Choices that a comparison should not depend on: beliefs, rules, levels, response, habits, priors, variants.

Every option of a theory that is one of a few words (`among`) is varied, those of one's own theories too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from estimation.data.tables.table import Table
from estimation.errors import EstimationError, StudyError, raise_all
from estimation.inference.problem import MessageProblem
from estimation.theories.messages.beliefs import OWN, SEPARATE
from estimation.theories.messages.combined import Combined
from estimation.theories.messages.theory import Theory
from estimation.theories.priors import CONCENTRATION, SHARE
from estimation.theories.responses.response import RESPONSES

Change = Callable[[Theory, Table], Theory]

AS_GIVEN = "as given"
OPTIONS = {
    "beliefs": "beliefs",
    "believed_cost": "beliefs",
    "believed_precision": "beliefs",
    "believed_trust": "beliefs",
    "off_path": "unexpected messages",
    "ties": "ties",
    "max_level": "highest level",
    "convention": "convention",
    "response": "response",
    "precision": "response",
    "lapse": "lapses",
    "habits": "habits",
}
"""Option of a theory → the kind of variation that it is; any other is a variant of the theory."""
PRIORS, VARIANTS = "priors", "variants"
KINDS = (*dict.fromkeys(OPTIONS.values()), PRIORS, VARIANTS)
"""The kinds of variation."""
WORDS: dict[str, tuple[object, ...]] = {
    "believed_trust": (OWN, SEPARATE, 1.0),
    "max_level": (1, 2, 3, 4),
    "response": tuple(RESPONSES),
    "lapse": (True, False),
    "habits": ("none", "all"),
}
"""What else options are varied over: levels above 4 are hardly ever found."""
NAMES = {
    ("lapse", True): "with lapses",
    ("lapse", False): "without lapses",
    ("habits", "none"): "without habits of response",
    ("habits", "all"): "with habits of response",
}
IN_WORDS = {"off_path": "unexpected messages", "max_level": "highest level"}
WIDTHS = {"half": 0.5, "twice": 2.0}


@dataclass(frozen=True)
class Variation:
    """Theories under another choice.

    Attributes
    ----------
    kind
        One of `KINDS`.
    theories
        By name; one that lacks the option, or refuses it, is as given.
    """

    kind: str
    theories: dict[str, Theory]


def variations(theories: Mapping[str, Theory], table: Table, vary: Sequence[str] | None = None) -> dict[str, Variation]:
    """Return the theories as given, and under each variation of some kinds (all if left out) that changes one of them.

    Raises
    ------
    StudyError
        If there is no such kind.
    """
    vary = (vary,) if isinstance(vary, str) else KINDS if vary is None else vary
    unknown = [f"{kind!r} is no kind of variation; choose of {KINDS}" for kind in vary if kind not in KINDS]
    raise_all(unknown, StudyError, "The study cannot be run:")
    found = {AS_GIVEN: Variation(AS_GIVEN, dict(theories))}
    for kind, name, change in _changes(theories.values()):
        changed = {who: _tried(change, theory, table) for who, theory in theories.items()}
        if kind in vary and any(changed[who] != theories[who] for who in theories):
            found[name] = Variation(kind, changed)
    return found


def _changes(theories: Iterable[Theory]) -> list[tuple[str, str, Change]]:
    """Return kind, name and change of everything that could be varied, in the order of kinds."""
    words: dict[str, dict[object, None]] = {}
    for theory in _plain(theories):
        known = {option.name: WORDS[option.name] for option in fields(theory) if option.name in WORDS}
        for option, among in {**theory.among, **known}.items():
            words.setdefault(option, {}).update(dict.fromkeys(among))
    options = [
        (OPTIONS.get(option, VARIANTS), _name(option, word), _option(option, word))
        for option, among in words.items()
        for word in among
    ]
    changes = options + [(PRIORS, name, change) for name, change in _priors().items()]
    return sorted(changes, key=lambda change: KINDS.index(change[0]))


def _plain(theories: Iterable[Theory]) -> Iterator[Theory]:
    """Yield theories; for combinations, their parts."""
    for theory in theories:
        yield from _plain(theory.parts) if isinstance(theory, Combined) else (theory,)


def _name(option: str, word: object) -> str:
    """Return what a variation is called."""
    return NAMES.get((option, word), f"{IN_WORDS.get(option, option.replace('_', ' '))}: {word}")


def _priors() -> dict[str, Change]:
    changes: dict[str, Change] = {}
    for word, factor in WIDTHS.items():
        changes[f"priors of typical values {word} as wide"] = _scaled("centre_sd", factor)
        changes[f"people expected to differ {word} as much"] = _scaled("spread", factor)
        changes[f"concentration of shares: {word}"] = _concentrated(factor)
    for word, sign in {"lower": -1.0, "higher": 1.0}.items():
        changes[f"typical values expected a standard deviation {word}"] = _moved(sign)
    return changes


def _tried(change: Change, theory: Theory, table: Table) -> Theory:
    """Return a theory after a change, of each of its parts if it is made of some; as it is if it refuses."""
    try:
        if isinstance(theory, Combined):
            return theory.made_of([_tried(change, part, table) for part in theory.parts])
        return change(theory, table)
    except EstimationError:  # no such version, such as a single best message under even ties
        return theory


def _option(name: str, value: object) -> Change:
    """Return a change of one option, where a theory has it."""

    def change(theory: Theory, table: Table) -> Theory:  # noqa: ARG001 - every change is called alike
        known = {option.name for option in fields(theory)}
        return replace(theory, **{name: value}) if name in known else theory  # type: ignore[arg-type]

    return change


def _scaled(what: str, factor: float) -> Change:
    """Return a change of the width of every parameter's prior."""
    return _believed(lambda prior: {what: factor * prior[what]})


def _moved(sign: float) -> Change:
    """Return a change of where every parameter's prior stands, by its standard deviation."""
    return _believed(lambda prior: {"centre": prior["centre"] + sign * prior["centre_sd"]})


def _believed(new: Callable[[Mapping[str, float]], Mapping[str, float]]) -> Change:
    def change(theory: Theory, table: Table) -> Theory:
        problem = MessageProblem(theory, table)
        believed = dict(theory.priors)
        for p in theory.parameters(problem.games, problem.roles):
            own = {"centre": p.centre, "centre_sd": p.centre_sd, "spread": p.spread}
            given = theory.priors.get(p.name, {})
            believed[p.name] = {**given, **new({**own, **given})}
        return replace(theory, priors=believed)

    return change


def _concentrated(factor: float) -> Change:
    """Return a change of how alike shares of kinds are expected to be."""

    def change(theory: Theory, table: Table) -> Theory:  # noqa: ARG001 - as above
        before = theory.priors.get(SHARE, {}).get(CONCENTRATION, 1.0)
        return replace(theory, priors={**theory.priors, SHARE: {CONCENTRATION: factor * before}})

    return change
