"""Sizes of the collection of one-shot games, and tau estimated on it (Camerer, Ho and Chong 2004)."""

from __future__ import annotations

from functools import cache

import numpy as np

from estimation.arrays import Array
from estimation.inference.pooled.plays import PlayProblem
from estimation.replication import loaded
from estimation.replication.route import Route
from estimation.replication.target import Found, Question
from estimation.theories.plays.normal_form_cognitive_hierarchy import NormalFormCognitiveHierarchy

NAME = "normal_form_games"
GAMES = {"Cooper and Van Huyck": ("CVH03", 8), "Stahl and Wilson": ("SW95", 12)}
TAU = np.r_[1e-9, np.arange(1, 1801) / 100]
"""Where the likelihood is evaluated. It jumps where replies change and has several peaks: no climb is to be trusted."""


def size(question: Question) -> Found:
    """Return how many choices an experiment of the collection holds."""
    frame = loaded.plays(NAME).frame
    of_experiment = frame["game"].str.startswith(f"{question.group}-")
    return Found(float(frame.loc[of_experiment, "count"].sum()))


@cache
def profiles(experiment: str) -> Array:
    """Return the log likelihood of each game of an experiment at each tau, (game, tau), nats."""
    prefix, games = GAMES[experiment]
    names = [f"{prefix}-{number}" for number in range(1, games + 1)]
    theta, plays, theory = np.log(TAU)[None], loaded.plays(NAME), NormalFormCognitiveHierarchy()
    problems = [PlayProblem(theory, plays.of([name])) for name in names]
    return np.array([problem.log_likelihood(theta).sum(axis=0) for problem in problems])


def tau(question: Question) -> Found:
    """Return the best tau of one game or of all games together, or the median of the best taus of all games."""
    experiment, _, which = question.group.partition(", ")
    profile = profiles(experiment)
    best = TAU[profile.argmax(axis=1)]
    if question.quantity == "median tau":
        return Found(float(np.median(best)))
    if which == "common":
        return Found(float(TAU[profile.sum(axis=0).argmax()]))
    return Found(float(best[int(which.removeprefix("game ")) - 1]))


def likelihood(question: Question) -> Found:
    """Return the log likelihood at the best tau of each game, or at the best tau for all, nats."""
    profile = profiles(question.group)
    by_game = question.quantity == "fit, tau by game"
    return Found(float(profile.max(axis=1).sum() if by_game else profile.sum(axis=0).max()))


MAXIMUM = "maximum of the likelihood on a grid of tau"
ROUTES: dict[str, Route] = {
    f"{NAME}/table-1": Route(size, "choices of each experiment", NAME),
    f"{NAME}/tau-cooper-van-huyck": Route(tau, MAXIMUM, NAME),
    f"{NAME}/tau-stahl-wilson": Route(tau, MAXIMUM, NAME),
    f"{NAME}/log-likelihoods": Route(likelihood, MAXIMUM, NAME),
}
