"""Mixtures: every person follows one of several theories, and nobody knows which beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from estimation.arrays import Array, Module, Numbers, Spec
from estimation.games.game import Game
from estimation.names import ROLES
from estimation.theories.description import Parameter
from estimation.theories.messages.equivalence import Component, coincide, grouped, needs_nothing, overlaps
from estimation.theories.messages.history import History
from estimation.theories.messages.mixture_names import ALIKE, contradictions, kinds_of, labels_of, renamed
from estimation.theories.messages.theory import Theory, Values


@dataclass(frozen=True)
class Mixture(Theory):
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
        object.__setattr__(self, "components", tuple(self.components))
        object.__setattr__(self, "without", tuple(self.without))
        super().__post_init__()
        for option in ALIKE:
            object.__setattr__(self, option, getattr(self.components[0], option))
        for option in ("formulas", "priors"):
            given = {names[name]: value for part, names in self._named for name, value in getattr(part, option).items()}
            object.__setattr__(self, option, given)

    def problems(self) -> list[str]:
        """Return what is wrong with the options."""
        strange = [f"component {part!r} is no theory" for part in self.components if not isinstance(part, Theory)]
        if strange:
            return strange
        problems = contradictions(self.components, self.shared, self.without)
        if any(isinstance(part, Mixture) for part in self.components):
            problems.append("a component is a mixture itself; list its components instead")
        for option in ("formulas", "priors"):
            given = sorted(getattr(self, option))
            problems += [f"give the {option} of {given} to the components they belong to"] * bool(given)
        return problems

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
    def share_weights(self) -> tuple[float, ...]:
        """Concentration of the prior of each kind's share: 1 for each component, split evenly between its kinds."""
        components = [component for component, _ in self._kinds.values()]
        return tuple(1 / components.count(component) for component in components)

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles about which every component says something."""
        return tuple(role for role in ROLES if all(role in part.roles for part in self.components))

    @property
    def learns(self) -> bool:
        """Whether one of the components does."""
        return any(part.learns for part in self.components)

    @property
    def citation(self) -> str:  # type: ignore[override]
        """What to cite for the components."""
        return "; ".join(dict.fromkeys(part.citation for part in self.components if part.citation))

    def parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return the parameters of all components, each once, noise last."""
        found: dict[str, Parameter] = {}
        for part, names in self._named:
            for parameter in part.parameters(games, roles):
                new = names[parameter.name]
                found.setdefault(new, replace(parameter, name=new))
        own = {names[p.name] for part, names in self._named for p in part.own_parameters(games, roles)}
        return tuple(sorted(found.values(), key=lambda parameter: parameter.name not in own))

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return the parameters of all components but noise."""
        own = {names[p.name] for part, names in self._named for p in part.own_parameters(games, roles)}
        return tuple(parameter for parameter in self.parameters(games, roles) if parameter.name in own)

    def relevant_parameters(self, kind: int, games: list[Game], roles: tuple[str, ...]) -> tuple[str, ...]:
        """Return the parameters of the component that the kind belongs to."""
        index, local = self._where(kind)
        part, names = self._named[index]
        return tuple(names[name] for name in part.relevant_parameters(local, games, roles))

    def component(self, kind: int, values: Values) -> tuple[Theory, int, Values]:
        """Return the component, its own kind, and the values by the component's own names."""
        index, local = self._where(kind)
        part, names = self._named[index]
        return part.component(local, {name: values[new] for name, new in names.items() if new in values})

    def values_at_decisions(self, kind: int, values: Values, history: History | None) -> Values:
        """Return the values of a kind at each decision; those that its component moves have moved."""
        part, local, mine = self.component(kind, values)
        _, names = self._named[self._where(kind)[0]]
        moved = part.values_at_decisions(local, mine, history)
        return {**values, **{names[name]: value for name, value in moved.items()}}

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
        return replace(self, without=tuple(dict.fromkeys([*self.without, *extra])), formulas={}, priors={})

    def sender_payoff(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return what each message is worth to a kind of sender, as its component says."""
        return self._said("sender_payoff", game, kind, values, state, xp)

    def receiver_payoff(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return what each action is worth to a kind of receiver, as its component says."""
        return self._said("receiver_payoff", game, kind, values, message, xp)

    def sender_target(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return the best message of a kind of sender, as its component says."""
        return self._said("sender_target", game, kind, values, state, xp)

    def receiver_target(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return the best action of a kind of receiver, as its component says."""
        return self._said("receiver_target", game, kind, values, message, xp)

    def _said(self, what: str, game: Game, kind: int, values: Values, given: Array, xp: Module) -> Numbers:
        part, local, mine = self.component(kind, values)
        return getattr(part, what)(game, local, mine, given, xp)

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

    @cached_property
    def _named(self) -> list[tuple[Theory, dict[str, str]]]:
        """The components, each with its own names of parameters and what they are called here."""
        return list(zip(self.components, renamed(self.components, self.shared), strict=True))

    def _same(self, one: int, other: int, games: list[Game], roles: tuple[str, ...]) -> bool:
        """Return whether two kinds without parameters of their own want the same in every game and role."""
        first, second = (Component(self.components[index], local) for index, local in map(self._where, (one, other)))
        needs = any(
            kind.theory.own_parameters(games, roles) or not needs_nothing(kind, games, roles)
            for kind in (first, second)
        )
        return not needs and coincide(first, second, games, roles)
