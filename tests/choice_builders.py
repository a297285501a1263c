"""Small valid choices that tests vary."""

from __future__ import annotations

import numpy as np
import pandas as pd

import estimation as est

WEIGHTS = {"price": -0.8, "quality": 1.2}


def choice_frame(people: int = 6, situations: int = 4, seed: int = 3) -> pd.DataFrame:
    """Ragged choices among up to three products: prices, qualities, the income of the person; row labels count on."""
    rng = np.random.default_rng(seed)
    rows = []
    for person in range(people):
        income = float(rng.integers(1, 9))
        for number in range(situations):
            labels = ["a", "b", "c"][: 2 + (person + number) % 2]
            price, quality = rng.uniform(1, 5, len(labels)), rng.normal(size=len(labels))
            value = WEIGHTS["price"] * price + WEIGHTS["quality"] * quality + rng.gumbel(size=len(labels))
            for place, label in enumerate(labels):
                rows.append(
                    {
                        "subject": f"s{person + 1}",
                        "situation": f"{person + 1}-{number + 1}",
                        "alternative": label,
                        "chosen": int(place == value.argmax()),
                        "price": price[place],
                        "quality": quality[place],
                        "income": income,
                    }
                )
    return pd.DataFrame(rows)


def choice_table(people: int = 6, situations: int = 4, seed: int = 3, **options) -> est.ChoiceTable:
    """Check a `choice_frame`; options go to `read_choices`."""
    return est.read_choices(choice_frame(people, situations, seed), **({"name": "made_up"} | options))


def with_outside(people: int = 40, situations: int = 10, seed: int = 5, weights=None) -> est.ChoiceTable:
    """Simulate choices among three products and nothing, with known weights."""
    table = est.read_choices(choice_frame(people, situations, seed).assign(chosen=0), outside="nothing")
    model = est.MultinomialLogit(list(weights or WEIGHTS))
    return est.simulate_choices(model, table, weights or WEIGHTS, seed=seed)


def branded(people: int = 6) -> est.ChoiceTable:
    """Choices with a brand of each alternative and a column whose name has a space."""
    frame = choice_frame(people).assign(brand=lambda f: f.alternative.map({"a": "mine", "b": "yours", "c": "mine"}))
    return est.read_choices(frame.assign(**{"a price": frame.price / 7}))
