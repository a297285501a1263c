"""Tables of a decision about menus, as plain text cells."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from itertools import pairwise

import numpy as np

from estimation.assortment import Frontier, Tradeoff
from estimation.report.notable import notable_menus
from estimation.text.digits import fixed, number
from estimation.text.table import TextTable

ROWS = 15  # menus of a table that a reader takes in
NAMED = 12  # products that are spelled out
ROUNDING = 1e-9  # share of the objective
PAGE_HEAD = (
    *("menu", "products", "revenue", "change", "utility", "change", "buy nothing"),
    *("best for weights", "a lost customer costs"),
)


def places_shown(frontier: Frontier) -> dict[int, str]:
    """Return place → letter of the menus that a table shows: those that matter, and others evenly between."""
    letters = {place: letter for letter, (place, _) in notable_menus(frontier).items()}
    evenly = np.linspace(0, len(frontier) - 1, min(ROWS, len(frontier))).round().astype(int)
    others = [int(place) for place in evenly if int(place) not in letters]
    room = max(0, ROWS - len(letters))
    return {place: letters.get(place, "") for place in sorted([*letters, *others[:room]])}


def frontier_table(frontier: Frontier) -> TextTable:
    """Return the menus that matter with what they earn, what customers gain, and when they are right."""
    table, shown = frontier.table, places_shown(frontier)
    rows = tuple(_menu_row(frontier, place, letter) for place, letter in shown.items())
    skipped = "" if len(shown) == len(table) else f"; {len(shown)} of {len(table):,} menus"
    caption = f"Menus from the largest revenue to the largest utility, per customer{skipped}"
    return TextTable(caption, PAGE_HEAD, rows, tuple(range(1, len(PAGE_HEAD))))


def exchange_table(frontier: Frontier) -> TextTable:
    """Return what the steps between the menus shown cost and buy."""
    table, shown = frontier.table, list(places_shown(frontier).items())
    rows = []
    for (one, letter), (other, next_letter) in pairwise(shown):
        lost, gained, kept = (
            sign * (table[name].iloc[one] - table[name].iloc[other])
            for name, sign in (("revenue", 1), ("utility", -1), ("no_purchase", 1))
        )
        step = f"{_name(one, letter)} to {_name(other, next_letter)}"
        rows.append(
            (step, number(lost), number(gained), number(lost / gained), f"{100 * kept:.1f} %", number(lost / kept))
        )
    head = (
        *("step", "revenue given up", "utility gained", "revenue per utility"),
        *("customers kept", "revenue per customer kept"),
    )
    return TextTable("How much revenue buys how much utility", head, tuple(rows), tuple(range(1, 6)))


def products_table(frontier: Frontier) -> TextTable:
    """Return which products the menus shown hold: the first as a whole, the others as changes."""
    rows, before = [], dict[Hashable, None]()
    for place, letter in places_shown(frontier).items():
        menu = dict.fromkeys(frontier.menus[place].products)
        entered, left = (
            [label for label in one if label not in other] for one, other in ((menu, before), (before, menu))
        )
        rows.append((_name(place, letter), _label_list(entered), _label_list(left)))
        before = menu
    return TextTable("What enters and what leaves, from row to row", ("menu", "enters", "leaves"), tuple(rows))


def decision_table(tradeoff: Tradeoff) -> TextTable:
    """Return the menus chosen under the posterior, one row per lever."""
    rows = []
    for lever, row in tradeoff.table.iterrows():
        spans = [
            f"{number(row[name])} ({number(row[f'{name}_low'])} to {number(row[f'{name}_high'])})"
            for name in ("revenue", "utility")
        ]
        rows.append(
            (
                f"{lever:.3g}",
                f"{row['size']:.0f}",
                *spans,
                f"{100 * row['no_purchase']:.1f} %",
                fixed(row["probability_best"], 2),
                small(row["plug_in_loss"], row["objective"]),
                small(row["gap"], row["objective"]),
            )
        )
    head = (
        *("weight on utility", "products", "revenue (90 % of draws)", "utility (90 % of draws)", "buy nothing"),
        *("best of the menus found with probability", "loss of deciding at the mean", "at most missed"),
    )
    return TextTable("Menus chosen under the posterior, per customer", head, tuple(rows), tuple(range(len(head))))


def chosen_table(tradeoff: Tradeoff) -> TextTable:
    """Return the products of each menu chosen under the posterior."""
    rows = tuple((f"{decision.utility_weight:.3g}", _label_list(decision.products)) for decision in tradeoff.decisions)
    return TextTable("What is on these menus", ("weight on utility", "products"), rows)


def small(amount: float, objective: float) -> str:
    """Return an amount that may be nothing but rounding beside an objective, whatever the unit of money."""
    return "0" if abs(amount) <= ROUNDING * abs(objective) else number(amount, significant=2)


def _menu_row(frontier: Frontier, place: int, letter: str) -> tuple[str, ...]:
    table = frontier.table
    row, first = table.iloc[place], table.iloc[0]
    return (
        _name(place, letter),
        f"{row['size']:,.0f}",
        number(row["revenue"], significant=4),
        _percent(row["revenue"], first["revenue"]),
        number(row["utility"], significant=4),
        _percent(row["utility"], first["utility"]),
        f"{100 * row['no_purchase']:.1f} %",
        f"{number(row['weight_low'])} to {number(row['weight_high'])}",
        f"{number(row['shift'])} to {number(row['shift_high'])}",
    )


def _name(place: int, letter: str) -> str:
    return f"{letter} ({place})" if letter else str(place)


def _percent(value: float, base: float) -> str:
    return "" if base in (0, value) else f"{fixed(100 * (value - base) / abs(base), 1)} %"


def label_text(label: Hashable) -> str:
    """Return a label as text; pairs, such as (item, price), without their brackets."""
    return " ".join(map(str, label)) if isinstance(label, tuple) else str(label)


def _label_list(labels: Collection[Hashable]) -> str:
    shown = ", ".join(label_text(label) for label in list(labels)[:NAMED])
    more = len(labels) - NAMED
    return shown if more <= 0 else f"{shown} and {more:,} more"
