"""Choices that attributes predict perfectly, so that the likelihood grows without end and draws are those of the prior.

Albert and Anderson (1984), Biometrika 71:1-10: the maximum-likelihood estimate exists if and only if no direction d has
(x_chosen - x_j)'d ≥ 0 for every alternative that was turned down, with one inequality strict (separation).
Alternatives and levels that were never or always chosen are looked up by name; a linear program finds the rest.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.choice.likelihoods.arrays import ChoiceArrays
from estimation.choice.likelihoods.logit import LogitLikelihood
from estimation.choice.likelihoods.newton import maximise
from estimation.choice.utilities.design import UtilityDesign
from estimation.data.choices.stages import direction_of
from estimation.data.choices.table import ChoiceTable
from estimation.names import ALTERNATIVE

LARGEST = 15.0
"""Logits that a standard deviation of an attribute may be worth before separation is suspected."""
UNSURE = 5.0
"""Logits that the standard error of this may have, likewise."""
SAME = 1e-9
"""Differences from alternatives that were turned down, in standard deviations of the column, that count as none."""
VISIBLE = 1e-6
"""What counts as part of a direction."""


def separated(arrays: ChoiceArrays, table: ChoiceTable, design: UtilityDesign, *, suspected: bool) -> list[str]:
    """Say which alternatives, levels and attributes predict choices perfectly.

    Parameters
    ----------
    suspected
        Whether a direction of several attributes is searched, too; the columns then must not depend on each other.
    """
    problems, named = [], set()
    one_sided = {name: sign for name, sign in zip(arrays.attributes, _signs(arrays), strict=True) if sign}
    for kind, label, indicator in _labelled(table, design):
        sign = one_sign(indicator, arrays)
        if not sign:
            continue
        inside = is_made_of(indicator, arrays)
        involved = [] if inside is None else _visible(inside, arrays)
        if kind == ALTERNATIVE.name:
            involved += [name for name in one_sided if label in name.split(":") and name not in involved]
        if involved:
            named |= set(involved)
            problems.append(_of_label(kind, label, sign, indicator, arrays, involved))
    left = {name: sign for name, sign in one_sided.items() if name not in named}
    problems += [_of_direction({name: sign}) for name, sign in left.items()]
    direction = _separating(arrays) if suspected and not problems else None
    if direction is not None:
        parts = zip(arrays.attributes, direction, strict=True)
        problems.append(_of_direction({name: part for name, part in parts if abs(part) > VISIBLE}))
    return problems


def one_sign(values: Array, arrays: ChoiceArrays) -> int:
    """Return 1 if the chosen row never has less than others of its situation and once more, -1 vice versa, else 0."""
    better = values[np.repeat(arrays.chosen, np.diff(arrays.first_row))] - values
    least = SAME * float(np.std(better))
    low, high = float(better.min()), float(better.max())
    return int(low >= -least and high > least) - int(high <= least and low < -least)


def is_made_of(values: Array, arrays: ChoiceArrays) -> Array | None:
    """Return the sum of columns, (coefficient,), that differs within situations as `values` (row,) do; None if none."""
    both = zip(arrays.centred(), _centred(values, arrays), strict=True)
    product = np.sum([part.T @ part for part in (np.column_stack(parts) for parts in both)], axis=0)
    scale = np.sqrt(np.maximum(np.diag(product), 1e-300))
    unit = product / np.outer(scale, scale)
    weights = np.linalg.lstsq(unit[:-1, :-1], unit[:-1, -1], rcond=1e-12)[0]
    rest = unit[-1, -1] - weights @ unit[:-1, -1]
    return np.asarray(weights * scale[-1] / scale[:-1]) if rest < VISIBLE else None


def _centred(values: Array, arrays: ChoiceArrays) -> Iterator[Array]:
    """Yield values around their means within situations, in the blocks of `ChoiceArrays.centred`."""
    sizes = np.diff(arrays.first_row)
    own = values - np.repeat(np.add.reduceat(values, arrays.first_row[:-1]) / sizes, sizes)
    at = 0
    for part in arrays.blocks():
        yield own[at : at + len(part.x)]
        at += len(part.x)


def _signs(arrays: ChoiceArrays) -> list[int]:
    return [one_sign(column, arrays) for column in arrays.x.T]


def _visible(weights: Array, arrays: ChoiceArrays) -> list[str]:
    size = np.abs(weights) * arrays.within_sd
    return [name for name, part in zip(arrays.attributes, size, strict=True) if part > VISIBLE * size.max()]


def _labelled(table: ChoiceTable, design: UtilityDesign) -> Iterator[tuple[str, str, Array]]:
    """Yield alternatives and levels of the columns that terms read: column, label and indicator (row,)."""
    columns, direction = dict.fromkeys(name for term in design.terms for name in term.levels), direction_of(table.rows)
    for column in [ALTERNATIVE.name, *(name for name in columns if name != ALTERNATIVE.name)]:
        values = table.rows[column]
        if column != ALTERNATIVE.name and table.outside is not None:
            values = values.where(table.rows[ALTERNATIVE.name] != table.outside)
        for label in pd.unique(values.dropna().astype(str)):
            yield column, str(label), (values == label).to_numpy(dtype=float) * direction


def _of_label(kind: str, label: str, sign: int, indicator: Array, arrays: ChoiceArrays, involved: list[str]) -> str:
    times = int((np.add.reduceat(indicator, arrays.first_row[:-1]) != 0).sum())
    word = "never chosen" if sign < 0 else "chosen whenever it was available"
    if (indicator < 0).any():
        word = "never preferred to another" if sign < 0 else "preferred to all others"
    what, advice = f"alternative {label!r}", f"leave it out: choices.without({label!r})"
    if kind != ALTERNATIVE.name:
        what, advice = f"level {label!r} of {kind!r}", "merge it with another level, or leave out the rows that have it"
    names = ", ".join(map(repr, involved))
    verb = "has" if len(involved) == 1 else "have"
    return f"{what} was {word} ({times:,} times available), so that {names} {verb} no finite estimate; {advice}"


def _of_direction(parts: dict[str, float]) -> str:
    involved = ", ".join(f"{name!r} ({'+' if part > 0 else '-'})" for name, part in parts.items())
    return (
        f"{involved}: more of this combination never lost against less of it, so that the likelihood grows "
        "without end (separation); drop an attribute, merge rare levels, or collect more choices"
    )


def _separating(arrays: ChoiceArrays) -> Array | None:
    """Return a direction that separates choices, (coefficient,), each entry times its attribute's spread; or None."""
    spread = arrays.within_sd
    likelihood = LogitLikelihood(arrays, np.full(len(spread), np.inf))
    top = maximise(likelihood, prior=False)
    is_inside = top.converged and bool(np.all(np.abs(top.parameters * spread) < LARGEST))
    told = np.linalg.eigvalsh(top.information / np.outer(spread, spread)).min() > UNSURE**-2
    if is_inside and told and not (likelihood.situations(top.parameters) > -1e-6).any():  # where none is certain
        return None
    from scipy.optimize import linprog  # noqa: PLC0415 - slow to import, needed only where separation is suspected

    chosen = np.repeat(arrays.chosen, np.diff(arrays.first_row))
    better = (arrays.x[chosen] - arrays.x) / spread
    better = np.unique(better[chosen != np.arange(len(chosen))], axis=0)
    bounds = [(-1.0, 1.0)] * len(spread)
    found = linprog(-better.sum(axis=0), A_ub=-better, b_ub=np.zeros(len(better)), bounds=bounds, method="highs")
    is_separated = found.status == 0 and -found.fun > VISIBLE
    return np.asarray(found.x) if is_separated else None
