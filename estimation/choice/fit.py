"""Fit a model of choice by the sampler that it brings, and refit it without some people: leave-one-out, and folds."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import xarray as xr

from estimation.choice.pooled import SharedWeights
from estimation.choice.problem import ChoiceFit, ChoiceProblem
from estimation.errors import ChoiceError, did_you_mean, raise_all
from estimation.fits.checkpoint import unfinished
from estimation.fits.checks import averaged, error_of_mean
from estimation.fits.fit import Fit
from estimation.fits.job import Settings, job, manifest_of
from estimation.fits.refitted import Refitted
from estimation.progress import step, watching

DRAWS, CHAINS = 400, 2
"""Of a refit."""


def fit_choices(
    problem: ChoiceProblem, settings: Settings, path: str | Path | None = None, progress: bool = False
) -> ChoiceFit:
    """Fit a model of choice to a table of choices.

    An interrupted fit that is started again with the same path goes on where it stopped.

    Parameters
    ----------
    progress
        Whether to show progress on standard error.

    Raises
    ------
    ChoiceError
        If something cannot be identified from these choices.
    FitError
        If the path belongs to another fit.
    """
    started = time.perf_counter()
    with unfinished(path, job(problem, settings)) as checkpoint, watching(progress, problem.label):
        step("looking for the mode")
        groups, facts = problem.sampled(settings, checkpoint)
        manifest = manifest_of(problem, settings, time.perf_counter() - started, sampler=facts)
        result = Fit(problem, xr.DataTree.from_dict({"/": xr.Dataset(), **groups}), manifest)
        if path is not None:
            result.save(path)
    return result


def without(problem: ChoiceProblem, subjects: str | Iterable[object], seed: int = 0) -> Refitted:
    """Return log p(person | everybody but these people) of each of these people, nats: one fold of many.

    Priors stay as they were, whoever is left out. The sampler is that of the fit, and so are its checks. Each set of
    people has random numbers of its own: if everybody were scored at the same nodes, their errors would add up instead
    of cancelling.

    Raises
    ------
    ChoiceError
        If somebody made none of the choices, nobody is named, or nobody is left where tastes differ.
    """
    names, people = _known(problem, subjects), np.array(problem.table.subjects)
    out = np.isin(people, names)
    own = int(np.random.SeedSequence([seed, *np.flatnonzero(out).tolist()]).generate_state(1)[0])
    likelihood, is_sound = problem.left_out(out, Settings(own, DRAWS, CHAINS))
    scores, relative = averaged(likelihood, CHAINS)
    errors = [error_of_mean(relative[..., place]) for place in range(len(scores))]
    left = people[out].tolist()
    return Refitted(dict(zip(left, scores.tolist(), strict=True)), is_sound, dict(zip(left, errors, strict=True)))


def _known(problem: ChoiceProblem, subjects: str | Iterable[object]) -> list[str]:
    """Return the people to leave out, who are some of those who chose."""
    is_one = isinstance(subjects, str) or not isinstance(subjects, Iterable)
    names = [str(subject) for subject in ([subjects] if is_one else subjects)]
    people = problem.table.subjects
    unknown = [name for name in dict.fromkeys(names) if name not in set(people)]
    problems = [
        f"{name!r} made none of the choices of {problem.table.label}{did_you_mean(name, people)}" for name in unknown
    ]
    problems += ["no subject is named"] * (not names)
    if set(people) <= set(names) and not isinstance(problem, SharedWeights):  # whose score is then that of the prior
        problems.append("everybody is left out, so that nothing says how tastes differ between people; name fewer")
    raise_all(problems, ChoiceError, "Nobody can be left out:")
    return names
