"""Make this data set again: `python datasets/simulated_pens/generate.py`. Same seeds, same choices."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

import estimation as est

HERE = Path(__file__).parent
PEOPLE, SITUATIONS = 200, 12
PRODUCTS = {"ballpoint pen": (1, 0, 0), "fountain pen": (1, 1, 0), "pencil": (0, 0, 1)}  # ink, nib, lead
PRICES = {"ballpoint pen": (1.0, 3.0), "fountain pen": (2.0, 5.0), "pencil": (0.5, 2.0)}
MEAN = {"ink": 2.0, "nib": 1.0, "lead": 1.2, "price": np.log(0.9)}
SD = {"ink": 2.5, "nib": 0.8, "lead": 2.0, "price": 0.4}
CORRELATION = -0.5  # of the tastes for ink and for lead: those who like ink like lead less


def people(rng: np.random.Generator) -> pd.DataFrame:
    """Return each person's weights; price is negative and log-normal."""
    covariance = np.diag(np.square(list(SD.values())))
    covariance[0, 2] = covariance[2, 0] = CORRELATION * SD["ink"] * SD["lead"]
    latent = rng.multivariate_normal(list(MEAN.values()), covariance, PEOPLE)
    weights = pd.DataFrame(latent, columns=list(MEAN), index=[f"p{n + 1:03d}" for n in range(PEOPLE)])
    return weights.assign(price=-np.exp(weights["price"])).rename_axis("subject")


def situations(rng: np.random.Generator) -> pd.DataFrame:
    """Return what is offered: each product in five situations of six, at prices in steps of a quarter, or nothing."""
    rows = []
    for person in range(PEOPLE):
        for period in range(SITUATIONS):
            offered = [product for product in PRODUCTS if rng.uniform() < 5 / 6]
            key = {"subject": f"p{person + 1:03d}", "situation": f"p{person + 1:03d}-{period + 1:02d}"}
            for product in offered or ["pencil"]:
                features = dict(zip(("ink", "nib", "lead"), PRODUCTS[product], strict=True))
                price = np.round(4 * rng.uniform(*PRICES[product])) / 4
                rows.append({**key, "alternative": product, "chosen": 0, **features, "price": price})
            rows.append({**key, "alternative": "nothing", "chosen": 1, "ink": 0, "nib": 0, "lead": 0, "price": 0.0})
    return pd.DataFrame(rows)


if __name__ == "__main__":
    rng = np.random.default_rng(2026)
    weights = people(rng)
    offered = est.read_choices(situations(rng), outside="nothing", name="simulated_pens", synthetic=True)
    table = est.simulate_choices(est.MultinomialLogit(list(MEAN)), offered, weights, seed=7)
    frame = table.frame.assign(chosen=table.frame["chosen"].astype(int))
    for column in ("ink", "nib", "lead"):
        frame[column] = frame[column].astype(int)
    frame.to_csv(HERE / "choices.csv", index=False)
    weights.round(6).to_csv(HERE / "truth.csv")
