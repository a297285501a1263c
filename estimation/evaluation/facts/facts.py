"""Named facts of what people who talk did, and which of them a file of data cannot show.

Files are often cut at the ends of the scale: trials with an answer out of range are dropped, or the last option was
never offered. Then a share of choices at the end is zero whatever people do, and the rest is about what is left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from estimation.arrays import Array, Indices
from estimation.data.tables.table import Table
from estimation.evaluation.facts.advised import advised_facts
from estimation.games.game import Game, grid_index
from estimation.names import ACTION, CONDITION, MESSAGE, RECEIVER, ROLE, SENDER, STATE, SUBJECT

AT_END = "share of messages at the far end"
LIARS, DOUBTERS = "sd of people's share of true messages", "sd of people's share taken literally"
NEXT = 3  # options beside an end, by which it is judged
CHANCE = 0.01  # that nobody takes the end, if it were taken as often as those beside it, below which a file is cut


@dataclass(frozen=True, eq=False)
class Situation:
    """Decisions of one role in one condition, which many facts are about.

    Attributes
    ----------
    game
        What was played.
    rows
        The decisions.
    """

    game: Game
    rows: pd.DataFrame

    def column(self, name: str) -> Array:
        """Return numbers of a column, (decision,)."""
        return self.rows[name].to_numpy(float)

    @cached_property
    def exaggeration(self) -> Array:
        """By how much messages exceed states, in the sender's interest; without a direction, whether they lie."""
        game, state, message = self.game, self.column(STATE.name), self.column(MESSAGE.name)
        if not game.direction:
            return np.array(game.untruth[grid_index(game.states, state), grid_index(game.messages, message)] > 0, float)
        return np.asarray(game.direction * (message - state))

    @cached_property
    def correction(self) -> Array:
        """How far the action stays from the best reply to a message that is true, in the direction of suspicion.

        Where the sender's interest has no direction, whether it is another.
        """
        game, action = self.game, self.column(ACTION.name)
        literal = game.actions[game.literal[grid_index(game.messages, self.column(MESSAGE.name))]]
        if not game.direction:
            return np.array(action != literal, float)
        return np.asarray(suspicion_of(game) * (literal - action))

    @cached_property
    def people(self) -> tuple[Indices, pd.Index]:
        """Who decided: places in a list of names (decision,), and the list."""
        return pd.factorize(self.rows[SUBJECT.name])  # type: ignore[return-value]

    def means(self, measure: Array) -> pd.Series:
        """Return the mean of a measure (decision,) by person."""
        who, names = self.people
        return pd.Series(np.bincount(who, measure) / np.bincount(who), names)


def suspicion_of(game: Game) -> int:
    """Return the sign of how far below the best reply to a true message those act who doubt it.

    It is the direction of the sender's interest, unless a game says otherwise whose actions are no states.
    """
    return int(getattr(game, "suspicion", game.direction))


Statistic = Callable[[Situation], float]


def facts(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return the named facts of a frame of decisions: statistic, group, role, value."""
    rows, parts = [], _situations(frame, table)
    for (condition, role), situation in parts.items():
        statistics = (_FACTS if situation.game.direction else _SHARES)[role]
        rows += [(name, condition, role, fact(situation)) for name, fact in statistics.items()]
        if role == RECEIVER:
            done, advised = situation.column(ACTION.name), advised_facts(situation.game, situation.rows)
            rows += [(name, condition, role, fact.of(done)) for name, fact in advised.items()]
    if set(table.roles) == {SENDER, RECEIVER} and all(game.direction for game in table.games.values()):
        rows.append(("correlation of people's exaggeration and correction", "all", "both", _person_link(parts)))
    return pd.DataFrame(rows, columns=["statistic", "group", "role", "value"])


def _situations(frame: pd.DataFrame, table: Table) -> dict[tuple[str, str], Situation]:
    """Return the decisions of a frame by condition and role, where there are any."""
    rows = dict(list(frame.groupby([CONDITION.name, ROLE.name], observed=True, sort=False)))
    places = [(condition, role) for condition in table.games for role in (SENDER, RECEIVER)]
    return {place: Situation(table.games[place[0]], rows[place]) for place in places if place in rows}


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


def _slope(x: Array, y: Array) -> float:
    return float(np.cov(x, y)[0, 1] / np.var(x, ddof=1)) if np.ptp(x) > 0 else np.nan


def _spread(values: Array) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else np.nan


def _between(situation: Situation, measure: Array) -> float:
    """Return how much people's means of a measure differ."""
    return _spread(situation.means(measure).to_numpy())


def _far_end(game: Game) -> Array:
    return np.asarray(game.messages[-1] if game.direction > 0 else game.messages[0])


_SENDER: dict[str, Statistic] = {
    "mean exaggeration": lambda s: float(s.exaggeration.mean()),
    "sd of exaggeration": lambda s: _spread(s.exaggeration),
    "share of true messages": lambda s: float((s.exaggeration == 0).mean()),
    AT_END: lambda s: float((s.column(MESSAGE.name) == _far_end(s.game)).mean()),
    "slope of message on state": lambda s: _slope(s.column(STATE.name), s.column(MESSAGE.name)),
    "sd of people's mean exaggeration": lambda s: _between(s, s.exaggeration),
}
_RECEIVER: dict[str, Statistic] = {
    "mean correction": lambda s: float(s.correction.mean()),
    "sd of correction": lambda s: _spread(s.correction),
    "share of messages taken literally": lambda s: float((s.correction == 0).mean()),
    "slope of action on message": lambda s: _slope(s.column(MESSAGE.name), s.column(ACTION.name)),
    "sd of people's mean correction": lambda s: _between(s, s.correction),
}
_FACTS = {SENDER: _SENDER, RECEIVER: _RECEIVER}
_SHARES: dict[str, dict[str, Statistic]] = {
    SENDER: {"share of true messages": _SENDER["share of true messages"], LIARS: lambda s: _between(s, s.exaggeration)},
    RECEIVER: {
        "share of messages taken literally": _RECEIVER["share of messages taken literally"],
        DOUBTERS: lambda s: _between(s, s.correction),
    },
}
"""What is said where the sender's interest has no direction."""


def _person_link(parts: dict[tuple[str, str], Situation]) -> float:
    """Return the correlation over people of mean exaggeration as a sender and mean correction as a receiver.

    Means are over all decisions of a person in the role, whatever their conditions.
    """
    sent = [(one, one.exaggeration) for (_, role), one in parts.items() if role == SENDER]
    heard = [(one, one.correction) for (_, role), one in parts.items() if role == RECEIVER]
    if not (sent and heard):
        return np.nan
    both = pd.concat([_by_person(sent), _by_person(heard)], axis=1, keys=["sent", "heard"]).dropna()
    varying = min(both["sent"].nunique(), both["heard"].nunique()) > 1
    return float(both["sent"].corr(both["heard"])) if varying else np.nan


def _by_person(parts: list[tuple[Situation, Array]]) -> pd.Series:
    """Return the mean of a measure by person, over several conditions."""
    each = [pd.Series(measure, one.rows[SUBJECT.name].to_numpy()) for one, measure in parts]
    return pd.concat(each).groupby(level=0).mean()
