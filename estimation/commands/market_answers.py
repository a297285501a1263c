"""What `estimation market` finds out about a market, as tables, as sentences, as plain data and as pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from estimation.commands.shown import plain

if TYPE_CHECKING:
    from estimation.assortment.posterior.decision import Decision
    from estimation.choice.problem import ChoiceFit
    from estimation.choice.quantities.quantity import Quantity
    from estimation.evaluation.facts.hit_rates import HitRates
    from estimation.report.picture import Picture
    from estimation.text.table import TextTable


@dataclass(frozen=True)
class MarketAnswers:
    """What matters, how well choices are predicted, who buys what, at which price, and what to offer.

    Attributes
    ----------
    fit
        The fit of choices that says so.
    importances, hits, shares
        Of attributes, of predictions, and of products in each scenario.
    curves
        Shares as the price changes, by product.
    menu
        What earns most, if that was asked for.
    """

    fit: ChoiceFit
    importances: Quantity
    hits: HitRates
    shares: Quantity
    curves: dict[str, Quantity]
    menu: Decision | None

    def tables(self) -> list[TextTable]:
        """Return one table for each answer."""
        from estimation.report.choices.market_tables import curve_table, hits_table, importances_table, shares_table

        first = [importances_table(self.importances), hits_table(self.hits), shares_table(self.shares)]
        return first + [curve_table(curve, name) for name, curve in self.curves.items()]

    def sentences(self) -> list[str]:
        """Return what tables do not say."""
        best = [] if self.menu is None else [f"The menu that earns most: {self.menu}"]
        return [*self.hits.notes, *best]

    def plain(self) -> dict[str, Any]:
        """Return everything as plain data."""
        result = {
            "data": self.fit.label,
            "synthetic": self.fit.table.synthetic,
            "importances": plain(self.importances.table),
            "predictions": plain(self.hits.table),
            "notes": list(self.hits.notes),
            "shares": plain(self.shares.table),
            "curves": {name: plain(curve.table) for name, curve in self.curves.items()},
        }
        if self.menu is not None:
            menu = {"products": list(self.menu.products), "revenue": self.menu.revenue, "bound": self.menu.bound}
            result["menu"] = menu
        return result

    def pictures(self) -> dict[str, Picture]:
        """Return importances and curves by the names of their files."""
        from estimation.report.choices.market_gallery import curve_picture, importance_picture

        curves = enumerate(self.curves.items(), 1)
        drawn = {f"curve_{place}.svg": curve_picture(curve, name) for place, (name, curve) in curves}
        return {"importance.svg": importance_picture(self.importances, "the fit")} | drawn
