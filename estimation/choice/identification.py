"""What these choices cannot tell, found before anything is computed, and said all at once.

Albert and Anderson (1984), Biometrika 71:1-10: the maximum-likelihood estimate exists if and only if no direction d has
(x_chosen - x_j)'d ≥ 0 for every alternative that was turned down, with one inequality strict (separation). A search
that ends is proof that there is none; otherwise a linear program finds the direction.
"""

from __future__ import annotations

import numpy as np

from estimation.arrays import Array
from estimation.choice.arrays import ChoiceArrays
from estimation.choice.logit import LogitLikelihood
from estimation.choice.newton import maximise
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all
from estimation.names import ALTERNATIVE

FLAT = 1e-10
"""Variation within situations, relative to the size of a column, that counts as none."""
LARGEST = 15.0
"""Logits that a standard deviation of an attribute may be worth before separation is suspected."""
VISIBLE = 1e-6
"""What counts as part of a direction."""


def check_identified(arrays: ChoiceArrays, table: ChoiceTable) -> None:
    """Raise one error that lists every coefficient that the choices cannot tell.

    Raises
    ------
    ChoiceError
        If a column is constant within situations, columns depend on each other, an alternative with a coefficient of
        its own was never (or always) chosen, or attributes predict the choices perfectly.
    """
    problems = _dependent(arrays) + _never_or_always(arrays, table)
    raise_all(problems or _separated(arrays), ChoiceError, f"These coefficients cannot be told from {table.label}:")


def _dependent(arrays: ChoiceArrays) -> list[str]:
    """Say which columns do not vary within situations, and which depend on each other there."""
    product = np.sum([part.T @ part for part in arrays.centred()], axis=0)
    names, scale = arrays.attributes, np.sqrt(np.diag(product))
    flat = scale <= FLAT * np.sqrt(np.maximum(np.einsum("rc,rc->c", arrays.x, arrays.x), 1e-300))
    problems = [
        f"{name!r} is the same for all alternatives of every situation, so that it cancels; drop it, or let it work on "
        f"single alternatives: '{name}:alternative'"
        for name, constant in zip(names, flat, strict=True)
        if constant
    ]
    kept = np.flatnonzero(~flat)
    if not len(kept):
        return problems
    values, vectors = np.linalg.eigh(product[np.ix_(kept, kept)] / np.outer(scale[kept], scale[kept]))
    redundant = vectors[:, values < FLAT * len(kept)]
    if redundant.shape[1]:
        involved = [repr(names[kept[place]]) for place in np.flatnonzero(np.abs(redundant).max(axis=1) > VISIBLE)]
        count = redundant.shape[1]
        problems.append(
            f"{', '.join(involved)} depend on each other within situations; drop {count} of them (constants need a "
            "reference alternative, and indicators of all levels of a feature always add up to one)"
        )
    return problems


def _never_or_always(arrays: ChoiceArrays, table: ChoiceTable) -> list[str]:
    """Say which alternatives with a coefficient of their own were never chosen, or whenever they were available."""
    codes = table.rows[ALTERNATIVE.name].cat.codes.to_numpy()
    offered = np.bincount(codes, minlength=len(table.alternatives))
    taken = np.bincount(codes[arrays.chosen], minlength=len(table.alternatives))
    problems = []
    for place, label in enumerate(table.alternatives):
        own = [name for name in arrays.attributes if name == label or label in name.split(":")]
        if own and taken[place] in (0, offered[place]):
            word = "never chosen" if taken[place] == 0 else "chosen whenever it was available"
            problems.append(
                f"alternative {label!r} was {word} ({offered[place]} times available), so that "
                f"{', '.join(map(repr, own))} has no finite estimate; leave it out: choices.without({label!r})"
            )
    return problems


def _separated(arrays: ChoiceArrays) -> list[str]:
    direction = _separating(arrays)
    if direction is None:
        return []
    involved = [
        f"{name!r} ({'+' if part > 0 else '-'})"
        for name, part in zip(arrays.attributes, direction, strict=True)
        if abs(part) > VISIBLE
    ]
    return [
        f"{', '.join(involved)}: more of this combination never lost against less of it, so that the likelihood grows "
        "without end (separation); drop an attribute, merge rare levels, or collect more choices"
    ]


def _separating(arrays: ChoiceArrays) -> Array | None:
    """Return a direction that separates the choices, (coefficient,), each entry times its attribute's spread; or None.

    The columns must not depend on each other.
    """
    spread = arrays.within_sd
    likelihood = LogitLikelihood(arrays, np.full(len(spread), np.inf))
    top = maximise(likelihood, prior=False)
    is_inside = top.converged and bool(np.all(np.abs(top.parameters * spread) < LARGEST))
    if is_inside and not (likelihood.situations(top.parameters) > -1e-6).any():  # where none is certain
        return None
    from scipy.optimize import linprog  # noqa: PLC0415 - slow to import, needed only where separation is suspected

    chosen = np.repeat(arrays.chosen, np.diff(arrays.first_row))
    better = (arrays.x[chosen] - arrays.x) / spread
    better = np.unique(better[chosen != np.arange(len(chosen))], axis=0)
    bounds = [(-1.0, 1.0)] * len(spread)
    found = linprog(-better.sum(axis=0), A_ub=-better, b_ub=np.zeros(len(better)), bounds=bounds, method="highs")
    separated = found.status == 0 and -found.fun > VISIBLE
    return np.asarray(found.x) if separated else None
