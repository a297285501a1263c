"""Senders who choose the state too: a decision of theirs is the pair of state and hint; receivers know the hint alone.

Files have the state and the hint in columns of their own; tables have the pair in the column of messages (see
`HideAndHint`), and for receivers the first pair of the hint that they heard.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from estimation.arrays import Mask
from estimation.games.game import Game, grid_index
from estimation.games.hide_and_hint import HideAndHint
from estimation.names import CONDITION, MESSAGE, ROLE, SENDER, STATE


def with_pairs(frame: pd.DataFrame, games: Mapping[str, Game]) -> pd.DataFrame:
    """Return a frame with names of pairs in place of hints; cells that are no hints stay, to be complained about."""
    found = frame
    for condition, game in _hidden(games).items():
        if {ROLE.name, STATE.name, MESSAGE.name, CONDITION.name} <= set(frame):
            here = (frame[CONDITION.name].astype(str).str.strip() == condition).to_numpy()
            found = found.assign(**{MESSAGE.name: _paired(found, here, game)})
    return found


def _paired(frame: pd.DataFrame, here: Mask, game: HideAndHint) -> pd.Series:
    message = list(frame[MESSAGE.name])
    is_sender = (frame[ROLE.name].astype(str).str.strip() == SENDER).to_numpy()
    first = game.labels[STATE.name][0] if STATE.name in game.labels else game.states[0]
    states = frame[STATE.name].to_numpy(object)
    for row in np.flatnonzero(here).tolist():
        message[row] = game.pair_of(states[row] if is_sender[row] else first, message[row]) or message[row]
    return pd.Series(message, frame.index, dtype=object)


def settled(frame: pd.DataFrame, games: Mapping[str, Game]) -> pd.DataFrame:
    """Return a checked frame in which senders' states are those of their pairs, and receivers heard hints only."""
    for condition, game in _hidden(games).items():
        here = (frame[CONDITION.name] == condition).to_numpy() & frame[MESSAGE.name].notna().to_numpy()
        sent = here & (frame[ROLE.name] == SENDER).to_numpy()
        pairs = grid_index(game.messages, frame[MESSAGE.name].to_numpy(float)[sent])
        frame.loc[sent, STATE.name] = game.states[game.place[pairs]]
        heard = here & ~sent
        frame.loc[heard, MESSAGE.name] = game.heard(frame[MESSAGE.name].to_numpy(float)[heard])
    return frame


def hints_written(written: pd.DataFrame, frame: pd.DataFrame, games: Mapping[str, Game]) -> pd.DataFrame:
    """Return rows as files have them (`written`, of the table's `frame`) with hints in place of pairs."""
    for condition, game in _hidden(games).items():
        here = ((frame[CONDITION.name] == condition) & frame[MESSAGE.name].notna()).to_numpy()
        pairs = grid_index(game.messages, frame[MESSAGE.name].to_numpy(float)[here])
        written.loc[here, MESSAGE.name] = [game.hints[hint] for hint in game.hint[pairs]]
    return written


def _hidden(games: Mapping[str, Game]) -> dict[str, HideAndHint]:
    """Return the games in which senders choose the state; of what is no mapping of games the schema complains."""
    played = games.items() if isinstance(games, Mapping) else ()
    return {str(name): game for name, game in played if isinstance(game, HideAndHint)}
