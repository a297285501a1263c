"""The part of the demo about what people value: real choices among electricity suppliers, and simulated pens."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from estimation.commands.choice import choices_of, shown
from estimation.commands.shown import plain, tables_as_text

if TYPE_CHECKING:
    from estimation.choice.model import ChoiceModel
    from estimation.choice.problem import ChoiceFit
    from estimation.data import ChoiceTable

SUPPLIERS, PENS = "electricity", "simulated_pens"
TERMS, PRICE = ["pf", "cl", "loc", "wk", "tod", "seas"], "pf"
SEED = 20010605
REMOVED = "fountain pen"


@dataclass(frozen=True)
class DemoPart:
    """What a part of the demo has to say: to people, and to programs."""

    text: str
    data: Any


def demo_choices(out: Path, *, quick: bool) -> DemoPart:
    """Fit the choices among suppliers, and show where buyers of fountain pens go.

    Fits that are in the folder already are not made again; `quick` leaves out the one in which people differ.
    """
    from estimation.choice.models import MultinomialLogit

    started = time.perf_counter()
    table = choices_of(SUPPLIERS)
    models = {"everybody alike": MultinomialLogit(TERMS), "people differ": MultinomialLogit(TERMS, random="all")}
    texts, data = [repr(table)], []
    for name in list(models)[: 1 if quick else 2]:
        text, found = shown(_fitted(models[name], table, out / f"{SUPPLIERS}-{name}.nc"), PRICE)
        texts.append(text)
        data.append(found)
    where, diversion = _substitution(out)
    took = f"({time.perf_counter() - started:.0f} seconds)\n"
    return DemoPart("\n".join([*texts, where, took]), [*data, diversion])


def _substitution(out: Path) -> tuple[str, dict[str, Any]]:
    """Return where buyers of fountain pens go, under a model that knows of close substitutes and one that does not."""
    from estimation.choice.models import MultinomialLogit, NestedLogit
    from estimation.choice.quantities.substitution import substitution
    from estimation.report.choices.tables import substitution_table

    table, terms = choices_of(PENS), ["ink", "nib", "lead", "price"]
    models: dict[str, ChoiceModel] = {
        "no nests": MultinomialLogit(terms),
        "nest of pens": NestedLogit(terms, nests={"pens": ["ballpoint pen", "fountain pen"]}),
    }
    fits = {name: _fitted(model, table, out / f"{PENS}-{name}.nc") for name, model in models.items()}
    found = substitution(fits, REMOVED)
    return tables_as_text([substitution_table(found)]), {"removed": REMOVED, "diversion": plain(found.table)}


def _fitted(model: ChoiceModel, table: ChoiceTable, path: Path) -> ChoiceFit:
    """Return the fit in a file if it is the same fit, or make it."""
    from estimation.inference.fit import fit_or_load

    return fit_or_load(model, table, path.with_name(path.name.replace(" ", "-")), seed=SEED)
