"""What it costs a theory to miss something: how much better people are predicted once that alone is put right.

A theory's choices P(c | what was seen, θ) of a person are tilted by a number T of each choice,

    P_λ(c | s, θ) = P(c | s, θ) exp(λ T(c, s)) / Z(λ, s, θ),

of all distributions with that mean of T the nearest to the theory's (Csiszár 1975, Annals of Probability 3:146-158). T
is the gap of message and state for their mean, an indicator for a share, the choice times the centred state for a
slope; or stands for a habit that is no part of the theory: a round number, an end of the scale, the last choice again,
drift. One λ is common to all people in a role and condition; each person is scored by the λ of the others. Where people
differ more than they should, λ is a person's own, normal around zero, and its spread is common. The person's own
parameters stay integrated out, since with draws of θ from the person's posterior

    log p_λ(person) - log p(person) = log E[exp(λ Σ T - Σ log Z(λ, s, θ)) | person].

The population is not fitted anew, so that costs are lower bounds of what a theory with the tilt would gain, and they
overlap: they are not to be added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy import interpolate, special

from estimation.arrays import Array
from estimation.evaluation.facts.averaged import Choices, Tilt

STEPS = 12  # of Newton's method, at most
REACH = 3.0  # standard deviations of T: stronger tilts than these ends can hardly be told from them
APART = 0.2  # between strengths at which people are scored; between these, scores are interpolated with their slopes
FEWEST, FINE = 5, 2001  # strengths at which people are scored, and those that are tried
STRENGTHS = np.sinh(np.linspace(-4.5, 4.5, 37)) / 15  # of personal tilts, in standard deviations of T: -3 to 3
HELD = 1e-3  # nats times squared strength that a stronger tilt has to gain: where nobody does it, any would do
SPREADS = np.concatenate([[0.0], np.geomspace(0.02, 1.0, 18)])  # of personal tilts, that are tried


class Tilted(NamedTuple):
    """A tilt as fitted to all people in a role and condition.

    Attributes
    ----------
    observed, predicted
        Means of T over decisions: of what people did, and of what the theory expects of them.
    cost, se
        What people left out would be predicted better, nats, and its standard error over people.
    moved
        Tilt → the mean of that other T as the tilted theory expects it, minus what the theory expects.
    """

    observed: float
    predicted: float
    cost: float
    se: float
    moved: dict[str, float]


def tilted(people: Sequence[Choices], tilt: Tilt, others: Mapping[str, Tilt]) -> Tilted:
    """Fit a tilt to people, and score each by that of the others; say what it does to other means."""
    tables, mean = _standardised(people, tilt)
    if mean.scale == 0:
        return Tilted(mean.observed, mean.predicted, 0.0, 0.0, {})
    pairs = list(zip(people, tables, strict=True))
    strength, scores = _searched(pairs, *_strongest(people, tables))
    moved = {
        name: sum(_shift(one, table, strength, other(one)) for one, table in pairs) / mean.decisions
        for name, other in others.items()
    }
    return Tilted(mean.observed, mean.predicted, *_total(scores), moved)


def personal(people: Sequence[Choices], tilt: Tilt) -> tuple[float, float]:
    """Fit the spread of personal tilts, normal around zero, and score each person by that of the others.

    Returns
    -------
    What people left out would be predicted better, nats, and its standard error over people.
    """
    tables, mean = _standardised(people, tilt)
    if mean.scale == 0:
        return 0.0, 0.0
    pairs = list(zip(people, tables, strict=True))
    gains = np.array([[_moments(one, table, strength).gain for strength in STRENGTHS] for one, table in pairs])
    width = np.gradient(STRENGTHS)
    by_spread = [np.zeros(len(people))]
    for spread in SPREADS[1:]:
        weight = np.exp(-0.5 * (STRENGTHS / spread) ** 2) * width
        by_spread.append(special.logsumexp(gains, b=weight / weight.sum(), axis=1))
    scores = np.array(by_spread)
    best = np.argmax(scores.sum(axis=1)[:, None] - scores, axis=0)  # by everybody else
    return _total(scores[best, np.arange(len(people))])


class _Mean(NamedTuple):
    observed: float
    predicted: float
    scale: float  # standard deviation of T under the theory
    decisions: int


def _standardised(people: Sequence[Choices], tilt: Tilt) -> tuple[list[Array], _Mean]:
    """Return T of each person in standard deviations, and its means as they are."""
    tables = [np.asarray(tilt(one), float) * np.ones_like(one.gap) for one in people]
    decisions = sum(len(one.period) for one in people)
    start = [_moments(one, table, 0.0) for one, table in zip(people, tables, strict=True)]
    scale = float(np.sqrt(max(sum(found.variance for found in start), 0.0) / decisions))
    observed = sum(float(one.taken(table).sum()) for one, table in zip(people, tables, strict=True)) / decisions
    predicted = sum(found.expected for found in start) / decisions
    return [table / (scale or 1.0) for table in tables], _Mean(observed, predicted, scale, decisions)


def _strongest(people: Sequence[Choices], tables: Sequence[Array]) -> tuple[float, list[_Moments]]:
    """Return the strength of a tilt that predicts people best, by Newton's method, and what it does to each."""
    strength = 0.0
    for _ in range(STEPS):
        found = [_moments(one, table, strength) for one, table in zip(people, tables, strict=True)]
        slope, bend = sum(each.slope for each in found), sum(each.bend for each in found)
        wanted = float(np.clip(slope / max(-bend, 0.25 * sum(each.variance for each in found)), -1, 1))
        step = float(np.clip(strength + wanted, -REACH, REACH)) - strength
        if step * slope < 1e-3:  # nats that another step would gain
            return strength, found
        strength += step
    return strength, [_moments(one, table, strength) for one, table in zip(people, tables, strict=True)]


def _searched(
    pairs: Sequence[tuple[Choices, Array]], strength: float, found: Sequence[_Moments]
) -> tuple[float, Array]:
    """Return the strength that predicts everybody best, and what each gains by that of all others, (person,), nats.

    It is searched where a step of Newton's method from its end (`strength`) would lead, and beyond as far as needed: of
    few people each may move it so far that a step says nothing.
    """
    bend = sum(each.bend for each in found)
    steps = [each.slope / min(bend - each.bend, -1e-9) for each in found]
    wide = float(np.clip(2 * np.max(np.abs(steps)), 1e-3, 2 * REACH))
    low, high = (float(np.clip(strength + end, -REACH, REACH)) for end in (-wide, wide))
    at, each = np.zeros(0), np.zeros((0, len(pairs), 2))
    new = np.linspace(low, high, max(FEWEST, int(np.ceil((high - low) / APART)) + 1))
    while True:
        moments = [[_moments(one, table, tilt) for one, table in pairs] for tilt in new]
        at = np.append(at, new)
        each = np.concatenate([each, [[(m.gain, m.slope) for m in row] for row in moments]])
        order = np.argsort(at)
        at, each = at[order], each[order]
        tried = np.linspace(at[0], at[-1], FINE)
        gain = interpolate.CubicHermiteSpline(at, each[..., 0], each[..., 1])(tried)
        everybody = gain.sum(axis=1, keepdims=True)
        without = np.append(everybody - gain, everybody, axis=1)
        best = np.argmax(without - HELD * tried[:, None] ** 2, axis=0)
        down = at[0] - APART * (1 + np.arange(FEWEST)) if (best == 0).any() else np.zeros(0)
        up = at[-1] + APART * (1 + np.arange(FEWEST)) if (best == FINE - 1).any() else np.zeros(0)
        new = np.setdiff1d(np.clip(np.append(down, up), -REACH, REACH), at)
        if not len(new):
            return float(tried[best[-1]]), gain[best[:-1], np.arange(len(pairs))]


def _total(scores: Array) -> tuple[float, float]:
    """Return the sum over people, and its standard error."""
    return float(scores.sum()), float(scores.std(ddof=1) * np.sqrt(len(scores))) if len(scores) > 1 else np.nan


class _Moments(NamedTuple):
    """What a tilt does to a person: the log score gained and its derivatives, and mean and variance of T, summed."""

    gain: float
    slope: float
    bend: float
    expected: float
    variance: float


def _moments(one: Choices, table: Array, strength: float) -> _Moments:
    raised = np.exp(strength * table - (strength * table).max(axis=1, keepdims=True))
    sums = one.chance @ np.stack([raised, raised * table, raised * table**2], axis=-1)
    normal, mean = sums[..., 0], sums[..., 1] / sums[..., 0]
    variance = (sums[..., 2] / normal - mean**2).sum(axis=0)
    chosen = one.taken(table).sum()
    log_normal = (np.log(normal) + (strength * table).max(axis=1)[:, None]).sum(axis=0)
    gains = strength * chosen - log_normal
    weight, slopes = special.softmax(gains), chosen - mean.sum(axis=0)
    slope = float(weight @ slopes)
    bend = float(weight @ ((slopes - slope) ** 2 - variance))
    gain = float(special.logsumexp(gains) - np.log(len(gains)))
    return _Moments(gain, slope, bend, float(weight @ mean.sum(axis=0)), float(weight @ variance))


def _shift(one: Choices, table: Array, strength: float, other: Array) -> float:
    """Return by how much a tilt moves the expected sum of another T of a person."""
    other = np.asarray(other, float) * np.ones_like(table)
    raised = np.exp(strength * table - (strength * table).max(axis=1, keepdims=True))
    plain = one.chance @ other[..., None]
    sums = one.chance @ np.stack([raised, raised * other], axis=-1)
    return float((sums[..., 1] / sums[..., 0] - plain[..., 0]).sum(axis=0).mean())
