"""Data sets as tables of the kind that they are known to be, each loaded once."""

from __future__ import annotations

from functools import cache
from typing import cast

from estimation.data import ChoiceTable, PlayTable, Table, load


@cache
def talk(name: str) -> Table:
    """Return an experiment with senders and receivers."""
    return cast(Table, load(name))


@cache
def choices(name: str) -> ChoiceTable:
    """Return choices among alternatives."""
    return cast(ChoiceTable, load(name))


@cache
def plays(name: str) -> PlayTable:
    """Return choices in games without communication."""
    return cast(PlayTable, load(name))
