"""Theories that are made of others, which keep their parameters under names that say whose they are."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any, NamedTuple, Self

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.games.game import Game
from estimation.theories.beliefs.history import History
from estimation.theories.description import Description
from estimation.theories.messages.theory import Theory, Values
from estimation.theories.parameter import Parameter

ALIKE = ("response", "lapse", "habits")
"""Options that all parts have alike, so that none is treated more kindly."""
OF_PARTS: dict[str, Any] = {"formulas": {}, "priors": {}} | dict.fromkeys(ALIKE)
"""What a combination takes from its parts, as left out: whoever replaces parts gives these with them."""


class Piece(NamedTuple):
    """A part of a combination.

    Attributes
    ----------
    theory
        What people do of whom it speaks.
    names
        Its own names of parameters → what they are called in the combination.
    roles
        In which roles it speaks of them.
    """

    theory: Theory
    names: dict[str, str]
    roles: tuple[str, ...]

    def own(self, values: Values) -> Values:
        """Return values by the part's own names."""
        return {name: values[new] for name, new in self.names.items() if new in values}

    def moved(self, kind: int, values: Values, history: History | None) -> Values:
        """Return the part's values at each decision by their names in the combination."""
        found = self.theory.values_at_decisions(kind, self.own(values), history)
        return {self.names[name]: value for name, value in found.items()}


class Combined(Theory):
    """A theory whose people decide as one of its parts says: which, `component` says by kind and role.

    Response rule, habits and lapses are those of the parts, and so are formulas and priors.
    """

    response: str = field(default=None, kw_only=True)  # type: ignore[assignment]  # of the parts, if left out
    lapse: bool = field(default=None, kw_only=True)  # type: ignore[assignment]
    habits: str = field(default=None, kw_only=True)  # type: ignore[assignment]

    def __post_init__(self) -> None:
        super().__post_init__()
        for option in ALIKE:
            object.__setattr__(self, option, getattr(self.parts[0], option))
        for option in ("formulas", "priors"):
            given = [(piece.names, getattr(piece.theory, option)) for piece in self.pieces]
            renamed = {names.get(name, name): value for names, held in given for name, value in held.items()}
            object.__setattr__(self, option, renamed)

    def problems(self) -> list[str]:
        """Return which options are given here, and belong to the parts."""
        problems = Description.problems(self)
        for option, found in ((option, getattr(self.parts[0], option)) for option in ALIKE):
            given = getattr(self, option)
            if given is not None and not (isinstance(given, str | bool | np.bool_) and given == found):
                problems.append(f"{option}={given!r} is not what its theories have, {found!r}; give it to each of them")
        for option in ("formulas", "priors"):
            of = f" of {sorted(getattr(self, option))}" if isinstance(getattr(self, option), Mapping) else ""
            problems += [f"give the {option}{of} to the theories that it is made of"] * bool(getattr(self, option))
        if any(part.correlated for part in self.parts):
            problems.append(
                f"say correlated=True of {type(self).__name__}, not of its theories; it is about all of them"
            )
        if len({part.hears_all for part in self.parts if part.learns}) > 1:
            problems.append(
                "one theory counts messages whose truth never came out (unseen='agreement'), another does not; give "
                "all of them alike"
            )
        return problems

    def contradictions(self) -> list[str]:
        """Return which parameters are one here, and have two formulas or two priors."""
        problems = []
        for option in ("formulas", "priors"):
            told: dict[str, list[Any]] = {}
            for piece in self.pieces:
                own = getattr(piece.theory, option)
                for name in (name for name in own if name in piece.names):
                    told.setdefault(piece.names[name], []).append(own[name])
            problems += [
                f"{name!r} is one parameter here, and its theories give it other {option}: {found[0]!r} and {other!r}; "
                "give the same"
                for name, found in told.items()
                for other in [each for each in found if each != found[0]][:1]
            ]
        return problems

    @property
    @abstractmethod
    def parts(self) -> tuple[Theory, ...]:
        """The theories that it is made of."""

    @abstractmethod
    def made_of(self, parts: Iterable[Theory]) -> Self:
        """Return the same combination of other theories."""

    @property
    @abstractmethod
    def pieces(self) -> list[Piece]:
        """The parts with the names of their parameters."""

    @abstractmethod
    def component(self, kind: int, values: Values, role: str) -> tuple[Theory, int, Values]:
        """Return the part that speaks of a kind in a role, its own kind, and the values by the part's own names."""

    @property
    def learns(self) -> bool:
        """Whether one of the parts does."""
        return any(part.learns for part in self.parts)

    @property
    def remembers(self) -> bool:
        """Whether one of the parts does."""
        return any(part.remembers for part in self.parts)

    @property
    def hears_all(self) -> bool:
        """Whether one of the parts does: others that learn do, too."""
        return any(part.hears_all for part in self.parts)

    def check_seen(self, histories: Sequence[History]) -> None:
        """Raise `TheoryError` if what people saw cannot tell the parameters of some part apart."""
        for part in self.parts:
            part.check_seen(histories)

    @property
    def citation(self) -> str:  # type: ignore[override]
        """What to cite for the parts."""
        return "; ".join(dict.fromkeys(part.citation for part in self.parts if part.citation))

    def parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return the parameters of all parts, each once, noise last."""
        found: dict[str, Parameter] = {}
        for theory, names, played in self._played(roles):
            for parameter in theory.parameters(games, played):
                found.setdefault(names[parameter.name], replace(parameter, name=names[parameter.name]))
        own = self._own(games, roles)
        return tuple(sorted(found.values(), key=lambda parameter: parameter.name not in own))

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return the parameters of all parts but noise."""
        own = self._own(games, roles)
        return tuple(parameter for parameter in self.parameters(games, roles) if parameter.name in own)

    def _own(self, games: list[Game], roles: tuple[str, ...]) -> set[str]:
        """Return the names of the parameters that are not noise."""
        played = self._played(roles)
        return {names[p.name] for theory, names, where in played for p in theory.own_parameters(games, where)}

    def _played(self, roles: tuple[str, ...]) -> list[Piece]:
        """Return the parts that speak of people in some of these roles, with those."""
        pieces = [piece._replace(roles=tuple(role for role in roles if role in piece.roles)) for piece in self.pieces]
        return [piece for piece in pieces if piece.roles]

    def lacking(self, game: Game, roles: tuple[str, ...]) -> list[str]:
        """Return what the parts need and a game does not have."""
        found = [
            f"{part.theory.name}: {text}"
            for part in self._played(roles)
            for text in part.theory.lacking(game, part.roles)
        ]
        strange = [
            f"{part.theory.name}: its parameters depend on the game, {parameter.name!r} for one; fit it by itself"
            for part in self._played(roles)
            for parameter in part.theory.parameters([game], part.roles)
            if parameter.name not in part.names
        ]
        return list(dict.fromkeys(found + strange[:1]))

    def sender_payoff(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return what each message is worth to a kind of sender, as its part says."""
        return self._said("sender", "payoff", game, kind, values, state, xp)

    def receiver_payoff(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return what each action is worth to a kind of receiver, as its part says."""
        return self._said("receiver", "payoff", game, kind, values, message, xp)

    def sender_target(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return the best message of a kind of sender, as its part says."""
        return self._said("sender", "target", game, kind, values, state, xp)

    def receiver_target(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return the best action of a kind of receiver, as its part says."""
        return self._said("receiver", "target", game, kind, values, message, xp)

    def _said(self, role: str, what: str, game: Game, kind: int, values: Values, given: Array, xp: Module) -> Numbers:
        part, local, mine = self.component(kind, values, role)
        return getattr(part, f"{role}_{what}")(game, local, mine, given, xp)
