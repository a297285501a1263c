"""The last step of the demo: from choices to what people value, and from there to what to offer."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from estimation.assortment import Assortment, Tradeoff
    from estimation.choice.fitted import ChoiceFit
    from estimation.data.choices import ChoiceTable

REAL, SYNTHETIC = "camera", "simulated_pens"
SEED = 20110611
PRODUCTS, SPACE, PER_BRAND = 24, 6, 2
BRANDS = ("canon", "sony", "nikon", "panasonic")
PRICES = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0)


@dataclass(frozen=True)
class Offer:
    """What the demo found out about menus, and where it is kept."""

    tradeoff: Tradeoff
    report: Path
    csv: Path
    seconds: float


def offer(out: Path) -> Offer:
    """Fit a logit to choices and write what to offer: of cameras if their data are there, of made-up pens if not."""
    from estimation.assortment import under_draws
    from estimation.choice.models import MultinomialLogit
    from estimation.commands.compare import busy
    from estimation.data import is_available, load
    from estimation.inference.public import fit
    from estimation.report.document import report

    started = time.perf_counter()
    choices: Any = load(REAL if is_available(REAL) else SYNTHETIC)
    with busy(f"{choices.label}: what people value, and what to offer"):
        fitted = fit(MultinomialLogit(choices.attributes), choices, seed=SEED)
        problem = cameras(fitted, choices) if choices.name == REAL else pens(fitted, choices)
        tradeoff = under_draws(problem).frontier()
        stem = out / f"{choices.name}-menus"
        written = report(tradeoff, stem.with_suffix(".html"))
        kept = tradeoff.at_the_mean.to_csv(stem.with_suffix(".csv"))
    return Offer(tradeoff, written, kept, time.perf_counter() - started)


def cameras(fitted: ChoiceFit, choices: ChoiceTable) -> Assortment:
    """Return the problem of a shop with room for a few cameras, of those that the study showed most often.

    Revenue is the price: what the cameras cost the shop is not known.
    """
    from estimation.assortment import Assortment, AtMost, PerCategory

    products = shown_most(choices, PRODUCTS)
    brand = [next(name for name in BRANDS if row[name]) for _, row in products.iterrows()]
    problem = Assortment.from_fit(fitted, products, "price")
    return problem.subject_to(AtMost(SPACE), PerCategory(brand, at_most=PER_BRAND))


def pens(fitted: ChoiceFit, choices: ChoiceTable) -> Assortment:
    """Return the problem of which pens to offer, each at one of a few prices (SYNTHETIC)."""
    import pandas as pd

    from estimation.assortment import Assortment, OnePrice

    rows = choices.rows
    inside = rows[rows["alternative"] != choices.outside]
    kinds = inside.groupby("alternative", observed=True)[["ink", "nib", "lead"]].first()
    products = pd.concat({price: kinds.assign(price=price) for price in PRICES}).swaplevel().sort_index()
    return Assortment.from_fit(fitted, products, "price").subject_to(OnePrice())


def shown_most(choices: ChoiceTable, count: int) -> pd.DataFrame:
    """Return the alternatives that were shown most often, one row each with its attributes, named by them."""
    rows, attributes = choices.rows, list(choices.attributes)
    inside = rows[rows["alternative"] != choices.outside]
    shown = inside.groupby(attributes, sort=True).size().sort_values(ascending=False, kind="stable")
    profiles = shown.index[:count].to_frame(index=False)
    words = [
        " ".join(
            [*(name for name in attributes if name != "price" and row[name]), f"${100 * row['price']:.0f}"]
        )
        for _, row in profiles.iterrows()
    ]
    return profiles.set_axis(words)


def as_text(found: Offer) -> str:
    """Return what was found, as a terminal shows it."""
    from estimation.commands.shown import drawn
    from estimation.report.menu_tables import decision_table
    from estimation.report.menu_words import verdict_under

    label = found.tradeoff.under.problem.catalogue.label
    text = f"What to offer ({label}): {verdict_under(found.tradeoff)}"
    return f"{drawn([decision_table(found.tradeoff)])}\n{text}\n({found.seconds:.0f} seconds; report: {found.report})\n"


def as_data(found: Offer) -> dict[str, Any]:
    """Return what was found as plain data."""
    from estimation.commands.shown import plain

    label = found.tradeoff.under.problem.catalogue.label
    return {
        "data": label,
        "synthetic": "SYNTHETIC" in label,
        "menus": plain(found.tradeoff.table),
        "report": str(found.report),
        "csv": str(found.csv),
        "seconds": round(found.seconds, 1),
    }
