"""A theory for each role of a person: what it says senders and receivers have in common, they do not, or in part."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from estimation.arrays import Spec
from estimation.games.game import Game
from estimation.listed import listed
from estimation.names import RECEIVER, ROLES, SENDER
from estimation.theories.beliefs.history import History
from estimation.theories.messages.combined import ALIKE, OF_PARTS, Combined, Piece
from estimation.theories.messages.mixture import Mixture
from estimation.theories.messages.mixture_names import ANY_GAME
from estimation.theories.messages.theory import Theory, Values
from estimation.theories.parameter import Parameter

KIND = "kind"
"""What stands in `shared` if a person is of the same kind in both roles."""


@dataclass(frozen=True)
class RolesApart(Combined):
    """People whose parameters, and kinds, as senders are separate from those as receivers.

    The benchmark of a theory that is fitted to both roles: whatever is one parameter of a person there (trust, lapses)
    is two here, named ``trust (sender)`` and ``trust (receiver)``, and the kind of a person is a pair of kinds. If
    nothing is shared or correlated the roles are unrelated: the posterior is the product of those of one fit to senders
    and one to receivers, and is computed so. Who learns has heard the same in both roles: what people heard as
    receivers moves what they do as senders. The difference in `compare` is what sharing gains or costs.

    Parameters
    ----------
    base
        The theory of both roles.
    sender, receiver
        Instead of `base`, a theory for each role.
    shared
        What stays the same in both roles: names of parameters, and ``"kind"`` for the kind of person. All else is
        separate.
    correlated
        Whether a person's parameters are correlated, those of one role with those of the other as well, and any pair of
        kinds may be frequent; see `Theory`. Formulas and priors are given to the theories, and count in each role.

    Raises
    ------
    TheoryError
        If neither `base` nor both roles are given, a theory is none or has roles apart itself, they differ in response
        rule, habits or lapses, or what is to be shared is not in both roles.
    """

    base: Theory | None = None
    sender: Theory | None = None
    receiver: Theory | None = None
    shared: Sequence[str] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "shared", listed(self.shared))
        super().__post_init__()

    def problems(self) -> list[str]:
        """Return what is wrong with the options."""
        both = [self.sender, self.receiver]
        if any(part is not None for part in both) if self.base is not None else None in both:
            return ["give one theory, as in RolesApart(TrustEmbedded()), or both sender=… and receiver=…"]
        strange = [
            f"{part!r} is no theory of messages without roles apart"
            for part in self.parts
            if not isinstance(part, Theory) or (isinstance(part, Combined) and not isinstance(part, Mixture))
        ]
        if strange:
            return strange
        return self._unsuitable() + super().problems() or self._not_shared() or self.contradictions()

    def _unsuitable(self) -> list[str]:
        """Return what is wrong with theories for the roles that they are given."""
        named = {} if self.base is not None else dict(zip(ROLES, self.parts, strict=True))
        problems = [f"{part.name} says nothing about {role}s" for role, part in named.items() if role not in part.roles]
        for option in ALIKE:
            found = {getattr(part, option) for part in self.parts}
            if len(found) > 1:
                problems.append(f"the roles differ in {option} ({sorted(map(repr, found))}); give both the same")
        return problems

    def _not_shared(self) -> list[str]:
        """Return what cannot be shared."""
        senders, receivers = self._of_role(SENDER), self._of_role(RECEIVER)
        known = sorted(set(senders) & set(receivers))
        can = [*known, *([KIND] if self.base is not None and len(self.base.types) > 1 else [])]
        unknown = [name for name in self.shared if name not in can]
        problems = [f"{name!r} cannot be shared; what both roles have is {can}" for name in unknown]
        beliefs = [
            {n: (p.scale, p.centre, p.centre_sd, p.spread) for n, p in of.items()} for of in (senders, receivers)
        ]
        return problems + [
            f"{name!r} is not the same thing in both roles: its priors differ"
            for name in self.shared
            if name in known and beliefs[0][name] != beliefs[1][name]
        ]

    def _of_role(self, role: str) -> dict[str, Parameter]:
        part = self.by_role.get(role)
        return {} if part is None else {p.name: p for p in part.parameters([ANY_GAME], (role,))}

    @property
    def parts(self) -> tuple[Theory, ...]:
        """The one theory, or that of senders and that of receivers."""
        return (self.sender, self.receiver) if self.base is None else (self.base,)  # type: ignore[return-value]

    def made_of(self, parts: Iterable[Theory]) -> RolesApart:
        """Return the same of other theories."""
        given: dict[str, Any] = dict(zip(("base",) if self.base is not None else ROLES, parts, strict=True))
        return replace(self, **given, **OF_PARTS)

    @cached_property
    def by_role(self) -> dict[str, Theory]:
        """Role → its theory."""
        if self.base is not None:
            return dict.fromkeys(self.base.roles, self.base)
        return dict(zip(ROLES, self.parts, strict=True))

    @cached_property
    def pieces(self) -> list[Piece]:  # type: ignore[override]
        """The theory in each role, with the names of its parameters there."""
        known = {role: list(self._of_role(role)) for role in self.roles}
        apart = {name for names in known.values() for name in names if sum(name in k for k in known.values()) > 1}
        apart -= set(self.shared)
        return [
            Piece(self.by_role[role], {name: f"{name} ({role})" if name in apart else name for name in names}, (role,))
            for role, names in known.items()
        ]

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles about which the theory says something."""
        return tuple(self.by_role)

    @property
    def unrelated(self) -> bool:
        """Whether the roles have nothing to do with each other, so that each can be fitted by itself."""
        return len(self.roles) > 1 and not self.shared and not self.correlated

    @property
    def _has_pairs(self) -> bool:
        """Whether kinds of people are pairs: a kind as a sender, and one as a receiver."""
        return len(self.roles) > 1 and KIND not in self.shared

    @cached_property
    def _kinds(self) -> list[dict[str, int]]:
        """For each kind of person, its position among the types of the theory of each role."""
        counts = [range(len(part.types)) for part in self.by_role.values()]
        found = itertools.product(*counts) if self._has_pairs else ([kind] * len(counts) for kind in counts[0])
        return [dict(zip(self.roles, at, strict=True)) for at in found]

    @cached_property
    def types(self) -> tuple[str, ...]:  # type: ignore[override]
        """The kinds of people: of pairs, such as ``level 0 as sender, level 1 as receiver``."""
        if not self._has_pairs:
            return next(iter(self.by_role.values())).types
        several = [role for role, part in self.by_role.items() if len(part.types) > 1]
        named = (", ".join(f"{self.by_role[role].types[at[role]]} as {role}" for role in several) for at in self._kinds)
        return tuple(name or "everyone" for name in named)

    @property
    def share_weights(self) -> tuple[float, ...]:
        """Concentration of the prior of each kind's share; summed over kinds of one role, that of the other.

        Where the roles' own sums differ, it is as many as their geometric mean; a role of one kind has no say.
        """
        weights, several = self.share_factors, [sum(each) for each in self.share_factors if len(each) > 1]
        mean = np.prod(several) ** (1 / max(len(several), 1))
        total = np.prod([sum(each) for each in weights]) / mean
        return tuple(float(np.prod(each) / total) for each in itertools.product(*weights))

    @property
    def share_factors(self) -> tuple[tuple[float, ...], ...]:
        """Concentrations of the kinds of each role, if kinds are pairs."""
        parts = list(self.by_role.values())
        return tuple(part.share_weights for part in (parts if self._has_pairs else parts[:1]))

    def relevant_parameters(self, kind: int, games: list[Game], roles: tuple[str, ...]) -> tuple[str, ...]:
        """Return the parameters that matter to a kind in the roles that it plays."""
        found = [
            piece.names[name]
            for piece in self._played(roles)
            for name in piece.theory.relevant_parameters(self._kinds[kind][piece.roles[0]], games, piece.roles)
        ]
        return tuple(dict.fromkeys(found))

    def observationally_equivalent(self, games: list[Game], roles: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
        """Return the kinds in groups that behave alike in every role that is played."""
        groups: dict[tuple[int, ...], list[int]] = {}
        found = {piece.roles[0]: self._groups(piece, games) for piece in self._played(roles)}
        for kind, at in enumerate(self._kinds):
            groups.setdefault(tuple(of[at[role]] for role, of in found.items()), []).append(kind)
        return tuple(map(tuple, groups.values()))

    def kinds_by_role(self, games: list[Game], roles: tuple[str, ...]) -> dict[str, list[int]]:
        """Return what people are in one role, whatever in the other → the kinds that are, if kinds are pairs."""
        found: dict[str, list[int]] = {}
        for piece in self._played(roles) if self._has_pairs and len(roles) > 1 else ():
            (role,), types = piece.roles, piece.theory.types
            for group in piece.theory.observationally_equivalent(games, (role,)) if len(types) > 1 else ():
                members = [kind for kind, at in enumerate(self._kinds) if at[role] in group]
                found[f"{' or '.join(types[kind] for kind in group)} as {role}"] = members
        return {name: members for name, members in found.items() if name not in self.types}

    @staticmethod
    def _groups(piece: Piece, games: list[Game]) -> dict[int, int]:
        found = piece.theory.observationally_equivalent(games, piece.roles)
        return {kind: number for number, group in enumerate(found) for kind in group}

    def component(self, kind: int, values: Values, role: str) -> tuple[Theory, int, Values]:
        """Return the theory of the role, the kind there, and the values by the theory's own names."""
        (piece,) = (piece for piece in self.pieces if role in piece.roles)
        return piece.theory.component(self._kinds[kind][role], piece.own(values), role)

    def values_at_decisions(self, kind: int, values: Values, history: History | None) -> Values:
        """Return the values at each decision; those that the theory moves have moved, in each role."""
        pieces = [piece for piece in self.pieces if piece.own(values)]
        moved = [piece.moved(self._kinds[kind][piece.roles[0]], values, history) for piece in pieces]
        return {name: value for found in (values, *moved) for name, value in found.items()}

    @property
    def options(self) -> Spec:
        """The theories, what is shared, and whether parameters are correlated."""
        theories = {name: getattr(self, name) for name in ("base", *ROLES) if getattr(self, name) is not None}
        return theories | {"shared": self.shared, "correlated": self.correlated}

    def spec(self) -> Spec:
        """Return the combination as plain data."""
        plain = {name: value.spec() for name, value in self.options.items() if isinstance(value, Theory)}
        return super().spec() | plain | {"shared": list(self.shared)}

    @classmethod
    def of_options(cls, options: Spec) -> RolesApart:
        """Return the combination of theories that were plain data."""
        theories = {name: Theory.from_spec(options[name]) for name in ("base", *ROLES) if name in options}
        return cls(**options | theories)
