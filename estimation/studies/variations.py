"""Choices that a comparison should not depend on: priors, response rule, ties, unexpected messages, habits, noise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace

from estimation.data.table import Table
from estimation.errors import EstimationError
from estimation.inference.problem import MessageProblem
from estimation.theories.messages.combined import Combined
from estimation.theories.messages.theory import Theory

Change = Callable[[Theory, Table], Theory]

AS_GIVEN = "as given"
WIDTHS = {"half": 0.5, "twice": 2.0}
HABITS_IN_WORDS = {"none": "without habits of response", "all": "with habits of response"}


def variations(theories: Mapping[str, Theory], table: Table) -> dict[str, dict[str, Theory]]:
    """Return the theories under each variation that changes at least one of them and that all of them allow."""
    found = {AS_GIVEN: dict(theories)}
    for name, change in _changes().items():
        try:
            changed = {who: change(theory, table) for who, theory in theories.items()}
        except EstimationError:  # a theory without such a version, such as a single best message under even ties
            continue
        if any(changed[who] != theories[who] for who in theories):
            found[name] = changed
    return found


def _changes() -> dict[str, Change]:
    changes: dict[str, Change] = {}
    for word, factor in WIDTHS.items():
        changes[f"priors of typical values {word} as wide"] = _scaled("centre_sd", factor)
        changes[f"people expected to differ {word} as much"] = _scaled("spread", factor)
    for response in ("logit", "normal"):
        changes[f"response: {response}"] = _option("response", response)
    for ties in ("min", "max", "uniform"):
        changes[f"ties: {ties}"] = _option("ties", ties)
    for off_path in ("ignore", "literal", "skeptical"):
        changes[f"unexpected messages: {off_path}"] = _option("off_path", off_path)
    for habits, name in HABITS_IN_WORDS.items():
        changes[name] = _option("habits", habits)
    return changes | {"with lapses": _option("lapse", True), "without lapses": _option("lapse", False)}


def _option(name: str, value: object) -> Change:
    """Return a change of one option, where a theory has it."""

    def change(theory: Theory, table: Table) -> Theory:  # noqa: ARG001 - every change is called alike
        known = {option.name for option in fields(theory)}
        return replace(theory, **{name: value}) if name in known else theory  # type: ignore[arg-type]

    return _of_components(change)


def _scaled(what: str, factor: float) -> Change:
    """Return a change of the width of every parameter's prior."""

    def change(theory: Theory, table: Table) -> Theory:
        problem = MessageProblem(theory, table)
        believed = {}
        for p in theory.parameters(problem.games, problem.roles):
            prior = theory.priors.get(p.name, {})
            believed[p.name] = {**prior, what: factor * float(prior.get(what, getattr(p, what)))}
        return replace(theory, priors=believed)

    return _of_components(change)


def _of_components(change: Change) -> Change:
    """Return the same change of any theory; of a mixture, or of roles apart, it is one of each part."""

    def changed(theory: Theory, table: Table) -> Theory:
        if not isinstance(theory, Combined):
            return change(theory, table)
        return theory.made_of([changed(part, table) for part in theory.parts])

    return changed
