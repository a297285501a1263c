"""What one person does. A theory turns a person's parameters into payoffs and best options; nothing here samples.

For a role, a game and what the person has seen (a state or a message), a theory gives the payoff of every option, or
the best option. `decision_log_probability` adds the response rule: likelihood, simulation and figures all read it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import ClassVar

import numpy as np

from estimation.arrays import Array, Module, Numbers, Spec
from estimation.errors import TheoryError
from estimation.games.game import Game
from estimation.names import RECEIVER, ROLES, SENDER
from estimation.theories.messages.history import History
from estimation.theories.messages.response import LAPSE, RESPONSES, with_lapse
from estimation.theories.parameter import Parameter
from estimation.theories.takes_formulas import TakesFormulas

Values = Mapping[str, Numbers]


@dataclass(frozen=True, kw_only=True)
class Theory(ABC, metaclass=TakesFormulas):
    """A theory of senders and receivers.

    Parameters
    ----------
    response
        ``"logit"`` on the option grid, or ``"normal"``: a censored normal error around the best option.
    lapse
        Whether each person has a share of decisions made at random. Leave it the same for all theories compared.
    correlated
        Whether a person's parameters are correlated over people (LKJ prior), whatever the role in which they matter;
        otherwise they are independent.
    formulas
        Parameter → what its typical value depends on, such as ``"~ capacity_cost + country"``: columns of the table
        and attributes of the games (`population.formulas`). Any parameter's formula may also be given under the
        parameter's own name: ``TrustEmbedded(trust="~ country")``.
    priors
        Parameter → what replaces its prior, of ``centre``, ``centre_sd`` and ``spread`` (see `Parameter`), such as
        ``{"trust": {"centre_sd": 2.0}}``. A theory with other priors is another theory: its options say so.

    Raises
    ------
    TheoryError
        If the response rule is unknown.
    """

    response: str = "logit"
    lapse: bool = True
    correlated: bool = False
    formulas: Mapping[str, str] = field(default_factory=dict, hash=False)
    priors: Mapping[str, Mapping[str, float]] = field(default_factory=dict, hash=False)

    name: ClassVar[str] = "theory"
    citation: ClassVar[str] = ""

    def __post_init__(self) -> None:
        if self.response not in RESPONSES:
            raise TheoryError(
                f"{type(self).__name__} cannot be built:",
                [f"response {self.response!r} is none of {sorted(RESPONSES)}"],
            )

    @property
    def learns(self) -> bool:
        """Whether what a person does depends on what they saw before (`after_learning`)."""
        return False

    @property
    def types(self) -> tuple[str, ...]:
        """Discrete kinds of people, one of which each person is; a single kind unless the theory says otherwise."""
        return ("everyone",)

    def observationally_equivalent(
        self, games: list[Game], roles: tuple[str, ...]
    ) -> tuple[tuple[int, ...], ...]:
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

    def component(self, kind: int, values: Values) -> tuple[Theory, int, Values]:
        """Return the theory, kind and values by which a kind decides: these, unless the theory combines others."""
        return self, kind, values

    def after_learning(self, values: Values, history: History) -> Values:
        """Return the values of a person at each decision, after what they have seen: the same, unless people learn.

        Values that change come back as (..., decision, 1) arrays.
        """
        return values

    def values_at_decisions(self, kind: int, values: Values, history: History | None) -> Values:
        """Return the values of a kind of person at each decision, by the names of this theory."""
        return values if history is None else self.after_learning(values, history)

    @abstractmethod
    def own_parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return the theory's own person-level parameters for these games and roles."""

    def parameters(self, games: list[Game], roles: tuple[str, ...]) -> tuple[Parameter, ...]:
        """Return every person-level parameter: the theory's own, one response parameter a role, and the lapse."""
        noise = tuple(RESPONSES[self.response].parameter(games, role) for role in ROLES if role in roles)
        return (*self.own_parameters(games, roles), *noise, *((LAPSE,) if self.lapse else ()))

    @abstractmethod
    def sender_payoff(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return what each message is worth to a sender.

        Parameters
        ----------
        kind
            Index into `types`.
        values
            Parameter name → natural value, shaped to broadcast against (decision, 1).
        state : (decision,) array, game units

        Returns
        -------
        (..., decision, message) array, payoff units
        """

    @abstractmethod
    def receiver_payoff(
        self, game: Game, kind: int, values: Values, message: Array, xp: Module = np
    ) -> Numbers:
        """Return what each action is worth to a receiver, (..., decision, action), payoff units; as `sender_payoff`."""

    @abstractmethod
    def sender_target(self, game: Game, kind: int, values: Values, state: Array, xp: Module = np) -> Numbers:
        """Return the best message, (..., decision, 1), game units."""

    @abstractmethod
    def receiver_target(
        self, game: Game, kind: int, values: Values, message: Array, xp: Module = np
    ) -> Numbers:
        """Return the best action, (..., decision, 1), game units."""

    def spec(self) -> Spec:
        """Return the theory's name and options as plain data, from which `theories.from_spec` rebuilds it."""
        return {"theory": type(self).__name__} | self.options

    @property
    def options(self) -> Spec:
        """Every option by name; formulas and priors by the names of their parameters, if there are any."""
        plain = {option.name: getattr(self, option.name) for option in fields(self)}
        rare = {name: dict(plain.pop(name)) for name in ("formulas", "priors")}
        return plain | {name: given for name, given in rare.items() if given}

    def __str__(self) -> str:
        options = ", ".join(f"{name}={value!r}" for name, value in self.options.items())
        return f"{type(self).__name__}({options})"


def decision_log_probability(
    theory: Theory,
    game: Game,
    role: str,
    kind: int,
    values: Values,
    given: Array,
    chosen: Numbers = None,
    xp: Module = np,
    rows: Numbers = None,
    history: History | None = None,
) -> Numbers:
    """Return the log probability of every option, or of the chosen ones.

    Parameters
    ----------
    values
        Parameter name → natural value, shaped to broadcast against (decision, 1): e.g. (node, 1, 1).
    given : (situation,) array, game units
        What the person saw: states for senders, messages for receivers.
    chosen : (decision,) integer array, optional
        Indices of the options taken.
    rows : (decision,) integer array, optional
        The situation of each decision, if people decided several times in one; otherwise one decision each.
    history
        What the person had seen before each decision, for theories in which people learn (`Theory.learns`); without
        it they have seen nothing.

    Returns
    -------
    (..., situation, option) array, or (..., decision) if `chosen` is given
    """
    theory, kind, values = theory.component(kind, values)
    if history is not None:
        values = theory.after_learning(values, history)
    if chosen is not None and rows is None:
        rows = np.arange(len(chosen))
    terms = [
        _decided(theory, game, role, now, values, given, chosen, rows, xp) + _fitting(weight, chosen)
        for now, weight in theory.kinds_at_decision(kind, values, xp)
    ]
    result = terms[0] if len(terms) == 1 else _log_sum(terms, xp)
    if not theory.lapse:
        return result
    options = len(game.messages if role == SENDER else game.actions)
    return with_lapse(result, _fitting(values[LAPSE.name], chosen), options, xp)


def _decided(
    theory: Theory,
    game: Game,
    role: str,
    kind: int,
    values: Values,
    given: Array,
    chosen: Numbers,
    rows: Numbers,
    xp: Module,
) -> Numbers:
    """Return the log probability of every option, or of the chosen ones, for one kind and without lapses."""
    rule = RESPONSES[theory.response]
    grid = game.messages if role == SENDER else game.actions
    methods = {
        (SENDER, "payoff"): theory.sender_payoff,
        (SENDER, "target"): theory.sender_target,
        (RECEIVER, "payoff"): theory.receiver_payoff,
        (RECEIVER, "target"): theory.receiver_target,
    }
    quantity = methods[role, rule.needs](game, kind, values, given, xp)
    return rule.log_probability(quantity, values[f"{role}_{rule.width}"], grid, chosen, rows, xp)


def _fitting(value: Numbers, chosen: Numbers) -> Numbers:
    """Return a value for (decision, 1) so that it broadcasts against (decision,) if options are chosen."""
    return value if chosen is None or not hasattr(value, "ndim") else value[..., 0]


def _log_sum(terms: list[Numbers], xp: Module) -> Numbers:
    """Return the log of the sum of exponentials of arrays that broadcast against each other."""
    top = terms[0]
    for term in terms[1:]:
        top = xp.maximum(top, term)
    return top + xp.log(sum(xp.exp(term - top) for term in terms))
