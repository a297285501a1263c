"""How trust follows experience: the update rules, one event at a time, as pure functions of arrays (they broadcast)."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Numbers


def follow_news(trust: Numbers, accuracy: Numbers, gain: Numbers, loss: Numbers) -> Numbers:
    """Return trust after one message: it goes part of the way to how well the message was borne out.

    Parameters
    ----------
    trust
        Before, in [0, 1].
    accuracy
        How well the message was borne out: 1 for the truth, 0 for the largest possible lie, and never less.
    gain, loss
        Share of the way after good news (accuracy above trust) and after bad news (below it), in [0, 1].
    """
    surprise = accuracy - trust
    return trust + np.where(surprise >= 0, gain, loss) * surprise


def follow_counts(trust: Numbers, accuracy: Numbers, weight: Numbers) -> Numbers:
    """Return trust after one message if it is the mean of a Beta distribution: Bayesian counting.

    ``Beta(a, b)`` with mean ``trust`` and ``a + b = weight`` becomes ``Beta(a + accuracy, b + 1 - accuracy)``: a
    message that was borne out adds one to a, one that was not adds one to b, one in between adds a part to each.

    Parameters
    ----------
    weight
        How many messages the present trust is worth; one more after the update.
    """
    return trust + (accuracy - trust) / (weight + 1)


def relative_accuracy(own_error: Numbers, told_error: Numbers) -> Numbers:
    """Return by how much the message was better than one's own guess, from -1 to 1.

    ``(Δq - ΔQ) / (Δq + ΔQ)``, where Δq is the error of the own guess and ΔQ that of the message (Fu, Dong, Liu and Han
    2016, Decision Support Systems 82:35-46, equation 11); 0 if both are right.
    """
    total = np.asarray(own_error + told_error, dtype=float)
    return np.divide(own_error - told_error, total, out=np.zeros_like(total), where=total > 0)


def room(trust: Numbers) -> Numbers:
    """Return how far trust may move at once: ``| |w - 0.5| - 0.5 |``, most in the middle (ibid., section 3.2)."""
    return np.abs(np.abs(trust - 0.5) - 0.5)


def follow_accuracy(trust: Numbers, own_error: Numbers, told_error: Numbers, gain: Numbers, loss: Numbers) -> Numbers:
    """Return trust after one message that is compared with one's own guess (ibid., equation 11).

    ``w (1 + room(w) δ ratio)`` with δ = `gain` if the message was at least as good as the guess, else `loss`.
    """
    ratio = relative_accuracy(own_error, told_error)
    return trust * (1 + room(trust) * np.where(ratio >= 0, gain, loss) * ratio)
