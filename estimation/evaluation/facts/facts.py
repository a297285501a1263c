"""Named facts of what people who talk did, and which of them a file of data cannot show.

Files are often cut at the ends of the scale: trials with an answer out of range are dropped, or the last option was
never offered. Then a share of choices at the end is zero whatever people do, and the rest is about what is left.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.data.tables.table import Table
from estimation.evaluation.facts.advised import advised_facts
from estimation.games.game import Game, grid_index
from estimation.names import ACTION, CONDITION, MESSAGE, RECEIVER, ROLE, SENDER, STATE, SUBJECT

Situation = tuple[Game, pd.DataFrame]
Statistic = Callable[[Situation], float]

AT_END = "share of messages at the far end"
LIARS, DOUBTERS = "sd of people's share of true messages", "sd of people's share taken literally"
NEXT = 3  # options beside an end, by which it is judged
CHANCE = 0.01  # that nobody takes the end, if it were taken as often as those beside it, below which a file is cut


def facts(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return the named facts of a frame of decisions: statistic, group, role, value."""
    rows = []
    for condition, game in table.games.items():
        for role, statistics in (_FACTS if game.direction else _SHARES).items():
            part = frame[(frame[CONDITION.name] == condition) & (frame[ROLE.name] == role)]
            if len(part):
                rows += [(name, condition, role, fact((game, part))) for name, fact in statistics.items()]
            if role == RECEIVER:
                done, advised = part[ACTION.name].to_numpy(float), advised_facts(game, part)
                rows += [(name, condition, role, fact.of(done)) for name, fact in advised.items()]
    if set(table.roles) == {SENDER, RECEIVER} and all(game.direction for game in table.games.values()):
        rows.append(("correlation of people's exaggeration and correction", "all", "both", _person_link(frame, table)))
    return pd.DataFrame(rows, columns=["statistic", "group", "role", "value"])


def impossible(observed: pd.DataFrame, table: Table) -> list[str]:
    """Return for each fact (rows as from `facts`) why the file cannot show it; empty if it can."""
    cut = cut_ends(table)
    return [
        _why(table.games[group], cut.get((group, role), {})) if statistic == AT_END else ""
        for statistic, group, role in observed[["statistic", "group", "role"]].astype(str).to_numpy()
    ]


def cut_ends(table: Table) -> dict[tuple[str, str], dict[float, int]]:
    """Return (condition, role) → ends of the scale that are not in the file → how often the options beside them are.

    An end counts as cut off if no row has it, be it of the other role, though the options beside it make that a chance
    of less than one in a hundred.
    """
    found: dict[tuple[str, str], dict[float, int]] = {}
    for condition, game in table.games.items():
        rows = table.frame[table.frame[CONDITION.name] == condition]
        for role, column, options in ((SENDER, MESSAGE, game.messages), (RECEIVER, ACTION, game.actions)):
            taken = rows[column.name].dropna().to_numpy(float)
            counts = np.bincount(grid_index(options, taken), minlength=len(options))
            beside = {0: int(counts[1 : NEXT + 1].sum()), -1: int(counts[-NEXT - 1 : -1].sum())}
            cut = {float(options[end]): n for end, n in beside.items() if _is_cut(int(counts[end]), n)}
            found |= {(condition, role): cut} if cut and len(options) > 2 * NEXT else {}
    return found


def within(frame: pd.DataFrame, cut: dict[tuple[str, str], dict[float, int]]) -> pd.DataFrame:
    """Return the decisions of a frame that its file would hold."""
    out = np.zeros(len(frame), dtype=bool)
    for (condition, role), ends in cut.items():
        chosen = frame[(MESSAGE if role == SENDER else ACTION).name]
        out |= ((frame[CONDITION.name] == condition) & (frame[ROLE.name] == role) & chosen.isin(list(ends))).to_numpy()
    return frame[~out] if out.any() else frame


def _is_cut(count: int, beside: int) -> bool:
    return count == 0 and np.exp(-beside / NEXT) < CHANCE


def _why(game: Game, cut: dict[float, int]) -> str:
    end = float(_far_end(game))
    if end not in cut:
        return ""
    return f"no message of {end:g} is in the file, the {NEXT} beside it are there {cut[end]} times: the file is cut"


def exaggeration(situation: Situation) -> pd.Series:
    """Return by how much messages exceed states, in the sender's interest; without a direction, whether they lie."""
    game, part = situation
    if not game.direction:
        size = game.untruth[grid_index(game.states, part[STATE.name]), grid_index(game.messages, part[MESSAGE.name])]
        return pd.Series(size > 0, part.index, dtype=float)
    return pd.Series(game.direction * (part[MESSAGE.name] - part[STATE.name]))


def correction(situation: Situation) -> pd.Series:
    """How far the action stays from the best reply to a message that is true, in the direction of suspicion.

    Where the sender's interest has no direction, whether it is another.
    """
    game, part = situation
    literal = game.actions[game.literal[grid_index(game.messages, part[MESSAGE.name])]]
    if not game.direction:
        return pd.Series(part[ACTION.name] != literal, part.index, dtype=float)
    return pd.Series(game.direction * (literal - part[ACTION.name]))


def _slope(x: pd.Series, y: pd.Series) -> float:
    return float(np.cov(x, y)[0, 1] / np.var(x, ddof=1)) if np.ptp(x) > 0 else np.nan


def _between(values: pd.Series, part: pd.DataFrame) -> float:
    return float(values.groupby(part[SUBJECT.name]).mean().std())


def _far_end(game: Game) -> Array:
    return np.asarray(game.messages[-1] if game.direction > 0 else game.messages[0])


_SENDER: dict[str, Statistic] = {
    "mean exaggeration": lambda s: float(exaggeration(s).mean()),
    "sd of exaggeration": lambda s: float(exaggeration(s).std()),
    "share of true messages": lambda s: float((exaggeration(s) == 0).mean()),
    AT_END: lambda s: float((s[1][MESSAGE.name] == _far_end(s[0])).mean()),
    "slope of message on state": lambda s: _slope(s[1][STATE.name], s[1][MESSAGE.name]),
    "sd of people's mean exaggeration": lambda s: _between(exaggeration(s), s[1]),
}
_RECEIVER: dict[str, Statistic] = {
    "mean correction": lambda s: float(correction(s).mean()),
    "sd of correction": lambda s: float(correction(s).std()),
    "share of messages taken literally": lambda s: float((correction(s) == 0).mean()),
    "slope of action on message": lambda s: _slope(s[1][MESSAGE.name], s[1][ACTION.name]),
    "sd of people's mean correction": lambda s: _between(correction(s), s[1]),
}
_FACTS = {SENDER: _SENDER, RECEIVER: _RECEIVER}
_SHARES: dict[str, dict[str, Statistic]] = {
    SENDER: {
        "share of true messages": _SENDER["share of true messages"],
        LIARS: lambda s: _between(exaggeration(s), s[1]),
    },
    RECEIVER: {
        "share of messages taken literally": _RECEIVER["share of messages taken literally"],
        DOUBTERS: lambda s: _between(correction(s), s[1]),
    },
}
"""What is said where the sender's interest has no direction."""


def _person_link(frame: pd.DataFrame, table: Table) -> float:
    """Return the correlation over people of mean exaggeration as a sender and mean correction as a receiver."""
    sent: list[pd.Series] = []
    heard: list[pd.Series] = []
    for condition, game in table.games.items():
        for role, measure, found in ((SENDER, exaggeration, sent), (RECEIVER, correction, heard)):
            part = frame[(frame[CONDITION.name] == condition) & (frame[ROLE.name] == role)]
            found.append(measure((game, part)).groupby(part[SUBJECT.name]).mean())
    both = pd.concat([pd.concat(sent), pd.concat(heard)], axis=1, keys=["sent", "heard"]).dropna()
    return float(both["sent"].corr(both["heard"]))
