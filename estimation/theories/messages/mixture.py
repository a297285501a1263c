"""Mixtures: every person follows one of several theories, and nobody knows which beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from estimation.arrays import Spec
from estimation.games.game import Game
from estimation.listed import listed
from estimation.names import ROLES
from estimation.theories.beliefs.history import History
from estimation.theories.messages.combined import OF_PARTS, Combined, Piece
from estimation.theories.messages.equivalence import Component, coincide, grouped, needs_nothing, overlaps
from estimation.theories.messages.mixture_names import contradictions, kinds_of, labels_of, renamed
from estimation.theories.messages.theory import Theory, Values


@dataclass(frozen=True)
class Mixture(Combined):
    """Kinds of people who follow different theories, with unknown shares.

    The kinds are those of the components, one after another. What a component alone needs concerns its own kinds only,
    and costs nothing for the others: what a person of another kind does says nothing about it. Beforehand all divisions
    of people over the components are equally likely, however many kinds each has (`share_weights`).

    Parameters
    ----------
    components
        The theories. All have the same response rule, habits and lapses, so that none is treated more kindly.
    shared
        Parameters of the same name that are one parameter of the person, whatever theory they follow: ``"noise"``
        (precision or error, habits and lapses: how carefully somebody decides is a trait of the person, and a kind that
        may have a noise of its own becomes a bin for careless people), ``"all"`` (also those of the theories, such as a
        lying cost that two of them know) or ``"nothing"``. What is not shared is named after its component.
    without
        Kinds that nobody is, by name, such as ``"level-k: level 0"``: those that another component contains, for
        example (`merged`).
    correlated
        See `Theory`; formulas are given to the components, and so are priors.

    Raises
    ------
    TheoryError
        If there are fewer than two components, they differ in response rule, habits or lapses, or `shared` is unknown.
    """

    components: Sequence[Theory] = ()
    shared: str = "noise"
    without: Sequence[str] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "components", listed(self.components))
        object.__setattr__(self, "without", listed(self.without))
        super().__post_init__()

    def problems(self) -> list[str]:
        """Return what is wrong with the options."""
        strange = [f"component {part!r} is no theory" for part in self.components if not isinstance(part, Theory)]
        if strange:
            return strange
        problems = contradictions(self.components, self.shared, self.without)
        if any(isinstance(part, Combined) for part in self.components):
            problems.append("a component is a mixture itself, or has roles apart; list its parts instead")
        problems += super().problems() if self.components else []
        return problems or self.contradictions()

    @property
    def parts(self) -> tuple[Theory, ...]:
        """The components."""
        return tuple(self.components)

    def made_of(self, parts: Iterable[Theory]) -> Mixture:
        """Return the mixture of other components."""
        return replace(self, components=tuple(parts), **OF_PARTS)

    @cached_property
    def pieces(self) -> list[Piece]:  # type: ignore[override]
        """The components, each with its own names of parameters and what they are called here."""
        names = renamed(self.components, self.shared)
        return [Piece(part, mine, ROLES) for part, mine in zip(self.components, names, strict=True)]

    @property
    def labels(self) -> tuple[str, ...]:
        """What each component is called: the name of its theory, numbered where two have the same."""
        return labels_of(self.components)

    @property
    def types(self) -> tuple[str, ...]:
        """The kinds of all components, such as ``trust-embedded`` and ``level-k: level 0``."""
        return tuple(self._kinds)

    @cached_property
    def _kinds(self) -> dict[str, tuple[int, int]]:
        """Kind → its component, and its position there."""
        return {name: at for name, at in kinds_of(self.components).items() if name not in self.without}

    @property
    def strategic(self) -> tuple[int, ...]:
        """The kinds who think about what others do, of all components."""
        owned = enumerate(self._kinds.values())
        return tuple(place for place, (owner, kind) in owned if kind in self.components[owner].strategic)

    @property
    def share_weights(self) -> tuple[float, ...]:
        """Concentration of the prior of each kind's share: its component's (1), split evenly between its kinds."""
        owners = [component for component, _ in self._kinds.values()]
        return tuple(self.components[owner].share_weights[0] / owners.count(owner) for owner in owners)

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles about which every component says something."""
        return tuple(role for role in ROLES if all(role in part.roles for part in self.components))

    def relevant_parameters(self, kind: int, games: list[Game], roles: tuple[str, ...]) -> tuple[str, ...]:
        """Return the parameters of the component that the kind belongs to."""
        index, local = self._where(kind)
        part, names, _ = self.pieces[index]
        return tuple(names[name] for name in part.relevant_parameters(local, games, roles))

    def component(self, kind: int, values: Values, role: str) -> tuple[Theory, int, Values]:
        """Return the component, its own kind, and the values by the component's own names."""
        index, local = self._where(kind)
        piece = self.pieces[index]
        return piece.theory.component(local, piece.own(values), role)

    def values_at_decisions(self, kind: int, values: Values, history: History | None) -> Values:
        """Return the values of a kind at each decision; those that its component moves have moved."""
        index, local = self._where(kind)
        return {**values, **self.pieces[index].moved(local, values, history)}

    def observationally_equivalent(self, games: list[Game], roles: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
        """Return the kinds in groups that behave alike.

        Those are the groups of each component, joined where kinds without parameters of their own do the same.
        """
        places = list(self._kinds.values())
        found = [
            [places.index((index, local)) for local in group if (index, local) in places]
            for index, part in enumerate(self.components)
            for group in part.observationally_equivalent(games, roles)
        ]
        groups = {group[0]: group for group in found if group}
        same = grouped(groups, lambda one, other: self._same(one, other, games, roles))
        return tuple(tuple(kind for first in firsts for kind in groups[first]) for firsts in same)

    def merged(self, games: Iterable[Game], roles: Iterable[str]) -> Mixture:
        """Return the mixture without kinds that another component contains: their shares would not be identified.

        A kind is contained if it wants, in all these games and roles, what another theory wants at a limit of its
        parameters (`equivalence.overlaps`): level 0 is a trust-embedded person of full trust and endless lying cost.
        """
        names = {place: name for name, place in kinds_of(self.components).items()}
        extra = []
        for kind, match in overlaps(self.components, list(games), tuple(roles)):
            superfluous = kind if match.values else match
            extra.append(names[self.components.index(superfluous.theory), superfluous.kind])
        return replace(self, without=tuple(dict.fromkeys([*self.without, *extra])), **OF_PARTS)

    @property
    def options(self) -> Spec:
        """The components, and what they share."""
        return {name: getattr(self, name) for name in ("components", "shared", "without", "correlated")}

    def spec(self) -> Spec:
        """Return the mixture as plain data."""
        components = [part.spec() for part in self.components]
        return super().spec() | {"components": components, "without": list(self.without)}

    @classmethod
    def of_options(cls, options: Spec) -> Mixture:
        """Return the mixture with components that were plain data."""
        return cls(**options | {"components": [Theory.from_spec(part) for part in options["components"]]})

    def __str__(self) -> str:
        parts = ", ".join(map(str, self.components))
        rest = ", ".join(f"{name}={value!r}" for name, value in list(self.options.items())[1:])
        return f"Mixture([{parts}], {rest})"

    def _where(self, kind: int) -> tuple[int, int]:
        """Return the component of a kind, and the kind's position in it."""
        return list(self._kinds.values())[kind]

    def _same(self, one: int, other: int, games: list[Game], roles: tuple[str, ...]) -> bool:
        """Return whether two kinds without parameters of their own want the same in every game and role."""
        first, second = (Component(self.components[index], local) for index, local in map(self._where, (one, other)))
        needs = any(
            kind.theory.own_parameters(games, roles) or not needs_nothing(kind, games, roles)
            for kind in (first, second)
        )
        return not needs and coincide(first, second, games, roles)
