"""Advice: a receiver with information of their own is told by an adviser what is true, and decides.

A judge-advisor system (Sniezek and Buckley 1995, Organizational Behavior and Human Decision Processes 62(2):159-174)
with finitely many answers: advisers have names, so that each may have a reputation, and what turned out may be seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Self

import numpy as np

from estimation.allowed import word_problems
from estimation.arrays import Array, Spec, is_real
from estimation.errors import GameError, raise_all
from estimation.games.checks import key_problems
from estimation.games.options import Item
from estimation.games.sender_receiver import Payoffs, SenderReceiverGame
from estimation.games.table_parts import EMPIRICAL, UNIFORM

OWN_COLUMN = "own_probability"
EARLIER = ("earlier_right", "earlier_wrong")
NOTHING, TOLD, EXPERIENCE = OWN = ("nothing", "told", "experience")

_INVALID = "The game of advice is not valid:"


class AdviceGame(SenderReceiverGame):
    """A receiver who is advised: what is recommended is a state, and what is done is a bet on one.

    In a table of decisions, receivers' rows hold the recommendation (``message``), the bet (``action``), who advises
    (``partner``), and what turned out (``state``, empty where it was not seen). Advisers need not be people, and have
    no rows unless they are.

    Parameters
    ----------
    states
        What may be true, be recommended and be bet on: words, or numbers that increase.
    advisers
        The names of those who advise, as the column ``partner`` has them: whose trust may be a number of its own.
    own
        What the receiver knows without advice: ``"nothing"`` beyond the prior; ``"told"``: a probability in each row;
        ``"experience"``: only what turned out before, in the rows of the same condition.
    column
        Where the probability of the last of two states stands, in (0, 1). Needed if it is told; ``own_probability``
        then unless named. Named in a game of experience, it lets one ask what people who knew it would do.
    earlier
        Whether people had seen the advisers before: columns ``earlier_right`` and ``earlier_wrong`` then count how
        often the row's adviser had been right and wrong.
    accuracies
        Adviser → how often they are right, if people were told, such as a machine's; nobody then has to be guessed at.
    interest
        The column, if there is one, that holds the state on which the row's adviser is paid for if the receiver bets on
        it, and nothing where the adviser is not paid; receivers know it.
    prior
        As in `SenderReceiverGame`.
    receiver : (state, action) array, payoff units
        What bets earn, if not 1 for the right one.

    Raises
    ------
    GameError
        With everything that is wrong.
    """

    family = "advice"
    course = (
        "The adviser makes a recommendation, {message}; the receiver, who may know something already, makes a bet, "
        "{action}. What turns out is {state}."
    )

    def __init__(
        self,
        states: Sequence[Item] = ("down", "up"),
        advisers: Sequence[Any] = (),
        own: str = NOTHING,
        column: str = "",
        earlier: bool = False,
        accuracies: Mapping[str, float] | None = None,
        interest: str = "",
        prior: str | Sequence[float] | Mapping[Any, float] | Array = UNIFORM,
        receiver: Payoffs | None = None,
    ) -> None:
        count = len(states) if isinstance(states, (Sequence, np.ndarray)) else 2
        earned: Payoffs = np.eye(count) if receiver is None else receiver
        super().__init__(states, states, earned, earned, prior=prior)
        problems = _problems(count, advisers, own, column, accuracies or {})
        problems += [f"interest must be the name of a column, not {interest!r}"] * (not isinstance(interest, str))
        raise_all(problems, GameError, _INVALID)
        self.interest = interest
        self.advisers = tuple(str(name).strip() for name in advisers)
        self.own, self.earlier = own, bool(earlier)
        self.column = column or (OWN_COLUMN if own == TOLD else "")
        self.accuracies = {str(name).strip(): float(value) for name, value in (accuracies or {}).items()}

    @cached_property
    def reads(self) -> tuple[str, ...]:  # type: ignore[override]
        """The columns that say what receivers knew beside the recommendation."""
        return (*([self.column] if self.column else []), *(EARLIER if self.earlier else ()))

    @cached_property
    def reads_states(self) -> tuple[str, ...]:  # type: ignore[override]
        """The column of the state that an adviser is paid for, if there is one."""
        return (self.interest,) * bool(self.interest)

    @property
    def pays_the_right_bet(self) -> bool:
        """Whether a bet earns 1 if it is right and else nothing, so that beliefs are all that matters."""
        return np.array_equal(self.receiver_table, np.eye(len(self.states)))

    def spec(self) -> Spec:
        """Return the game as plain data."""
        table = super().spec()
        return {
            "family": self.family,
            "states": table["states"],
            "advisers": list(self.advisers),
            "own": self.own,
            "column": self.column,
            "earlier": self.earlier,
            "accuracies": dict(self.accuracies),
            **({"interest": self.interest} if self.interest else {}),  # or older tables would be others
            "prior": EMPIRICAL if self._prior is None else self._prior.tolist(),
            "receiver": table["receiver"],
        }

    @classmethod
    def from_spec(cls, spec: Spec) -> Self:
        """Rebuild the game from `spec`."""
        given = {name: value for name, value in spec.items() if name != "family"}
        options = ("states", "advisers", "own", "column", "earlier", "accuracies", "interest", "prior", "receiver")
        raise_all(key_problems(given, (), options), GameError, _INVALID)
        return cls(**given)


def _problems(states: int, advisers: Any, own: Any, column: Any, accuracies: Any) -> list[str]:
    """Return what is wrong with what the game of advice adds to a table of payoffs."""
    if isinstance(advisers, str) or not isinstance(advisers, (Sequence, np.ndarray)):
        return [f"advisers must be a list of names, not {advisers!r}"]
    names = [str(name).strip() for name in advisers]
    problems = [f"adviser {name!r} is listed twice" for name in sorted({n for n in names if names.count(n) > 1})]
    problems += ["an adviser needs a name"] * ("" in names)
    problems += word_problems(OWN, own=own)
    if not isinstance(column, str):
        problems.append(f"column must be the name of a column, not {column!r}")
    elif (own == TOLD or column) and states != 2:
        problems.append(f"a column holds the probability of one of two states, not of {states}; use own='experience'")
    if not isinstance(accuracies, Mapping):
        return [*problems, f"accuracies must say how often an adviser is right, by name, not {accuracies!r}"]
    for name, value in accuracies.items():
        if str(name).strip() not in names:
            problems.append(f"accuracies: {name!r} is none of the advisers {names}")
        if not (is_real(value) and 0 < value < 1):
            problems.append(f"accuracies: {name!r} must be right with a probability in (0, 1), not {value!r}")
    return problems
