"""How likely choices are: a theory's payoffs through response rule, habits and lapses.

Likelihood, simulation, prediction and figures all read `decision_log_probability`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from estimation.arrays import Array, Module, Numbers
from estimation.games.game import Game
from estimation.names import SENDER
from estimation.theories.beliefs.history import History
from estimation.theories.messages.theory import Theory, Values
from estimation.theories.responses.habits import NONE, Habits
from estimation.theories.responses.logit import Terms, at_decisions
from estimation.theories.responses.response import LAPSE, RESPONSES, log_sum


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
        What the person knew and had seen before each decision, for theories that need it (`Theory.remembers`);
        without it they have seen nothing.

    Returns
    -------
    (..., situation, option) array, or (..., decision) if `chosen` is given
    """
    theory, kind, values = theory.component(kind, values, role)
    if history is not None:
        values = theory.after_learning(values, history)
    if chosen is not None and rows is None:
        rows = np.arange(len(chosen))
    rule, grid = RESPONSES[theory.response], game.messages if role == SENDER else game.actions
    worth, width = _worth(theory, role, rule.needs), f"{role}_{rule.width}"
    habits = None if theory.habits == NONE else Habits(theory.habits, game, role, values)
    meant = habits.meant(chosen) if habits else None
    intended, where = (chosen, rows) if meant is None else (meant.option, rows[meant.whose])
    further = [_fitting(values[parameter.name], intended, where) for parameter in rule.further(role)]
    terms = [
        rule.log_probability(worth(game, now, values, given, xp), values[width], grid, intended, where, xp, *further)
        + _fitting(weight, intended, where)
        for now, weight in theory.kinds_at_decision(kind, values, xp)
    ]
    result = terms[0] if len(terms) == 1 else log_sum(terms, xp)
    result = habits.applied(result, given, chosen, rows, meant, xp) if habits else result
    if not theory.lapse:
        return result
    return with_lapse(result, _fitting(values[LAPSE.name], chosen, rows), len(grid), xp)


def with_lapse(log_probability: Numbers, lapse: Numbers, options: int, xp: Module = np) -> Numbers:
    """Return log((1 - lapse) P + lapse / options) (broadcasts)."""
    return xp.log((1 - lapse) * xp.exp(log_probability) + lapse / options)


def _fitting(value: Numbers, chosen: Numbers, rows: Numbers) -> Numbers:
    """Return a value for (situation, 1) so that it broadcasts against (decision,) if options are chosen."""
    return value if chosen is None or not hasattr(value, "ndim") else at_decisions(value, rows)[..., 0]


def _worth(theory: Theory, role: str, needs: str) -> Callable[..., Numbers]:
    """Return the function that a response rule calls: the terms of a payoff, unless a subclass has written another."""
    terms, payoff = f"{role}_terms", f"{role}_payoff"
    if needs == "payoff" and getattr(type(theory), terms, None) is not getattr(Theory, terms, None):
        written = next(names for names in map(vars, type(theory).__mro__) if terms in names or payoff in names)
        if terms in written:
            return lambda *given: Terms(*getattr(theory, terms)(*given))
    return getattr(theory, f"{role}_{needs}")  # type: ignore[no-any-return]
