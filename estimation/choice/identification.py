"""What these choices cannot tell, found before anything is computed."""

from __future__ import annotations

import numpy as np

from estimation.choice.arrays import Array, ChoiceArrays
from estimation.choice.logit import blocks
from estimation.choice.segments import segment_sum
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all


def check_identified(arrays: ChoiceArrays, table: ChoiceTable) -> None:
    """Raise one error that lists every coefficient that the choices cannot tell.

    Raises
    ------
    ChoiceError
        If columns are constant within situations, or depend on each other.
    """
    problems = _rank(arrays)
    raise_all(problems, ChoiceError, f"These coefficients cannot be told from {table.label}:")


def _rank(arrays: ChoiceArrays) -> list[str]:
    product = within_products(arrays)
    names, scale = arrays.attributes, np.sqrt(np.diag(product))
    flat = scale <= 1e-10 * np.sqrt(np.maximum((arrays.x**2).sum(axis=0), 1e-300))
    problems = [
        f"{name!r} is the same for all alternatives of every situation; drop it, or let it work on one alternative: "
        f"'{name}:alternative'"
        for name, constant in zip(names, flat, strict=True)
        if constant
    ]
    kept = np.flatnonzero(~flat)
    if len(kept):
        values, vectors = np.linalg.eigh(product[np.ix_(kept, kept)] / np.outer(scale[kept], scale[kept]))
        for vector in vectors.T[values < 1e-10 * len(kept)]:
            involved = [repr(names[kept[place]]) for place in np.flatnonzero(np.abs(vector) > 1e-6)]
            problems.append(f"{', '.join(involved)} depend on each other within situations; drop one of them")
    return problems


def within_products(arrays: ChoiceArrays) -> Array:
    """Return the cross products of columns around their means within situations, (coefficient, coefficient)."""
    total = np.zeros((arrays.x.shape[1],) * 2)
    for part in blocks(arrays):
        sizes = np.diff(part.first_row)
        centred = part.x - np.repeat(segment_sum(part.x, part.first_row) / sizes[:, None], sizes, axis=0)
        total += centred.T @ centred
    return total
