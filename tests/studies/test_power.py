"""What designs could show: power by size, and the information of treatments by two routes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from engine import GAMES, LEVELS, TRUST
from scipy import stats

import estimation as est
from estimation.inference.problem import MessageProblem
from estimation.population.people import option_probabilities
from estimation.studies.information import expected_information
from estimation.studies.power import _most_telling
from estimation.studies.truths import as_draws, truths

THEORIES = {"trust": est.TrustEmbedded(), "level-k": est.LevelK(max_level=1)}
PEOPLE = {
    "trust": {name: TRUST[name] for name in ("trust", "receiver_precision", "lapse")},
    "level-k": {name: LEVELS[name] for name in ("receiver_precision", "lapse")},
}


def test_theories_that_are_the_same_cannot_be_told_apart_by_any_treatment():
    table = est.design(GAMES, people=4, decisions=3, seed=1, roles=("receiver",))
    twins = {"one": est.TrustEmbedded(), "other": est.TrustEmbedded()}
    value, error = expected_information(twins, table, dict.fromkeys(twins, PEOPLE["trust"]), seed=1)
    assert value == pytest.approx(0, abs=1e-12)
    assert error == pytest.approx(0, abs=1e-12)


def test_the_error_of_information_contains_what_too_few_people_for_each_theory_leave_out(monkeypatch):
    """The log of a mean over people errs the more, the more decisions there are: by more than experiments differ."""
    table = est.design({"over": GAMES["over"]}, people=6, decisions=20, seed=1, roles=("receiver",))
    monkeypatch.setattr("estimation.studies.information.POPULATIONS", 2)
    monkeypatch.setattr("estimation.studies.information.MEMBERS", 5)
    rough, error = expected_information(THEORIES, table, PEOPLE, seed=1)
    monkeypatch.setattr("estimation.studies.information.POPULATIONS", 200)
    fine, other = expected_information(THEORIES, table, PEOPLE, seed=1)
    assert abs(rough - fine) < 3 * error
    assert other < error


def test_information_of_one_decision_is_the_divergence_of_predictions(monkeypatch):
    """The exact route: the Jensen-Shannon divergence of what the two crowds do, averaged over messages."""
    monkeypatch.setattr("estimation.studies.information.EXPERIMENTS", 60)
    table = est.design({"over": GAMES["over"]}, people=12, decisions=1, seed=1, roles=("receiver",))
    value, error = expected_information(THEORIES, table, PEOPLE, seed=1)
    rng, predicted = np.random.default_rng(0), []
    for name, theory in THEORIES.items():
        problem = MessageProblem(theory, table)
        kinds, theta = as_draws(problem, truths(problem, PEOPLE[name], ["one"], 0)[0])[0].sample(4000, rng)
        rows = [
            option_probabilities(theory, problem.parameters, kinds, theta, block).mean(axis=0)
            for person in problem.crowd.people
            for block in person.blocks
        ]
        predicted.append(np.concatenate(rows))
    middle = np.mean(predicted, axis=0)
    exact = np.mean([(p * np.log2(p / middle)).sum(axis=1).mean() for p in predicted])
    assert abs(value - exact) < 3.5 * error + 0.01  # crowds of a thousand stand for each theory


def test_power_grows_with_people_and_the_smallest_design_that_is_enough_is_named(tmp_path, monkeypatch):
    design = {"people": (2, 8), "decisions": (6,), "roles": ("receiver",), "simulations": 1}
    how = {"store": tmp_path / "power", "progress": False, "draws": 100, "accuracy": 0.25}
    study = est.design_power(THEORIES, GAMES, PEOPLE, executor=1, **design, **how)
    monkeypatch.setattr("estimation.studies.information.expected_information", None)
    again = est.design_power(THEORIES, GAMES, PEOPLE, **design, **how)
    assert again.verdict == study.verdict, "what is stored is not computed again"
    assert list(study.power.index) == [(2, 6), (8, 6)]
    differences = study.table["difference"].groupby("people").min()
    assert differences[8] > differences[2]
    assert set(study.treatments.index) == set(GAMES)
    assert (study.treatments["information"] <= 1 + 1e-9).all()
    assert "bits" in study.verdict
    assert study.plot().get_xlabel() == "people"


def test_treatments_within_their_errors_are_not_ranked():
    values = {"information": [0.4, 0.38, 0.1], "error": [0.02, 0.02, 0.02], "most": [1.0] * 3}
    treatments = pd.DataFrame(values, index=["over", "under", "level"])
    assert _most_telling(treatments) == "most in over, 0.40 ± 0.02 bits; under may tell as much"
    assert _most_telling(treatments.drop("under")) == "most in over, 0.40 ± 0.02 bits"
    assert _most_telling(0 * treatments) == "most in over, 0.00 ± 0.00 bits; under and level may tell as much"
    assert _most_telling(treatments.loc[["level"]]) == "0.10 ± 0.02 bits"


def studied(named, sound):
    """A study of 5 and of 10 people and two theories, twenty data sets each."""
    sizes = [(n, 6, *pair) for n in (5, 10) for pair in (("a", "b"), ("b", "a"))]
    index = pd.MultiIndex.from_tuples(sizes, names=["people", "decisions", "maker", "rival"])
    table = pd.DataFrame({"named": named, "sound": sound}, index=index)
    treatments = pd.DataFrame({"information": [0.4], "error": [0.1], "most": [1.0]}, index=["over"])
    return est.DesignPower("label", {"simulations": 20}, {"table": table, "treatments": treatments})


def test_power_is_counted_where_fits_are_sound_with_its_exact_interval():
    study = studied([0.2, 0.9, 1.0, 0.8], [1.0, 1.0, 0.5, 1.0])
    assert study.power["power"].tolist() == [0.2, 0.8]
    ends = [stats.beta.ppf(0.025, 16, 5), stats.beta.ppf(0.975, 17, 4)]  # of 16 in 20, by the beta distribution
    assert study.power.loc[(10, 6), ["low", "high"]].tolist() == pytest.approx(ends)
    told = "10 people with 6 decisions in each role name the maker 80 % of times (b against a;"
    assert f"{told} 95 % interval 56 to 94 %)" in study.verdict
    assert "fits failed a check in 12 % of comparisons" in study.verdict


def test_a_design_is_not_enough_if_one_direction_was_hardly_ever_judged():
    study = studied([0.2, 0.9, 1.0, np.nan], [1.0, 1.0, 0.05, 0.0])
    assert np.isnan(study.power["power"].iloc[1])
    assert "no design is seen to name the maker 80 % of times; at best 20 % of times (a against b;" in study.verdict
    assert "nothing is known" in studied([np.nan] * 4, 0.0).verdict
    assert study.plot().get_xlabel() == "people"


def test_sizes_that_are_no_experiment_are_refused():
    with pytest.raises(est.StudyError, match="1 people with 6 decisions is no experiment"):
        est.design_power(THEORIES, GAMES, people=(1,), decisions=(6,))


def test_if_no_design_is_enough_the_best_one_is_named_with_the_pair_that_it_tells_apart_least():
    verdict = studied([0.2, 0.9, 0.7, 0.6], 1.0).verdict
    start = "label: no design is seen to name the maker 80 % of times; at best 60 % of times (b against a;"
    assert verdict.startswith(start)
