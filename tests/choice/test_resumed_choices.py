"""Fits of choices that were interrupted go on where they stopped, and end as they would have ended."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_table

import estimation as est
from estimation.choice.hierarchy import sampler
from estimation.choice.sampling.independence import Shape
from estimation.fits.checkpoint import Checkpoint

QUICK = {"draws": 60, "chains": 2, "seed": 4}
MODELS = {
    "one weight for all": est.MultinomialLogit(["price", "quality"]),
    "weights differ": est.MultinomialLogit(["price", "quality"], random="all"),
    "a covariate": est.MultinomialLogit(["price", "quality"], random=["price"], covariates=["income"]),
    "classes": est.LatentClassLogit(["price"], classes=2),
}


class Stopped(BaseException):
    """Stands for Ctrl-C and for whatever else ends a process."""


def stop_after(monkeypatch, writes):
    """Let the fit be ended after so many things were kept; return what is kept, by name, as it happens."""
    kept = []

    def watched(self, name, *what, real):
        real(self, name, *what)
        kept.append(name)
        if len(kept) == writes:
            raise Stopped
        return what[0]

    for keep in ("keep_arrays", "keep_chains"):
        real = getattr(Checkpoint, keep)
        monkeypatch.setattr(
            Checkpoint, keep, lambda self, name, *what, real=real: watched(self, name, *what, real=real)
        )
    return kept


def table_for(name):
    """Return choices of twelve people, of two kinds where it is asked which kinds there are."""
    table = choice_table(12)
    if name != "classes":
        return table
    weights = pd.DataFrame({"price": np.where(np.arange(12) % 2, -3.0, 1.0)}, index=table.subjects)
    return est.simulate_choices(est.MultinomialLogit(["price"]), table, weights, seed=1)


SLOW = ("weights differ", "classes")  # weights of which one differs, and depends on income, are quicker


@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.slow if n in SLOW else ()) for n in MODELS])
def test_a_fit_goes_on_where_it_stopped_and_ends_as_it_would_have(tmp_path, monkeypatch, name):
    table, path = table_for(name), tmp_path / "fit.nc"
    monkeypatch.setattr(sampler, "BURN", 5)
    whole = est.fit(MODELS[name], table, **QUICK)
    for writes in (1, 2, 3):
        with monkeypatch.context() as patched:
            kept = stop_after(patched, writes)
            try:
                est.fit(MODELS[name], table, path=path, **QUICK)
            except Stopped:
                assert not path.exists()
        assert len(set(kept)) == len(kept)
        if path.exists():
            break
    resumed = est.fit(MODELS[name], table, path=path, **QUICK) if not path.exists() else est.load_fit(path)
    assert resumed.tree["posterior"].dataset.identical(whole.tree["posterior"].dataset)
    assert resumed.tree["log_likelihood"].dataset.identical(whole.tree["log_likelihood"].dataset)
    assert [file.name for file in tmp_path.iterdir()] == ["fit.nc"]


def test_chains_of_nuts_are_not_sampled_again(tmp_path, monkeypatch):
    table, path = choice_table(12), tmp_path / "fit.nc"
    monkeypatch.setattr("estimation.choice.sampling.pooled_draws.near_normal", lambda _: Shape(30.0, 0.25))
    monkeypatch.setattr("estimation.choice.sampling.sampler.MISSES", 1)
    whole = est.fit(MODELS["one weight for all"], table, **QUICK)
    with monkeypatch.context() as patched:
        stop_after(patched, 2)
        with pytest.raises(Stopped):
            est.fit(MODELS["one weight for all"], table, path=path, **QUICK)
    monkeypatch.setattr("estimation.choice.sampling.sampler.sample_nuts", lambda *_, **__: pytest.fail("sampled again"))
    resumed = est.fit(MODELS["one weight for all"], table, path=path, **QUICK)
    assert "NUTS" in resumed.manifest["sampler"]["name"]
    found = (fit.tree["posterior"].dataset["coefficients"].to_numpy() for fit in (whole, resumed))
    np.testing.assert_array_equal(*found)
