"""Make these files again: `python datasets/simulated_fulfilment/generate.py`. Same seed, same products."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
CENTRES = {  # customers per day, slots, share of loyal toothpaste buyers, taste for dear products
    "north": (1200, 14, 0.10, 0.0),
    "harbour": (800, 10, 0.20, -0.3),
    "station": (2000, 18, 0.15, 0.3),
}
KINDS = {  # products of each category, typical margin, typical weight of one product
    "toothpaste": (6, 0.6, 0.10),
    "drinks": (8, 0.8, 0.08),
    "snacks": (10, 0.9, 0.06),
    "household": (8, 2.2, 0.04),
    "electronics": (6, 6.0, 0.02),
}
SETS = ("fine", "school", "sketch")  # a pen and a notebook each, which must not be split
LOYAL = "toothpaste 1"


def products(rng: np.random.Generator) -> pd.DataFrame:
    """Return label, category, margin, set, and each centre's weights for loyal buyers and for everybody else."""
    rows = [
        (f"{kind} {number}", kind, margin * rng.uniform(0.6, 1.6), "", weight * rng.lognormal(0, 0.6))
        for kind, (count, margin, weight) in KINDS.items()
        for number in range(1, count + 1)
    ]
    for name in SETS:
        rows.append((f"{name} pen", "writing", rng.uniform(0.5, 1.0), name, 0.10 * rng.lognormal(0, 0.5)))
        rows.append((f"{name} notebook", "writing", rng.uniform(1.5, 3.0), name, 0.06 * rng.lognormal(0, 0.5)))
    table = pd.DataFrame(rows, columns=["product", "category", "revenue", "set", "base"])
    table.loc[table["product"] == LOYAL, "revenue"] = 0.25
    for centre, (_, _, _, dear) in CENTRES.items():
        taste = np.exp(dear * np.log(table["revenue"]) + rng.normal(0, 0.4, len(table)))
        table[f"others_{centre}"] = table["base"] * taste
        table[f"loyal_{centre}"] = np.where(table["product"] == LOYAL, 6.0, 0.02 * table["base"])
    return table.drop(columns="base")


if __name__ == "__main__":
    products(np.random.default_rng(2021)).round(4).to_csv(HERE / "products.csv", index=False)
    columns = ["customers", "slots", "loyal_share", "taste_for_dear"]
    centres = pd.DataFrame.from_dict(CENTRES, orient="index", columns=columns).rename_axis("centre")
    centres.drop(columns="taste_for_dear").to_csv(HERE / "centres.csv")
