"""What stands in a report on menus: a frontier, or the trade-off under a posterior."""

from __future__ import annotations

from typing import Any

import numpy as np

from estimation.assortment import Frontier, Tradeoff
from estimation.report import menu_figures, menu_words
from estimation.report.digits import number
from estimation.report.drawing import Picture, picture
from estimation.report.menu_tables import (
    chosen_table,
    decision_table,
    exchange_table,
    frontier_table,
    products_table,
    small,
)

DEMANDS = 8  # demands that are spelled out


def menu_content(study: Frontier | Tradeoff) -> dict[str, Any]:
    """Return everything that the template of menus needs."""
    under = study if isinstance(study, Tradeoff) else None
    frontier = study.at_the_mean if isinstance(study, Tradeoff) else study
    label = frontier.path.catalogue.label
    return {
        "question": menu_words.QUESTION,
        "label": label or "products as given",
        "synthetic": "SYNTHETIC" in label,
        "verdict": menu_words.verdict_under(under) if under else menu_words.verdict(frontier),
        "facts": _facts(frontier, under),
        "words": menu_words.WORDS,
        "posterior": _posterior(under) if under else None,
        "frontier": frontier_table(frontier),
        "exchange": exchange_table(frontier),
        "products": products_table(frontier),
        "pictures": [*(_uncertain(under) if under else []), *_certain(frontier)],
        "citations": menu_words.CITATIONS + ((menu_words.MIXTURES,) if under else ()),
    }


def _facts(frontier: Frontier, under: Tradeoff | None) -> dict[str, str]:
    catalogue = frontier.path.catalogue
    ends = np.quantile(catalogue.revenue, [0, 1]) if len(catalogue) else np.zeros(2)
    facts = {
        "products": f"{len(catalogue):,}",
        "revenue per unit sold": f"{number(ends[0])} to {number(ends[1])}",
        "demands on the menu": _demands(frontier.demands),
        "frontier": f"exact, {len(frontier):,} menus"
        if frontier.grid is None
        else f"{len(frontier):,} menus, at least {100 * frontier.quality:g} % of the best objective",
    }
    if under:
        draws = under.under.draws
        people = len(draws.shares)
        facts["posterior"] = f"{len(draws):,} draws" + (f" of {people:,} people each" if people > 1 else "")
    return facts


def _demands(demands: tuple[str, ...]) -> str:
    more = len(demands) - DEMANDS
    return ("; ".join(demands[:DEMANDS]) or "none") + (f"; and {more:,} more" if more > 0 else "")


def _posterior(study: Tradeoff) -> dict[str, Any]:
    middle = study.decisions[len(study) // 2].utility_weight
    half, perfect = (small(study.under.value_of_information(middle, spread)) for spread in (0.5, 0.0))
    information = (
        f"At weight {middle:.3g}, data that halve the spread of the posterior would be worth {half} per customer, and "
        f"perfect information {perfect}: no more should be paid for them."
    )
    return {"decisions": decision_table(study), "chosen": chosen_table(study), "information": information}


def _certain(frontier: Frontier) -> list[Picture]:
    first, last = frontier.table.iloc[0], frontier.table.iloc[-1]
    ends = (f"revenue {number(end['revenue'])} and utility {number(end['utility'])}" for end in (first, last))
    curve = picture(
        menu_figures.plot_frontier(frontier),
        f"Revenue against utility of {len(frontier):,} menus, from {' to '.join(ends)}.",
        "The frontier: every menu that is best for some weight on utility. Letters as in the tables.",
    )
    bars = picture(
        menu_figures.plot_menus(frontier),
        "For each product, the weights on utility for which it is on the menu: "
        f"{first['size']:.0f} products at weight 0, {last['size']:.0f} at large weights.",
        "How the menu changes along the lever: a bar where the product is offered.",
    )
    return [curve, bars]


def _uncertain(study: Tradeoff) -> list[Picture]:
    table = study.table
    first, last = table.iloc[0], table.iloc[-1]
    plane = picture(
        menu_figures.plot_tradeoff(study),
        f"Revenue against utility of {len(table)} menus chosen under the posterior: mean revenue from "
        f"{number(first['revenue'])} to {number(last['revenue'])}, with the middle 90 % of draws as crosses.",
        "Menus chosen under the posterior, beside the frontier of one logit at the mean utilities.",
    )
    bands = [
        picture(
            menu_figures.plot_bands(study, measure=measure),
            f"Mean {measure} along the lever, from {number(first[measure])} to {number(last[measure])}; at "
            f"weight {number(table.index[0])} 90 % of draws lie between number(first[f'{measure}_low'])and "
            f"number(first[f'{measure}_high']).",
            f"{measure.capitalize()} of the chosen menu along the lever: mean and the middle 90 % of draws.",
        )
        for measure in ("revenue", "utility")
    ]
    return [plane, *bands]
