"""The products of a market, as somebody lists them: checked, and with the outside option."""

from __future__ import annotations

import numpy as np
import pandas as pd

from estimation.data.cells.rows import show
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all
from estimation.names import ALTERNATIVE, SITUATION, STAGE, SUBJECT, WEIGHT

HEADING = "The scenario is not possible:"
OF_CHOICES = (SUBJECT.name, SITUATION.name, WEIGHT.name, STAGE.name)


def listed_products(products: pd.DataFrame, choices: ChoiceTable) -> pd.DataFrame:
    """Return the products of a market with the outside option, checked."""
    problems = [f"column {ALTERNATIVE.name!r} of the products is missing"] * (ALTERNATIVE.name not in products)
    if ALTERNATIVE.name in products and products[ALTERNATIVE.name].astype(str).duplicated().any():
        problems.append("a product is listed twice; names must differ")
    problems += ["there are no products"] * (len(products) == 0)
    problems += [
        f"column {name!r} says who chooses, where or how often, not what is offered; leave it out, or rename it"
        for name in products
        if name in OF_CHOICES
    ]
    offered = products[products.get(ALTERNATIVE.name, products.index).astype(str) != str(choices.outside)]
    for name in choices.attributes:
        if name in products and name not in choices.gaps:
            problems += kind_problems(name, choices.rows[name], offered[name])
    raise_all(problems, ChoiceError, HEADING)
    listed = products.assign(**{ALTERNATIVE.name: products[ALTERNATIVE.name].astype(str)})
    if choices.outside is not None and choices.outside not in set(listed[ALTERNATIVE.name]):
        outside = listed.iloc[[0]].assign(**{ALTERNATIVE.name: choices.outside})
        listed = pd.concat([listed, outside], ignore_index=True)
    return listed


def kind_problems(name: str, column: pd.Series, values: pd.Series) -> list[str]:
    """Say which new values of a column are of another kind than the column: text, or nothing, for numbers."""
    if is_number(column):
        numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        wrong = ~np.isfinite(numbers) | np.array([isinstance(value, str) for value in values], dtype=bool)
        kind = "a finite number"
    else:
        wrong, kind = np.array([not isinstance(value, str) for value in values], dtype=bool), "a label"
    return [f"{name!r} must be {kind}, not {show(value)}" for value in values[wrong].head(1)]


def is_number(column: pd.Series) -> bool:
    """Return whether a column holds numbers."""
    return pd.api.types.is_numeric_dtype(column.dtype)
