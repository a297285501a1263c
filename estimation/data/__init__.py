"""Data: a table comes in, is checked once, and is never changed again."""

from __future__ import annotations

from estimation.data.csv_file import read_table
from estimation.data.library import Entry, catalogue, describe, fetch, is_available, load
from estimation.data.source import Source, SourceFile
from estimation.data.specs import read_games
from estimation.data.table import Table

__all__ = [
    "Entry",
    "Source",
    "SourceFile",
    "Table",
    "catalogue",
    "describe",
    "fetch",
    "is_available",
    "load",
    "read_games",
    "read_table",
]
