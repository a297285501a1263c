"""The strategy method: receivers say in advance what they would do after each message, in a column for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from estimation.data.exports.layout import Layout
from estimation.games.game import Game
from estimation.names import ACTION, HYPOTHETICAL, MESSAGE, PERIOD, ROLE, STATE

ANY = "{message}"
"""What stands for a message in the name of a column."""


def answer_columns(
    action: str, games: Mapping[str, Game], there: Callable[[str], bool]
) -> tuple[dict[str, str], list[str]]:
    """Return the column of the action after each message, none where there is one action only; and problems.

    A column that ends like one message, ``action_0``, is meant so too if there is one for every other message.
    """
    options = list(dict.fromkeys(word for game in games.values() if game for word in _messages(game)))
    ends = re.fullmatch(r"(.*_)([^_.]+)", action)
    pattern = action
    if ANY not in action:
        if ends is None or ends[2] not in options or len(options) < 2:
            return {}, []
        pattern = ends[1] + ANY
    columns = {option: pattern.replace(ANY, option) for option in options}
    missing = [column for column in columns.values() if not there(column)]
    if missing and ANY not in action:
        return {}, []
    return columns, [f"action = {action!r}: there is no column {missing[0]!r}"] if missing else []


def answer_to_what_was_sent(rows: pd.DataFrame, answers: Mapping[str, str]) -> pd.Series:
    """Return what receivers would do after the message that was sent: what they then did."""
    found = pd.Series(None, index=rows.index, dtype=object)
    for option in answers:
        found = found.where(rows[MESSAGE.name] != option, rows[answer(option)])
    return found


def one_decision_a_message(
    rows: pd.DataFrame, layout: Layout, answers: Mapping[str, str]
) -> tuple[pd.DataFrame, list[str]]:
    """Return receivers' rows once for each message, and what to know.

    The message that was sent comes last in its round: what receivers learn from it, they learn after all answers.
    Periods count on, so that round 2 of 21 messages ends with period 42; senders decide at the end of a round.
    """
    if not answers:
        return rows, []
    hears = rows[ROLE.name] == layout.receiver
    rest, receivers, count = rows[~hears], rows[hears], len(answers)
    sent_at = receivers[MESSAGE.name].map({option: place for place, option in enumerate(answers)})
    end = pd.to_numeric(rows[PERIOD.name]) * count
    senders: dict[str, Any] = {PERIOD.name: end[~hears], HYPOTHETICAL.name: 0}
    parts = [rest.assign(**senders)]
    for place, option in enumerate(answers):
        sent = receivers[MESSAGE.name] == option
        before = place - (place > sent_at.fillna(count)).astype(int) + 1
        said: dict[str, Any] = {
            MESSAGE.name: option,
            ACTION.name: receivers[answer(option)],
            HYPOTHETICAL.name: (~sent).astype(int),
        }
        said[STATE.name] = receivers[STATE.name].where(sent, None)
        said[PERIOD.name] = end[hears] - count + np.where(sent, count, before)
        parts.append(receivers.assign(**said))
    caveat = (
        f"Receivers answered each of {count} messages in advance (strategy method): a decision for each, with "
        f"{HYPOTHETICAL.name} = 1 where nobody sent the message; each round has {count} periods."
    )
    return pd.concat(parts), [caveat]


def answer(option: str) -> str:
    """Return what the answer to a message is called while the table is made."""
    return f"answer {option}"


def _messages(game: Game) -> list[str]:
    words = game.labels.get(MESSAGE.name, ())
    return list(words) or [f"{message:g}" for message in np.asarray(game.messages, dtype=float)]
