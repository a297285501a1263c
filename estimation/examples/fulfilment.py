"""What to stock in three fulfilment centres: a worked placement on SYNTHETIC data."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Hashable

import numpy as np
import pandas as pd

from estimation.assortment import (
    Assortment,
    AtMost,
    NotUnimodularWarning,
    PerCategory,
    Placement,
    Requires,
    UnderDraws,
    under_draws,
)
from estimation.assortment.constraints.base import Constraint
from estimation.data.library.places import shipped_folder

NAME = "simulated_fulfilment"
MINIMA: dict[Hashable, int] = {"toothpaste": 1, "drinks": 1, "snacks": 2, "household": 1}
"""Categories that every centre must carry, and how many products of each."""


def simulated_fulfilment() -> Placement:
    """Return three fulfilment centres that choose from one catalogue (SYNTHETIC).

    Each centre has a number of slots, must carry some products of each basic category, and may not split a pen from its
    notebook. In each, some customers are loyal to one toothpaste that earns little and buy hardly anything else; all
    others choose by a logit of their own. The mixture of the two is no logit, so each centre is solved by search with a
    bound. All numbers are made up (``datasets/simulated_fulfilment/generate.py``).

    Examples
    --------
    >>> plan = simulated_fulfilment().solve(utility_weight=1.0)
    >>> plan.table.index.tolist()
    ['north', 'harbour', 'station', 'total']
    """
    folder = shipped_folder() / NAME
    products = pd.read_csv(folder / "products.csv", index_col="product", keep_default_na=False)
    centres = pd.read_csv(folder / "centres.csv", index_col="centre")
    problems = {
        str(name): _centre(products, str(name), int(row["slots"]), float(row["loyal_share"]))
        for name, row in centres.iterrows()
    }
    customers = {str(name): float(many) for name, many in centres["customers"].items()}
    return Placement(problems, customers, label=f"{NAME} (SYNTHETIC)")


def _centre(products: pd.DataFrame, name: str, slots: int, loyal_share: float) -> UnderDraws:
    weights = products[[f"loyal_{name}", f"others_{name}"]].to_numpy().T
    shares = np.array([loyal_share, 1.0 - loyal_share])
    problem = Assortment(
        products["revenue"], shares @ weights, products=products.index, label=f"{name} (SYNTHETIC)"
    ).subject_to(AtMost(slots), PerCategory(products["category"], at_least=MINIMA), *_sets(products))
    with warnings.catch_warnings():  # a cap and pairs together are solved by branch and bound, which is quick here
        warnings.simplefilter("ignore", NotUnimodularWarning)
        _ = problem.oracle
    return under_draws(problem, weights[None], shares=shares)


def _sets(products: pd.DataFrame) -> list[Constraint]:
    """Neither the pen nor the notebook of a set without the other."""
    sets = [members.index for _, members in products[products["set"] != ""].groupby("set")]
    return [Requires(*pair) for members in sets for pair in itertools.permutations(members)]
