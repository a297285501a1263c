"""What if advisers were right more often: the situations of a table with other recommendations."""

from __future__ import annotations

import numpy as np
import pandas as pd

from estimation.arrays import in_reach, is_real
from estimation.counts import seed_problems
from estimation.data.tables.table import Table
from estimation.errors import FitError, raise_all
from estimation.games.advice import EARLIER, AdviceGame
from estimation.names import CONDITION, MESSAGE, PARTNER, RECEIVER, ROLE, STATE
from estimation.population.memory import outcomes_of
from estimation.text.sentences import per_cent

NOTHING = "Advice cannot be made more accurate:"


def with_accuracy(table: Table, change: float = 0.1, *, seed: int = 0) -> Table:
    """Return a table in which every adviser is right more often, or less often: a scenario for `effect`.

    Some wrong recommendations (some right ones if `change` is negative), drawn by chance among all of each adviser, are
    replaced by what turned out (by one of the other states). So whoever an adviser never misled gains nothing, and the
    others gain more; counts of earlier experience change alike, up to all or none of them, and accuracies of which
    people were told. Who is
    advised by whom, when, and what turns out stay as they are. A difference between predictions in the two tables is
    therefore an effect of accuracy only if advisers were not chosen by the people they advise, and did not choose them:
    if, say, the doubtful had kept to the better advisers, accuracy and doubt would stand for each other.

    Parameters
    ----------
    table
        Decisions of receivers in games of advice (`AdviceGame`); rows in which neither state nor outcome is known keep
        their message.
    change
        By how much the share of right recommendations of each adviser goes up, such as .1 for ten points.
    seed
        For which recommendations.

    Raises
    ------
    FitError
        If the table has another game, states are not known, or an adviser would be right more often than always.
    """
    is_share = is_real(change) and -1 <= change <= 1
    problems = [f"change must lie in [-1, 1], not {in_reach(change)!r}"] * (not is_share)
    raise_all(problems + seed_problems(seed), FitError, NOTHING)
    frame, rng = table.frame, np.random.default_rng([seed, 8])
    truth = frame[STATE.name].fillna(pd.Series(outcomes_of(frame, table.games), frame.index))
    advised = (frame[ROLE.name] == RECEIVER) & truth.notna()
    others = [name for name, game in table.games.items() if not isinstance(game, AdviceGame)]
    problems = [f"condition {others[0]!r} is no game of advice"] if others else []
    raise_all(problems + ["nothing ever turned out"] * (not advised.any()), FitError, NOTHING)
    right = frame[MESSAGE.name] == truth
    by_adviser = right[advised].groupby(frame[PARTNER.name].fillna("")).mean() + change
    beyond = by_adviser[(by_adviser > 1) | (by_adviser < 0)]
    problems = [f"adviser {who!r} would be right in {per_cent(share)} of cases" for who, share in beyond.items()]
    raise_all(problems, FitError, NOTHING)
    for _, rows in frame[advised].groupby(PARTNER.name, dropna=False):
        movable = rows.index[right[rows.index] != (change > 0)]
        count = min(len(movable), int(abs(change) * len(rows) + rng.random()))
        for row in rng.choice(movable, size=count, replace=False) if count else ():
            states, true = table.games[str(frame.loc[row, CONDITION.name])].states, truth[row]
            frame.loc[row, MESSAGE.name] = true if change > 0 else rng.choice(states[states != true])
    _shift_earlier(frame, table, change)
    games = {name: _told(game, change) for name, game in table.games.items() if isinstance(game, AdviceGame)}
    name = f"{table.name}, advisers right {100 * change:+.3g} points more often, met by the same people"
    return Table.from_frame(frame, games, name=name, source=table.source, synthetic=True)


def _told(game: AdviceGame, change: float) -> AdviceGame:
    """Return a game in which people are told of the new accuracies, where they were told of the old ones."""
    if not game.accuracies:
        return game
    told = {who: float(np.clip(share + change, 0.0, 1.0)) for who, share in game.accuracies.items()}
    return type(game).from_spec(game.spec() | {"accuracies": told})


def _shift_earlier(frame: pd.DataFrame, table: Table, change: float) -> None:
    """Let advisers have been right more often before, too."""
    counting = [name for name, game in table.games.items() if getattr(game, "earlier", False)]
    here = frame[CONDITION.name].isin(counting)
    if here.any():
        good, bad = (frame.loc[here, name].astype(float) for name in EARLIER)
        more = (good + change * (good + bad)).clip(lower=0, upper=good + bad)
        frame.loc[here, EARLIER[0]], frame.loc[here, EARLIER[1]] = more, good + bad - more
