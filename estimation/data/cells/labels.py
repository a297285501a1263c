"""Options that are words: in files and frames they stand as words, in tables as their places in the game's list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimation.arrays import Array, Mask
from estimation.data.cells.cells import AS_DIGITS, EMPTY, Cells, read_numbers
from estimation.data.cells.rows import row_problem
from estimation.errors import did_you_mean
from estimation.games.game import Game
from estimation.games.options import as_label, spells_number
from estimation.names import ACTION, CONDITION, MESSAGE, ROLE, SENDER, STATE, Column

OPTIONS = {STATE.name: "states", MESSAGE.name: "messages", ACTION.name: "actions"}
MOST_WORDS = 10
"""Different words that may be the options of a game; more of them are rather something else."""


def read_options(column: Column, raw: pd.Series, conditions: NDArray[Any], games: Mapping[str, Game]) -> Cells:
    """Read numbers, and words where the game of the row's condition has words for them; numbers there are places."""
    is_text = _is_text(raw)
    if not is_text.any():
        return read_numbers(column, raw)
    coded, unknown, problems = raw.astype(object), np.zeros(len(raw), dtype=bool), []
    for condition, game in games.items():
        words = game.labels.get(column.name, ())
        here = is_text & (conditions == condition) & bool(words)
        if here.any():
            coded, strange = _coded(coded, here, words)
            close = [did_you_mean(as_label(text), words) for text in raw[strange]]
            what = f"is none of {list(words)}, the options of the game in condition {condition!r}"
            problems += row_problem(column, what, raw, strange, "correct it, or the game" + "".join(close[:1]))
            unknown |= strange
    cells = read_numbers(column, coded, _advice(column, coded))
    return replace(
        cells, raw=raw, missing=cells.missing & ~unknown, bad=cells.bad | unknown, problems=(*problems, *cells.problems)
    )


def _is_text(cells: pd.Series) -> Mask:
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return np.zeros(len(cells), dtype=bool)
    return np.array([isinstance(cell, str) for cell in cells], dtype=bool)


def _advice(column: Column, cells: pd.Series) -> str:
    """Return what to do about cells that are no numbers: if all of them are words, these may be the options."""
    given = list(cells.dropna())
    are_texts = all(isinstance(cell, str) for cell in given)
    words = list(dict.fromkeys(as_label(text) for text in given if are_texts and text.strip().lower() not in EMPTY))
    if column.name not in OPTIONS or not 0 < len(words) <= MOST_WORDS or any(map(spells_number, words)):
        return AS_DIGITS
    known = f'family = "sender-receiver" and {OPTIONS[column.name]} = {words}'.replace("'", '"')
    return (
        f"if these are the options, give a game whose options are words ({known}, and what they mean); else {AS_DIGITS}"
    )


def _coded(cells: pd.Series, here: Mask, words: Sequence[str]) -> tuple[pd.Series, Mask]:
    """Return cells with places for the words in some rows, and which of these are another word."""
    places = {word: float(place) for place, word in enumerate(words)}
    texts = [as_label(cell) for cell in cells[here]]
    coded, strange = cells.copy(), np.zeros(len(cells), dtype=bool)
    coded[here] = pd.Series([places.get(text) for text in texts], index=cells.index[here], dtype=object)
    strange[here] = [text != "" and text not in places for text in texts]
    return coded, strange


def places_of(column: Column, values: pd.Series, conditions: pd.Series, games: Mapping[str, Game]) -> pd.Series:
    """Return a covariate with the words of a column replaced by their places, such as outcomes that are states."""
    found, is_text = values.astype(object), _is_text(values)
    for condition, game in games.items():
        words = game.labels.get(column.name, ())
        known = (
            is_text & (conditions == condition).to_numpy() & values.map(lambda cell, w=words: as_label(str(cell)) in w)
        )
        found = _coded(found, known.to_numpy(), words)[0] if known.any() else found
    return found


def with_words(frame: pd.DataFrame, games: Mapping[str, Game]) -> pd.DataFrame:
    """Return a table's rows as a file holds them: with words for the places of options that are words."""
    written = frame.copy()
    for column in (STATE, MESSAGE, ACTION):
        for condition, game in games.items():
            words = game.labels.get(column.name)
            here = (frame[CONDITION.name] == condition) & frame[column.name].notna()
            if words and here.any():
                written[column.name] = written[column.name].astype(object)
                written.loc[here, column.name] = [words[int(place)] for place in frame.loc[here, column.name]]
    return written


def states_of(frame: pd.DataFrame, condition: str) -> Array:
    """Return the states that came up in a condition: what its senders saw, or else all that are known."""
    states = frame[(frame[CONDITION.name] == condition) & frame[STATE.name].notna()]
    sent = states[states[ROLE.name] == SENDER]
    return (sent if len(sent) else states)[STATE.name].to_numpy(float)
