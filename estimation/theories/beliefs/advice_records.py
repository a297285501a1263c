"""What advised people saw and did, in the order of time, as the compiled loop takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

import numpy as np

from estimation.arrays import Array, Indices
from estimation.games.advice import EARLIER, EXPERIENCE, AdviceGame
from estimation.games.game import grid_index
from estimation.theories.beliefs.advice_loops import BAD_NEWS, FADING, FIRST_WEIGHT, MEMORY, NUMBERS, advised_likelihood
from estimation.theories.beliefs.advisers import NOBODY, advisers_of, reputations_met
from estimation.theories.beliefs.history import Decided, History
from estimation.theories.beliefs.own_information import FIRST_GUESS, news_of, own_belief

NOBODY_SAID = -1


class Using(NamedTuple):
    """How people use what they see.

    Attributes
    ----------
    source
        Where own information comes from.
    about
        Whether advisers have a reputation each, or all have one.
    reputations
        Adviser's place → the place of the reputation that trust in them follows; -1: trust stays.
    """

    source: str
    about: str
    reputations: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class AdviceRecord:
    """Decisions of one person in one condition; arrays as in `advised_likelihood`."""

    events: Indices
    decisions: Indices
    news: Array
    believed: Array
    start: Array


def record_of(decided: Decided, using: Using) -> AdviceRecord:
    """Return what one person saw and did in one condition."""
    history = decided.history
    game = cast("AdviceGame", history.game)
    order = np.argsort(history.before, kind="stable")
    places, advised = np.array([*using.reputations, NOBODY_SAID]), using.about != NOBODY
    facing = advisers_of(history.facing, history, game) if advised else np.full(len(order), NOBODY_SAID)
    met = reputations_met(history, game, using.reputations, using.about)
    said, chosen = grid_index(game.messages, decided.given), decided.chosen
    columns = (history.before, facing, places[facing], said, chosen)
    accuracy = news_of(history)
    return AdviceRecord(
        events=np.ascontiguousarray(np.stack([met, _outcomes(history, game, using.source)], axis=1), "int64"),
        decisions=np.ascontiguousarray(np.stack(columns, axis=1)[order], "int64"),
        news=np.stack([accuracy, 1 - accuracy], axis=1),
        believed=_start_of_belief(history, game, using.source)[order],
        start=_earlier(history, game, facing, places),
    )


def likelihood_of_records(
    records: Sequence[AdviceRecord], first: Array, numbers: Mapping[int, Array], pays: Array, combine: int, lapses: bool
) -> Array:
    """Return the log likelihood of each record, (record, node), nats; no number where a parameter is none.

    Parameters
    ----------
    first : (record, adviser, node) array
        Trust before anything is learnt.
    numbers
        Row of `NUMBERS` → (record, node); what is left out is 1, or not used.
    pays : (action, state) array, payoff units
    """
    number = np.ones((len(records), len(NUMBERS), first.shape[2]))
    for row, value in numbers.items():
        number[:, row] = value
    lengths = [[len(record.events), len(record.decisions)] for record in records]
    bounds = np.concatenate([[[0, 0]], np.cumsum(lengths, axis=0)]).astype("int64")
    arrays = (
        np.concatenate([getattr(record, name) for record in records])
        for name in ("events", "decisions", "news", "believed")
    )
    start = np.stack([record.start for record in records])
    whole = (np.ascontiguousarray(array, float) for array in (pays, first))
    table, trust = whole
    value = advised_likelihood(bounds, *arrays, start, table, trust, number, combine, lapses)
    is_number = np.isfinite(number).all(axis=1) & np.isfinite(first).all(axis=1)
    return np.where(is_number, value, np.nan)


def _outcomes(history: History, game: AdviceGame, source: str) -> Indices:
    """Return the state that each event adds to what is known of states, (event,); -1 if it adds nothing."""
    found = np.full(len(history.outcome), NOBODY_SAID)
    if source == EXPERIENCE:
        here = history.during == history.condition
        found[here] = grid_index(game.states, history.outcome[here])
    return found


def _start_of_belief(history: History, game: AdviceGame, source: str) -> Array:
    """Return what own belief starts from, (decision, state): beliefs, or counts if outcomes are added to them."""
    if source == EXPERIENCE:
        return np.tile(FIRST_GUESS * game.prior, (len(history.before), 1))
    return np.array(own_belief(history, game, source, 1.0)[0])


def _earlier(history: History, game: AdviceGame, facing: Indices, places: Indices) -> Array:
    """Return the counts of right and wrong with which each reputation starts, (reputation, 2)."""
    start = np.zeros((len(places) - 1, 2))
    if game.earlier:
        counts = np.stack([history.known[name] for name in EARLIER], axis=1)
        for decision in range(len(facing) - 1, -1, -1):  # the first decision about each counts
            if places[facing[decision]] >= 0:
                start[places[facing[decision]]] = counts[decision]
    return start


MOVING_ROWS = {"own_memory": MEMORY, "first_weight": FIRST_WEIGHT, "bad_news": BAD_NEWS, "adviser_memory": FADING}
