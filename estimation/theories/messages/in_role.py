"""One role of people whose roles are unrelated: half of `RolesApart`, by the names that parameters have there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from estimation.arrays import Spec
from estimation.games.game import Game
from estimation.theories.beliefs.history import History
from estimation.theories.messages.combined import OF_PARTS, Combined, Piece
from estimation.theories.messages.roles_apart import RolesApart
from estimation.theories.messages.theory import Theory, Values


@dataclass(frozen=True)
class InRole(Combined):
    """What people do in one role, of those whose parameters in the other say nothing of it.

    Parameters
    ----------
    both
        The theory of both roles.
    role
        Which role.
    """

    both: RolesApart = None  # type: ignore[assignment]  # inherited options have defaults
    role: str = ""

    @property
    def _piece(self) -> Piece:
        return next(piece for piece in self.both.pieces if piece.roles == (self.role,))

    @property
    def parts(self) -> tuple[Theory, ...]:
        """The theory of the role."""
        return (self._piece.theory,)

    def made_of(self, parts: Iterable[Theory]) -> InRole:
        """Return the role of people who follow another theory."""
        (part,) = parts
        given: dict[str, Any] = {"base": part} if self.both.base is not None else {self.role: part}
        return replace(self, both=replace(self.both, **given, **OF_PARTS), **OF_PARTS)

    @property
    def pieces(self) -> list[Piece]:
        """The theory of the role, with the names of its parameters in both."""
        return [self._piece]

    @property
    def roles(self) -> tuple[str, ...]:
        """The one role."""
        return (self.role,)

    @property
    def types(self) -> tuple[str, ...]:
        """The kinds of people in this role."""
        return self._piece.theory.types

    @property
    def share_weights(self) -> tuple[float, ...]:
        """Concentration of the prior of each kind's share."""
        return self._piece.theory.share_weights

    def relevant_parameters(self, kind: int, games: list[Game], roles: tuple[str, ...]) -> tuple[str, ...]:
        """Return the parameters that matter to a kind."""
        theory, names, played = self._piece
        return tuple(names[name] for name in theory.relevant_parameters(kind, games, played))

    def observationally_equivalent(self, games: list[Game], roles: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
        """Return the kinds in groups that behave alike in this role."""
        return self._piece.theory.observationally_equivalent(games, self.roles)

    def component(self, kind: int, values: Values, role: str) -> tuple[Theory, int, Values]:
        """Return the theory of the role, and the values by its own names."""
        return self._piece.theory.component(kind, self._piece.own(values), role)

    def values_at_decisions(self, kind: int, values: Values, history: History | None) -> Values:
        """Return the values at each decision; those that the theory moves have moved."""
        return {**values, **self._piece.moved(kind, values, history)}

    @property
    def options(self) -> Spec:
        """The theory of both roles, and which of them it is."""
        return {"both": self.both, "role": self.role}

    def spec(self) -> Spec:
        """Return it as plain data."""
        return super().spec() | {"both": self.both.spec()}

    @classmethod
    def of_options(cls, options: Spec) -> InRole:
        """Return the role of a theory that was plain data."""
        return cls(**options | {"both": Theory.from_spec(options["both"])})
