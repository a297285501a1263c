"""The products of a market, as somebody lists them: checked, and with the outside option."""

from __future__ import annotations

from collections.abc import Sequence, Sized
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import is_whole
from estimation.data.cells.rows import show
from estimation.data.choices.codes import code_text
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all
from estimation.names import ALTERNATIVE, SITUATION, STAGE, SUBJECT, WEIGHT

HEADING = "The scenario is not possible:"
OF_CHOICES = (SUBJECT.name, SITUATION.name, WEIGHT.name, STAGE.name)


def listed_products(products: pd.DataFrame, choices: ChoiceTable) -> pd.DataFrame:
    """Return the products of a market with the outside option, checked."""
    if not isinstance(products, pd.DataFrame):
        problem = f"products must be a frame with one row per product, not a {type(products).__name__}"
        raise ChoiceError(HEADING, [f"{problem}; make one of it by pandas.DataFrame, or pandas.read_csv"])
    problems = [f"column {ALTERNATIVE.name!r} of the products is missing"] * (ALTERNATIVE.name not in products)
    if ALTERNATIVE.name in products:
        # called as the data call them: 1.0 is 1, and blanks around a name are no part of it
        products = products.assign(**{ALTERNATIVE.name: products[ALTERNATIVE.name].map(code_text).astype(object)})
    if ALTERNATIVE.name in products and products[ALTERNATIVE.name].duplicated().any():
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
    known = [name for name in choices.attributes if name in products and name not in choices.gaps]
    listed = products.assign(**{name: as_held(choices.rows[name], products[name]) for name in known})
    if choices.outside is not None and choices.outside not in set(listed[ALTERNATIVE.name]):
        outside = listed.iloc[[0]].assign(**{ALTERNATIVE.name: choices.outside})
        listed = pd.concat([listed, outside], ignore_index=True)
    return listed


def kind_problems(name: str, column: pd.Series, values: pd.Series) -> list[str]:
    """Say which new values of a column are of another kind than the column: text, or nothing, for numbers."""
    is_text = np.array([isinstance(value, str) for value in values], dtype=bool)
    if is_number(column):
        wrong, kind = is_text | ~np.isfinite(as_held(column, values)), "a finite number"
    else:
        wrong, kind = ~is_text, "a label"
    return [f"{name!r} must be {kind}, not {show(value)}" for value in values[wrong].head(1)]


def as_held(column: pd.Series, value: Any) -> Any:
    """Return a new value, or one for each row, as a column holds it: numbers as floats, labels without blanks."""
    if not pd.api.types.is_list_like(value):
        return float(value) if is_number(column) else value.strip()
    if is_number(column):
        return pd.to_numeric(pd.Series(value), errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    return np.array([text.strip() if isinstance(text, str) else text for text in value], dtype=object)


def new_value_problems(name: str, column: pd.Series, value: Any, rows: pd.Series) -> list[str]:
    """Say why a value, or one for each of these rows, cannot stand in a column."""
    if not pd.api.types.is_list_like(value):
        return kind_problems(name, column, pd.Series([value]))
    if not isinstance(value, Sequence | np.ndarray | pd.Series | pd.Index) or len(value) != len(rows):
        held = f"{len(value)} values" if isinstance(value, Sized) else f"a {type(value).__name__}"
        return [f"{name!r} has {held} for {len(rows):,} rows; give one value, or a list of one for each row"]
    if isinstance(value, pd.Series) and not value.index.equals(rows.index):
        return [f"{name!r} has other labels of rows than the scenario; give its values in order: .to_numpy()"]
    return kind_problems(name, column, pd.Series(value))


def is_number(column: pd.Series) -> bool:
    """Return whether a column holds numbers."""
    return pd.api.types.is_numeric_dtype(column.dtype)


def is_name(value: object) -> bool:
    """Return whether a value is what an alternative may be called: a text that is not blank, or a whole number."""
    return bool(value.strip()) if isinstance(value, str) else is_whole(value)
