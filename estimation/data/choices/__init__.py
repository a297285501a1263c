"""Choice data: which alternatives people were offered, and which they took."""

from __future__ import annotations

from estimation.data.choices.long import read_choices
from estimation.data.choices.table import ChoiceTable
from estimation.data.choices.wide import choices_from_wide

__all__ = ["ChoiceTable", "choices_from_wide", "read_choices"]
