"""What each person had seen before each of their decisions, read from a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Array, Mask
from estimation.data.cells.labels import places_of
from estimation.data.tables.decisions import describe_decisions
from estimation.data.tables.table import Table
from estimation.errors import DataError, GameError, raise_all
from estimation.games.game import Game
from estimation.names import CONDITION, MESSAGE, OUTCOME, PARTNER, PERIOD, RECEIVER, ROLE, STATE, SUBJECT
from estimation.theories.beliefs.history import History


def histories_in_roles(table: Table, heard: Table, unseen: bool = False) -> dict[str, tuple[Any, History]]:
    """Return `histories_of` the people of a table that holds some of their roles: who only sends now has heard, too.

    Parameters
    ----------
    heard
        The table of everything that they decided and were told, in the same order.
    """
    histories = histories_of(heard.frame.reset_index(drop=True), heard.games, unseen)
    played = heard.frame[ROLE.name].isin(table.roles).to_numpy()
    here = _rows_of_people(table.frame.reset_index(drop=True))
    return {who: (here[who], history.at(played[rows])) for who, (rows, history) in histories.items() if who in here}


def histories_of(
    frame: pd.DataFrame, games: Mapping[str, Game], unseen: bool = False
) -> dict[str, tuple[Any, History]]:
    """Return, for each person, the rows of their decisions in the table and the history before each of them.

    What turned out to be true stands in the column ``outcome`` if there is one (what people saw afterwards, such as
    demand with its noise), otherwise in ``state``. Where it is empty the person never learnt it.

    Parameters
    ----------
    frame
        Decisions in the standard columns, rows counted from 0.
    games
        The game of each condition.
    unseen
        Whether messages whose truth never came out are events, too: their outcome and accuracy are no numbers then.

    Raises
    ------
    DataError
        If outcomes are not numbers, or what a game says that people knew is not there.
    GameError
        If a game says that a message was borne out by less than nothing, or by more than the truth.
    """
    seen = outcomes_of(frame, games)
    facts = {name: {"expected": game.prior @ game.states, "reach": np.ptp(game.states)} for name, game in games.items()}
    about = pd.DataFrame(facts).T.loc[frame[CONDITION.name]]
    partner, names = pd.factorize(frame[PARTNER.name].astype(object))
    known = _known(frame, games)
    is_event = (frame[ROLE.name] == RECEIVER).to_numpy() & (np.isfinite(seen) | unseen)
    period, message = frame[PERIOD.name].to_numpy(), frame[MESSAGE.name].to_numpy(float)
    accuracy = np.full(len(frame), np.nan)
    for condition, game in games.items():
        here = is_event & np.isfinite(seen) & (frame[CONDITION.name] == condition).to_numpy()
        accuracy[here] = _accuracy(game, condition, message[here], seen[here])
    histories = {}
    for subject, rows in _rows_of_people(frame).items():
        events = rows[is_event[rows]]
        events = events[np.argsort(period[events], kind="stable")]
        history = History(
            message=message[events],
            outcome=seen[events],
            expected=about["expected"].to_numpy()[events],
            reach=about["reach"].to_numpy()[events],
            partner=partner[events],
            before=np.searchsorted(period[events], period[rows], side="left"),
            facing=partner[rows],
            borne_out=accuracy[events],
            names=tuple(map(str, names)),
            during=frame[CONDITION.name].to_numpy(object)[events],
            known={name: column[rows] for name, column in known.items()},
            beside={name: column[events] for name, column in known.items()},
            games=games,
        )
        histories[subject] = rows, history
    return histories


def _accuracy(game: Game, condition: str, message: Array, outcome: Array) -> Array:
    """Return how well messages were borne out; what a game of somebody's own says beyond 0 to 1 is refused.

    Trust goes there, too, and is a weight.
    """
    found = np.asarray(game.accuracy(message, outcome), float)
    if (wrong := ~((found >= 0) & (found <= 1))).any():
        first = np.flatnonzero(wrong)[0]
        told = f"accuracy is {found[first]:g} for message {message[first]:g} where {outcome[first]:g} came out"
        advice = "write it so that it is 1 for the truth and 0 for the largest lie"
        raise GameError("What people saw cannot be read:", [f"condition {condition!r}: {told}; {advice}"])
    return found


def _rows_of_people(frame: pd.DataFrame) -> dict[str, Any]:
    """Return subject → positions of their rows, increasing."""
    return {str(subject): np.asarray(rows) for subject, rows in frame.groupby(SUBJECT.name).indices.items()}


def _known(frame: pd.DataFrame, games: Mapping[str, Game]) -> dict[str, Array]:
    """Return the columns that games read, (row,) each; NaN where people met another game, or did not receive."""
    found, problems = {}, []
    for name in dict.fromkeys(name for game in games.values() for name in game.reads):
        reading = [condition for condition, game in games.items() if name in game.reads]
        needed = (frame[CONDITION.name].isin(reading) & (frame[ROLE.name] == RECEIVER)).to_numpy()
        if name not in frame:
            problems.append(f"column {name!r} is missing, which the game in condition {reading[0]!r} reads")
            continue
        found[name] = pd.to_numeric(frame[name], errors="coerce").to_numpy(float)
        if (gone := needed & ~np.isfinite(found[name])).any():
            problems.append(
                f"column {name!r} must hold numbers: {describe_decisions(frame, frame[name], gone)}; fill it in"
            )
    for name in dict.fromkeys(name for game in games.values() for name in game.reads_states):
        if name in frame:
            found[name], wrong = _states(frame, name, games)
            says = f"column {name!r} must hold states, or nothing: {describe_decisions(frame, frame[name], wrong)}"
            problems += [says] * bool(wrong.any())
        else:
            problems.append(f"column {name!r} is missing, in which a game looks for states")
    raise_all(problems, DataError, "What people knew cannot be read:")
    return found


def _states(frame: pd.DataFrame, name: str, games: Mapping[str, Game]) -> tuple[Array, Mask]:
    """Return a column of states, (row,), NaN where none, and which rows hold something else."""
    values = places_of(STATE, frame[name], frame[CONDITION.name], games)
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(float)
    wrong = np.zeros(len(frame), dtype=bool)
    for condition, game in games.items():
        here = (frame[CONDITION.name] == condition).to_numpy() & (name in game.reads_states)
        wrong |= here & frame[name].notna().to_numpy() & ~np.isin(numbers, game.states)
    return numbers, wrong


def outcomes_of(frame: pd.DataFrame, games: Mapping[str, Game]) -> Array:
    """Return what receivers learnt afterwards, (row,), NaN where nothing; of words, their places.

    Raises
    ------
    DataError
        If outcomes are neither numbers nor states.
    """
    if OUTCOME.name not in frame:
        return frame[STATE.name].to_numpy(float)
    numbers = pd.to_numeric(places_of(STATE, frame[OUTCOME.name], frame[CONDITION.name], games), errors="coerce")
    wrong = (numbers.isna() & frame[OUTCOME.name].notna()).to_numpy()
    if wrong.any():
        rows = describe_decisions(frame, frame[OUTCOME.name], wrong)
        raise DataError(
            "What people saw cannot be read:",
            [f"column {OUTCOME.name!r} ({OUTCOME.unit}) must hold numbers: {rows}; correct them, or leave them empty"],
        )
    return numbers.to_numpy(float)
