"""The last step of the demo: from what people value to what to offer them, on real choices among suppliers."""

from __future__ import annotations

import time
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from estimation.commands.compare import busy
from estimation.commands.demo_choices import SUPPLIERS, DemoPart
from estimation.commands.shown import plain, tables_as_text

if TYPE_CHECKING:
    import pandas as pd

    from estimation.assortment import Assortment, Tradeoff
    from estimation.choice.problem import ChoiceFit

PRICES = (7.0, 8.0, 9.0, 10.0, 11.0, 12.0)  # cents per kWh; the study showed 7 and 9
YEARS = (0, 1, 5)
WHO = {"local": {"loc": 1, "wk": 0}, "well-known": {"loc": 0, "wk": 1}}
STANDARD = {"pf": 9.0, "cl": 0.0, "loc": 0.0, "wk": 0.0, "tod": 0.0, "seas": 0.0}
"""What customers have if they take none of the contracts: an assumption, for the study had no outside option."""
MOST = 3  # contracts on the menu
DRAWS, PEOPLE = 100, 40


def demo_assortment(out: Path) -> DemoPart:
    """Turn the weights of the fit that the demo has just made into a frontier of menus of contracts."""
    from estimation.assortment import under_draws
    from estimation.report.document import report

    started = time.perf_counter()
    with busy(f"{SUPPLIERS}: what to offer"):
        tradeoff = under_draws(contracts(_fit(out))).frontier()
        page = report(tradeoff, out / f"{SUPPLIERS}-menus.html")
        csv = tradeoff.at_the_mean.to_csv(out / f"{SUPPLIERS}-menus.csv")
    seconds = time.perf_counter() - started
    return DemoPart(_text(tradeoff, page, seconds), _data(tradeoff, page, csv, seconds))


def contracts(fit: ChoiceFit) -> Assortment:
    """Return the problem of a supplier: which contracts, each at one price, and at most a few of them.

    Revenue is the price in cents per kWh: what the electricity costs the supplier is not known.
    """
    from estimation.assortment import Assortment, AtMost, OnePrice

    label = "a standard offer at 9 cents instead"
    table = offers()
    problem = Assortment.from_fit(fit, table, "pf", instead=STANDARD, draws=DRAWS, most_people=PEOPLE)
    return problem.about(f"{fit.label}, {label}").subject_to(OnePrice(), AtMost(MOST))


def offers() -> pd.DataFrame:
    """Return one row per (contract, price), with the attributes of the study."""
    import pandas as pd

    rows = {
        (f"{who}, {years} years", price): {"pf": price, "cl": float(years), **traits, "tod": 0.0, "seas": 0.0}
        for (who, traits), years, price in product(WHO.items(), YEARS, PRICES)
    }
    table = pd.DataFrame.from_dict(rows, orient="index")
    return table.set_axis(pd.MultiIndex.from_tuples(rows, names=["contract", "price"]))


def _fit(out: Path) -> ChoiceFit:
    """Return the fit in which people differ, or else the one in which everybody is alike."""
    from estimation.inference.load import load_fit

    kept = [out / f"{SUPPLIERS}-{kind}.nc" for kind in ("people-differ", "everybody-alike")]
    return load_fit(next(path for path in kept if path.is_file()))


def _text(tradeoff: Tradeoff, page: Path, seconds: float) -> str:
    from estimation.report.menus.tables import decision_table
    from estimation.report.menus.words import verdict_under

    label = tradeoff.problem.catalogue.label
    words = f"What to offer ({label}): {verdict_under(tradeoff)}"
    return f"{tables_as_text([decision_table(tradeoff)])}\n{words}\n({seconds:.0f} seconds; report: {page})\n"


def _data(tradeoff: Tradeoff, page: Path, csv: Path, seconds: float) -> dict[str, Any]:
    label = tradeoff.problem.catalogue.label
    about = {"data": label, "synthetic": "SYNTHETIC" in label, "report": str(page), "csv": str(csv)}
    return about | {"menus": plain(tradeoff.table), "seconds": round(seconds, 1)}
