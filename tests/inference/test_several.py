"""Several models fitted side by side are what they would be one by one, and no script needs a guard for it."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import estimation as est
from estimation.errors import FitError
from estimation.inference import messages, several
from estimation.theories import Honest, Theory

QUICK = {"accuracy": 0.1, "draws": 50, "chains": 1, "samples": 10, "progress": False}

SCRIPT = """
import estimation as est

class Sceptic(est.Theory):
    def receiver_target(self, game, kind, values, message, xp):
        return 0.8 * message[:, None]

table = est.load("simulated_forecast_sharing").only("receiver")
quick = {"accuracy": 0.1, "draws": 50, "chains": 1, "samples": 10}
fits = est.fit({"own": Sceptic(), "honest": est.Honest()}, table.of(table.subjects[:3]), **quick)
print(*fits, fits["own"].theory.__class__.__module__)
"""


class Sceptic(Theory):
    """Receivers who take a fifth off."""

    def receiver_target(self, game, kind, values, message, xp=np):  # noqa: ARG002
        return 0.8 * message[:, None]


@pytest.fixture(scope="module")
def table():
    everybody = est.load("simulated_forecast_sharing").only("receiver")
    return everybody.of(everybody.subjects[:3])


def test_fits_made_side_by_side_are_those_made_one_by_one(table, tmp_path, monkeypatch):
    monkeypatch.setattr(several.os, "cpu_count", lambda: 2)
    models = {"own": Sceptic(), "honest": Honest()}
    found = est.fit(models, table, path=tmp_path / "fits", **QUICK)
    assert list(found) == list(models)
    for name, model in models.items():
        alone = est.fit(model, table, **QUICK)
        np.testing.assert_array_equal(found[name].posterior["mean"], alone.posterior["mean"])
        assert found[name].model is model
        assert est.load_fit(tmp_path / "fits" / f"{name}.nc").model == model


def test_a_fit_that_was_finished_before_another_was_interrupted_is_not_made_again(table, tmp_path, monkeypatch):
    monkeypatch.setattr(several.os, "cpu_count", lambda: 1)
    models, engine, made = {"own": Sceptic(), "honest": Honest()}, messages.fit_messages, []

    def broken(problem, *given):
        made.append(problem.theory.name)
        if len(made) == 2:
            raise KeyboardInterrupt
        return engine(problem, *given)

    monkeypatch.setattr(messages, "fit_messages", broken)
    with pytest.raises(KeyboardInterrupt):
        est.fit(models, table, path=tmp_path, **QUICK)
    found = est.fit(models, table, path=tmp_path, **QUICK)
    assert made == ["sceptic", "honest", "honest"]
    assert list(found) == list(models)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["honest.nc", "own.nc"]
    est.fit(models, table, path=tmp_path, **QUICK | {"draws": 60})
    assert made[3:] == ["sceptic", "honest"], "finished fits are made anew, as a single one is"


def test_a_fit_that_is_there_is_read_only_if_all_settings_are_those_asked_for(table, tmp_path, monkeypatch):
    quick = est.fit_or_load(Honest(), table, tmp_path / "fit.nc", **QUICK)
    with monkeypatch.context() as patch:
        patch.setattr(messages, "fit_messages", None)
        again = est.fit_or_load(Honest(), table, tmp_path / "fit.nc", **QUICK | {"cores": 1})
    np.testing.assert_array_equal(again.posterior["mean"], quick.posterior["mean"])
    usual = est.fit_or_load(Honest(), table, tmp_path / "fit.nc", progress=False)
    assert usual.posterior.sizes["draw"] == 500


def test_a_script_that_is_run_needs_no_guard(tmp_path):
    (tmp_path / "script.py").write_text(SCRIPT)
    how = {"cwd": tmp_path, "capture_output": True, "text": True}
    ran = subprocess.run([sys.executable, "script.py"], check=False, **how)
    assert ran.stdout.split() == ["own", "honest", "__main__"], ran.stderr


def test_what_cannot_be_fitted_is_said_before_anything_is(table):
    with pytest.raises(FitError, match=r"there is no model"):
        est.fit({}, table)
    with pytest.raises(FitError, match=r"'a/b' cannot be the name of a fit"):
        est.fit({"a/b": Honest(), "c": Honest()}, table)
    with pytest.raises(FitError, match=r"Honest is a class"):
        est.fit({"a": Honest, "b": Honest()}, table)
