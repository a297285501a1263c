"""A conjoint study as a survey program exports it, simulated: 40 people, eight tasks, three bags of coffee or none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

PEOPLE, TASKS, SHOWN = 40, 8, 3
PRICES, ROASTS, ORIGINS = ("$4", "$6", "$8", "$10"), ("Light", "Medium", "Dark"), ("Brazil", "Ethiopia")
MEANS = {"none": -3.5, "price": -0.5, "Light": -0.8, "Medium": 0.3, "Ethiopia": 0.6}
"""What people value on average; a dark roast from Brazil is the level that others are compared with."""

LAYOUT = """[choices]
wide = "F-{task}-{alternative}-{attribute}"
chosen = "Q{task}"
subject = "ResponseId"
outside = "none"
attributes = { 1 = "price", 2 = "roast", 3 = "origin" }
alternatives = { "Bag 1" = "1", "Bag 2" = "2", "Bag 3" = "3", "None of these" = "none" }
"""
PRODUCTS = """product,price,roast,origin,margin
house blend,6,Medium,Brazil,2.5
espresso,6,Dark,Brazil,2.4
single estate,8,Light,Ethiopia,4
"""


def write_export(folder: Path, seed: int = 7) -> None:
    """Write ``simulated_coffee.csv``, its layout ``coffee.toml`` and ``products.csv`` into a folder."""
    export(seed).to_csv(folder / "simulated_coffee.csv", index=False)
    (folder / "coffee.toml").write_text(LAYOUT, encoding="utf-8")
    (folder / "products.csv").write_text(PRODUCTS, encoding="utf-8")


def export(seed: int) -> pd.DataFrame:
    """Return the export, with the two headings of Qualtrics below the names of the columns."""
    rng = np.random.default_rng(seed)
    own = np.array(list(MEANS.values())) + rng.normal(0, 0.4, (PEOPLE, 5)) * [1, 0.25, 1, 1, 1]
    sizes = (PEOPLE, TASKS, SHOWN)
    price, roast, origin = (rng.integers(0, count, sizes) for count in (4, 3, 2))
    amount = 4.0 + 2 * price
    worth = own[:, 1, None, None] * amount + own[:, 4, None, None] * (origin == 1)
    worth += own[:, 2, None, None] * (roast == 0) + own[:, 3, None, None] * (roast == 1)
    utility = np.concatenate([worth, np.broadcast_to(own[:, 0, None, None], (PEOPLE, TASKS, 1))], axis=2)
    taken = (utility + rng.gumbel(size=utility.shape)).argmax(axis=2)
    columns: dict[str, list[str]] = {"ResponseId": [f"R_{person + 1:03}" for person in range(PEOPLE)]}
    for task, place in np.ndindex(TASKS, SHOWN):
        for number, (codes, words) in enumerate(((price, PRICES), (roast, ROASTS), (origin, ORIGINS)), 1):
            columns[f"F-{task + 1}-{place + 1}-{number}"] = [words[code] for code in codes[:, task, place]]
    answers = ("Bag 1", "Bag 2", "Bag 3", "None of these")
    columns |= {f"Q{task + 1}": [answers[code] for code in taken[:, task]] for task in range(TASKS)}
    frame = pd.DataFrame(columns)
    headings = [[f"What is {name}?" for name in frame], [json.dumps({"ImportId": name}) for name in frame]]
    return pd.concat([pd.DataFrame(headings, columns=frame.columns), frame], ignore_index=True)
