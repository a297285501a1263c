"""An upper bound on the expected objective of any menu, by integer programming."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from estimation.arrays import Array
from estimation.assortment.constraints.base import Rows
from estimation.assortment.oracles.base import Oracle
from estimation.assortment.oracles.highs import Program
from estimation.assortment.posterior.draws import Draws

TANGENTS = 24


def program_bound(draws: Draws, oracle: Oracle, rows: Rows, utility_weight: float, seconds: float) -> float:
    """Bound the mean over draws and people of revenue + utility_weight x utility, whenever the time is up.

    One binary x per product; per logit the sales w of the sales-based program, tied to x by the bounds of w_0
    with and without the product (Bront, Mendez-Diaz and Vulcano 2009; Mendez-Diaz et al. 2014). Utility log(1
    + V) is concave and replaced by its tangents from above, so that the lever needs no further binaries, and
    1 / (1 + V) by its tangents from below (Sen, Atamturk and Kaminsky 2018). What the tangents miss remains
    in the bound.
    """
    program = sales_program(draws, oracle, rows)
    gain = objective_row(draws, utility_weight)
    program.limit(seconds)
    program.maximise(gain)
    return program.bound


def sales_program(draws: Draws, oracle: Oracle, rows: Rows) -> Program:
    """Columns: x (product,), then w_0, w (product,) and u of each logit."""
    count, width = draws.logits.shape
    blocks, lower, upper = [], [], []
    for draw, weight in enumerate(draws.logits):
        for body, low, high in _rows_of_draw(weight, float(weight[oracle.best(weight)].sum())):
            blocks.append(_placed(body, draw, count, width))
            lower.append(low)
            upper.append(high)
    blocks.append(_block([rows.matrix, _empty(len(rows), count * (width + 2))]))
    bounds = np.concatenate([*lower, rows.lower]), np.concatenate([*upper, rows.upper])
    is_menu = np.arange(width + count * (width + 2)) < width
    limits = np.zeros(len(is_menu)), np.where(is_menu, 1.0, np.inf)
    return Program(sparse.csr_array(sparse.vstack(blocks)), bounds, limits, is_menu)


def _rows_of_draw(weight: Array, largest: float) -> list[tuple[sparse.csr_array, Array, Array]]:
    """Rows over (x, w_0, w, u) of one logit; `largest` is the largest attraction of a feasible menu."""
    width = len(weight)
    eye, zero = sparse.eye_array(width), _empty(width, 1)
    least, most = 1.0 / (1.0 + largest), 1.0 / (1.0 + weight)
    one, none = np.ones((width, 1)), np.full(width, -np.inf)
    at = np.expm1(np.linspace(0.0, np.log1p(largest), TANGENTS))
    steep = np.outer(1.0 / (1.0 + at), weight)
    column, tangent = np.ones((TANGENTS, 1)), (1.0 + 2.0 * at) / (1.0 + at) ** 2
    blank, no_product = _empty(TANGENTS, 1), _empty(TANGENTS, width)
    return [
        (_block([_empty(1, width), [[1.0]], weight[None], _empty(1, 1)]), np.ones(1), np.ones(1)),
        (_block([-sparse.diags_array(most), zero, eye, zero]), none, np.zeros(width)),
        (_block([-least * eye, zero, eye, zero]), np.zeros(width), np.full(width, np.inf)),
        (_block([-least * eye, -one, eye, zero]), none, np.full(width, -least)),
        (_block([-eye, -one, eye, zero]), np.full(width, -1.0), np.full(width, np.inf)),
        (_block([-steep, blank, no_product, column]), np.full(TANGENTS, -np.inf), np.log1p(at) - at / (1.0 + at)),
        (_block([steep / (1.0 + at)[:, None], column, no_product, blank]), tangent, np.full(TANGENTS, np.inf)),
    ]


def objective_row(draws: Draws, utility_weight: float) -> Array:
    """Mean objective over the logits, over x and all (w_0, w, u)."""
    count, width = draws.logits.shape
    part = draws.probability[:, None]
    per_draw = np.zeros((count, width + 2))
    per_draw[:, 1:-1] = part * draws.logits * draws.catalogue.revenue
    per_draw[:, -1:] = part * utility_weight
    return np.concatenate([np.zeros(width), per_draw.ravel()])


def _placed(body: sparse.csr_array, draw: int, count: int, width: int) -> sparse.csr_array:
    """Put rows over (x, w_0, w, u) of one logit among the columns of all."""
    height, block = body.shape[0], width + 2
    before, after = _empty(height, draw * block), _empty(height, (count - draw - 1) * block)
    return _block([body[:, :width], before, body[:, width:], after])


def _block(parts: list[object]) -> sparse.csr_array:
    return sparse.csr_array(sparse.hstack([sparse.csr_array(part) for part in parts]))


def _empty(rows: int, columns: int) -> sparse.csr_array:
    return sparse.csr_array((rows, columns))
