"""Menus along a lever as data of a view: what each offers, earns and is worth, and when it is the best one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from estimation.assortment import Frontier, Tradeoff
from estimation.assortment.catalogue import Catalogue
from estimation.errors import ReportError, raise_all
from estimation.report.interactive.pack import plain
from estimation.report.interactive.view import LEVER, View
from estimation.report.menus.runs import runs_of
from estimation.report.menus.tables import chosen_table, decision_table, frontier_table, label_text, products_table
from estimation.report.menus.words import QUESTION
from estimation.report.notable import notable_menus

MOST = 400  # menus of a page
NAMED = 2000  # products of a page
ENDS = (0.05, 0.95)  # of an interval


def lever_view(study: Frontier | Tradeoff, price_coefficient: float | None = None) -> View:
    """Return the menus of a frontier, or those chosen under a posterior, for a lever that is moved.

    Parameters
    ----------
    price_coefficient
        Utility lost per unit of money, > 0: utility is then shown as surplus in money as well.

    Raises
    ------
    ReportError
        If the coefficient is not positive.
    """
    if price_coefficient is not None and not 0 < price_coefficient < np.inf:
        problem = f"price_coefficient is {price_coefficient!r}; it is utility per money, > 0"
        raise_all([problem], ReportError, "Utility cannot be shown in money:")
    found = _of_decisions(study) if isinstance(study, Tradeoff) else _of_frontier(study)
    label = (study.problem if isinstance(study, Tradeoff) else study.path).catalogue.label or "products as given"
    data = {"kind": LEVER, "surplus": price_coefficient, **found["data"]}
    return View(LEVER, QUESTION, label, data, found["tables"], found["notes"])


def _of_frontier(frontier: Frontier) -> dict[str, Any]:
    table, letters = frontier.table, notable_menus(frontier)
    evenly = np.linspace(0, len(table) - 1, min(MOST, len(table))).round().astype(int)
    shown = sorted({*map(int, evenly), *(place for place, _ in letters.values())})
    kept, catalogue = table.iloc[shown], frontier.path.catalogue
    columns = {
        "revenue": "revenue",
        "utility": "utility",
        "none": "no_purchase",
        "size": "size",
        "weight_low": "weight_low",
        "weight_high": "weight_high",
        "cost_low": "shift",
        "cost_high": "shift_high",
    }
    products, notes = _products(catalogue, (frontier.menus[place].products for place in shown))
    data = {
        "uncertain": False,
        "menus": {name: plain(kept[column]) for name, column in columns.items()},
        "notable": {shown.index(place): [letter, words] for letter, (place, words) in letters.items()},
        **products,
    }
    if len(shown) < len(table):
        notes = (f"{len(shown)} of {len(table):,} menus are in this page, evenly.", *notes)
    return {"data": data, "tables": (frontier_table(frontier), products_table(frontier)), "notes": notes}


def _of_decisions(study: Tradeoff) -> dict[str, Any]:
    draws, runs = study.draws, runs_of(study)
    table = study.table.iloc[[run[0] for run in runs]]
    first = [study.decisions[run[0]] for run in runs]
    offered = np.array([study.problem.catalogue.chosen(decision.products) for decision in first])
    measures = dict(zip(("revenue", "utility", "none"), draws.measures(offered), strict=True))
    menus = {name: plain(draws.mean(values)) for name, values in measures.items()}
    for name, values in measures.items():
        for what, each in ((name, values), (f"{name}_change", values - values[:, :1])):
            low, high = draws.quantiles(each, ENDS)
            menus |= {f"{what}_low": plain(low), f"{what}_high": plain(high)}
    menus |= {"size": plain(table["size"]), "weight_low": plain(table.index)}
    menus["weight_high"] = [float(study.table.index[run[-1]]) for run in runs]
    for name, column, worst in (
        ("best_low", "probability_best", min),
        ("best_high", "probability_best", max),
        ("gap", "gap", max),
    ):
        menus[name] = [float(worst(study.table[column].iloc[run])) for run in runs]
    products, notes = _products(study.problem.catalogue, (decision.products for decision in first))
    told = (
        f"Intervals hold the middle 90 % of {len(draws):,} draws of the posterior; differences are taken draw by draw."
    )
    data = {"uncertain": True, "menus": menus, "notable": {}, **products}
    return {"data": data, "tables": (decision_table(study), chosen_table(study)), "notes": (told, *notes)}


def _products(catalogue: Catalogue, menus: Iterable[Sequence[Any]]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return names, the first menu, and what changes from each to the next, as places among the names; and notes.

    Products that are on no menu have no name in the page; of very many, those that are most in demand have one.
    """
    before, ever = (np.zeros(len(catalogue), dtype=np.bool_) for _ in range(2))
    changes = []
    for menu in menus:
        now = catalogue.chosen(menu)
        changes.append(np.flatnonzero(now != before))
        before, ever = now, ever | now
    named = np.flatnonzero(ever)
    if len(named) > NAMED:
        named = np.sort(named[np.argsort(-catalogue.weight[named], kind="stable")[:NAMED]])
    place = np.full(len(catalogue), -1)
    place[named] = np.arange(len(named))
    known = [[int(at) for at in place[change] if at >= 0] for change in changes]
    names = [label_text(label) for label in catalogue.products[named].tolist()]
    told = f"Of {ever.sum():,} products that are on some menu, the {NAMED:,} most in demand are named."
    notes = (told,) if ever.sum() > NAMED else ()
    return {"names": names, "total": len(catalogue), "first": known[0], "changes": known[1:]}, notes
