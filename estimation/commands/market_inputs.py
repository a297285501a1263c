"""What `estimation market` is asked in words, about a fit of choices: products, scenarios, curves, a menu."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from estimation.commands.said_twice import said_twice
from estimation.errors import ChoiceError, DataError, raise_all
from estimation.names import ALTERNATIVE

if TYPE_CHECKING:
    import pandas as pd

    from estimation.assortment import UnderDraws
    from estimation.choice.problem import ChoiceFit
    from estimation.choice.quantities.quantity import Quantity
    from estimation.choice.quantities.scenario import Scenario
    from estimation.evaluation.facts.hit_rates import HitRates

STEPS = 9  # prices of a curve
PRODUCT = "product"


def fit_of(path: Path) -> ChoiceFit:
    """Return a fit of choices.

    Raises
    ------
    ChoiceError
        If it is a fit of something else.
    """
    from estimation.fits.fit import CHOICES
    from estimation.inference.load import load_fit

    found = load_fit(path)
    if found.family != CHOICES:
        raise ChoiceError("There is no market:", [f"{path} holds a fit of {found.family}, not of choices"])
    return cast("ChoiceFit", found)


def people_of(text: str) -> str:
    """Return for whom the market is.

    Raises
    ------
    ChoiceError
        If it is neither for known nor for new people.
    """
    problem = f"--people must be known or new, not {text!r}"
    raise_all([problem] * (text not in ("known", "new")), ChoiceError, "It is not clear for whom:")
    return text


def products_of(path: Path) -> pd.DataFrame:
    """Return products by name, with their attributes.

    Raises
    ------
    DataError
        If the file cannot be read, or does not name its products.
    """
    from estimation.data.cells.cells import cell_problems, read_labels
    from estimation.data.cells.rows import column_problems
    from estimation.data.choices.survey import as_numbers
    from estimation.data.files.csv_file import read_frame

    frame, heading = read_frame(path), f"{path} is no market:"
    raise_all(column_problems(frame, (), "product", heading), DataError, heading)
    named = [name for name in (ALTERNATIVE.name, PRODUCT) if name in frame]
    problem = (
        f"the products have no names: give a column {ALTERNATIVE.name!r} (or {PRODUCT!r}); there are {list(frame)}"
    )
    raise_all([problem] * (len(named) != 1), DataError, heading)
    labels = read_labels(ALTERNATIVE, frame[named[0]])
    raise_all(cell_problems({ALTERNATIVE.name: labels}, (ALTERNATIVE,)), DataError, heading)
    levels = {
        name: as_numbers(frame[name]) for name in frame if name != named[0] and frame[name].dtype.kind not in "biuf"
    }
    return frame.assign(**levels | {named[0]: labels.content}).rename(columns={named[0]: ALTERNATIVE.name})


def scenarios_of(
    fit: ChoiceFit, products: Path | None, others: list[str], changes: list[str], withdrawn: list[str]
) -> dict[str, Scenario]:
    """Return what is offered by the name of each scenario; the first is the market itself.

    Raises
    ------
    ChoiceError, DataError
        Listing what is not of the right form, or does not fit the model.
    """
    from estimation.choice.quantities.scenario import scenario

    base = scenario(fit.table) if products is None else scenario(fit.table, products_of(products))
    found = {"the market" if products else "the data": base}
    problems = [f"--scenario {text!r} is not of the form name=file.csv" for text in others if "=" not in text]
    parts = {text: part for text in changes if (part := _change(text))}
    problems += [f"--change {text!r} is not of the form name:column=value" for text in changes if text not in parts]
    names = [*found, *(text.partition("=")[0].strip() for text in others)]
    twice = [name for name, count in Counter(names).items() if count > 1]
    problems += [f"two scenarios are called {name!r}; names must differ" for name in twice]
    raise_all(problems, ChoiceError, "The scenarios are not clear:")
    for text in others:
        name, _, file = text.partition("=")
        found[name.strip()] = scenario(fit.table, products_of(Path(file.strip())))
    for text, part in parts.items():
        found[text] = base.change(part[0], **{part[1]: _value(part[2])})
    return found | {f"without {name}": base.without(name) for name in withdrawn}


def basics_of(fit: ChoiceFit, offers: dict[str, Scenario], people: str) -> tuple[Quantity, HitRates, Quantity]:
    """Return what every market shows: importances of attributes, hit rates of predictions, shares of products."""
    from estimation.choice.quantities.curve import share_table
    from estimation.choice.quantities.importance import attribute_importances
    from estimation.evaluation.facts.hit_rates import hit_rates

    return attribute_importances(fit, people=people), hit_rates(fit), share_table(fit, offers, people=people)


def curves_of(fit: ChoiceFit, offered: Scenario, texts: list[str], price: str, people: str) -> dict[str, Quantity]:
    """Return the price curve of each product that is named, between the prices of the data if none are given.

    Raises
    ------
    ChoiceError
        Listing what is not of the right form, or does not fit the model.
    """
    from estimation.choice.quantities.curve import price_curve
    from estimation.choice.quantities.levels import offered_rows

    if not texts:
        return {}
    rows = offered_rows(fit.table)
    problems = [f"--price {price!r} is no column of numbers; there are {fit.table.attributes}"]
    raise_all(problems * (price not in rows or rows[price].dtype.kind != "f"), ChoiceError, "There is no curve:")
    low, high = float(rows[price].min()), float(rows[price].max())
    ends, problems = {}, said_twice("--curve", (text.partition("=")[0] for text in texts), "curve")
    for text in texts:
        name, equals, span = text.partition("=")
        try:
            first, last = map(float, span.split(":")) if equals else (low, high)
        except ValueError:
            first = last = np.nan
        if np.isfinite(first + last):
            ends[name.strip()] = np.linspace(first, last, STEPS)
        else:
            problems.append(f"--curve {text!r} is not of the form name=low:high")
    raise_all(problems, ChoiceError, "The curves are not clear:")
    return {name: price_curve(fit, name, at, offered, price=price, people=people) for name, at in ends.items()}


def worths_of(fit: ChoiceFit) -> pd.DataFrame:
    """Return the part-worths of each person.

    Raises
    ------
    ChoiceError
        If everybody has the same weights, or levels differ between people.
    """
    from estimation.choice.quantities.importance import part_worth_table

    problem = (
        f"the {fit.model.name} gives everybody the same weights; leave --part-worths out, or fit weights that differ: "
        "estimation fit-choice … --random all"
    )
    raise_all([problem] * ("people" not in fit.tree), ChoiceError, "There are no part-worths of people:")
    return part_worth_table(fit)


def menus_of(
    fit: ChoiceFit, products: Path | None, revenue: str | None, at_most: int | None, people: str
) -> UnderDraws | None:
    """Return the question which menu is best under the posterior, if it is asked.

    Raises
    ------
    ChoiceError, AssortmentError
        If what is asked for is not clear, or the fit cannot say what products are worth.
    """
    from estimation.assortment import Assortment, AtMost, under_draws

    if revenue is None:
        asked = ["--at-most is for menus; say what a sale earns: --revenue COLUMN"] * (at_most is not None)
        raise_all(asked, ChoiceError, "There is no menu:")
        return None
    listed = None if products is None else products_of(products).set_index(ALTERNATIVE.name)
    problems = ["--revenue needs products: --products FILE.csv"] * (listed is None)
    if listed is not None and revenue not in listed:
        problems.append(f"the products have no column {revenue!r}; they have {list(listed)}")
    if fit.table.outside is None:
        problems.append(
            "the choices have no outside option, so that nobody is known to buy nothing; fit choices in which some "
            "took nothing, and name what that is called: estimation fit-choice … --outside NAME"
        )
    raise_all(problems, ChoiceError, "There is no menu:")
    inside = cast("pd.DataFrame", listed).drop(index=fit.table.outside or "", errors="ignore")
    problem = Assortment.from_fit(fit, inside, revenue, people=people)
    return under_draws(problem.subject_to(*([AtMost(at_most)] if at_most is not None else [])))


def _change(text: str) -> tuple[str, str, str] | None:
    """Return alternative, column and value of ``name:column=value``; None if it is not of this form."""
    place, equals, value = text.rpartition("=")
    name, colon, column = place.rpartition(":")
    return (name.strip(), column.strip(), value.strip()) if equals and colon else None


def _value(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text
