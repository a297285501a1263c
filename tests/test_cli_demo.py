"""The demo: what it compares, what it says when data cannot be had, and where it leads."""

from __future__ import annotations

import json
from functools import partial
from types import SimpleNamespace

import pytest
from builders import estimation_game, make_table

import estimation as est
from estimation import cli
from estimation.commands import demo, demo_assortment, demo_choices, demo_fits
from estimation.commands.choice import choices_of
from estimation.data.library import places
from estimation.inference import fit
from estimation.inference.simulation.simulate import design, simulate
from estimation.names import SENDER
from estimation.theories import TrustEmbedded

POPULATION = {"trust": (0.6, 1.0), "lying_cost": (0.4, 0.8), "sender_precision": (1.0, 0.3), "lapse": (0.05, 0.3)}


@pytest.fixture
def tiny(monkeypatch, tmp_path):
    """Put a tiny experiment of senders where the shipped one is, and no real one anywhere; keep what choices say."""
    situations = design({"over": estimation_game(highest=20)}, 5, 6, 1, roles=(SENDER,))
    table, _ = simulate(TrustEmbedded(), situations, POPULATION, seed=1, name=demo.SYNTHETIC)

    def load(name):
        if name == demo.SYNTHETIC:
            return table
        from estimation.data.library import library

        return library.load(name)

    def no_network(*args, **options):
        raise ConnectionError("no network")

    monkeypatch.setattr("estimation.data.load", load)
    monkeypatch.delenv(places.MIRROR_VARIABLE, raising=False)
    monkeypatch.setattr("estimation.data.library.files.cache_folder", lambda name: tmp_path / "cache" / name)
    monkeypatch.setattr("pooch.HTTPDownloader.__call__", no_network)
    monkeypatch.setattr(fit, "fit_or_load", partial(fit.fit_or_load, draws=100))  # of choices
    monkeypatch.setattr(demo_choices, "choices_of", lambda name: _some(choices_of(name)))
    monkeypatch.setattr(demo_assortment, "DRAWS", 20)
    monkeypatch.setattr(demo_fits, "SAMPLING", {"draws": 200, "tune": 50, "chains": 2, "target_accept": 0.8})
    monkeypatch.setattr(demo_fits.os, "cpu_count", lambda: 1)  # one process makes all fits of theories
    told, choices = [], demo.demo_choices
    monkeypatch.setattr(demo, "demo_choices", lambda *where, **how: told.append(choices(*where, **how)) or told[-1])
    return SimpleNamespace(choices=told)


@pytest.mark.usefixtures("_few_experiments")
def test_the_demo_runs_on_synthetic_data_says_so_and_does_not_repeat_itself(tiny, tmp_path, capsys, monkeypatch):
    code, text = _demo(capsys, tmp_path / "out")
    assert code == 0
    for words in ("no network", "ESTIMATION_DATA_DIR", "SYNTHETIC data alone", "Next", "estimation compare"):
        assert words in text
    for words in ("electricity", "Willingness to pay in units of pf", "fountain pen", "SYNTHETIC", "nest of pens"):
        assert words in tiny.choices[0].text
    assert tiny.choices[0].text in text
    pages = sorted((tmp_path / "out").glob("*.html"))
    assert [page.name for page in pages] == ["electricity-menus.html", f"{demo.SYNTHETIC}-both-quick.html"]
    for page in pages:
        assert str(page) in text
        assert ("SYNTHETIC" in page.read_text(encoding="utf-8")) == page.name.startswith("simulated")
    assert "What to offer (multinomial logit on electricity [61 of 361 people], a standard offer at 9 cents" in text

    monkeypatch.setattr(demo_fits, "_make", None)  # what is there is not fitted again
    kept = _fits(tmp_path / "out")
    code, text = _demo(capsys, tmp_path / "out", "--json")
    assert code == 0
    assert _fits(tmp_path / "out") == kept
    assert len(kept) == 3 + 3, "of theories and of choices"
    assert tiny.choices[1].data == tiny.choices[0].data
    found = json.loads(text)
    assert not found["menus"]["synthetic"]
    assert [row["utility"] for row in found["menus"]["menus"]] == sorted(
        row["utility"] for row in found["menus"]["menus"]
    )
    (study,) = found["studies"]
    assert {row["theory"] for row in study["table"]} == {"trust-embedded", "level-k", "babbling"}


def _some(choices):
    """Return the choices of every sixth person."""
    return choices.of(choices.subjects[::6])


def _fits(out):
    """Return when each fit was written."""
    return {path.name: path.stat().st_mtime_ns for path in out.glob("*.nc")}


def _demo(capsys, out, *options):
    with pytest.raises(SystemExit) as ended:
        cli.main(["demo", "--quick", "--out", str(out), *options])
    return ended.value.code, capsys.readouterr().out


def test_a_quick_demo_takes_sixteen_people_evenly_and_all_where_there_are_fewer():
    many, few = est.load("simulated_forecast_sharing"), make_table(subjects=4)
    assert len(many.subjects) > 16
    part = demo._part(many, demo.RoleName.BOTH, quick=True)
    assert part.subjects == many.subjects[:: len(many.subjects) // 16][:16]
    assert demo._part(many, demo.RoleName.BOTH, quick=False) is many
    assert demo._part(few, demo.RoleName.BOTH, quick=True) is few
    assert demo._part(few, demo.RoleName.SENDER, quick=True).roles == ["sender"]


def test_babbling_is_compared_on_simulated_decisions_only(tmp_path):
    for synthetic in (False, True):
        jobs = demo_fits.needed_fits(make_table(synthetic=synthetic), tmp_path / "lab")
        named = {job.name: job.path.name for job in jobs}
        assert ("babbling" in named) == synthetic
        assert named["level-k"] == "lab-level-k.nc"
