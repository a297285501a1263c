"""What a market simulation says, as tables of text."""

from __future__ import annotations

from estimation.choice.quantities.quantity import Quantity
from estimation.evaluation.facts.hit_rates import HitRates
from estimation.text.digits import ABSENT, number
from estimation.text.table import TextTable


def importances_table(importances: Quantity) -> TextTable:
    """Return how much each attribute matters, the most important first."""
    table = importances.table.sort_values("median", ascending=False)
    rows = tuple((str(name), *_per_cent(row)) for name, row in table.iterrows())
    head = ("attribute", "importance, %", "90 % interval")
    return TextTable(f"How much attributes matter: {importances.label}", head, rows, (1, 2))


def hits_table(hits: HitRates) -> TextTable:
    """Return how well choices are predicted."""
    rows = tuple(
        (
            str(name),
            number(row["estimate"]),
            f"{number(row['low'])} to {number(row['high'])}",
            number(row["by guessing"]),
        )
        for name, row in hits.table.iterrows()
    )
    head = ("measure", "estimate", "90 % interval", "by guessing")
    return TextTable(f"How well choices are predicted: {hits.label}", head, rows, (1, 2, 3))


def shares_table(shares: Quantity) -> TextTable:
    """Return who takes what in each scenario, per cent: alternatives in rows, scenarios in columns."""
    scenarios, alternatives = (
        [str(label) for label in shares.draws[dim].to_numpy()] for dim in ("scenario", "alternative")
    )
    rows = []
    for label in alternatives:
        cells = (_per_cent(shares.table.loc[(scenario, label)]) for scenario in scenarios)
        rows.append((label, *(f"{middle} ({reach})" if reach else middle for middle, reach in cells)))
    head = ("alternative", *(f"{name}, %" for name in scenarios))
    return TextTable(
        f"Shares, medians and 90 % intervals: {shares.label}", head, tuple(rows), tuple(range(1, len(head)))
    )


def curve_table(curve: Quantity, alternative: str) -> TextTable:
    """Return the share of the alternative whose price changes, and what it earns per hundred choices."""
    share = curve.draws.sel(alternative=alternative)
    earned = 100 * share * share["price"]
    rows = []
    for at in share["price"].to_numpy():
        low, middle, high = (float(value) for value in share.sel(price=at).quantile([0.05, 0.5, 0.95]))
        row = {"low": low, "median": middle, "high": high}
        rows.append((number(at), *_per_cent(row), number(earned.sel(price=at).median())))
    caption = f"{curve.name[0].upper()}{curve.name[1:]}: {curve.label}"
    head = ("price", f"share of {alternative}, %", "90 % interval", "price × share, per 100 choices")
    return TextTable(caption, head, tuple(rows), (0, 1, 2, 3))


def _per_cent(row: object) -> tuple[str, str]:
    """Return a share and its interval, per cent; nothing for what is not offered."""
    low, middle, high = (number(100 * row[level]) for level in ("low", "median", "high"))  # type: ignore[index]
    return (middle, "") if middle == ABSENT else (middle, f"{low} to {high}")
