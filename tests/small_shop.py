"""Four products of a small shop, under the constraints that a test gives."""

from __future__ import annotations

from estimation.assortment import Assortment


def shop(*constraints):
    products = ["pen", "pencil", "notebook", "pad"]
    return Assortment([3.0, 2.0, 5.0, 4.0], [1.0, 2.0, 0.5, 0.7], products=products).subject_to(*constraints)
