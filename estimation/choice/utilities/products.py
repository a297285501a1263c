"""Products as a model of choice sees them: what their table must hold, and their terms."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from estimation.arrays import Array
from estimation.choice.utilities.design import UtilityDesign, design_of
from estimation.choice.utilities.utility import Utility
from estimation.data.choices.codes import code_text
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all
from estimation.names import ALTERNATIVE


def product_terms(
    model: Utility, table: ChoiceTable, products: pd.DataFrame, instead: Mapping[str, float] | None
) -> Array:
    """Return the terms of products relative to what people have otherwise, (product, coefficient).

    A product has the constant of the alternative that its column ``alternative`` names, or else its label: several may
    have the same one, and none of them need have been offered.

    Raises
    ------
    ChoiceError
        Listing why the model cannot say what the products are worth.
    """
    design = design_of(model, table)
    problems = [*_model_problems(model, design, instead), *_product_problems(design, table.alternatives, products)]
    label = f"{model.title} on {table.label}"
    raise_all(problems, ChoiceError, f"{label} does not say what the products are worth:")
    x = _matrix(design, products)
    return x if instead is None else x - _matrix(design, products.iloc[:1].assign(**instead))


def _matrix(design: UtilityDesign, products: pd.DataFrame) -> Array:
    return design.matrix(products.assign(**{ALTERNATIVE.name: _alternatives(products)}))


def _alternatives(products: pd.DataFrame) -> list[str]:
    """Return the alternative of the data that each product is: by its column, or by its label."""
    given = products.get(ALTERNATIVE.name, products.index)
    return [code_text(label) for label in given]


def _model_problems(model: Utility, design: UtilityDesign, instead: Mapping[str, float] | None) -> list[str]:
    problems = []
    needed = dict.fromkeys(name for term in design.terms for name in term.columns)
    lacking = [] if instead is None else [name for name in needed if name not in instead]
    if lacking:
        problems.append(f"instead= lacks the attributes {lacking}; describe in full what people have otherwise")
    if instead is not None and design.is_by_name:
        what = "constants, weights of single alternatives and error components say nothing of it"
        problems.append(f"instead= is none of the alternatives: {what}; leave them out of the model")
    if not model.is_mixture_of_logits:
        advice = "fit a MultinomialLogit, perhaps with random="
        problems.append(f"a {model.name} is no mixture of logits; {advice}")
    if design.outside is None and instead is None:
        advice = "name it (outside=), or say what people have otherwise (instead=)"
        problems.append(f"the choices have no outside option, so that nobody is known to buy nothing; {advice}")
    return problems


def _product_problems(design: UtilityDesign, known: list[str], products: pd.DataFrame) -> list[str]:
    needed = dict.fromkeys(name for term in design.terms for name in term.columns if name != ALTERNATIVE.name)
    problems = [
        f"column {column!r} is missing from the products; they have {list(map(str, products.columns))}"
        for column in needed
        if column not in products
    ]
    empty = [column for column in needed if column in products and products[column].isna().any()]
    problems += [f"column {column!r} of the products has empty cells; fill them in" for column in empty]
    named = _alternatives(products)
    strangers = [label for label in dict.fromkeys(named) if design.is_by_name and label not in known]
    if strangers:
        advice = (
            "name the alternatives of the data whose constants they have, in a column 'alternative', or leave "
            "constants out of the model and describe products by attributes"
        )
        problems.append(f"nothing is known about products {strangers[:5]} beyond their attributes; {advice}")
    if design.outside in named:
        problems.append(f"{design.outside!r} is buying nothing, and no product; leave it out")
    return problems
