"""Why a model and a table do not belong together, in words."""

from __future__ import annotations

import pandas as pd

from estimation.choice.model import ChoiceModel
from estimation.data.choices.partitions.partitions import ChoicePartitions
from estimation.data.choices.table import ChoiceTable
from estimation.data.partitions.partitions import Partitions
from estimation.data.tables.plays import PlayTable
from estimation.data.tables.table import Table
from estimation.theories.messages.theory import Theory
from estimation.theories.plays.theory import PlayTheory


def mismatch(model: object, table: object) -> str:
    """Say why a model and a table do not belong together, and what to do."""
    models, tables = (Theory, PlayTheory, ChoiceModel), (Table, Partitions, PlayTable, ChoiceTable, ChoicePartitions)
    if isinstance(model, tables) and isinstance(table, models):
        return "model and table are swapped; the model comes first: est.fit(model, table)"
    if isinstance(model, type) and issubclass(model, models):
        return f"{model.__name__} is a class; build the model: {model.__name__}()"
    if isinstance(table, pd.DataFrame):
        how = "est.Table.from_frame(frame, games), est.PlayTable.from_frame(frame, games) or est.read_choices(frame)"
        return f"a DataFrame has not been checked; make a table of it: {how}"
    problem = f"a {type(model).__name__} says nothing about a {type(table).__name__}"
    advice = "theories of messages take a Table, theories of play a PlayTable, models of choice a ChoiceTable"
    return f"{problem}; {advice}"
