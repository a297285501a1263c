"""Exact refits of a model of choice without some people: the escalation of leave-one-out, and folds."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from estimation.choice.problem import ChoiceProblem
from estimation.fits.checks import averaged, error_of_mean
from estimation.fits.manifest import Settings
from estimation.fits.refitted import Refitted

DRAWS, CHAINS = 400, 2


def without(problem: ChoiceProblem, subjects: Iterable[str], seed: int = 0) -> Refitted:
    """Return log p(person | everybody but these people) of each of these people, nats: one fold of many.

    Priors stay as they were, whoever is left out. The sampler is that of the fit, and so are its checks. Each set of
    people has random numbers of its own: if everybody were scored at the same nodes, their errors would add up instead
    of cancelling.
    """
    names, people = list(subjects), np.array(problem.table.subjects)
    out = np.isin(people, names)
    own = int(np.random.SeedSequence([seed, *np.flatnonzero(out).tolist()]).generate_state(1)[0])
    likelihood, is_sound = problem.left_out(out, Settings(own, DRAWS, CHAINS))
    scores, relative = averaged(likelihood, CHAINS)
    errors = [error_of_mean(relative[..., place]) for place in range(len(scores))]
    left = people[out].tolist()
    return Refitted(dict(zip(left, scores.tolist(), strict=True)), is_sound, dict(zip(left, errors, strict=True)))
