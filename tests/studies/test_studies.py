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
from engine import GAMES, LEVELS, TRUST
from small_recovery import PEOPLE, small_design, small_recovery

import estimation as est
from estimation.inference.problem import MessageProblem
from estimation.jobs.run import run_units
from estimation.jobs.unit import Unit
from estimation.studies import trial
from estimation.studies.bands import is_uniform, simultaneous_band
from estimation.studies.calibration import calibration_of
from estimation.studies.contests import common_table, frames_of
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


def results(rng, spread, count=200):
    """Return trials of a posterior that claims a spread of 1 where the truth has another."""
    rows = []
    for _ in range(count):
        data = rng.normal()
        truth = {"x": data + spread * rng.normal(), "y": rng.uniform()}
        draws = {"x": data + rng.normal(size=400), "y": rng.uniform(size=400)}
        rows.append(trial.summary(truth, draws, rng) | {"ok": True})
    return rows


def test_calibration_accepts_posteriors_that_are_right_and_refuses_those_that_are_too_sure():
    rng = np.random.default_rng(1)
    right = calibration_of("right", results(rng, 1.0), {"simulations": 200})
    assert right.ok, right
    said = "ranks are uniform and intervals hold the truth as often as they say."
    assert right.verdict == f"right, 200 simulations of 2 quantities: {said}"
    sure = calibration_of("too sure", results(rng, 1.6), {"simulations": 200})
    assert not sure.table.loc["x", "covered"]
    assert not sure.table.loc["x", "uniform"]
    assert sure.table.loc["y", ["covered", "uniform"]].all()
    assert "x are not what they claim" in sure.verdict
    assert len(sure.plot().get_lines()) == 2


def test_bands_hold_whole_distribution_functions_as_often_as_they_say():
    rng = np.random.default_rng(2)
    held = np.mean([is_uniform(rng.uniform(size=100), 0.9) for _ in range(1000)])
    assert abs(held - 0.9) < 3.5 * np.sqrt(0.9 * 0.1 / 1000) + 0.01  # the band's width is simulated itself
    points, lower, upper = simultaneous_band(100, 0.9)
    assert (lower <= points).all()
    assert (points <= upper + 1e-12).all()


@pytest.mark.parametrize(
    "theory", [est.Honest(), pytest.param(est.LevelK(max_level=1), marks=pytest.mark.slow)], ids=str
)
def test_theories_are_calibrated_from_their_prior(theory):
    prior = est.calibrate(theory, small_design(), simulations=20, **QUIET)
    assert prior.ok, prior
    assert "log likelihood" in prior.table.index
    assert prior.ranks.shape == (20, len(prior.table))


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


@pytest.mark.parametrize("simulations", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_the_maker_is_found_and_two_versions_of_one_theory_are_not_told_apart(simulations):
    theories = {"trust": est.TrustEmbedded(), "level-k": est.LevelK(), "trust again": est.TrustEmbedded()}
    of_receivers = [{name: value for name, value in each.items() if "sender" not in name} for each in (TRUST, LEVELS)]
    trust, levels = ({name: each[name] for name in each if name != "lying_cost"} for each in of_receivers)
    everybody = {"trust": trust, "level-k": levels, "trust again": trust}
    table = est.design(GAMES, people=12, decisions=6, seed=1, roles=("receiver",))
    study = est.model_recovery(theories, table, everybody, simulations=simulations, **QUIET)
    assert study.indistinguishable == [("trust", "trust again")]
    assert "cannot tell apart: trust and trust again" in study.verdict
    assert study.pairs.loc[("level-k", "trust"), "better"] == 1
    assert study.table.loc["level-k", "level-k"] == 1
    assert np.allclose(study.table.sum(axis=1), 1)
    assert study.plot().get_xlabel() == "winner"


def contest(maker, winner, ahead=10.0, sound=True):
    sign = 1 if winner == "a" else -1
    gap = np.array([[0, sign * ahead], [-sign * ahead, 0]])
    sound = {"a": sound, "b": True}
    return {"maker": maker, "winner": winner, "verdict": "", "ok": sound, "difference": gap, "clear": gap > 4}


def test_inversion_is_bayes_rule_with_equal_makers():
    rows = [contest("a", "a")] * 8 + [contest("a", "b")] * 2 + [contest("b", "b")] * 10
    frames = frames_of(["a", "b"], rows)
    assert frames["table"].loc["a", "b"] == pytest.approx(0.2)
    assert frames["inversion"].loc["b", "a"] == pytest.approx(0.2 / 1.2)
    assert frames["inversion"].loc["a", "a"] == pytest.approx(1)
    study = est.ModelRecovery("label", {"simulations": 10}, frames)
    assert study.confused == [("a", "b")]
    assert study.indistinguishable == []
    assert study.beaten == {}
    assert "loses only" not in study.verdict


def test_fits_that_fail_their_checks_say_nothing_of_the_design():
    """Counted as undecided, they made a rival imitate a maker that was ahead by 354 nats on average."""
    rows = [contest("a", "a")] * 5 + [contest("a", "a", sound=False)] * 5 + [contest("b", "b")] * 10
    study = est.ModelRecovery("label", {"simulations": 10}, frames_of(["a", "b"], rows))
    assert study.pairs.loc[("a", "b"), ["named", "sound"]].tolist() == [1.0, 0.5]
    assert study.contained == study.indistinguishable == study.unjudged == []
    assert "In 5 of 20 contests some fit failed a check." in study.verdict


def test_nothing_is_said_of_a_pair_whose_fits_failed_too_often(tmp_path):
    rows = [contest("a", "a", sound=False)] * 10 + [contest("b", "b", ahead=1.0)] * 10
    found = est.ModelRecovery("label", {"simulations": 10}, frames_of(["a", "b"], rows))
    for study in (found, est.load_study(found.save(tmp_path / "study.json"))):
        assert study.unjudged == [("a", "b")]
        assert study.contained == study.indistinguishable == study.confused == []
        assert study.half_judged == [("b", "a")]
        assert "Seldom ruled out, the reverse not being judged: a on data of b." in study.verdict
        assert study.verdict.endswith("Because too many failed, nothing is said of: b on data of a.")


def test_a_rival_that_contains_the_maker_is_told_apart_on_its_own_data_only():
    rows = [contest("a", "a", ahead=1.0)] * 6 + [contest("a", "b", ahead=1.0)] * 4 + [contest("b", "b")] * 10
    study = est.ModelRecovery("label", {"simulations": 10}, frames_of(["a", "b"], rows))
    assert study.contained == [("a", "b")]
    assert study.indistinguishable == study.confused == []
    assert "seldom rule out, though not the reverse: a by b." in study.verdict
    assert "Losing only to rivals that its data seldom rule out: a to b." in study.verdict
    rows[-10:] = [contest("b", "b")] * 8 + [contest("b", "a")] * 2
    turned = est.ModelRecovery("label", {"simulations": 10}, frames_of(["a", "b"], rows))
    assert turned.contained == [("a", "b")]
    assert turned.confused == [("b", "a")], "what a rival contains may still be mistaken for it"


def test_the_best_theory_wins_no_contest_if_its_checks_failed():
    rows = [contest("a", "a")] * 6 + [contest("a", None, sound=False)] * 4 + [contest("b", "b")] * 10
    study = est.ModelRecovery("label", {"simulations": 10}, frames_of(["a", "b"], rows))
    assert study.table.loc["a"].tolist() == [0.6, 0.0]
    assert study.beaten == {}
    assert "each theory wins: a 60 %; b 100 %. In 4 of 20 contests some fit failed a check." in study.verdict


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
