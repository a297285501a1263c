"""Lies and accusations by people who reason about each other's reasoning (Oey, Schachner and Vul 2023).

Levels of the recursion, in the convention of the authors' code: the level-1 receiver accuses half of the time, whatever
is said. The level-d sender responds, by a logit of precision α, to receivers of levels 1..d, and the level-d receiver
to senders of levels 1..d-1, each mixed in proportion to a Poisson distribution of levels with mean λ. These imagined
others care for points alone. What people do themselves has another motive: a lie costs a sender η_S, an accusation
costs a receiver η_R,

    P_d(m | k)      ∝ exp{ α [ points_d(m, k) - η_S 1(m ≠ k) ] },
    P_d(accuse | m) = logistic{ α [ points_d(accuse, m) - points_d(accept, m) - η_R ] },

averaged over levels 1..D. A share of lies, 1 - w, is uniform over all reports. The authors let D be the Poisson's 95 %
quantile, which makes the likelihood jump with λ; a fixed D does not.
"""

from __future__ import annotations

import numpy as np
from scipy import special, stats

from estimation.arrays import Array, Numbers
from estimation.games.accusation import AccusationGame

COVERED = 0.95  # share of the Poisson distribution of levels that is computed (authors' code)
MEAN_LEVEL_BOUNDS = (0.1, 12.0)  # to which the authors' code clips the mean level


def recursive_sender(
    game: AccusationGame,
    precision: Numbers,
    lie_aversion: Numbers,
    mean_level: Numbers,
    careful: Numbers,
    levels: int | None = None,
) -> Array:
    """Return P(message | state) averaged over levels, (..., state, message).

    Parameters
    ----------
    precision : (...) array, 1/points
        α, of the person and of everybody whom they imagine.
    lie_aversion : (...) array, points
        η_S.
    mean_level : (...) array, levels
        λ.
    careful : (...) array, probability
        w, the share of lies that are chosen and not uniform.
    levels
        D; the authors' rule without it.
    """
    from estimation.theories.replies.accusation_recursion import average_sender  # noqa: PLC0415 - compiled when first imported

    flat, shape = _flat(precision, lie_aversion, mean_level)
    share, accused, _ = _levels(game, flat[0], flat[2], levels)
    total = average_sender(flat[0], flat[1], share, accused, _worth(game))
    return with_careless_lies(total.reshape(*shape, *total.shape[1:]), careful)


def recursive_receiver(
    game: AccusationGame,
    precision: Numbers,
    accusation_aversion: Numbers,
    mean_level: Numbers,
    levels: int | None = None,
) -> Array:
    """Return P(accuse | message) averaged over levels, (..., message); `accusation_aversion` is η_R, points."""
    flat, shape = _flat(precision, accusation_aversion, mean_level)
    share, _, lie = _levels(game, flat[0], flat[2], levels)
    reply = special.expit(flat[0][:, None, None] * (game.accusing_points(lie) - flat[1][:, None, None]))
    total = 0.5 * share[:, :1] + np.einsum("nl,nlm->nm", share[:, 1:], reply)
    return np.asarray(total.reshape(*shape, -1))


def mindless_sender(game: AccusationGame, precision: Numbers, lie_aversion: Numbers, careful: Numbers) -> Array:
    """Return P(message | state) of a sender who thinks that half of all reports are accused, (..., state, message)."""
    size = len(game.messages)
    points = game.sender_points(np.full(size, 0.5)) - _column(lie_aversion) * (1 - np.eye(size))
    return with_careless_lies(special.softmax(_column(precision) * points, axis=-1), careful)


def mindless_receiver(game: AccusationGame, precision: Numbers, accusation_aversion: Numbers) -> Array:
    """Return P(accuse | message) of a receiver who thinks that reports are random, (..., message)."""
    size = len(game.messages)
    gain = game.accusing_points(game.lie_probability(np.full((size, size), 1 / size)))
    aversion = np.asarray(accusation_aversion)[..., None]
    return np.asarray(special.expit(np.asarray(precision)[..., None] * (gain - aversion)))


def with_careless_lies(sender: Array, careful: Numbers) -> Array:
    """Return the sender (..., state, message) with a share 1 - `careful` of the lies uniform over all messages."""
    size = sender.shape[-1]
    truth = np.eye(size) * sender
    lies = sender - truth
    share = lies.sum(axis=-1, keepdims=True)
    kept = _column(careful)
    return np.asarray(truth + kept * lies + (1 - kept) * share / size)


def level_shares(mean_level: Numbers, levels: int | None = None) -> Array:
    """Return how often each level occurs, (..., level), from 1: a Poisson cut off at its 95 % quantile or `levels`."""
    mean = np.clip(np.asarray(mean_level, float), *MEAN_LEVEL_BOUNDS)
    deepest = np.maximum(stats.poisson.ppf(COVERED, mean) if levels is None else np.full_like(mean, levels), 1)
    step = np.arange(int(deepest.max()))
    share = np.where(step < deepest[..., None], _poisson(mean, len(step)), 0.0)
    return np.asarray(share / share.sum(axis=-1, keepdims=True))


def _levels(
    game: AccusationGame, precision: Array, mean_level: Array, levels: int | None
) -> tuple[Array, Array, Array]:
    """Return the share of each level (node, level) and what it responds to, (node, level, message).

    Senders of levels 1.. respond to a probability of being accused, receivers of levels 2.. to that of being lied to.
    """
    from estimation.theories.replies.accusation_recursion import beliefs  # noqa: PLC0415 - compiled when first imported

    share = level_shares(mean_level, levels)
    weight = _poisson(np.clip(mean_level, *MEAN_LEVEL_BOUNDS), share.shape[-1])
    never, always = np.zeros(len(game.messages)), np.ones(len(game.messages))
    gain = np.array([game.accusing_points(never), game.accusing_points(always) - game.accusing_points(never)])
    accused, lie = beliefs(precision, weight, _worth(game), gain, game.prior)
    return share, accused, lie


def _worth(game: AccusationGame) -> Array:
    """Return what a truth is worth if never accused, how that changes if it is, and the same of a lie, (4, message)."""
    never, always = (game.sender_points(np.full(len(game.messages), p)) for p in (0.0, 1.0))
    truth = np.arange(len(game.messages))
    other = (truth + 1) % len(truth)  # any other state: a lie is worth the same in all of them
    return np.array([points[state, truth] for state in (truth, other) for points in (never, always - never)])


def _flat(*values: Numbers) -> tuple[list[Array], tuple[int, ...]]:
    """Return values as vectors of one length, and their common shape."""
    arrays = np.broadcast_arrays(*(np.asarray(value, float) for value in values))
    return [np.ascontiguousarray(array).ravel() for array in arrays], arrays[0].shape


def _poisson(mean: Array, levels: int) -> Array:
    step = np.arange(levels)
    log_weight = step * np.log(mean)[..., None] - mean[..., None] - special.gammaln(step + 1)
    return np.asarray(np.exp(log_weight))


def _column(value: Numbers) -> Array:
    return np.asarray(value, float)[..., None, None]
