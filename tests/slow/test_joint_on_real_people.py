"""The integrated engine on twenty real people: against the joint model, and against integrals over a grid."""

from __future__ import annotations

import arviz as az
import numpy as np
import pytest
from scipy import special

import estimation as est
from estimation.convergence import worst_rhat
from estimation.population.flat import FlatNodes
from estimation.population.likelihoods import likelihoods_of_people

pytestmark = [pytest.mark.slow, pytest.mark.data]


def receivers(table, first=0):
    """Return every tenth person from `first` on, twenty of them, as receivers."""
    table = table.only("receiver")
    return table.of(table.subjects[first::10][:20])


def test_under_trust_the_population_is_the_same_in_both_engines(oey_table):
    table = receivers(oey_table)
    one = est.fit(est.TrustEmbedded(), table, seed=1, draws=1000, accuracy=4, progress=False)
    other = est.fit(est.TrustEmbedded(), table, seed=2, method="joint", draws=1000, tune=1000, progress=False)
    assert worst_rhat(other.tree["posterior"].dataset) < 1.05
    for name in ("mean", "sd"):
        a, b = one.tree["posterior"].dataset[[name]], other.tree["posterior"].dataset[[name]]
        error = np.sqrt(
            az.mcse(a)[name] ** 2 + az.mcse(b)[name] ** 2 + one.tree["integration"][f"{name}_error"] ** 2
        )
        gap = np.abs(a[name].mean(("chain", "draw")) - b[name].mean(("chain", "draw")))
        assert (gap < 3 * error).all(), (name, (gap / error).values, az.rhat(b)[name].values)


@pytest.mark.parametrize("first", [0, 5])
def test_under_level_k_integrals_are_those_of_a_grid(oey_table, first):
    """Two parameters allow an integral over a fine grid where the joint model's chains did not mix.

    Some people have two peaks: lapses between exact replies, or imprecise replies. Its chains stay where they began:
    with ``first=5`` all four in the same wrong one, R-hat 1.01, where the exact log posterior is 8 nats lower.
    The grid is held at the engine's own draws: it does not show whether other populations were missed.
    """
    fit = est.fit(
        est.LevelK(max_level=2), receivers(oey_table, first), seed=1, draws=1000, accuracy=4, progress=False
    )
    assert est.diagnose(fit).ok, est.diagnose(fit).verdict
    precision, lapse = np.linspace(-14, 12, 521), np.linspace(-22, 14, 721)
    grid = np.ascontiguousarray(np.stack(np.meshgrid(precision, lapse, indexing="ij")).reshape(2, -1))
    cell = np.log((precision[1] - precision[0]) * (lapse[1] - lapse[0]))
    kinds, problem = range(fit.problem.kinds), fit.problem
    likelihood = np.array([[problem.evaluate(kind, person, grid) for kind in kinds] for person in range(20)])
    rows = np.linspace(0, len(fit.draws) - 1, 40).astype(int)
    exact = np.empty((len(rows), 20))
    for row, draw in enumerate(rows):
        population = fit.draws[int(draw)]
        terms = likelihood + population.log_density(grid) + np.log(population.share)[:, None]
        exact[row] = special.logsumexp(terms, axis=(1, 2)) + cell
    nodes = (FlatNodes.from_dataset(fit.tree["nodes"]["0"].dataset),)
    found = likelihoods_of_people(nodes, fit.draws)[rows]
    assert np.abs((found - exact).sum(axis=1)).max() < 0.3, (found - exact).sum(axis=1)
