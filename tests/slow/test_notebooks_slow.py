"""Every notebook, run from top to bottom with few people and draws, and all of them on a machine without real data."""

from __future__ import annotations

import pytest
from notebook_checks import assert_a_run_is_sound
from notebook_runs import NAMES, QUICK, run, shown

from estimation.data.library import places

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_from_top_to_bottom(name, tmp_path, monkeypatch):
    monkeypatch.setenv(QUICK, "1")
    assert_a_run_is_sound(name, run(name, tmp_path))


@pytest.mark.parametrize(
    ("name", "instead"),
    [("trust_or_naivety", "simulated_forecast_sharing"), ("whom_people_believe", "simulated_advice")],
)
def test_without_the_real_data_the_notebook_says_so_and_goes_on_with_simulated_ones(
    name, instead, tmp_path, monkeypatch
):
    monkeypatch.setenv(QUICK, "1")
    monkeypatch.delenv(places.MIRROR_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "no cache"))
    for way in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(way, "http://127.0.0.1:9")  # nobody listens there
    (tmp_path / "here").mkdir()
    ran = run(name, tmp_path / "here")
    for words in ("The real experiment is left out", "SYNTHETIC data", instead):
        assert words in shown(ran)
    assert_a_run_is_sound(name, ran)
