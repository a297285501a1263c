"""Scores of people and covariances clustered by person, by differences of what is maximized."""

from __future__ import annotations

import itertools

import numpy as np

STEP = 1e-3


def sandwich(by_person, at):
    """Return scores by person and the covariance clustered by person, by differences of a function of a vector."""
    steps = STEP * np.eye(len(at))
    score = np.array([(by_person(at + step) - by_person(at - step)) / (2 * STEP) for step in steps])
    information = np.empty((len(at), len(at)))
    for one, other in itertools.product(range(len(at)), repeat=2):
        near = [
            sign * again * by_person(at + sign * steps[one] + again * steps[other]).sum()
            for sign, again in itertools.product((1, -1), repeat=2)
        ]
        information[one, other] = -sum(near) / (2 * STEP) ** 2
    bread = np.linalg.inv(information)
    return score, bread @ (score @ score.T) @ bread
