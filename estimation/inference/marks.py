"""What a person's estimates rest on: decisions that the theory describes, and answers that follow what was heard.

A lapse, and a habit of saying or doing exactly what was seen, say nothing about the theory's own parameters. Who lapses
in nine of ten decisions has a trust all the same: that of the tenth, or of the population. And whose actions do not
follow messages at all may be trusting by the estimate, if the theory puts what it cannot say down to noise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from estimation.arrays import Array
from estimation.games.game import grid_index
from estimation.names import RECEIVER
from estimation.population.people import Block, Person, natural_values
from estimation.theories.messages.likelihood import decision_log_probability
from estimation.theories.messages.theory import Theory
from estimation.theories.parameter import Parameter
from estimation.theories.responses.habits import NONE, Habits
from estimation.theories.responses.response import LAPSE

MOST = 0.5
"""Of a person's decisions: if the theory describes fewer, the estimates are about the smaller part."""
FOLLOWS = 0.2
"""By how much actions rise with what is best if the message is true, below which they hardly follow messages."""
DRAWS = 50  # of a person, by which decisions are divided between theory, habit and lapse


def rests_on(
    theory: Theory, effects: tuple[Parameter, ...], crowd: Sequence[Person], people: xr.Dataset
) -> pd.DataFrame:
    """Return what each person's estimates rest on.

    Parameters
    ----------
    effects
        Parameters and slopes, in the order of ``theta``.
    crowd
        The people, in the order of ``subject``.
    people
        ``theta`` (sample, subject, parameter) on the transformed scale, ``kind`` (sample, subject).

    Returns
    -------
    One row per person: ``rests_on``, the share of their decisions that the theory describes, neither lapses nor what
    was seen by habit (posterior mean); ``follows``, the least-squares slope of their actions on what is best if the
    message is true (not there for who does not receive); and ``mark``, in words why the estimates of this person are
    not to be relied on, empty if nothing speaks against them.
    """
    some = people.isel(sample=np.unique(np.linspace(0, people.sizes["sample"] - 1, DRAWS).round().astype(int)))
    theta, kind = some["theta"].transpose("sample", "subject", "parameter").to_numpy(), some["kind"].to_numpy()
    rows = []
    for position, person in enumerate(crowd):
        described = sum(
            _described(theory, effects, block, theta[:, position], kind[:, position]) for block in person.blocks
        )
        share, follows = described / person.decisions, slope_of_actions(person.blocks)
        rows.append((share, follows, _mark(share, follows, person.decisions)))
    index = pd.Index(people["subject"].to_numpy().astype(str), name="subject")
    return pd.DataFrame(rows, index, ["rests_on", "follows", "mark"])


@lru_cache(maxsize=64)
def slope_of_actions(blocks: Sequence[Block]) -> float:
    """Return by how much a person's actions rise with the best reply to a message that is true, within conditions."""
    together = rise = 0.0
    for block in blocks:
        if block.role == RECEIVER:
            replies = block.options[block.game.literal[grid_index(block.game.messages, block.given)]]
            together += float(((replies - replies.mean()) * block.options[block.chosen]).sum())
            rise += float(((replies - replies.mean()) ** 2).sum())
    return together / rise if rise > 0 else float("nan")


def _described(theory: Theory, effects: tuple[Parameter, ...], block: Block, theta: Array, kind: Any) -> float:
    """Return how many decisions of a block the theory describes, averaged over draws of the person."""
    shares = [_shares(theory, effects, block, theta[kind == one], int(one)) for one in np.unique(kind)]
    return float(np.concatenate(shares).mean(axis=0).sum())


def _shares(theory: Theory, effects: tuple[Parameter, ...], block: Block, theta: Array, kind: int) -> Array:
    """Return the probability that each decision is neither a lapse nor a habit of the exact, (draw, decision)."""
    values = natural_values(effects, theta.T, block.slopes)
    chance = np.exp(
        decision_log_probability(
            theory, block.game, block.role, kind, values, block.given, block.chosen, history=block.history
        )
    )
    own, _, named = theory.component(kind, values, block.role)
    lapse = named[LAPSE.name][..., 0] if own.lapse else np.zeros((1, 1))
    other = lapse / len(block.options)
    if own.habits != NONE:
        exact = Habits(own.habits, block.game, block.role, named).exact(block.given, block.chosen)
        other = other + (1 - lapse) * exact
    return np.broadcast_to(1 - other / chance, (len(theta), len(block.chosen)))


def _mark(share: float, follows: float, decisions: int) -> str:
    return "; ".join(_reasons(share, follows, decisions))


def _reasons(share: float, follows: float, decisions: int) -> Iterator[str]:
    if share < MOST:
        yield f"rests on {share * decisions:.0f} of {decisions} decisions, the others are lapses or habit"
    if follows < FOLLOWS:
        yield f"actions hardly follow messages (slope {follows:.2f})"
