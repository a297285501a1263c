"""How much utility little revenue buys, on instances of our own making.

Price 10 u^2 x and weight proportional to (1 - u) y with u uniform on [0, 1] and x, y uniform on [0.75, 1.25]:
dear products have small weights. Means of 50 instances were computed once with an independent implementation.
"""

from __future__ import annotations

import numpy as np
import pytest

from estimation.assortment import Assortment, AtMost

# products, no purchase with everything on offer, cap as a share; candidates, percent of utility gained for
# at most 1, 2, 5, 10 percent of revenue
TARGETS = [
    (100, 0.1, 0.1, 26.7, (7.9, 13.4, 22.3, 34.1)),
    (100, 0.1, 0.5, 72.6, (12.6, 18.4, 29.9, 41.3)),
    (100, 0.1, 1.0, 59.1, (12.1, 18.3, 31.4, 46.7)),
    (100, 0.3, 0.2, 39.4, (8.5, 13.1, 22.6, 33.9)),
    (100, 0.3, 1.0, 42.4, (12.5, 18.7, 31.4, 47.1)),
    (100, 0.5, 1.0, 33.0, (12.7, 19.3, 33.3, 51.7)),
    (200, 0.3, 0.2, 80.4, (10.3, 15.3, 25.8, 38.2)),
    (200, 0.3, 1.0, 84.8, (13.3, 19.6, 32.8, 48.6)),
    (500, 0.1, 0.1, 129.9, (10.9, 16.0, 26.0, 37.8)),
    (500, 0.3, 0.2, 196.9, (11.2, 16.1, 26.0, 37.8)),
    (500, 0.5, 1.0, 163.5, (15.0, 21.9, 36.4, 54.7)),
]


def instance(count, none, cap, repetition):
    rng = np.random.default_rng([2021, count, int(100 * none), int(100 * cap), repetition])
    u, x, y = rng.uniform(0, 1, count), rng.uniform(0.75, 1.25, count), rng.uniform(0.75, 1.25, count)
    weight = (1 - u) * y
    problem = Assortment(10 * u**2 * x, weight * (1 - none) / none / weight.sum())
    return problem if cap == 1 else problem.subject_to(AtMost(int(cap * count)))


@pytest.mark.parametrize(
    ("count", "none", "cap", "candidates", "gains"),
    [pytest.param(*row, marks=pytest.mark.slow if row[0] > 200 else ()) for row in TARGETS],
)
def test_utility_gained_for_revenue_lost_equals_the_independent_computation(count, none, cap, candidates, gains):
    found, sizes = [], []
    for repetition in range(50):
        frontier = instance(count, none, cap, repetition).frontier()
        base = frontier.table["utility"].iloc[0]
        revenue, utility = (frontier.candidates[column].to_numpy() for column in ("revenue", "utility"))
        utilities = np.array([utility[revenue >= (1 - loss) * revenue[0]].max() for loss in (0.01, 0.02, 0.05, 0.10)])
        found.append(100 * (utilities / base - 1))
        sizes.append(len(frontier.candidates))
    np.testing.assert_allclose(np.mean(found, axis=0), gains, atol=0.1)
    assert np.mean(sizes) == pytest.approx(candidates, abs=0.1)
