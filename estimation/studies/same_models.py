"""Which versions of theories are the same model of the same data: they are fitted once.

An option may have no say: rules for unexpected messages where others err, what senders believe in data of receivers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

import numpy as np

from estimation.data.tables.table import Table
from estimation.errors import TheoryError
from estimation.games.game import Game
from estimation.inference.problem import MessageProblem
from estimation.jobs.unit import plain
from estimation.names import SENDER
from estimation.theories.messages.likelihood import decision_log_probability
from estimation.theories.messages.theory import Theory

POINTS = 3  # people of each kind, drawn from around the middle of the priors
DIGITS = 9


def spec_key(theory: Theory) -> str:
    """Return a theory as text, its name first: theories have the same if they are the same."""
    return f"{theory.name} {json.dumps(plain(theory.spec()), sort_keys=True)}"


def same_models(theories: Iterable[Theory], table: Table) -> dict[str, Theory]:
    """Return for each theory, by `spec_key`, the first of those that are the same model of a table.

    They have as many parameters with the same priors, whatever these are called, and the same kinds, and several people
    drawn at random choose everything with the same probabilities. Theories with formulas, or in which people learn, are
    the same if all of their options are.
    """
    distinct = {spec_key(theory): theory for theory in theories}
    alike: dict[str, list[str]] = {}
    for key, theory in distinct.items():
        alike.setdefault(_population(theory, table) or key, []).append(key)
    found: dict[str, Theory] = {}
    for keys in alike.values():
        for group in _told_apart([MessageProblem(distinct[key], table) for key in keys]):
            found |= {spec_key(problem.theory): group[0].theory for problem in group}
    return {key: found[key] for key in distinct}


def _told_apart(problems: list[MessageProblem]) -> list[list[MessageProblem]]:
    """Return versions of theories in groups that choose alike in every game; those told apart by one need no other."""
    groups = [problems]
    for game in problems[0].games:
        parts: list[list[MessageProblem]] = []
        for group in groups:
            alike: dict[str, list[MessageProblem]] = {}
            for problem in group:
                done = _choices(problem, game) if len(group) > 1 else ""
                alike.setdefault(done, []).append(problem)
            parts += alike.values()
        groups = parts
    return groups


def _population(theory: Theory, table: Table) -> str | None:
    """Return the population of a theory as text, without names; None if it depends on more."""
    if theory.formulas or theory.remembers:
        return None
    problem = MessageProblem(theory, table)
    try:
        parameters = problem.parameters
    except TheoryError:  # it does not suit the table; who fits it will say so
        return None
    weights = theory.share_weights if problem.kinds > 1 else ()
    priors = [(p.scale, p.centre, p.centre_sd, p.spread) for p in parameters]
    return repr((priors, problem.kinds, weights, theory.correlated))


def _choices(problem: MessageProblem, game: Game) -> str:
    """Return a digest of what some people of each kind do in every situation of a game."""
    rng, digest = np.random.default_rng(0), hashlib.sha256()
    drawn = {p.name: p.centre + p.spread * rng.standard_normal((POINTS, 1, 1)) for p in problem.parameters}
    values = {p.name: p.natural(drawn[p.name]) for p in problem.parameters}
    for role in problem.roles:
        given, options = (game.states, game.messages) if role == SENDER else (game.messages, game.actions)
        for kind in range(problem.kinds):
            try:
                chances = np.exp(decision_log_probability(problem.theory, game, role, kind, values, given))
            except TheoryError:  # it refuses the game, as who fits it will be told
                return spec_key(problem.theory)
            whole = np.broadcast_to(chances, (POINTS, len(given), len(options)))
            digest.update((np.round(whole, DIGITS) + 0.0).tobytes())
    return digest.hexdigest()
