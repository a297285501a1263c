"""What these choices cannot tell, found before anything is computed, and said all at once."""

from __future__ import annotations

import numpy as np

from estimation.choice.checks.separation import VISIBLE, is_made_of, separated
from estimation.choice.likelihoods.arrays import ChoiceArrays
from estimation.choice.utilities.design import UtilityDesign
from estimation.data.choices.stages import direction_of
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all
from estimation.names import ALTERNATIVE

FLAT = 1e-10
"""Variation within situations, relative to the size of a column, that counts as none."""


def check_identified(arrays: ChoiceArrays, table: ChoiceTable, design: UtilityDesign) -> None:
    """Raise one error that lists every coefficient that the choices cannot tell.

    Raises
    ------
    ChoiceError
        If a column is constant within situations, columns depend on each other, an alternative or a level whose utility
        is told was never (or always) chosen, attributes predict the choices perfectly, or the zero of utilities is that
        of an arbitrary level.
    """
    problems = _dependent(arrays, table) + _without_zero(arrays, table, design)
    problems += separated(arrays, table, design, suspected=not problems)
    raise_all(problems, ChoiceError, f"These coefficients cannot be told from {table.label}:")


def _without_zero(arrays: ChoiceArrays, table: ChoiceTable, design: UtilityDesign) -> list[str]:
    """Say where the outside option would be worth as much as whatever level happens to have no coefficient."""
    contrasts = [term.text for term in design.terms if term.has_contrasts and not term.labels]
    if table.outside is None or not contrasts:
        return []
    is_outside = (table.rows[ALTERNATIVE.name] == table.outside).to_numpy().astype(float) * direction_of(table.rows)
    if is_made_of(is_outside, arrays) is not None:
        return []
    return [
        f"{', '.join(map(repr, contrasts))}: one level has no coefficient, and would be worth as much as the outside "
        f"option {table.outside!r}; give that a constant: name {table.outside!r} among the attributes"
    ]


def _dependent(arrays: ChoiceArrays, table: ChoiceTable) -> list[str]:
    """Say which columns do not vary within situations, and which depend on each other there."""
    product = np.sum([part.T @ part for part in arrays.centred()], axis=0)
    names, scale = arrays.attributes, np.sqrt(np.diag(product))
    flat = scale <= FLAT * np.sqrt(np.maximum(np.einsum("rc,rc->c", arrays.x, arrays.x), 1e-300))
    problems = [_why_flat(name, table) for name, constant in zip(names, flat, strict=True) if constant]
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


def _why_flat(name: str, table: ChoiceTable) -> str:
    outside, rows = table.outside, table.rows
    if name in rows and outside is not None:
        own = rows[name][(rows[ALTERNATIVE.name] == outside).to_numpy()].dropna()
        if (own != 0).any():
            return (
                f"{name!r} differs only for the outside option {outside!r}, whose utility is zero; name {outside!r} "
                "itself among the attributes: it stands for its constant"
            )
    return (
        f"{name!r} is the same for all alternatives of every situation, so that it cancels; drop it, or let it work on "
        f"single alternatives: '{name}:alternative'"
    )
