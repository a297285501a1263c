"""The estimation game of Oey and Vul: say how many marbles are red, and be paid for the other's error.

The receiver estimates the state and loses the absolute error; the sender earns the error in one direction
(Oey and Vul 2024, Computational Brain & Behavior 7:23-36).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from typing import Any

import numpy as np

from estimation.allowed import word_problems
from estimation.arrays import Array, Module, Numbers, Spec
from estimation.errors import GameError, raise_all
from estimation.games.checks import key_problems, number_problems, size_problems
from estimation.games.distribution import Discrete, beta_binomial
from estimation.games.estimation_loops import GainIfTrusted, doubted_payoff
from estimation.games.game import Game

_PRIOR = ("prior_a", "prior_b", "prior_weights")
_INVALID = "The estimation game is not valid:"


@dataclass(frozen=True, eq=False)
class EstimationGame(Game):
    """A sender paid for over- or under-estimates, a receiver paid for accuracy.

    Parameters
    ----------
    direction
        ``"over"``: the sender earns max(0, estimate - state); ``"under"``: max(0, state - estimate). Points.
    highest
        States, messages and estimates are the whole numbers 0..highest.
    prior_a, prior_b : float
        The state is beta-binomial(highest, a, b), unless `prior_weights` is given.
    prior_weights : (state,) sequence, optional
        Probabilities of the states.
    lie_power, lie_reference
        How the effort of a lie grows with its size (`Game.lie_size`); 1 is linear.

    Raises
    ------
    GameError
        If the direction is unknown or the sizes are not positive.
    """

    direction_name: str = "over"
    highest: int = 100
    prior_a: float = 3.0
    prior_b: float = 3.0
    prior_weights: tuple[float, ...] | None = None
    lie_power: float = 1.0
    lie_reference: float = 10.0

    family = "estimation"
    margin = 1.0

    def __post_init__(self) -> None:
        problems = word_problems(("over", "under"), direction=self.direction_name)
        if not isinstance(self.highest, Integral) or self.highest < 1:
            problems.append(f"highest must be a whole number from 1, not {self.highest!r}")
        elif size_problems("highest", self.highest + 1):
            problems += size_problems("highest", self.highest + 1)
        elif self.prior_weights is not None and np.ndim(self.prior_weights) != 1:
            problems.append(f"prior_weights must be a list of probabilities, not {self.prior_weights!r}")
        elif self.prior_weights is not None and len(self.prior_weights) != self.highest + 1:
            problems.append(f"prior_weights needs {self.highest + 1} probabilities, not {len(self.prior_weights)}")
        positive = {name: getattr(self, name) for name in ("prior_a", "prior_b", "lie_power", "lie_reference")}
        problems += number_problems(positive, positive=True)
        raise_all(problems, GameError, _INVALID)
        self._law  # noqa: B018 - probabilities that are not a distribution are refused here, not on first use

    @cached_property
    def direction(self) -> int:  # type: ignore[override]
        """+1 if the sender gains from over-estimates, -1 if from under-estimates."""
        return 1 if self.direction_name == "over" else -1

    @cached_property
    def _law(self) -> Discrete:
        if self.prior_weights is None:
            return beta_binomial(self.highest, self.prior_a, self.prior_b)
        return Discrete(np.arange(self.highest + 1.0), np.asarray(self.prior_weights))

    @cached_property
    def states(self) -> Array:  # type: ignore[override]
        """Whole numbers 0..highest."""
        return self._law.values

    @cached_property
    def prior(self) -> Array:  # type: ignore[override]
        """Probabilities of the states."""
        return self._law.probabilities

    def sender_payoff(self, action: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return the receiver's error in the sender's direction, points."""
        return xp.maximum(self.direction * action - self.direction * state, 0.0)

    def receiver_payoff(self, action: Numbers, state: Numbers, xp: Module = np) -> Numbers:
        """Return minus the absolute error, points."""
        return -xp.abs(action - state)

    def trusting_action(self, message: Numbers, trust: Numbers, xp: Module = np) -> Numbers:
        """Return the median of the belief: between the message and the median of the states left by it."""
        return trust * message + (1 - trust) * xp.take(self._median, self._index(message))

    def trusting_gain(
        self, message: Numbers, trust: Numbers, state: Numbers, xp: Module = np
    ) -> Numbers | GainIfTrusted:
        """Return what a message earns a sender who expects it to be weighed with `trust` (broadcasts), points."""
        if xp is np and np.ndim(trust) == 3 and np.shape(trust)[-1] == 1 and np.ndim(message) == 1:
            rest = self._median[self._index(message)]
            return GainIfTrusted(self.direction, trust[..., 0], message, rest, np.ravel(state))
        return super().trusting_gain(message, trust, state, xp)

    def trusting_payoff(self, action: Numbers, message: Numbers, trust: Numbers, xp: Module = np) -> Numbers:
        """Return minus the expected absolute error under the trusting belief, points.

        The expected error is (1 - trust) E|y - x| with y = (action - trust * message) / (1 - trust); E|y - x| is
        piecewise linear in y with corners at the states, so a table and interpolation give it exactly.
        """
        if xp is np:
            action, message, trust = (np.asarray(value, float) for value in (action, message, trust))
            if action.ndim == 0 or any(value.shape[-1:] > (1,) for value in (message, trust)):
                return self.trusting_payoff(action[..., None], message[..., None], trust[..., None])[..., 0]
            message, trust = (np.atleast_1d(value)[..., 0] for value in (message, trust))
            return doubted_payoff(self._error, self._index(message), action, message, trust)
        doubt = xp.maximum(1 - trust, 1e-9)
        point = (action - trust * message) / doubt
        within = xp.minimum(xp.maximum(point, 0.0), float(self.highest))
        left = xp.minimum(xp.floor(within), self.highest - 1.0)
        cell = self._index(message) * (self.highest + 1) + left.astype("int64")
        near, far = xp.take(self._error.ravel(), cell), xp.take(self._error.ravel(), cell + 1)
        return -doubt * (near + (within - left) * (far - near) + xp.abs(point - within))

    def spec(self) -> Spec:
        """Return the game as plain data."""
        law: Spec = {"family": "beta-binomial", "a": self.prior_a, "b": self.prior_b}
        if self.prior_weights is not None:
            law = {"family": "discrete", "probabilities": list(self.prior_weights)}
        return {
            "family": self.family,
            "direction": self.direction_name,
            "highest": self.highest,
            "prior": law,
            "lie_power": self.lie_power,
            "lie_reference": self.lie_reference,
        }

    @classmethod
    def from_spec(cls, spec: Spec) -> EstimationGame:
        """Rebuild the game from `spec`; a prior may be given by the names that it has in Python, too."""
        plain = ("highest", "lie_power", "lie_reference", *_PRIOR)
        problems = key_problems(spec, ("family", "direction"), ("prior", *plain))
        options: Spec = {name: spec[name] for name in plain if name in spec}
        twice = sorted(set(options) & set(_PRIOR))
        if "prior" in spec and twice:
            problems.append(f"prior is given twice, {', '.join(twice)} too; leave one of them out")
        elif "prior" in spec:
            law, amiss = _read_law(spec["prior"])
            options, problems = options | law, problems + amiss
        raise_all(problems, GameError, _INVALID)
        if "prior_weights" in options:
            options["prior_weights"] = tuple(options["prior_weights"])
        return cls(direction_name=spec["direction"], **options)

    def _index(self, message: Numbers) -> Numbers:
        return np.asarray(np.rint(message), dtype="int64")

    @cached_property
    def _median(self) -> Array:
        """Median of the cut-off prior, (message,)."""
        return self.states[(np.cumsum(self.believable, axis=1) < 0.5 - 1e-12).sum(axis=1)]

    @cached_property
    def _error(self) -> Array:
        """E|y - x| for whole y and x from the cut-off prior, (message, y)."""
        distance = np.abs(self.states[:, None] - self.states[None, :])
        return np.ascontiguousarray(self.believable @ distance)


def _read_law(law: Any) -> tuple[Spec, list[str]]:
    """Return a prior as options of the game, and what is wrong with it."""
    if law == "uniform":
        return {"prior_a": 1.0, "prior_b": 1.0}, []
    if isinstance(law, list | tuple):
        return {"prior_weights": law}, []
    known = {"beta-binomial": {"a": "prior_a", "b": "prior_b"}, "discrete": {"probabilities": "prior_weights"}}
    if not isinstance(law, Mapping) or law.get("family") not in known:
        forms = "'uniform', a list of probabilities or, for example, { family = \"beta-binomial\", a = 3, b = 3 }"
        return {}, [f"prior must be {forms}, not {law!r}"]
    names = known[law["family"]]
    problems = [f"prior: {text}" for text in key_problems(law, ("family", *names))]
    return {names[key]: law[key] for key in names if key in law}, problems
