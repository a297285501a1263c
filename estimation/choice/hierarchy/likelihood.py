"""The likelihood of one person's choices, with its derivatives: the innermost loops."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from estimation.arrays import Array
from estimation.choice.hierarchy.compiled import compiled
from estimation.choice.hierarchy.crowd import Crowd
from estimation.choice.hierarchy.triangular_kernels import quantile, quantile_slope, spread, spread_slope
from estimation.choice.likelihoods.arrays import CERTAIN

INVERSE_LOG_2 = 1 / math.log(2)
LOG_2 = math.log(2)
LEAST = -700.0  # exp of less is zero among numbers of this size


@compiled
def scratch(crowd: Crowd) -> Any:
    """Return room for the largest person: utilities, their bits, maxima, sums, weights (coefficient,), and their bend.

    The bend, (triangle, 2), is how triangular weights move with z and with the coordinate of their spread.
    """
    rows, situations = crowd.largest
    weights = np.empty(len(crowd.sign)), np.empty((len(crowd.triangular), 2))
    return (np.empty(rows), np.empty(situations), np.empty(situations), *weights), np.empty(rows, np.int64)


@compiled
def exponentiate(values: Array, bits: Any, count: int) -> None:
    """Replace the first values, none positive, by their exponentials.

    exp(v) = 2ⁿ exp(r), |r| ≤ log(2) / 2, exp(r) by its Taylor polynomial (relative error below 1e-14), 2ⁿ by its bits:
    unlike the library's function this runs in SIMD, four times as fast.
    """
    for i in range(count):
        scaled = max(values[i], LEAST) * INVERSE_LOG_2
        whole = np.floor(scaled + 0.5)
        r = (scaled - whole) * LOG_2
        high = 1 / 5040 + r * (1 / 40320 + r * (1 / 362880 + r * (1 / 3628800 + r / 39916800)))
        values[i] = 1 + r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * high))))))
        bits[i] = (np.int64(whole) + 1023) << 52
    power = bits.view(np.float64)
    for i in range(count):
        values[i] *= power[i]


@compiled
def weigh(crowd: Crowd, theta: Array, beta: Array, bend: Array) -> None:
    """Write the weights of the utility, (coefficient,), into `beta`; see `Crowd.sign`, `.price` and `.triangular`."""
    for k in range(len(beta)):
        beta[k] = theta[k] if crowd.sign[k] == 0 else crowd.sign[k] * math.exp(min(theta[k], CERTAIN))
    if crowd.price >= 0:
        for k in range(len(beta)):
            if k != crowd.price:
                beta[k] *= -beta[crowd.price]
    for i in range(len(crowd.triangular)):
        k, own = crowd.triangular[i], len(beta) + i
        z, t, wide = theta[k], theta[own + len(crowd.triangular)], crowd.half_width[i]
        bend[i, 0], bend[i, 1] = wide * spread(t) * quantile_slope(z), wide * spread_slope(t) * quantile(z)
        beta[k] = theta[own] + wide * spread(t) * quantile(z)


@compiled
def log_likelihood(crowd: Crowd, person: int, theta: Array, room: Any) -> float:
    """Return log P(the person's choices | theta), nats.

    Leaves in `room` what `gradient` and `curvature` need: each rival's exponential, and the sums.
    """
    (values, top, total, beta, bend), bits = room
    first, count, rivals = crowd.first_situation[person], crowd.situations[person], crowd.rivals[person]
    rows, begin = rivals * count, crowd.first_x[person]
    absent = crowd.absent[crowd.first_rival[person] : crowd.first_rival[person] + rows]
    for i in range(rows):
        values[i] = absent[i]
    weigh(crowd, theta, beta, bend)
    for k in range(len(beta)):
        column, weight = crowd.x[begin + k * rows : begin + (k + 1) * rows], beta[k]
        for i in range(rows):
            values[i] += column[i] * weight
    for t in range(count):
        top[t] = 0.0
    for j in range(rivals):
        for t in range(count):
            top[t] = max(top[t], values[j * count + t])
    for j in range(rivals):
        for t in range(count):
            values[j * count + t] -= top[t]
    exponentiate(values, bits, rows)
    result = 0.0
    for t in range(count):
        total[t] = math.exp(-top[t])
    for j in range(rivals):
        for t in range(count):
            total[t] += values[j * count + t]
    for t in range(count):
        result -= crowd.weight[first + t] * (top[t] + math.log(total[t]))
    return result


@compiled
def gradient(crowd: Crowd, person: int, room: Any, slope: Array) -> None:
    """Write the gradient at the last `log_likelihood` of this person; turns the exponentials into weighted chances."""
    (values, _, total, beta, bend), _ = room
    first, count, rivals = crowd.first_situation[person], crowd.situations[person], crowd.rivals[person]
    rows, begin = rivals * count, crowd.first_x[person]
    for t in range(count):
        total[t] = crowd.weight[first + t] / total[t]
    for j in range(rivals):
        for t in range(count):
            values[j * count + t] *= total[t]
    for k in range(len(beta)):
        column = crowd.x[begin + k * rows : begin + (k + 1) * rows]
        pull = 0.0
        for i in range(rows):
            pull -= values[i] * column[i]
        slope[k] = pull
    _by_theta(crowd, beta, bend, slope)


@compiled
def _by_theta(crowd: Crowd, beta: Array, bend: Array, slope: Array) -> None:
    """Turn a gradient by the weights into one by theta: exponentials, money times price, and triangles."""
    price, by_price = crowd.price, 0.0
    for k in range(len(beta)):
        by_price += slope[k] * beta[k]
        if crowd.sign[k] != 0:
            slope[k] *= beta[k]
        elif price >= 0:
            slope[k] *= -beta[price]
    if price >= 0:
        slope[price] = by_price
    for i in range(len(crowd.triangular)):
        k, own = crowd.triangular[i], len(beta) + i
        slope[own] = slope[k]
        slope[own + len(crowd.triangular)] = slope[k] * bend[i, 1]
        slope[k] *= bend[i, 0]


@compiled
def curvature(crowd: Crowd, person: int, room: Any, out: Array) -> None:
    """Write minus the second derivative, (coefficient, coefficient), after `gradient`.

    Where weights are not linear in theta, the part without their second derivatives, which keeps the matrix positive
    semidefinite (Gauss-Newton).
    """
    (values, _, _, beta, bend), _ = room
    first, count, rivals = crowd.first_situation[person], crowd.situations[person], crowd.rivals[person]
    rows, begin = rivals * count, crowd.first_x[person]
    mean = np.zeros((len(beta), count))
    for k in range(len(beta)):
        column = crowd.x[begin + k * rows : begin + (k + 1) * rows]
        for j in range(rivals):
            for t in range(count):
                mean[k, t] += values[j * count + t] * column[j * count + t]
        for other in range(k + 1):
            second = crowd.x[begin + other * rows : begin + (other + 1) * rows]
            spread = 0.0
            for i in range(rows):
                spread += values[i] * column[i] * second[i]
            for t in range(count):
                if crowd.weight[first + t] > 0:
                    spread -= mean[k, t] * mean[other, t] / crowd.weight[first + t]
            out[k, other] = spread
            out[other, k] = spread
    for k in range(len(beta)):
        _by_theta(crowd, beta, bend, out[k])
    for k in range(out.shape[1]):
        _by_theta(crowd, beta, bend, out[:, k])


@compiled
def expansion(crowd: Crowd, theta: Array) -> tuple[Array, Array, Array]:
    """Return log likelihoods (person,), gradients (person, coefficient) and minus second derivatives at `theta`."""
    people, size = theta.shape
    value, slope, information = np.empty(people), np.empty((people, size)), np.empty((people, size, size))
    room = scratch(crowd)
    for n in range(people):
        value[n] = log_likelihood(crowd, n, theta[n], room)
        gradient(crowd, n, room, slope[n])
        curvature(crowd, n, room, information[n])
    return value, slope, information
