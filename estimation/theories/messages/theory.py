"""What one person does. A theory turns a person's parameters into payoffs and best options; nothing here samples.

For a role, a game and what the person has seen (a state or a message), a theory gives the payoff of every option, or
the best option. `likelihood.decision_log_probability` adds response rule, habits and lapses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from estimation.allowed import word_problems
from estimation.arrays import Array, Module, Numbers
from estimation.errors import TheoryError, raise_all
from estimation.games.game import Game
from estimation.names import ACTION, MESSAGE, RECEIVER, ROLES, SENDER
from estimation.registry import misspelt
from estimation.theories.beliefs.history import History
from estimation.theories.description import Description
from estimation.theories.formulas import formula_problems
from estimation.theories.parameter import Parameter, twice
from estimation.theories.priors import CONCENTRATION, SHARE, prior_problems
from estimation.theories.replies.best import best_action, best_message, distance_payoff, searchable
from estimation.theories.responses.habits import HABITS, NONE, habit_parameters
from estimation.theories.responses.logit import Terms
from estimation.theories.responses.response import LAPSE, RESPONSES

Values = Mapping[str, Numbers]
_DECIDES = {MESSAGE.name: SENDER, ACTION.name: RECEIVER}


@dataclass(frozen=True, kw_only=True)
class Theory(Description):
    """A theory of senders and receivers: subclass it to state your own.

    One function for one role is enough: ``sender_target``, ``sender_payoff``, ``receiver_target`` or
    ``receiver_payoff``. Of a target and a payoff each follows from the other: the best option is found by search, and
    an option is worth less by `Game.margin` for each unit that it lies off the target. Options of the theory are
    annotated attributes with defaults.

    Parameters
    ----------
    response
        ``"logit"`` on the option grid; ``"normal"``: a censored normal error around the best option; or
        ``"spike-logit"``: a share of decisions is the best option exactly, and the others follow the logit.
    lapse
        Whether each person has a share of decisions made at random. Leave it the same for all theories compared.
    habits
        What people do beside any theory, each to a degree of their own: ``"none"``, ``"rounding"`` (to round numbers),
        ``"truth"`` (senders say the exact truth, receivers take messages literally) or ``"all"``; see `habits`. Leave
        it the same for all theories compared, too.
    correlated
        Whether a person's parameters are correlated over people (LKJ prior), whatever the role in which they matter;
        otherwise they are independent.
    formulas
        Parameter → what its typical value depends on, such as ``"~ capacity_cost + country"``: columns of the table
        and attributes of the games (`population.formulas`). Any parameter's formula may also be given under the
        parameter's own name: ``TrustEmbedded(trust="~ country")``.
    priors
        Parameter → what replaces its prior, of ``centre``, ``centre_sd`` and ``spread`` (see `Parameter`), such as
        ``{"trust": {"centre_sd": 2.0}}``; of the shares of kinds ``{"share": {"concentration": 2.0}}`` (1: every
        division of people over kinds is equally likely beforehand; more: shares are thought alike).

    Raises
    ------
    TheoryError
        If the response rule or the habits are unknown, or the priors are of another form.
    """

    response: str = "logit"
    lapse: bool = True
    habits: str = NONE
    correlated: bool = False
    formulas: Mapping[str, str] = field(default_factory=dict, hash=False)
    priors: Mapping[str, Mapping[str, float]] = field(default_factory=dict, hash=False)

    def problems(self) -> list[str]:
        """Return what is wrong with the options."""
        words = word_problems(sorted(RESPONSES), response=self.response) + word_problems(HABITS, habits=self.habits)
        return words + formula_problems(self.formulas) + prior_problems(self.priors) + super().problems()

    @property
    def learns(self) -> bool:
        """Whether what a person does depends on what they saw before (`after_learning`)."""
        return False

    @property
    def remembers(self) -> bool:
        """Whether what a person does depends on anything but the state or message: what came before, what they knew."""
        return self.learns

    @property
    def hears_all(self) -> bool:
        """Whether messages whose truth never came out are part of what came before."""
        return False

    def is_unread(self, game: Game, role: str) -> bool:
        """Return whether payoffs are read or computed where they are used, so that there are no arrays of them."""
        return False

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles about which the theory says something."""
        return tuple(role for role in ROLES if _writes(type(self), role))

    @property
    def share_weights(self) -> tuple[float, ...]:
        """Concentration of the Dirichlet prior of the share of each kind of people: 1 each, unless `priors` say."""
        return (float(self.priors.get(SHARE, {}).get(CONCENTRATION, 1.0)),) * len(self.types)

    @property
    def strategic(self) -> tuple[int, ...]:
        """Positions in `types` of the kinds who think about what others do: levels above 0. Reports add them up."""
        return ()

    @property
    def share_factors(self) -> tuple[tuple[float, ...], ...]:
        """Concentrations of independent parts of a person's kind: one part, unless kinds are pairs (`RolesApart`)."""
        return (self.share_weights,)

    @property
    def unrelated(self) -> bool:
        """Whether what a person is as a sender says nothing of what they are as a receiver (`RolesApart`)."""
        return False

    def kinds_by_role(self, games: list[Game], roles: tuple[str, ...]) -> dict[str, list[int]]:
        """Return kinds in one role, whatever the other → positions in `types`, if kinds are pairs (`RolesApart`)."""
        return {}

    def observationally_equivalent(self, games: list[Game], roles: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
        """Return the kinds in groups that behave alike in these games: only the share of a group can be learnt."""
        return tuple((kind,) for kind in range(len(self.types)))

    def kinds_at_decision(self, kind: int, values: Values, xp: Module = np) -> list[tuple[int, Numbers]]:
        """Return what a person of this kind may be at a decision, drawn anew each time: kinds and log probabilities.

        A person always decides as their own kind unless the theory says otherwise.
        """
        return [(kind, 0.0)]

    def relevant_parameters(self, kind: int, games: list[Game], roles: tuple[str, ...]) -> tuple[str, ...]:
        """Return the names of the parameters that matter to a kind of person: all, unless kinds differ in theory."""
        return tuple(parameter.name for parameter in self.parameters(games, roles))

    def component(self, kind: int, values: Values, role: str) -> tuple[Theory, int, Values]:
        """Return theory, kind and values by which a kind decides in a role: these, unless it combines others."""
        return self, kind, values

    def after_learning(self, values: Values, history: History) -> Values:
        """Return the values of a person at each decision, after what they have seen: the same, unless people learn.

        Values that change come back as (..., decision, 1) arrays.
        """
        return values

    def values_at_decisions(self, kind: int, values: Values, history: History | None) -> Values:
        """Return the values of a kind of person at each decision, by the names of this theory."""
        return values if history is None else self.after_learning(values, history)

    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return the theory's own person-level parameters for these games and roles: `traits` unless written."""
        return self.traits

    def parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return every person-level parameter: the theory's own, each role's response and habits, and the lapse."""
        spoken, rule = tuple(role for role in self.roles if role in roles), RESPONSES[self.response]
        noise = tuple(p for role in spoken for p in (self.response_parameter(games, role), *rule.further(role)))
        if self.habits != NONE:
            noise += tuple(share for role in spoken for share in habit_parameters(self.habits, games, role))
        return (*self.own_parameters(games, spoken), *noise, *((LAPSE,) if self.lapse else ()))

    def response_parameter(self, games: list[Game], role: str) -> Parameter:
        """Return the parameter of a role's response: how precisely people choose, or how far they err."""
        return RESPONSES[self.response].parameter(games, role)

    def sender_payoff(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return what each message is worth to a sender; unless written, how near it is to the target.

        Parameters
        ----------
        kind
            Index into `types`.
        values
            Parameter name → natural value, shaped to broadcast against (decision, 1).
        state : (decision,) array, game units
        xp
            NumPy, or PyTensor where a gradient is needed: use its functions for whatever touches `values`.

        Returns
        -------
        (..., decision, message) array, payoff units
        """
        self.check_role(SENDER)
        if type(self).sender_terms is not Theory.sender_terms:
            return Terms(*self.sender_terms(game, kind, values, state, xp)).payoff()
        return distance_payoff(game, SENDER, self.sender_target(game, kind, values, state, xp), xp)

    def sender_terms(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Terms:
        """Return gain, cost and lie of the payoff ``gain - cost * lie``: faster, and `TheoryError` unless written."""
        raise TheoryError(f"{type(self).__name__} has no terms:", ["use sender_payoff"])

    def sender_target(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return the best message, (..., decision, 1), game units; unless written, the least lie among the best."""
        self.check_role(SENDER)
        return best_message(game, searchable(self.sender_payoff(game, kind, values, state, xp)), state)

    def receiver_payoff(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return what each action is worth to a receiver, (..., decision, action), payoff units; as `sender_payoff`."""
        self.check_role(RECEIVER)
        return distance_payoff(game, RECEIVER, self.receiver_target(game, kind, values, message, xp), xp)

    def receiver_target(self, game: Game, kind: int, values: Values, message: Array, xp: Module = np) -> Numbers:
        """Return the best action, (..., decision, 1), game units; unless written, the middle one of the best."""
        self.check_role(RECEIVER)
        return best_action(game, searchable(self.receiver_payoff(game, kind, values, message, xp)))

    def lacking(self, game: Game, roles: tuple[str, ...]) -> list[str]:
        """Return what the theory needs and a game does not have, in words: a scale for errors around a target."""
        words = [column for column, role in _DECIDES.items() if column in game.labels and role in roles]
        needs = "response='normal' needs numbers, and {}s are words here; use response='logit'"
        return [needs.format(column) for column in words if self.response == "normal"]

    def check_games(self, games: Mapping[str, Game], roles: tuple[str, ...]) -> None:
        """Raise `TheoryError` with everything that the theory needs and one of the games does not have."""
        problems = [f"condition {name!r}: {text}" for name, game in games.items() for text in self.lacking(game, roles)]
        problems = problems or twice(self.parameters(list(games.values()), roles))
        raise_all(problems, TheoryError, f"{self.name} cannot be applied to these games:")

    def check_seen(self, histories: Sequence[History]) -> None:
        """Raise `TheoryError` if what people saw cannot tell the theory's parameters apart; unless written it can."""

    def check_role(self, role: str) -> None:
        """Raise `TheoryError` if the theory says nothing about a role."""
        if role not in self.roles:
            others = " or ".join(f"table.only({other!r})" for other in self.roles) or "a theory that does"
            meant = misspelt(type(self), Theory, (f"{role}_target", f"{role}_payoff"))
            problem = f"it says nothing about {role}s{meant}; use {others}"
            raise TheoryError(f"{type(self).__name__} cannot be applied to {role}s:", [problem])


def _writes(theory: type[Theory], role: str) -> bool:
    """Return whether the author of a theory wrote a payoff or a target for a role."""
    names = (f"{role}_{what}" for what in ("payoff", "target", "terms"))
    return any(getattr(theory, name, None) is not getattr(Theory, name, None) for name in names)
