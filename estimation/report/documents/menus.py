"""What stands in a report on menus: a frontier, or the trade-off under a posterior."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np

from estimation.assortment import Frontier, Tradeoff, UnderDraws
from estimation.report.blocks import Document, Facts, Gallery, Paragraph, Section, Verdict, bullets, referred
from estimation.report.interactive.lever import lever_view
from estimation.report.menus import figures as menu_figures, tables as menu_tables, words as menu_words
from estimation.report.methods.citing import methods_sections
from estimation.report.methods.menus import menu_methods
from estimation.report.picture import Picture, picture
from estimation.text.digits import number
from estimation.text.table import TextTable

DEMANDS = 8  # demands that are spelled out
_AT_MEAN = "frontier at the mean utilities"


def menu_document(study: Frontier | Tradeoff) -> Document:
    """Return the report of a frontier, or of menus chosen under a posterior."""
    under = study if isinstance(study, Tradeoff) else None
    frontier = study.at_the_mean if isinstance(study, Tradeoff) else study
    label = frontier.path.catalogue.label
    verdict = menu_words.verdict_under(under) if under else menu_words.verdict(frontier)
    sections = (
        Section("problem", "Problem", (_facts(frontier, under), Paragraph(menu_words.WORDS["objective"]))),
        _posterior(under) if under else None,
        _frontier(frontier, under),
        _exchange(frontier),
        Section("menus", "Menus", referred(menu_words.WORDS["menus"], *_products(frontier))),
        Section("reversals", "What would change the decision", (bullets(menu_words.reversals(frontier, under)),)),
        *methods_sections(menu_methods(study)),
        _provenance(frontier, under),
    )
    return Document(
        menu_words.QUESTION,
        label or "products as given",
        Verdict(verdict),
        tuple(section for section in sections if section is not None),
        menu_words.MADE_UP if "SYNTHETIC" in label else "",
        (lever_view(study),),
    )


def _frontier(frontier: Frontier, under: Tradeoff | None) -> Section:
    at = " at the mean utilities" if under else ""
    about = menu_words.WORDS["frontier"] + (f" {menu_words.WORDS['plug_in']}" if under else "")
    blocks = referred(about, menu_tables.frontier_table(frontier), Gallery((_curve(frontier),)))
    return Section("frontier", f"Frontier{at}", blocks)


def _products(frontier: Frontier) -> tuple[TextTable, Gallery]:
    return menu_tables.products_table(frontier), Gallery((_bars(frontier),))


def _exchange(frontier: Frontier) -> Section:
    table = menu_tables.exchange_table(frontier)
    alone = (Paragraph("There is one menu only: it has both the largest revenue and the largest utility."),)
    blocks = referred(menu_words.WORDS["exchange"], table) if table.rows else alone
    return Section("exchange", "How much revenue buys how much utility", blocks)


def _provenance(frontier: Frontier, under: Tradeoff | None) -> Section:
    """Return how the menus were found, and with which version."""
    facts = {_AT_MEAN if under else "method": menu_words.METHOD if frontier.grid is None else menu_words.GRID}
    if under:
        facts["under the posterior"] = menu_words.SEARCH
    facts["version of estimation"] = version("estimation")
    return Section("provenance", "Provenance", (Facts(tuple(facts.items())),))


def _facts(frontier: Frontier, under: Tradeoff | None) -> Facts:
    catalogue = frontier.path.catalogue
    ends = np.quantile(catalogue.revenue, [0, 1]) if len(catalogue) else np.zeros(2)
    menus, quality = f"{len(frontier):,} menus", f"at least {100 * frontier.quality:g} %"
    facts = {
        "products": f"{len(catalogue):,}",
        "revenue per unit sold": f"{number(ends[0])} to {number(ends[1])}",
        "demands on the menu": _demands(frontier.demands),
        _AT_MEAN if under else "frontier": f"exact, {menus}"
        if frontier.grid is None
        else f"{menus}, {quality} of the best objective",
    }
    if under:
        draws, chosen, weights = under.draws, len({frozenset(made.products) for made in under.decisions}), len(under)
        facts["menus under the posterior"] = f"{chosen} for {weights} weights, found by search and bounded from above"
        people = len(draws.shares)
        facts["posterior"] = f"{len(draws):,} draws" + (f" of {people:,} people each" if people > 1 else "")
    return Facts(tuple(facts.items()))


def _demands(demands: tuple[str, ...]) -> str:
    more = len(demands) - DEMANDS
    return ("; ".join(demands[:DEMANDS]) or "none") + (f"; and {more:,} more" if more > 0 else "")


def _posterior(study: Tradeoff) -> Section:
    between = study.decisions[len(study) // 2]
    middle, under = between.utility_weight, UnderDraws(study.problem, study.draws)
    worth = (under.value_of_information(middle, spread) for spread in (0.5, 0.0))
    half, perfect = (menu_tables.small(amount, between.objective) for amount in worth)
    information = (
        f"At weight {middle:.3g}, data that halve the spread of the posterior would be worth {half} per customer, and "
        f"perfect information {perfect}: no more should be paid for them."
    )
    decided, chosen, drawn = menu_tables.decision_table(study), menu_tables.chosen_table(study), _uncertain(study)
    blocks = (
        Paragraph(menu_words.WORDS["mixture"], shown=(decided, chosen)),
        decided,
        Paragraph(menu_words.WORDS["columns"]),
        chosen,
        *referred(f"{information} {menu_words.WORDS['drawn']}", Gallery(tuple(drawn))),
    )
    return Section("posterior", "Under the posterior", blocks)


def _curve(frontier: Frontier) -> Picture:
    first, last = frontier.table.iloc[0], frontier.table.iloc[-1]
    ends = (f"revenue {number(end['revenue'])} and utility {number(end['utility'])}" for end in (first, last))
    return picture(
        menu_figures.plot_frontier(frontier),
        f"Revenue against utility of {len(frontier):,} menus, from {' to '.join(ends)}.",
        "The frontier: every menu that is best for some weight on utility. Letters as in the tables.",
    )


def _bars(frontier: Frontier) -> Picture:
    first, last = frontier.table.iloc[0], frontier.table.iloc[-1]
    return picture(
        menu_figures.plot_menus(frontier),
        "For each product, the weights on utility for which it is on the menu: "
        f"{first['size']:.0f} products at weight 0, {last['size']:.0f} at large weights.",
        "How the menu changes along the lever: a bar where the product is offered.",
    )


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
            f"weight {number(table.index[0])} 90 % of draws lie between {number(first[f'{measure}_low'])} and "
            f"{number(first[f'{measure}_high'])}.",
            f"{measure.capitalize()} of the chosen menu along the lever: mean and the middle 90 % of draws.",
        )
        for measure in ("revenue", "utility")
    ]
    return [plane, *bands]
