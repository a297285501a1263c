"""The PyMC model that anybody may extend is the model that the engine fits, and ArviZ reads what came of it."""

from __future__ import annotations

import sysconfig
from types import SimpleNamespace

import arviz as az
import numpy as np
import nutpie
import pymc as pm
import pytensor
import pytest
from engine import trust_experiment
from uncompiled import UNCOMPILED

import estimation as est
from estimation.choice.utilities.design import arrays_of
from estimation.fits.job import Settings
from estimation.inference import sampling


@pytest.fixture(scope="module")
def table():
    return trust_experiment(people=5, decisions=6)[0]


def test_a_theorys_model_has_the_names_and_the_dimensions_of_the_fits_tree(table):
    theory = est.Mixture([est.TrustEmbedded(), est.LevelK(max_level=1)], correlated=True)
    model = est.pymc_model(theory, table)
    fit = est.fit(theory, table, seed=1, method="importance", draws=50, chains=2, accuracy=0.2, progress=False)
    for name, variable in fit.posterior.data_vars.items():
        if name != "partial":
            (dim,) = model.named_vars_to_dims[name]
            labels = fit.problem.labels[dim]
            assert list(model.coords[dim]) == labels
            assert variable.shape[2:] == (len(labels),)
    assert model.named_vars_to_dims["theta"] == ("subject", "parameter")
    assert list(model.coords["subject"]) == table.subjects


def test_a_logits_model_is_the_likelihood_and_the_prior_that_are_fitted():
    table = est.load("simulated_pens")
    model = est.MultinomialLogit(["price"], constants=True)
    made, arrays = est.pymc_model(model, table), arrays_of(model, table)
    weights = np.linspace(-0.5, 0.5, len(arrays.attributes))
    compiled = made.compile_fn(made.replace_rvs_by_values(made.potentials), point_fn=True, mode=UNCOMPILED)
    assert compiled({"coefficients": weights})[0] == pytest.approx(model.likelihood(table).slope(weights)[0])
    assert list(made.coords["coefficient"]) == list(arrays.attributes)


@pytest.mark.parametrize(
    ("model", "data"),
    [(est.DynamicTrust(), None), (est.MultinomialLogit(["price"], random=["price"]), "simulated_pens")],
    ids=["people who learn", "people who differ"],
)
def test_what_has_no_such_model_is_refused(model, data, table):
    with pytest.raises(est.FitError, match="There is no PyMC model of"):
        est.pymc_model(model, est.load(data) if data else table)


def test_arviz_reads_draws_on_the_natural_scale(table):
    fit = est.fit(est.TrustEmbedded(), table, seed=1, draws=200, chains=4, accuracy=0.2, progress=False)
    found = az.summary(fit.natural, kind="stats", round_to="none")
    np.testing.assert_allclose(found["mean"].to_numpy(), fit.draws.mean().to_numpy())
    assert list(found.index) == list(fit.draws.columns)
    assert found.loc["trust", "mean"] < 1
    assert fit.natural["log_likelihood"].dataset.equals(fit.tree["log_likelihood"].dataset)


def test_without_pythons_headers_no_compiler_of_c_is_asked(monkeypatch, tmp_path):
    """A compiler is of no use to PyTensor without them: chains ended in its traceback."""
    asked = []

    def compiled(model):
        asked.append(pytensor.config.cxx)
        return None if pytensor.config.cxx else nutpie.compile_pymc_model(model)

    with pm.Model() as model:
        pm.Normal("worth", 0.0, 1.0)
    monkeypatch.setattr(sampling, "nutpie", SimpleNamespace(compile_pymc_model=compiled))
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path))
    settings = Settings(draws=50, tune=50, chains=1)
    with pytensor.config.change_flags(cxx="a compiler"):
        drawn = sampling.sample(sampling.compile_model(model), settings, range(1))
        (tmp_path / "Python.h").touch()
        sampling.compile_model(model)
    assert drawn["posterior"]["worth"].shape == (1, 50)
    assert asked == ["", "a compiler"]
