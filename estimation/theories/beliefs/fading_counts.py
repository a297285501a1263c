"""Counts that may fade: how often people have seen each of several things, and what a first impression counts."""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array, Numbers
from estimation.theories.parameter import Parameter

FIRST_WEIGHT = Parameter(
    "first_weight",
    "κ",
    "how many messages the first impression is worth",
    "messages",
    "log",
    float(np.log(4.0)),
    1.0,
    0.8,
    "half a message to thirty for the middle 95 % of typical people",
    steady=True,
)


def memory(name: str, symbol: str, meaning: str) -> Parameter:
    """Return the share of a count that is left after one more event."""
    why = "all before the last event weighs .6 to 30 times as much as it, for the middle 95 % of typical people"
    return Parameter(name, symbol, meaning, "share in (0, 1)", "logit", 1.5, 1.0, 1.0, why, steady=True)


def faded_counts(seen: Array, kept: Numbers = 1.0, start: Array | float = 0.0) -> Array:
    """Return counts before the first event and after each: ``kept`` times the last ones, plus what the event shows.

    Parameters
    ----------
    seen : (event, thing) array
        How much of each thing an event shows; or (event, thing, node).
    kept : (node,) array or number
        Share of earlier counts that is left after an event.
    start : (thing,) array
        Counts before the first event; or (thing, node).

    Returns
    -------
    (event + 1, thing, node or 1) array
    """
    shown = seen[..., None] if seen.ndim == 2 else seen
    first = np.asarray(start)
    first = first[:, None] if first.ndim == 1 else first
    nodes = np.broadcast_shapes(np.shape(kept) or (1,), shown.shape[2:], np.shape(first)[1:])
    counts = np.empty((len(shown) + 1, shown.shape[1], *nodes))
    counts[0] = first
    for event, new in enumerate(shown):
        np.multiply(counts[event], kept, out=counts[event + 1])
        counts[event + 1] += new
    return counts
