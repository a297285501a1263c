"""Facts of people who are advised: whom they follow, after what, and how far they move.

Each is a sum over decisions of a weight, which does not depend on what was chosen, times a measure of the choice. So
one definition serves for what people did, for what simulated people do, and for what it costs a theory to miss it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from estimation.arrays import Array, Indices, Mask
from estimation.games.advice import EXPERIENCE, TOLD, AdviceGame
from estimation.games.game import Game, grid_index
from estimation.games.judge_advisor import JudgeAdvisor
from estimation.names import CONDITION, MESSAGE, PARTNER, PERIOD, SUBJECT
from estimation.population.memory import outcomes_of


class AdvisedFact(NamedTuple):
    """A fact of the decisions of one condition.

    Attributes
    ----------
    weight : (decision,) array
        What each decision counts.
    reference : (decision,) array, game units
        What actions are compared with: the advice, or the own estimate.
    is_distance : bool
        Whether it is about how far actions lie from that, or how often they are just that.
    """

    weight: Array
    reference: Array
    is_distance: bool = False

    def of(self, action: Array) -> float:
        """Return the fact of what was done, (decision,)."""
        return float(self.weight @ self._measured(action, self.reference))

    def by_option(self, decisions: Indices, options: Array) -> Array:
        """Return what each option adds to the fact in some decisions (positions), (decision, option)."""
        return np.asarray(self.weight[decisions, None] * self._measured(options, self.reference[decisions, None]))

    def _measured(self, action: Array, reference: Array) -> Array:
        return np.asarray(action - reference if self.is_distance else action == reference, dtype=float)


def advised_facts(game: Game, rows: pd.DataFrame) -> dict[str, AdvisedFact]:
    """Return the facts of receivers' decisions in one condition, by name; none if nobody was advised there."""
    if not isinstance(game, (AdviceGame, JudgeAdvisor)) or not len(rows):
        return {}
    advice = game.actions[game.literal[grid_index(game.messages, rows[MESSAGE.name].to_numpy(float))]]
    return _judged(game, rows, advice) if isinstance(game, JudgeAdvisor) else _betted(game, rows, advice)


def adviser_of(game: AdviceGame | JudgeAdvisor, rows: pd.DataFrame) -> Indices:
    """Return the place of who advises in each row in the game's list; 0 if it lists none, -1 if it is somebody else."""
    if not game.advisers:
        return np.zeros(len(rows), dtype="int64")
    return np.asarray(pd.Index(game.advisers).get_indexer(pd.Index(rows[PARTNER.name].astype(str))), dtype="int64")


def was_right(game: AdviceGame, rows: pd.DataFrame) -> Array:
    """Return whether the adviser was right the last time that the person met them, (row,); NaN if it is not known."""
    seen = _outcome(game, rows)
    right = np.where(np.isnan(seen), np.nan, game.accuracy(rows[MESSAGE.name].to_numpy(float), seen))
    return _last(right, rows, adviser_of(game, rows))


def own_support(game: AdviceGame, rows: pd.DataFrame) -> Array:
    """Return how far own information speaks for the recommendation, in [0, 1], (row,); NaN if there is none.

    A probability that was told; or the two outcomes before, of which the last one counts twice.
    """
    message = rows[MESSAGE.name].to_numpy(float)
    if game.own == TOLD:
        told = rows[game.column].to_numpy(float)
        return np.where(message == game.states[-1], told, 1 - told)
    if game.own != EXPERIENCE:
        return np.full(len(rows), np.nan)
    last = _last(_outcome(game, rows), rows)
    before = _last(last, rows)
    agree, earlier = (np.where(np.isnan(seen), np.nan, seen == message) for seen in (last, before))
    return (2 * agree + np.where(np.isnan(earlier), agree, earlier)) / 3


def _betted(game: AdviceGame, rows: pd.DataFrame, advice: Array) -> dict[str, AdvisedFact]:
    """Return the facts on following."""
    who, right, support = adviser_of(game, rows), was_right(game, rows), own_support(game, rows)
    period = rows[PERIOD.name].to_numpy(float)
    late = period > (period.min() + period.max()) / 2
    found = {f"share that follows adviser {name}": _share(who == place) for place, name in enumerate(game.advisers)}
    contrasts = {
        "following after the adviser was right, minus after a mistake": (right == 1, right < 1),
        "following if own information agrees, minus if it does not": (support > 0.5, support < 0.5),
        "following in the later half of periods, minus in the earlier": (late, ~late),
    }
    found |= {
        name: _share(one) - _share(other) for name, (one, other) in contrasts.items() if one.any() and other.any()
    }
    return {name: AdvisedFact(weight, advice) for name, weight in found.items() if weight.any()}


def _judged(game: JudgeAdvisor, rows: pd.DataFrame, advice: Array) -> dict[str, AdvisedFact]:
    """Return the facts on how far people move: least squares through the origin, and who does not move at all."""
    own, who = rows[game.column].to_numpy(float), adviser_of(game, rows)
    kept = game.actions[grid_index(game.actions, own)]
    found = {"share that keeps the own estimate": AdvisedFact(np.full(len(rows), 1 / len(rows)), kept)}
    for place, name in enumerate(game.advisers or ("",)):
        distance = np.where(who == place, advice - own, 0.0)
        if (squares := float(distance @ distance)) > 0:
            found[f"weight on advice{f' of {name}' if name else ''}"] = AdvisedFact(distance / squares, own, True)
    return found


def _share(which: Mask) -> Array:
    """Return weights that make a sum the mean of some rows; nothing if there are none."""
    return np.asarray(which / max(int(which.sum()), 1), dtype=float)


def _outcome(game: Game, rows: pd.DataFrame) -> Array:
    """Return what people saw in the rows of one condition, (row,)."""
    return outcomes_of(rows, dict.fromkeys(rows[CONDITION.name].astype(str).unique(), game))


def _last(values: Array, rows: pd.DataFrame, who: Indices | None = None) -> Array:
    """Return the value of the person's row before in time, or of that with the same adviser (row,), (row,)."""
    people = pd.factorize(rows[SUBJECT.name])[0]
    met = np.zeros(len(rows), dtype="int64") if who is None else who
    order = np.lexsort([rows[PERIOD.name].to_numpy(float), met, people])
    found = np.full(len(rows), np.nan)
    found[order[1:]] = np.where((np.diff(people[order]) == 0) & (np.diff(met[order]) == 0), values[order[:-1]], np.nan)
    return found
