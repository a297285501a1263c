"""What is to be fitted: a theory, the people of a table, and the parameters that follow from the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from estimation.arrays import Array
from estimation.data.table import Table
from estimation.errors import TheoryError, raise_all
from estimation.games.game import Game
from estimation.names import ROLES
from estimation.population.ensemble import Team
from estimation.population.formulas import Design, design
from estimation.population.people import Person, log_likelihood, people
from estimation.population.structure import Structure
from estimation.theories.messages.theory import Theory
from estimation.theories.parameter import Parameter

AMPLE = 100  # people from which on the least number of nodes per person is used
PRIOR = {"centre", "centre_sd", "spread"}
FINEST = 8  # times more nodes per person, at most, for fewer people


@dataclass(frozen=True, eq=False)
class Problem:
    """A theory applied to a table.

    Parameters
    ----------
    like
        Another problem of the same theory, whose formulas are to be read as they were there: the same categories,
        centres and slopes. What was fitted to one table is so applied to another.
    """

    theory: Theory
    table: Table
    like: Problem | None = None

    @cached_property
    def crowd(self) -> list[Person]:
        """The people, in the order of `table.subjects`."""
        return people(self.table, self.design.slopes, self.theory.learns)

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """The roles that are played."""
        return tuple(role for role in ROLES if role in self.table.roles)

    @property
    def games(self) -> list[Game]:
        """The games that are played."""
        return list(self.table.games.values())

    @cached_property
    def design(self) -> Design:
        """What differs between people, and what it depends on."""
        if self.like is not None:
            return self.like.design.on(self.table)
        for role in self.roles:
            self.theory.check_role(role)
        parameters = self.theory.parameters(self.games, self.roles)
        known = {p.name for p in self.theory.parameters(self.games, ROLES)}
        problems = [
            f"{name!r} has a {what} and is no parameter; parameters: {sorted(known)}"
            for what, given in (("formula", self.theory.formulas), ("prior", self.theory.priors))
            for name in given
            if name not in known
        ]
        problems += [
            f"the prior of {name!r} has {sorted(set(prior) - PRIOR)}; give some of {sorted(PRIOR)}"
            for name, prior in self.theory.priors.items()
            if not set(prior) <= PRIOR
        ]
        raise_all(problems, TheoryError, f"{self.theory.name} cannot be applied to {self.table.label}:")
        believed = tuple(_believed(p, self.theory.priors.get(p.name, {})) for p in parameters)
        return design(believed, self.theory.formulas, self.table)

    @cached_property
    def structure(self) -> Structure:
        """The population: effects, kinds of people, and which effects matter to which kind."""
        uses = tuple(
            self.theory.relevant_parameters(kind, self.games, self.roles) for kind in range(self.kinds)
        )
        return Structure(self.design, uses, self.theory.correlated)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Everything that differs between people: parameters, each followed by its slopes."""
        return self.design.effects

    @property
    def kinds(self) -> int:
        """How many kinds of people the theory knows."""
        return len(self.theory.types)

    def check(self) -> None:
        """Say what cannot be fitted before anything is computed.

        Raises
        ------
        TheoryError
            If formulas do not suit the table; or if people learn, by the theory, and nothing ever came out.
        """
        seen = [
            block.history for person in self.crowd for block in person.blocks if block.history is not None
        ]
        if self.theory.learns and not any(len(history.message) for history in seen):
            advice = "people learn only from messages whose truth came out; fill the column 'outcome', or 'state' in "
            raise TheoryError(
                f"{self.theory.name} says nothing about {self.table.label}:", [f"{advice}receivers' rows"]
            )

    def evaluate(self, kind: int, person: int, nodes: Array, dims: tuple[int, ...] | None = None) -> Array:
        """Return the log likelihood of a person at nodes (dim, node) → (node,).

        Parameters
        ----------
        dims
            Which of `parameters` the nodes hold: all if left out, else at least those that matter to the kind.
        """
        held = self.parameters if dims is None else tuple(self.parameters[dim] for dim in dims)
        return log_likelihood(self.theory, kind, self.crowd[person], held, nodes)

    def builder(self, rng: np.random.Generator, cores: int, accuracy: float = 1.0) -> Team:
        """Return the builder of this problem's nodes.

        The error of the integrals shifts the posterior by a fixed share of its width, however many people there are; so
        a small experiment gets more nodes per person for about the same total cost.
        """
        least = max(1.0, min(FINEST, AMPLE / len(self.crowd)))
        fineness = max(1, round(accuracy * least))
        return Team(self.evaluate, len(self.crowd), self.structure, rng, cores, fineness)


def _believed(parameter: Parameter, prior: Mapping[str, Any]) -> Parameter:
    return replace(parameter, **prior)
