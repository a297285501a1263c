"""The integrated engine on twenty real people: against the joint model, and against a posterior on grids."""

from __future__ import annotations

from dataclasses import replace

import arviz as az
import numpy as np
import pytest

import estimation as est
from estimation.fits.checks import worst_rhat
from estimation.fits.job import Settings
from estimation.inference.sampling import bound_population, sample
from estimation.population.flat import FlatNodes

pytestmark = [pytest.mark.slow, pytest.mark.data]


def receivers(table, first=0):
    """Return every tenth person from `first` on, twenty of them, as receivers."""
    table = table.only("receiver")
    return table.of(table.subjects[first::10][:20])


def agree(fit, reference, names=("mean", "sd")):
    """Hold that posterior means of the population are within three combined Monte-Carlo errors of the reference's."""
    assert worst_rhat(reference) < 1.02
    of_integrals = fit.tree["integration"].dataset
    for name in names:
        a, b = fit.tree["posterior"].dataset[[name]], reference[[name]]
        errors = (az.mcse(a)[name].values, az.mcse(b)[name].values, np.asarray(of_integrals.get(f"{name}_error", 0.0)))
        gap = a[name].mean(("chain", "draw")).values - b[name].mean(("chain", "draw")).values
        assert (np.abs(gap) < 3 * np.sqrt(sum(error**2 for error in errors))).all(), (name, gap, errors)


@pytest.mark.parametrize("theory", [est.TrustEmbedded(), est.LevelK(max_level=2, lapse=False)], ids=lambda t: t.name)
def test_the_population_is_the_same_in_both_engines(oey_table, theory):
    """Level-k without lapses: with them people have two peaks, and the joint model's chains stay where they begin."""
    table = receivers(oey_table)
    one = est.fit(theory, table, seed=1, draws=1000, accuracy=4, progress=False)
    assert est.diagnose(one).ok, est.diagnose(one).verdict
    other = est.fit(theory, table, seed=2, method="joint", draws=1000, tune=1000, progress=False)
    agree(one, other.tree["posterior"].dataset)


@pytest.mark.parametrize("first", [0, 5])
def test_under_level_k_with_lapses_the_population_is_that_of_integrals_over_grids(oey_table, first):
    """Two parameters allow an even grid for everybody; chains that begin anywhere in the prior find the same people.

    Some people reply exactly with lapses, or imprecisely: peaks between which the joint model's chains do not move
    (``first=5``: all four in one, R-hat 1.01, where the exact log posterior is 8 nats lower). A grid has both, and it
    owes nothing to where the engine looked.
    """
    table = receivers(oey_table, first)
    fit = est.fit(est.LevelK(max_level=2), table, seed=1, draws=1000, accuracy=4, progress=False)
    assert est.diagnose(fit).ok, est.diagnose(fit).verdict
    compiled = bound_population((gridded(fit.problem),), fit.problem.structure)
    tree = sample(compiled, replace(Settings(), seed=3, draws=500, tune=500), range(4))
    agree(fit, tree["posterior"].dataset, ("mean", "sd", "share"))


def gridded(problem, step=0.1, forgotten=40.0):
    """Return nodes on an even grid of precision and lapse, where a person is not `forgotten` nats from their best."""
    precision, lapse = np.arange(-14, 12, step), np.arange(-22, 14, 2 * step)
    grid = np.ascontiguousarray(np.stack(np.meshgrid(precision, lapse, indexing="ij")).reshape(2, -1))
    likelihood = [
        problem.crowd.evaluate(kind, person, grid)
        for kind in range(problem.kinds)
        for person in range(len(problem.crowd))
    ]
    kept = [own > own.max() - forgotten for own in likelihood]
    return FlatNodes(
        np.ascontiguousarray(np.concatenate([grid[:, keep] for keep in kept], axis=1)),
        np.concatenate([own[keep] for own, keep in zip(likelihood, kept, strict=True)]) + np.log(2 * step**2),
        np.concatenate([[0], np.cumsum([keep.sum() for keep in kept])]).astype("int64"),
        problem.kinds,
    )
