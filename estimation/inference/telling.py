"""What a person's decisions can tell: what lies would cost a receiver shows in nothing that receivers do."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from estimation.arrays import Indices, Mask
from estimation.games.game import Game
from estimation.names import ROLES
from estimation.population.design import Slope
from estimation.population.people import Person
from estimation.theories.messages.theory import Theory
from estimation.theories.parameter import Parameter


def depends(effect: Parameter, theory: Theory, games: list[Game], crowd: Sequence[Person], kind: Indices) -> Mask:
    """Return in which draws of a person, (sample, subject), what they decided in their roles depends on an effect.

    Parameters
    ----------
    effect
        A parameter, or a slope of one.
    crowd, kind
        The people, and the kind of each in each draw, (sample, subject).
    """
    name, found = effect.of if isinstance(effect, Slope) else effect.name, np.zeros(kind.shape, dtype=bool)
    for roles, who in _by_roles(crowd).items():
        kinds = [one for one in range(len(theory.types)) if name in theory.relevant_parameters(one, games, roles)]
        found[:, who] = np.isin(kind[:, who], kinds)
    return found


def without_untold_kinds(
    people: pd.DataFrame,
    groups: Mapping[str, Collection[int]],
    theory: Theory,
    games: list[Game],
    crowd: Sequence[Person],
) -> pd.DataFrame:
    """Return probabilities of people's kinds (subject, group) without those that roles they did not play would tell."""
    found = people.copy()
    for roles, who in _by_roles(crowd).items():
        alike = [set(kinds) for kinds in theory.observationally_equivalent(games, roles)]
        untold = [name for name, kinds in groups.items() if any(0 < len(one & set(kinds)) < len(one) for one in alike)]
        found.loc[found.index[who], untold] = np.nan
    return found


def _by_roles(crowd: Sequence[Person]) -> dict[tuple[str, ...], list[int]]:
    """Return the roles that people played → the positions of those who did."""
    found: dict[tuple[str, ...], list[int]] = {}
    for place, person in enumerate(crowd):
        played = {block.role for block in person.blocks}
        found.setdefault(tuple(role for role in ROLES if role in played), []).append(place)
    return found
