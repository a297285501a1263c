"""What people would give for products: weights of a product table, person by person and draw by draw."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.choice.design import Design, design_of
from estimation.choice.model import ChoiceModel
from estimation.choice.problem import KNOWN, spread
from estimation.choice.tastes import FittedModel, tastes_of
from estimation.choice.terms import Term
from estimation.errors import ChoiceError, raise_all
from estimation.names import ALTERNATIVE

DRAWS = 200
PEOPLE = 50
"""Draws and people that a decision uses: their product is what it costs."""


def product_weights(
    fit: FittedModel,
    products: pd.DataFrame,
    *,
    people: str = KNOWN,
    draws: int = DRAWS,
    most_people: int = PEOPLE,
    seed: int = 0,
    instead: Mapping[str, float] | None = None,
) -> Array:
    """Return exp(utility) of products relative to the outside option, (draw, person, product).

    Parameters
    ----------
    fit
        A multinomial or latent class logit, fitted to choices with an outside option.
    products
        One row per product, with the columns that the model reads; the index holds the labels. Where the model has
        constants, labels are alternatives of the data.
    people
        ``"known"``: the people in the data; ``"new"``: people like them, unseen.
    draws
        Posterior draws to use, evenly spread over the chains.
    most_people
        People to use; if there are more, every k-th.
    seed
        For the draws of new people.
    instead
        Attributes of what people have if they take none of the products. Needed where the choices have no outside
        option, and then an assumption: what the menu earns and is worth depends on it.

    Raises
    ------
    ChoiceError
        Listing why the model cannot say what the products are worth.
    """
    design = design_of(fit.model, fit.table)
    problems = [
        *_model_problems(fit.model, design, instead),
        *_product_problems(design, fit.table.alternatives, products),
    ]
    raise_all(problems, ChoiceError, f"{fit.label} does not say what the products are worth:")
    x = _matrix(design, products)
    if instead is not None:
        x = x - _matrix(design, products.iloc[:1].assign(**instead))
    weights = tastes_of(fit, people, draws, seed).weights
    return np.asarray(np.exp(weights[:, spread(weights.shape[1], most_people)] @ x.T))


def _matrix(design: Design, products: pd.DataFrame) -> Array:
    labels = pd.Series([str(label) for label in products.index], index=products.index)
    return design.matrix(products.assign(**{ALTERNATIVE.name: labels}))


def _model_problems(model: ChoiceModel, design: Design, instead: Mapping[str, float] | None) -> list[str]:
    problems = []
    needed = dict.fromkeys(name for term in design.terms for name in _columns(term))
    lacking = [] if instead is None else [name for name in needed if name not in instead]
    if lacking:
        problems.append(
            f"instead= lacks the attributes {lacking}; describe in full what people have otherwise"
        )
    if instead is not None and design.constants:
        problems.append("instead= cannot be told from the constants of the model; leave constants out")
    if not model.is_mixture_of_logits:
        advice = "fit a MultinomialLogit, perhaps with random="
        problems.append(f"a {model.name} is no mixture of logits; {advice}")
    if design.outside is None and instead is None:
        advice = "name it (outside=), or say what people have otherwise (instead=)"
        problems.append(
            f"the choices have no outside option, so that nobody is known to buy nothing; {advice}"
        )
    return problems


def _product_problems(design: Design, known: list[str], products: pd.DataFrame) -> list[str]:
    needed = dict.fromkeys(
        name for term in design.terms for name in _columns(term) if name != ALTERNATIVE.name
    )
    problems = [
        f"column {column!r} is missing from the products; they have {list(map(str, products.columns))}"
        for column in needed
        if column not in products
    ]
    empty = [column for column in needed if column in products and products[column].isna().any()]
    problems += [f"column {column!r} of the products has empty cells; fill them in" for column in empty]
    by_name = bool(design.constants) or any(term.labels for term in design.terms)
    strangers = [str(label) for label in products.index if by_name and str(label) not in known]
    if strangers:
        advice = "leave constants out of the model, and describe products by attributes"
        problems.append(f"nothing is known about products {strangers[:5]} beyond their attributes; {advice}")
    return problems


def _columns(term: Term) -> tuple[str, ...]:
    return term.columns if term.formula is None else tuple(map(str, term.formula.required_variables))
