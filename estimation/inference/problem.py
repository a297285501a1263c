"""What is to be fitted: a theory, the people of a table, and the parameters that follow from the two."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from estimation.data.table import Table
from estimation.games.game import Array
from estimation.names import ROLES
from estimation.population.nodes import Builder
from estimation.population.normal import Prior
from estimation.population.people import Person, log_likelihood, people
from estimation.theories.parameter import Parameter
from estimation.theories.theory import Theory

AMPLE = 100  # people from which on the least number of nodes per person is used
FINEST = 8  # times more nodes per person, at most, for fewer people


@dataclass(frozen=True, eq=False)
class Problem:
    """A theory applied to a table."""

    theory: Theory
    table: Table

    @cached_property
    def crowd(self) -> list[Person]:
        """The people, in the order of `table.subjects`."""
        return people(self.table)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters that differ between people."""
        roles = tuple(role for role in ROLES if role in self.table.roles)
        return self.theory.parameters(list(self.table.games.values()), roles)

    @property
    def kinds(self) -> int:
        """How many kinds of people the theory knows."""
        return len(self.theory.types)

    def evaluate(self, kind: int, person: int, nodes: Array) -> Array:
        """Return the log likelihood of a person at nodes (dim, node) → (node,)."""
        return log_likelihood(self.theory, kind, self.crowd[person], self.parameters, nodes)

    def builder(self, rng: np.random.Generator, cores: int, accuracy: float = 1.0) -> Builder:
        """Return the builder of this problem's nodes.

        The error of the integrals shifts the posterior by a fixed share of its width, however many people there are; so
        a small experiment gets more nodes per person for about the same total cost.
        """
        fineness = max(1, round(accuracy * min(FINEST, AMPLE / len(self.crowd))))
        return Builder(
            self.evaluate, len(self.crowd), Prior.of(self.parameters, self.kinds), rng, cores, fineness
        )
