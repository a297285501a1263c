"""Where likelihoods are known: errors are how far other draws move scores, and no other weights predict better."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from estimation.evaluation.scores.loo import leave_people_out
from estimation.evaluation.scores.stacking import stacking_weights


def test_the_error_of_a_score_is_how_far_other_draws_of_the_same_posterior_move_it():
    """Means of a normal with known posterior: nothing is integrated, so that draws are all that errs."""
    rng = np.random.default_rng(1)
    people, found = 0.8 * stats.norm.ppf((np.arange(40) + 0.5) / 40), []
    for _ in range(80):
        mean = rng.normal(size=(2, 250)) / np.sqrt(40)
        likelihood = xr.DataArray(
            stats.norm.logpdf(people, mean[..., None]),
            dims=("chain", "draw", "subject"),
            coords={"subject": [f"s{number}" for number in range(40)]},
        )
        groups = {"posterior": {"mean": (("chain", "draw"), mean)}, "log_likelihood": {"people": likelihood}}
        tree = xr.DataTree.from_dict({name: xr.Dataset(group) for name, group in groups.items()})
        found.append(leave_people_out({"": SimpleNamespace(tree=tree, problem=None)})[""])
    assert not any(score.refitted for score in found)
    spread, told = np.std([score.elpd.sum() for score in found]), np.mean([score.error for score in found])
    assert abs(np.log(told / spread)) < 3.5 / np.sqrt(2 * len(found))


def test_stacking_is_right_where_likelihoods_underflow():
    rng = np.random.default_rng(0)
    elpd = np.log(rng.dirichlet([2, 1], size=400))
    np.testing.assert_allclose(stacking_weights(elpd - 1000), stacking_weights(elpd), atol=1e-9)


def test_stacking_agrees_with_an_independent_optimiser():
    from scipy.optimize import minimize_scalar

    rng = np.random.default_rng(1)
    elpd = rng.normal(size=(200, 2))
    best = minimize_scalar(lambda w: -np.log(np.exp(elpd) @ [w, 1 - w]).sum(), bounds=(0, 1), method="bounded")
    np.testing.assert_allclose(stacking_weights(elpd)[0], best.x, atol=1e-4)


@pytest.mark.parametrize(("seed", "models", "lead"), [(0, 2, 0.001), (1, 3, 0.01), (2, 6, 0.1), (3, 9, 1.0)])
def test_no_other_weights_predict_better(seed, models, lead):
    elpd = np.random.default_rng(seed).normal(np.arange(models) * lead, 0.01 + lead, size=(1000, models))
    likelihood = np.exp(elpd)
    weight = stacking_weights(elpd)
    assert weight.sum() == pytest.approx(1)
    ratio = (likelihood / (likelihood @ weight)[:, None]).mean(axis=0)
    assert len(elpd) * np.log(ratio.max()) < 1e-3, "nats that other weights could gain"
