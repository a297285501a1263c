"""Studies of many fits: they find what is there, say what is not, and survive being killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from engine import GAMES
from small_recovery import PEOPLE, small_design, small_recovery

import estimation as est
from estimation.inference.problem import MessageProblem
from estimation.jobs.run import run_units
from estimation.jobs.unit import Unit
from estimation.studies import trial
from estimation.studies.contests import common_table
from estimation.studies.truths import as_draws, quantities, truths

HERE = Path(__file__).parent
QUIET = {"progress": False, "seed": 3}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return small_recovery(tmp_path_factory.mktemp("recovery") / "store")


def test_recovery_reports_every_quantity_with_its_error(found):
    assert list(found.table.index) == [f"{name}: {of}" for name in PEOPLE for of in ("mean", "sd")]
    assert (np.abs(found.table["bias"]) < 6 * found.table["bias_error"] + found.table["sd"]).all()
    assert found.trials["ok"].mean() > 0.5
    assert "SYNTHETIC" in found.verdict


def test_a_study_of_fits_that_is_killed_repeats_no_finished_fit_and_gives_the_same_result(tmp_path, found, monkeypatch):
    store = tmp_path / "store"
    driver = subprocess.Popen([sys.executable, str(HERE / "small_recovery.py"), str(store)])
    while not (store / "units").is_dir() or len(list((store / "units").glob("sim*.json"))) < 3:
        assert driver.poll() is None
        time.sleep(0.02)
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    done = len(list((store / "units").glob("sim*.json")))
    assert 3 <= done < 8
    real, counted = trial.fit, []
    monkeypatch.setattr(trial, "fit", lambda *given, **more: counted.append(1) or real(*given, **more))
    again = small_recovery(store)
    assert len(counted) == 8 - done
    pd.testing.assert_frame_equal(again.trials, found.trials)


def test_other_settings_need_another_folder(tmp_path):
    small_recovery(tmp_path / "store", simulations=1)
    with pytest.raises(est.StudyError, match=r"settings.draws is 200 there and 300 here"):
        small_recovery(tmp_path / "store", simulations=1, draws=300)


def test_a_study_is_read_back_as_it_was(found, tmp_path):
    again = est.load_study(found.save(tmp_path / "recovery.json"))
    assert type(again) is est.Recovery
    assert again.verdict == found.verdict
    for name, frame in found.frames.items():
        pd.testing.assert_frame_equal(again.frames[name], frame)
    (tmp_path / "notes.json").write_text("{}")
    with pytest.raises(est.StudyError, match="holds no study"):
        est.load_study(tmp_path / "notes.json")


def test_pictures_say_what_they_show(found):
    assert "SYNTHETIC" in found.plot().get_title()


def test_refits_that_need_chains_can_show_that_they_converged(monkeypatch):
    monkeypatch.setattr("estimation.inference.importance.EFFECTIVE", 10**6)  # proposals never suffice
    study = est.recovery(est.TrustEmbedded(), small_design(), PEOPLE, simulations=1, **QUIET)
    assert study.trials["ok"].all()  # one chain has no R-hat, and fails
    assert "in 1 simulation the error of a bias is not known" in study.verdict


@pytest.fixture(scope="module")
def fit():
    table, _ = est.simulate(est.TrustEmbedded(), small_design(), PEOPLE, seed=5)
    return est.fit(est.TrustEmbedded(), table, method="importance", chains=1, accuracy=0.5, progress=False)


def test_populations_of_a_fit_are_those_of_the_theory_and_the_roles_that_are_studied(fit):
    with pytest.raises(est.TheoryError, match=r"a fit of trust-embedded .*, and babbling .* is studied"):
        est.recovery(est.Babbling(), small_design(), fit)
    senders = est.design(GAMES, people=6, decisions=6, seed=1, roles=("sender",))
    with pytest.raises(est.TheoryError, match=r"the fit has trust, receiver_precision, lapse, and the design"):
        est.recovery(fit, senders)
    assert est.recovery(fit, small_design(), simulations=1, **QUIET).trials["truth"].notna().all()


def test_a_design_is_one_table(fit):
    other = replace(fit, problem=fit.problem.on(small_design()))
    with pytest.raises(est.StudyError, match="different data"):
        est.model_recovery({"a": fit, "b": other}, **QUIET)
    assert common_table({"a": fit, "b": est.Babbling(), "c": fit}) is fit.table
    with pytest.raises(est.StudyError, match="leave the table out"):
        est.calibrate(fit, small_design())


def test_a_posterior_is_calibrated_with_simulated_people_added(fit, monkeypatch):
    table, seen = fit.table, []
    real = trial.fit
    monkeypatch.setattr(trial, "fit", lambda theory, data, **more: seen.append(data) or real(theory, data, **more))
    monkeypatch.setattr("estimation.studies.calibration.LEAST", 2)
    posterior = est.calibrate(fit, simulations=2, **QUIET)
    assert len(seen[0].subjects) == 12
    assert seen[0].of(table.subjects).frame["action"].tolist() == table.frame["action"].tolist()
    assert "Posterior calibration" in posterior.label


def test_people_are_drawn_independently_of_the_truth_of_their_population(monkeypatch):
    class DrawnError(Exception):
        pass

    def drawn(problem, population, rng):
        raise DrawnError(*rng.standard_normal(4))

    monkeypatch.setattr("estimation.studies.trial.simulated", drawn)
    table, theory = est.design(GAMES, people=4, decisions=2, seed=1), est.TrustEmbedded()
    problem, keys = MessageProblem(theory, table), [f"simulation {number}" for number in range(400)]
    origins = truths(problem, None, keys, 0)
    people = np.empty((400, 4))
    for number, (key, truth) in enumerate(zip(keys, origins, strict=True)):
        with pytest.raises(DrawnError) as found:
            trial.Trial(theory, table)(Unit(key, {"truth": truth}))
        people[number] = found.value.args
    typical = np.array([truth["mean"][0] for truth in origins])
    for person in range(4):
        assert abs(np.corrcoef(typical, people[:, person])[0, 1]) < 4 / np.sqrt(len(keys))


def test_studies_refuse_what_makes_no_sense():
    with pytest.raises(est.StudyError, match="at least two theories"):
        est.model_recovery({"trust": est.TrustEmbedded()}, small_design())
    with pytest.raises(est.StudyError, match="a whole number of at least 20, not 3"):
        est.calibrate(est.TrustEmbedded(), small_design(), simulations=3)
    with pytest.raises(est.StudyError, match="give a table"):
        est.recovery(est.TrustEmbedded())
    with pytest.raises(est.StudyError, match="give a table of situations, for example from"):
        est.model_recovery({"trust": est.TrustEmbedded(), "babbling": est.Babbling()})
    with pytest.raises(est.TheoryError, match="'patience' has a prior and is no parameter"):
        est.recovery(est.TrustEmbedded(priors={"patience": {"centre": 1.0}}), small_design())


def test_other_priors_are_another_theory_and_move_the_posterior():
    table, _ = est.simulate(est.TrustEmbedded(), small_design(), PEOPLE, seed=5)
    sure = est.TrustEmbedded(priors={"trust": {"centre": -2.0, "centre_sd": 0.05}})
    fit = est.fit(sure, table, method="importance", accuracy=0.5, progress=False)
    assert fit.tree["posterior"]["mean"].sel(parameter="trust").mean() < -1.7
    assert est.theories.from_spec(json.loads(json.dumps(sure.spec()))) == sure if hasattr(est, "theories") else True


def test_a_job_without_units_has_no_results(tmp_path):
    assert run_units([], lambda unit: unit, job={}, store=tmp_path / "empty", progress=False) == {}


@pytest.fixture(scope="module")
def by_country():
    """A design for receivers of two countries."""
    situations = small_design()
    frame = situations.frame
    frame["country"] = np.where(frame["subject"].isin(situations.subjects[:3]), "A", "B")
    return est.Table.from_frame(frame, situations.games)


def test_a_study_follows_effects_of_covariates_correlations_and_kinds_that_behave_alike_by_name(by_country):
    theory = est.Mixture([est.TrustEmbedded(trust="~ country"), est.LevelK(max_level=2)], correlated=True)
    problem = MessageProblem(theory, by_country)
    (truth,) = truths(problem, None, ["one"], 0)
    found = {name: float(value[0]) for name, value in quantities(problem, as_draws(problem, truth)).items()}
    (effect,) = (name for name in found if name.endswith(": coefficient"))
    assert found[effect] == truth["coefficient"][0]
    assert effect.startswith("trust: country")
    correlated = {name: value for name, value in found.items() if name.startswith("correlation of ")}
    assert list(correlated.values()) == truth["correlation"]
    assert all(-1 < value < 1 for value in correlated.values())
    shares = {name: value for name, value in found.items() if name.startswith("share of ")}
    groups = theory.observationally_equivalent(problem.games, problem.roles)
    assert len(shares) == len(groups) > 1
    assert sum(shares.values()) == pytest.approx(1)
    for group in groups:
        name = " or ".join(theory.types[kind] for kind in group)
        assert shares[f"share of {name}"] == pytest.approx(sum(truth["share"][kind] for kind in group))


def test_effects_of_covariates_are_recovered_by_name_and_have_no_rank_of_likelihoods(by_country):
    study = est.recovery(est.TrustEmbedded(trust="~ country"), by_country, simulations=1, **QUIET)
    assert "trust: country[T.B]: coefficient" in study.table.index
    assert "log likelihood" not in study.trials.index.get_level_values("quantity")
