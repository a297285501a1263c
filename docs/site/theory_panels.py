"""Panels of theories of talk: what senders say in each state, and what receivers do after each message.

People in these pictures choose precisely and never lapse; everything else is at the centre of its prior unless said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import estimation as est
from estimation.arrays import Array
from estimation.names import RECEIVER, ROLES, SENDER
from estimation.theories.messages.likelihood import decision_log_probability

GAME = est.EstimationGame(highest=20, lie_power=2.0)
CAREFUL = {"sender_precision": 20.0, "receiver_precision": 20.0, "lapse": 1e-9}
Lines = Mapping[str, tuple[Array, Array]]
"""Label → what stands across, and upwards."""
Panel = tuple[str, str, str, Lines]
"""Title, axes across and upwards, lines."""


def chances(
    theory: est.Theory, role: str, given: Array, kind: int = 0, game: est.Game = GAME, **values: float
) -> Array:
    """Return P(option) of a person with these values, (given, option); others are at the centres of their priors."""
    centres = {p.name: float(p.natural(np.array(p.centre))) for p in theory.parameters([game], ROLES)}
    at = {name: np.array([[value]]) for name, value in (centres | CAREFUL | values).items()}
    return np.exp(decision_log_probability(theory, game, role, kind, at, given))


def mean_message(theory: est.Theory, kind: int = 0, **values: float) -> tuple[Array, Array]:
    """Return states, and the mean message in each."""
    return GAME.states, chances(theory, SENDER, GAME.states, kind, **values) @ GAME.messages


def mean_action(theory: est.Theory, kind: int = 0, **values: float) -> tuple[Array, Array]:
    """Return messages, and the mean action after each."""
    return GAME.messages, chances(theory, RECEIVER, GAME.messages, kind, **values) @ GAME.actions


def senders(lines: Lines, title: str = "Senders") -> Panel:
    """Return a panel of messages against states."""
    return title, "state", "mean message", lines


def receivers(lines: Lines, title: str = "Receivers") -> Panel:
    """Return a panel of actions against messages."""
    return title, "message", "mean action", lines


def over(draw: Callable[..., Any], theory: est.Theory, symbol: str, name: str, values: tuple[float, ...]) -> Lines:
    """Return a line for each value of a parameter."""
    return {f"{symbol} = {value:g}": draw(theory, **{name: value}) for value in values}


def by_kind(draw: Callable[..., Any], theory: est.Theory, **values: float) -> Lines:
    """Return a line for each kind of people."""
    return {name: draw(theory, kind, **values) for kind, name in enumerate(theory.types)}


def costly(theory: est.Theory, costs: tuple[float, ...] = (0.05, 0.3, 2.0)) -> list[Panel]:
    """Return senders and receivers of a theory of lying costs."""
    return [
        senders(over(mean_message, theory, "β", "lying_cost", costs)),
        receivers(over(mean_action, theory, "β", "lying_cost", costs)),
    ]


def trust_embedded() -> list[Panel]:
    """Return lies by their cost, and belief by trust."""
    theory = est.TrustEmbedded(believed_trust=0.7)
    return [
        senders(over(mean_message, theory, "β", "lying_cost", (0.1, 0.4, 1.5))),
        receivers(over(mean_action, est.TrustEmbedded(), "α", "trust", (0.1, 0.5, 0.9))),
    ]


def noisy_chain() -> list[Panel]:
    """Return receivers with exact others in mind, and with others who err as they do."""
    noisy = est.LevelK(beliefs="own", max_level=2)
    return [
        senders(by_kind(mean_message, est.LevelK(max_level=2))),
        receivers(by_kind(mean_action, est.LevelK(max_level=2)), "Receivers, exact others"),
        receivers(by_kind(mean_action, noisy, sender_precision=1.0, receiver_precision=1.0), "Receivers, noisy others"),
    ]


def lying_levels() -> list[Panel]:
    """Return levels that pay for lies, in noisy chains."""
    theory, noise = est.LevelKLying(beliefs="own"), {"sender_precision": 1.0, "receiver_precision": 1.0}
    return [
        senders(by_kind(mean_message, theory, lying_cost=0.6, **noise), "Senders, β = 0.6"),
        receivers(by_kind(mean_action, theory, lying_cost=0.2, **noise), "Receivers, β = 0.2"),
        receivers(by_kind(mean_action, theory, lying_cost=0.9, **noise), "Receivers, β = 0.9"),
    ]


def hierarchy() -> list[Panel]:
    """Return steps of thought, and a person of two steps by the depth that they expect, with others who err."""
    noise = {"sender_precision": 2.0, "receiver_precision": 2.0}
    theory = est.CognitiveHierarchy(beliefs="own")
    depths = {f"τ = {depth:g}": mean_action(theory, 2, mean_level=depth, **noise) for depth in (0.3, 1.5, 6.0)}
    return [
        senders(by_kind(mean_message, est.CognitiveHierarchy(max_level=3))),
        receivers(depths, "Receivers of step 2, noisy others"),
    ]


def discounts() -> list[Panel]:
    """Return constants, and slopes."""
    free = est.FixedDiscount(slope="free")
    slopes = {f"c = 4, b = {slope:g}": mean_action(free, discount=4.0, receiver_slope=slope) for slope in (0.3, 0.7)}
    return [
        senders(over(mean_message, est.FixedDiscount(), "i", "inflation", (-2.0, 3.0, 6.0))),
        receivers(over(mean_action, est.FixedDiscount(), "c", "discount", (-2.0, 2.0, 6.0)) | slopes),
    ]


def babbling() -> list[Panel]:
    """Return favourites, and nobody who listens."""
    favourites = over(mean_message, est.Babbling(), "f", "favourite", (0.1, 0.5, 0.9))
    return [senders(favourites), receivers({"everybody": mean_action(est.Babbling())})]


def honest() -> list[Panel]:
    """Return truth and belief, by precision."""
    return [
        senders(over(mean_message, est.Honest(), "λ", "sender_precision", (0.1, 0.5, 5.0))),
        receivers(over(mean_action, est.Honest(), "λ", "receiver_precision", (0.1, 0.5, 5.0))),
    ]
