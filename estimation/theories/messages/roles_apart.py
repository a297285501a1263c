"""A theory for each role of a person: what it says senders and receivers have in common, they do not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from estimation.arrays import Spec
from estimation.games.estimation_game import EstimationGame
from estimation.theories.messages.combined import Combined, Piece
from estimation.theories.messages.history import History
from estimation.theories.messages.theory import Theory, Values


@dataclass(frozen=True)
class RolesApart(Combined):
    """People whose parameters as senders are separate from those as receivers.

    The benchmark of a theory that is fitted to both roles: whatever is one parameter of a person there (trust, lapses)
    is two here, named ``trust (sender)`` and ``trust (receiver)``. Independent, they predict as a fit of senders beside
    one of receivers; the difference in `compare` is what sharing gains or costs.

    Parameters
    ----------
    base
        The theory. It knows one kind of people: which kind somebody is as a sender would say nothing of the receiver.
    correlated
        Whether a person's parameters are correlated, those of one role with those of the other as well; see `Theory`.
        Formulas and priors are given to the theory, and count in each role.

    Raises
    ------
    TheoryError
        If `base` is no theory, knows several kinds of people, or is a combination itself.
    """

    base: Theory = None  # type: ignore[assignment]  # inherited options have defaults; nothing is refused as a base

    def problems(self) -> list[str]:
        """Return what is wrong with the options."""
        if not isinstance(self.base, Theory) or isinstance(self.base, Combined):
            return [f"base must be one theory of messages, not {self.base!r}"]
        given = [option for option in ("formulas", "priors") if getattr(self, option)]
        problems = [f"give the {option} to the theory, as in RolesApart(TrustEmbedded(…))" for option in given]
        if len(self.base.types) > 1:
            kinds = ", ".join(self.base.types)
            problems.append(f"{self.base.name} knows kinds of people ({kinds}); give a theory of one kind")
        return problems

    @property
    def parts(self) -> tuple[Theory, ...]:
        """The one theory."""
        return (self.base,)

    def made_of(self, parts: Iterable[Theory]) -> RolesApart:
        """Return another theory for each role."""
        (base,) = parts
        return replace(self, base=base, formulas={}, priors={})

    @cached_property
    def pieces(self) -> list[Piece]:  # type: ignore[override]
        """The theory in each role, with the names of its parameters there."""
        game = EstimationGame(highest=20)  # its options allow every habit; other names do not depend on the game
        known = {role: [p.name for p in self.base.parameters([game], (role,))] for role in self.base.roles}
        twice = {name for names in known.values() for name in names if sum(name in k for k in known.values()) > 1}
        return [
            Piece(self.base, {name: f"{name} ({role})" if name in twice else name for name in names}, (role,))
            for role, names in known.items()
        ]

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles about which the theory says something."""
        return self.base.roles

    @property
    def types(self) -> tuple[str, ...]:
        """The one kind of people."""
        return self.base.types

    def component(self, kind: int, values: Values, role: str) -> tuple[Theory, int, Values]:
        """Return the theory, and the values of the role by the theory's own names."""
        (piece,) = (piece for piece in self.pieces if role in piece.roles)
        return self.base.component(kind, piece.own(values), role)

    def values_at_decisions(self, kind: int, values: Values, history: History | None) -> Values:
        """Return the values at each decision; those that the theory moves have moved, in each role."""
        moved = [piece.moved(kind, values, history) for piece in self.pieces if piece.own(values)]
        return {name: value for found in (values, *moved) for name, value in found.items()}

    @property
    def options(self) -> Spec:
        """The theory, and whether its parameters are correlated."""
        return {"base": self.base, "correlated": self.correlated}

    def spec(self) -> Spec:
        """Return the combination as plain data."""
        return super().spec() | {"base": self.base.spec()}

    @classmethod
    def of_options(cls, options: Spec) -> RolesApart:
        """Return the combination of a theory that was plain data."""
        return cls(**options | {"base": Theory.from_spec(options["base"])})

    def __str__(self) -> str:
        return f"RolesApart({self.base}, correlated={self.correlated!r})"
