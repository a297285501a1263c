"""What was done where a likelihood was maximised."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from estimation.choice.maximum.mixed_mode import MixedMode
from estimation.choice.maximum.mode import Mode
from estimation.inference.pooled.theory_mode import TheoryMode
from estimation.report.methods.citing import Cited, Methods, software
from estimation.report.methods.shared import origin_of
from estimation.text.sentences import counted

USED = ("estimation", "numpy", "scipy")


def mode_methods(mode: Mode | MixedMode | TheoryMode) -> Methods:
    """Return how maximum-likelihood estimates and their standard errors came about."""
    cite = Cited()
    is_talk = isinstance(mode, TheoryMode)
    model, table = _of(mode)
    made = "simulated " if table.synthetic else ""
    what = counted(len(table), f"{made}{'decision' if is_talk else 'choice'}")
    people = counted(len(table.subjects), "person")
    sentences = (
        f"We analysed {what} by {people}{origin_of(table, cite)}.",
        f"Parameters of {model.name}{cite(model.citation)} were estimated by maximum likelihood{_integrated(mode)}.",
        f"Standard errors are {_errors(mode)}.",
        software([{name: version(name) for name in USED}], USED),
    )
    return Methods(sentences, cite.references)


def _of(mode: Mode | MixedMode | TheoryMode) -> tuple[Any, Any]:
    """Return what was estimated on what."""
    if isinstance(mode, TheoryMode):
        return mode.problem.theory, mode.problem.table
    return mode.model, mode.table


def _integrated(mode: Mode | MixedMode | TheoryMode) -> str:
    if isinstance(mode, Mode) or (isinstance(mode, TheoryMode) and mode.is_pooled):
        return ", the same for everybody"
    return ", what differs between people integrated out by importance sampling"


def _errors(mode: Mode | MixedMode | TheoryMode) -> str:
    return mode.errors_in_words
