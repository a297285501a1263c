"""Slow and obvious: choice models written out in loops, from their definitions."""

from __future__ import annotations

import math

import numpy as np


def logit_shares(utilities: list[float]) -> list[float]:
    """McFadden (1974): exp(V_j) over the sum of all exp(V_k)."""
    total = sum(math.exp(value) for value in utilities)
    return [math.exp(value) / total for value in utilities]


def nested_shares(
    utilities: dict[str, float], nests: dict[str, list[str]], tau: dict[str, float], unscaled: bool = False
) -> dict[str, float]:
    """McFadden (1978): P(nest) times P(alternative in its nest); alternatives in no nest are nests of their own."""
    inside = {label for members in nests.values() for label in members}
    all_nests = {**nests, **{label: [label] for label in utilities if label not in inside}}
    dissimilarity = {**dict.fromkeys(all_nests, 1.0), **tau}
    inclusive, scaled = {}, {}
    for nest, members in all_nests.items():
        scale = 1.0 if unscaled else dissimilarity[nest]
        scaled |= {label: math.exp(utilities[label] / scale) for label in members if label in utilities}
        there = [scaled[label] for label in members if label in utilities]
        inclusive[nest] = math.log(sum(there)) if there else -math.inf
    total = sum(math.exp(dissimilarity[nest] * value) for nest, value in inclusive.items() if value > -math.inf)
    shares = {}
    for nest, members in all_nests.items():
        for label in members:
            if label in utilities:
                within = scaled[label] / math.exp(inclusive[nest])
                shares[label] = math.exp(dissimilarity[nest] * inclusive[nest]) / total * within
    return shares


def log_likelihood(frame, columns: list[str], weights: list[float]) -> float:
    """Log likelihood of a long frame with a 0/1 column ``chosen``, one situation after the other."""
    total = 0.0
    for _, rows in frame.groupby(["subject", "situation"], observed=True):
        utilities = [
            sum(w * float(row[c]) for w, c in zip(weights, columns, strict=True)) for _, row in rows.iterrows()
        ]
        total += math.log(logit_shares(utilities)[int(np.flatnonzero(rows["chosen"])[0])])
    return total


def cross_nested_shares(
    utilities: dict[str, float], nests: dict[str, list[str]], tau: dict[str, float], parts: dict[tuple[str, str], float]
) -> dict[str, float]:
    """Wen and Koppelman (2001): the sum over nests of P(nest) times P(alternative in it), from exp(V) directly."""
    inside = {label for members in nests.values() for label in members}
    all_nests = {**nests, **{label: [label] for label in utilities if label not in inside}}
    dissimilarity = {**dict.fromkeys(all_nests, 1.0), **tau}
    powers = {
        nest: {
            label: (parts.get((label, nest), 1.0) * math.exp(utilities[label])) ** (1 / dissimilarity[nest])
            for label in members
            if label in utilities
        }
        for nest, members in all_nests.items()
    }
    worth = {nest: sum(own.values()) ** dissimilarity[nest] for nest, own in powers.items() if own}
    total, shares = sum(worth.values()), dict.fromkeys(utilities, 0.0)
    for nest, value in worth.items():
        for label, power in powers[nest].items():
            shares[label] += value / total * power / sum(powers[nest].values())
    return shares
