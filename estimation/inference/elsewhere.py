"""What was fitted to one table, applied to another: games and columns that it has to know, and people who move."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array
from estimation.data.tables.table import Table
from estimation.errors import TheoryError
from estimation.games.game import Game
from estimation.names import ROLES
from estimation.population.design import Design
from estimation.population.formulas import applied
from estimation.theories.messages.theory import Theory


def design_elsewhere(theory: Theory, games: list[Game], design: Design, table: Table) -> Design:
    """Return the design of a theory in some games for another table: its categories, centres and slopes.

    Raises
    ------
    TheoryError
        If the theory says nothing about the games or roles of the table, the first games did not have a parameter that
        these have, or formulas do not suit it.
    """
    roles = tuple(role for role in ROLES if role in table.roles)
    for role in roles:
        theory.check_role(role)
    theory.check_games(table.games, roles)
    known = {p.name for p in theory.parameters(games, ROLES)}
    found = applied(design.of(known), table)
    held = {effect.name for effect in found.effects}
    missing = [p.name for p in theory.parameters(list(table.games.values()), roles) if p.name not in held]
    if missing:
        unknown = f"{', '.join(missing)} matters there, and the data of the fit say nothing of it"
        raise TheoryError(f"{theory.name} cannot be applied to {table.label}:", [unknown])
    return found


def check_constant(design: Design, label: str) -> None:
    """Raise `TheoryError` if what was constant for each person in the data of a fit changes from decision to decision.

    Predictions are made decision by decision (`moved_within`); a person's decisions together need one population.
    """
    if design.within is not None:
        varying = np.flatnonzero(np.abs(design.within).max(axis=0) > 0)
        names = ", ".join(repr(design.covariates.names[place]) for place in varying)
        told = f"{names}: constant for each person in the data of the fit, and varies within people here"
        advice = "take a table for each value, or est.predict, which goes decision by decision"
        raise TheoryError(f"The formulas do not suit {label}:", [f"{told}; {advice}"])


def moved_within(theta: Array, design: Design, coefficient: Array, rows: Array) -> Array:
    """Return effects of a person at each of some decisions, (draw, decision, dim), where columns vary within people.

    Parameters
    ----------
    theta : (draw, dim) array
        Of the person, at the averages of the columns.
    coefficient : (draw, covariate) array
    rows : (decision,) integer array
        Positions in the table of the design.

    Returns
    -------
    (draw, decision, dim) array, or (draw, dim) as it is where columns are constant for each person
    """
    if design.within is None:
        return theta
    to_dim = np.eye(theta.shape[1])[design.covariates.of]
    return np.asarray(theta[:, None, :] + (coefficient[:, None, :] * design.within[rows]) @ to_dim)
