"""The recursion over levels of lies and accusations, compiled.

What a lie is worth does not depend on what is true, so a level needs two exponentials per message and not one per state
and message. What a report is worth is linear in how probably it is accused, and what an accusation is worth in how
probably the report is a lie: a game is given by its points at probability zero, and their slopes.
"""

from __future__ import annotations

import numba
import numpy as np

_COMPILED = {"cache": True, "nogil": True, "fastmath": {"contract", "reassoc", "nsz", "arcp"}, "error_model": "numpy"}
LEAST = 1e-250  # of the sum of a row: below it exponentials underflow, and the row is scaled anew


@numba.njit(**_COMPILED)
def _send(precision, aversion, worth, accused, logits, rows):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Write P(message | state) of a sender to `rows` (state, message); `logits` (2, message) is scratch."""
    messages, top = len(accused), -np.inf
    for message in range(messages):
        logits[0, message] = precision * (worth[0, message] + worth[1, message] * accused[message])
        logits[1, message] = precision * (worth[2, message] + worth[3, message] * accused[message] - aversion)
        top = max(top, logits[0, message], logits[1, message])
    for message in range(messages):
        lie = np.exp(logits[1, message] - top)
        for state in range(messages):
            rows[state, message] = lie
        rows[message, message] = np.exp(logits[0, message] - top)
    for state in range(messages):
        total = 0.0
        for message in range(messages):
            total += rows[state, message]
        if total < LEAST:
            total = _scaled_anew(logits, state, rows[state])
        for message in range(messages):
            rows[state, message] /= total


@numba.njit(**_COMPILED)
def _scaled_anew(logits, state, row):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Write one state's exponentials to `row`, scaled by its own largest; return their sum."""
    top, total = logits[0, state], 0.0
    for message in range(len(row)):
        if message != state:
            top = max(top, logits[1, message])
    for message in range(len(row)):
        row[message] = np.exp(logits[0 if message == state else 1, message] - top)
        total += row[message]
    return total


# Compiled by their signatures: the types are there, where Python's type checker does not look.
@numba.njit(  # type: ignore[untyped-decorator]
    "Tuple((float64[:,:,::1], float64[:,:,::1]))"
    "(float64[::1], float64[:,::1], float64[:,::1], float64[:,::1], float64[::1])",
    **_COMPILED,
)
def beliefs(precision, weight, worth, gain, prior):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return what each level responds to: being accused (node, level, message), lied to (node, level - 1, message).

    Parameters
    ----------
    precision : (node,) array, 1/points
    weight : (node, level) array
        How frequent each level is believed to be.
    worth : (4, message) array, points
        What a truth is worth if it is never accused, how that changes with the probability, and the same of a lie.
    gain : (2, message) array, points
        What an accusation is worth if the report is true, and how that changes with the probability of a lie.
    prior : (state,) array
    """
    nodes, levels, messages = len(precision), weight.shape[1], worth.shape[1]
    accused, lie = np.empty((nodes, levels, messages)), np.empty((nodes, levels - 1, messages))
    rows, logits = np.empty((messages, messages)), np.empty((2, messages))
    honest, joint, replies = np.empty(messages), np.empty(messages), np.empty(messages)
    for node in range(nodes):
        mass = weight[node, 0]
        honest[:], joint[:], replies[:], accused[node, 0] = 0.0, 0.0, 0.5 * mass, 0.5
        for depth in range(1, levels):
            _send(precision[node], 0.0, worth, accused[node, depth - 1], logits, rows)
            for state in range(messages):
                share = weight[node, depth - 1] * prior[state]
                for message in range(messages):
                    joint[message] += share * rows[state, message]
                honest[state] += share * rows[state, state]
            mass += weight[node, depth]
            for message in range(messages):
                suspected = 1 - honest[message] / max(joint[message], 1e-300)
                points = precision[node] * (gain[0, message] + gain[1, message] * suspected)
                replies[message] += weight[node, depth] / (1 + np.exp(-points))
                lie[node, depth - 1, message] = suspected
                accused[node, depth, message] = replies[message] / mass
    return accused, lie


@numba.njit(  # type: ignore[untyped-decorator]
    "float64[:,:,::1](float64[::1], float64[::1], float64[:,::1], float64[:,:,::1], float64[:,::1])", **_COMPILED
)
def average_sender(precision, aversion, share, accused, worth):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return P(message | state) averaged over levels of frequencies `share` (node, level), (node, state, message).

    `aversion` (node,), points, is what each lie costs; the others are as in `beliefs`.
    """
    nodes, levels, messages = accused.shape
    result = np.zeros((nodes, messages, messages))
    rows, logits = np.empty((messages, messages)), np.empty((2, messages))
    for node in range(nodes):
        for depth in range(levels):
            if share[node, depth] > 0:
                _send(precision[node], aversion[node], worth, accused[node, depth], logits, rows)
                for state in range(messages):
                    for message in range(messages):
                        result[node, state, message] += share[node, depth] * rows[state, message]
    return result
