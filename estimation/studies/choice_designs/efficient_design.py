"""Designs of choice experiments that tell as much as they can, given what is known beforehand: exchange of levels."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping

import numpy as np
import pandas as pd

from estimation.arrays import Array, Indices, Mask
from estimation.choice.model import ChoiceModel
from estimation.choice.utilities.design import UtilityDesign, design_of
from estimation.counts import count_problems, seed_problems
from estimation.data.choices.table import ChoiceTable
from estimation.errors import StudyError, raise_all
from estimation.names import ALTERNATIVE, CHOSEN, SITUATION
from estimation.studies.choice_designs.choice_design import TASK, VERSION, ChoiceDesign, full_factorial
from estimation.studies.choice_designs.choice_information import DRAWS, Prior, as_one_logit, errors, weights_of

STARTS, MOST_ROUNDS = 5, 50
AT_ONCE = 2_000_000
"""Numbers of information matrices that are held at once."""
HEADING = "The design cannot be made:"


def efficient_design(
    model: ChoiceModel,
    levels: Mapping[str, Iterable[Hashable]],
    *,
    tasks: int,
    alternatives: int | Iterable[str] = 2,
    versions: int = 1,
    outside: str | None = None,
    prior: Prior = None,
    allowed: Callable[[pd.DataFrame], pd.Series] | None = None,
    starts: int = STARTS,
    draws: int = DRAWS,
    seed: int = 0,
) -> ChoiceDesign:
    """Return a design with a small D-error, averaged over what is known of the weights beforehand.

    From random starts, each attribute of each alternative takes the level that makes the error smallest, until no one
    change helps (coordinate exchange, Meyer and Nachtsheim 1995, Technometrics 37(1):60-69). Where there are few
    combinations of levels, whole alternatives are exchanged as well (modified Fedorov, Cook and Nachtsheim 1980,
    Technometrics 22(3):315-324). The best is returned of those found, not the best that there is: more starts help.

    Parameters
    ----------
    model
        The terms that the choices shall tell. People count as if they had the same weights.
    levels
        Attribute → levels that may be shown.
    tasks
        In each version of the questionnaire.
    alternatives
        How many are shown in a task, or their names.
    versions
        Of the questionnaire; each person gets one.
    outside
        The alternative that means "none of these", if it may be taken in every task.
    prior, draws
        What is known of the weights, as for `design_error`: nothing, weights, (mean, sd), draws, or a pilot's fit.
    allowed
        Which combinations of levels may be shown: a function of a frame of profiles that gives true or false for each.
    starts
        Random designs to begin with.
    seed
        Root of all randomness.

    Raises
    ------
    StudyError
        Listing everything that does not fit: too few tasks for the coefficients, levels that the model lacks, labels
        that would be read as numbers; or if utility is no weighted sum of terms.

    Examples
    --------
    >>> import estimation as est
    >>> design = efficient_design(est.MultinomialLogit(["price"]), {"price": [1, 2, 3]}, tasks=2)
    >>> sorted(design.frame["price"].unique())
    [1.0, 3.0]
    """
    _check_counts(alternatives, tasks=tasks, versions=versions, starts=starts, draws=draws, seed=seed)
    labels = [str(place + 1) for place in range(alternatives)] if isinstance(alternatives, int) else list(alternatives)
    profiles = full_factorial(levels)
    fine = np.ones(len(profiles), dtype=bool) if allowed is None else np.asarray(allowed(profiles), dtype=bool)
    problems = [f"alternatives must be at least {2 - (outside is not None)}"] * (
        len(labels) < 2 - (outside is not None)
    )
    problems += ["no profile is allowed"] * (not fine.any())
    raise_all(problems, StudyError, HEADING)
    x, utility = _terms(as_one_logit(model, HEADING), profiles, labels, outside)
    names, free = utility.free, np.array([name not in utility.fixed for name in utility.names])
    weights = utility.complete(weights_of(prior, names, draws))
    told = tasks * versions * (len(labels) - (outside is None))
    problem = f"{tasks * versions} tasks cannot tell {len(names)} coefficients; show more tasks or alternatives"
    raise_all([problem] * (told < len(names)), StudyError, HEADING)
    with_whole = len(profiles) * len(weights) * len(names) ** 2 <= AT_ONCE
    moves, rng = _moves(profiles, fine, with_whole), np.random.default_rng(seed)
    begun = (rng.choice(np.flatnonzero(fine), (tasks * versions, len(labels))) for _ in range(starts))
    error, best = min(
        (_exchanged(start, x, weights, free, moves, outside is not None) for start in begun), key=lambda one: one[0]
    )
    problem = "no design was found that tells all coefficients; try more starts or tasks, or leave terms out"
    raise_all([problem] * (not np.isfinite(error)), StudyError, HEADING)
    return ChoiceDesign(_frame(best, profiles, labels, tasks), model, outside, error)


def _check_counts(alternatives: int | Iterable[str], seed: int, **counts: int) -> None:
    problems = count_problems(**counts) + seed_problems(seed)
    problems += [] if isinstance(alternatives, Iterable) else count_problems(alternatives=alternatives)
    raise_all(problems, StudyError, HEADING)


def _terms(
    model: ChoiceModel, profiles: pd.DataFrame, labels: list[str], outside: str | None
) -> tuple[Array, UtilityDesign]:
    """Return the terms of each profile under each name, (alternative, profile, coefficient), and how they are made."""
    crossed = profiles.reset_index(names=SITUATION.name).merge(pd.DataFrame({ALTERNATIVE.name: labels}), how="cross")
    nothing = crossed.drop_duplicates(SITUATION.name).assign(**{ALTERNATIVE.name: outside or ""})
    rows = pd.concat([crossed, nothing]) if outside is not None or len(labels) < 2 else crossed
    rows = rows.assign(**{CHOSEN.name: ~rows.duplicated(SITUATION.name)})
    table = ChoiceTable.from_frame(rows, outside=outside, name="profiles", synthetic=True)
    design = design_of(model, table)
    frame = table.rows
    raise_all(_spelt_problems(design, profiles, frame), StudyError, HEADING)
    matrix, number = design.matrix(frame), frame[SITUATION.name].astype(str).astype(int).to_numpy()
    x = np.empty((len(labels), len(profiles), len(design.names)))
    for place, label in enumerate(labels):
        mine = (frame[ALTERNATIVE.name] == label).to_numpy()
        x[place, number[mine]] = matrix[mine]
    return x, design


def _spelt_problems(design: UtilityDesign, profiles: pd.DataFrame, frame: pd.DataFrame) -> list[str]:
    """List levels given as text that tables of choices read as numbers: one slope instead of a weight for each."""
    spelt = [
        str(name)
        for name in profiles
        if not pd.api.types.is_numeric_dtype(profiles[name]) and pd.api.types.is_numeric_dtype(frame[name])
    ]
    slopes = [name for name in spelt for term in design.terms if name in term.columns and f"C({name}" not in term.text]
    advice = "are text that spells numbers, which choices are read as; give numbers, or write the term as"
    return [f"levels of {name!r} {advice} 'C({name})'" for name in dict.fromkeys(slopes)]


def _moves(profiles: pd.DataFrame, fine: Array, with_whole: bool) -> list[list[Indices]]:
    """Return, for each profile and attribute, the profiles that differ from it there alone, itself first.

    And at the end all profiles, if whole alternatives are exchanged as well.
    """
    codes = np.column_stack([pd.factorize(profiles[name])[0] for name in profiles])
    found = []
    for place, own in enumerate(codes):
        differs = codes != own
        alone = [np.flatnonzero(fine & differs[:, a] & (differs.sum(axis=1) == 1)) for a in range(codes.shape[1])]
        alone += [np.flatnonzero(fine & differs.any(axis=1))] * with_whole
        found.append([np.concatenate([[place], others]) for others in alone])
    return found


def _exchanged(
    start: Indices, x: Array, weights: Array, free: Mask, moves: list[list[Indices]], has_outside: bool
) -> tuple[float, Indices]:
    """Return the error of a design, and the design, after exchanges until none helps."""
    design = start.copy()
    each = np.stack(
        [_information(_task(design[task][None], x, has_outside), weights, free)[0] for task in range(len(design))]
    )
    whole = each.sum(axis=0)
    error = float(errors(whole).mean())
    for _ in range(MOST_ROUNDS):
        before = error
        for task, place in np.ndindex(*design.shape):
            for attribute in range(len(moves[0])):
                others = moves[design[task, place]][attribute]
                if len(others) < 2:
                    continue
                tried = np.repeat(design[task][None], len(others), axis=0)
                tried[:, place] = others
                found = _information(_task(tried, x, has_outside), weights, free)
                scores = errors(whole - each[task] + found).mean(axis=1)
                best = int(np.argmin(scores))
                if best and scores[best] < error * (1 - 1e-12):
                    design[task, place], error = others[best], float(scores[best])
                    whole, each[task] = whole - each[task] + found[best], found[best]
        if not error < before * (1 - 1e-9):
            break
    whole = each.sum(axis=0)  # without the rounding errors of exchanges
    return float(errors(whole).mean()), design


def _task(tried: Indices, x: Array, has_outside: bool) -> Array:
    """Return the terms of variants of a task, (variant, alternative, coefficient), with zeros for nothing."""
    shown = np.stack([x[place, tried[:, place]] for place in range(tried.shape[1])], axis=1)
    return np.concatenate([shown, np.zeros_like(shown[:, :1])], axis=1) if has_outside else shown


def _information(shown: Array, weights: Array, free: Mask) -> Array:
    """Return the information of variants of a task on free weights, (variant, draw, coefficient, coefficient)."""
    utility = np.einsum("vjk,rk->vrj", shown, weights)
    share = np.exp(utility - utility.max(axis=2, keepdims=True))
    share /= share.sum(axis=2, keepdims=True)
    shown = shown[..., free]
    mean = np.einsum("vrj,vjk->vrk", share, shown)
    square = np.einsum("vrj,vjk,vjl->vrkl", share, shown, shown, optimize=True)
    return np.asarray(square - mean[..., None] * mean[..., None, :])


def _frame(design: Indices, profiles: pd.DataFrame, labels: list[str], tasks: int) -> pd.DataFrame:
    """Return a design as rows: version, task, alternative, attributes."""
    number = np.repeat(np.arange(len(design)), len(labels))
    keys = {VERSION: number // tasks + 1, TASK: number % tasks + 1, ALTERNATIVE.name: labels * len(design)}
    return pd.concat([pd.DataFrame(keys), profiles.iloc[design.ravel()].reset_index(drop=True)], axis=1)
