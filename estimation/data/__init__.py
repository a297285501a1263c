"""Data: a table comes in, is checked once, and is never changed again."""

from __future__ import annotations

from estimation.data.choices.long import read_choices
from estimation.data.choices.table import ChoiceTable
from estimation.data.choices.wide import choices_from_wide
from estimation.data.exports.otree import read_otree
from estimation.data.exports.otree_layout import OTreeLayout
from estimation.data.exports.row_layout import RowLayout
from estimation.data.files.csv_file import read_table
from estimation.data.files.game_files import read_games
from estimation.data.files.selection import Selection
from estimation.data.library.library import Entry, catalogue, describe, fetch, is_available, load
from estimation.data.own import read_own
from estimation.data.tables.plays import PlayTable
from estimation.data.tables.source import Source, SourceFile
from estimation.data.tables.table import Table

__all__ = [
    "ChoiceTable",
    "Entry",
    "OTreeLayout",
    "PlayTable",
    "RowLayout",
    "Selection",
    "Source",
    "SourceFile",
    "Table",
    "catalogue",
    "choices_from_wide",
    "describe",
    "fetch",
    "is_available",
    "load",
    "read_choices",
    "read_games",
    "read_otree",
    "read_own",
    "read_table",
]
