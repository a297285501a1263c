"""Chains of noisy replies: what level-k and cognitive hierarchy are if people know that others make mistakes.

The chain starts, as that of best replies (`chain`), at a sender who prefers the truth and a receiver who takes messages
at their word; from there on everybody replies by the logit rule, to people whose replies are logit too:

    S_0(m | s) ∝ exp(-λ margin |m - s|),       R_0(a | m) ∝ exp(λ u_R(a, m)),
    S_k(m | s) ∝ exp(λ [ Σ_a R_{k-1}(a | m) u_S(a, s) - β lie(m, s) ]),
    p_k(s | m) ∝ prior(s) S_k(m | s),          R_k(a | m) ∝ exp(λ Σ_s p_k(s | m) u_R(a, s))

(convention W; in C the receiver of level k replies to S_{k-1}). Every message has a positive probability, so Bayes'
rule says what to think of each, and equally good messages are equally likely: the rules for unexpected messages and for
ties that exact replies need have no work to do. One precision λ, per unit of payoff, is that of all people in mind,
senders and receivers. Oey and Vul (2024, Computational Brain & Behavior 7:23-36) have such chains; they are the noisy
introspection of Goeree and Holt (2004, Games and Economic Behavior 46(2):365-382), with one precision for all steps.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from estimation.arrays import Array
from estimation.games.game import Game
from estimation.theories.replies.best import truth_payoff
from estimation.theories.replies.chain import Shares, last_level
from estimation.theories.responses.tabulated import Axis

# Points at which chains are solved. Where receivers of `oey_what_is_reality` are likely (54 of them), splines through
# these change a person's log likelihood by .01 (level 1) and .06 (level 2) on average, and the sum by less than 2; with
# 41 costs the sum changes by 6. Where replies of level 2 turn at one cost, precise people are told to a tenth only.
PRECISION = Axis(10.0, 21, reach=0.9, smooth=True)  # Λ up to 90: whoever is more precise thinks others are not
COSTS = 49


def noisy_chain(
    game: Game, levels: int, convention: str, precision: float, lying_cost: float = 0.0, shares: Shares = last_level
) -> tuple[list[Array], list[Array]]:
    """Return what options are worth to each level if all others choose with this precision and cost of lying.

    By level, (state, message) of senders before the cost of lying, and (message, action) of receivers, payoff units.

    Parameters
    ----------
    precision
        λ, 1/payoff.
    lying_cost
        β, payoff per unit.
    shares
        For a level, the shares of the levels below in the mind of its people: all are of the last one.
    """
    cost = lying_cost * game.lie_size(game.messages[None, :], game.states[:, None])
    log_prior = np.log(game.prior, out=np.full(len(game.prior), -np.inf), where=game.prior > 0)[:, None]
    senders, receivers = [truth_payoff(game)], [game.credulous]
    says = [_log_shares(precision * senders[0])]
    does = [_shares(precision * receivers[0], axis=1)]
    for level in range(1, levels + 1):
        share = shares(level)
        others = _mixed(share, does)
        senders.append(game.earned(others))
        says.append(_log_shares(precision * (senders[-1] - cost)))
        imagined = says[-1] if convention == "W" else special.logsumexp(says[:-1], axis=0, b=share[:, None, None])
        receivers.append(game.replied(_shares(log_prior + game.suspected(imagined), axis=0).T, others))
        does.append(_shares(precision * receivers[-1], axis=1))
    return senders, [game.own_rows(payoff) for payoff in receivers]


# These are called thousands of times for matrices so small that general functions take five times as long.
def _log_shares(logits: Array) -> Array:
    """Return the logarithms of the shares of exponentials, along the last axis."""
    below = logits - logits.max(axis=1, keepdims=True)
    below -= np.log(np.exp(below).sum(axis=1, keepdims=True))
    return below


def _shares(logits: Array, axis: int) -> Array:
    """Return the shares of exponentials along an axis."""
    shares = logits - logits.max(axis=axis, keepdims=True)
    np.exp(shares, out=shares)
    shares /= shares.sum(axis=axis, keepdims=True)
    return shares


def _mixed(share: Array, tables: list[Array]) -> Array:
    """Return the mixture of tables; of one alone no sum is needed."""
    alone = np.flatnonzero(share)
    return tables[alone[0]] if len(alone) == 1 and share[alone[0]] == 1 else np.tensordot(share, tables, 1)


def cost_axis(game: Game) -> Axis:
    """Return the costs of lying at which chains are solved, in the midst of those where senders change their minds.

    They change over costs from where the last step towards the largest lie does not pay to where the first one does
    not. Where that is one cost, as in games whose lies cost the same per unit, precise senders change suddenly.
    """
    lie = game.lie_size(game.messages[None, :], game.states[:, None])
    sizes = lie[np.unravel_index(lie.argmax(), lie.shape)[0]]
    steps = np.diff(np.unique(sizes)) / np.diff(game.messages).mean() if game.continuous else np.ones(1)
    first, last = (float(game.margin / step) for step in (steps[0], steps[-1]))
    sudden = first if np.isclose(first, last) else None
    return Axis(0.7 * float(np.sqrt(first * last)), COSTS, smooth=True, steep=sudden)
