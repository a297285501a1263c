"""Many experiments, one verdict: the difference over experiments, how they differ, and on which of them it hangs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from engine import GAMES
from scipy import integrate, stats

import estimation as est
from estimation.evaluation.experiments.between_experiments import FREEDOM, Measured, Together, own_intervals
from estimation.evaluation.experiments.synthesised import ahead_over

QUICK = {"pooled": True, "draws": 200, "chains": 2, "seed": 1, "progress": False}
THEORIES = {"honest": est.Honest(), "babbling": est.Babbling()}


def measured(mean, sd=1.2, people=16.0, error=0.0):
    return Measured(np.array(mean), *(np.full(len(mean), float(one)) for one in (sd, people, error)))


def test_mean_and_next_experiment_are_those_of_nested_integrals():
    """Of many people, whose errors are known: posterior means and probabilities agree with adaptive integration."""
    given, scale = measured([0.8, 0.1, -0.3], sd=20.0, people=4000.0, error=0.1), 0.5
    variance = given.standard_error**2

    def integral(of):
        def at(spread):
            weight = 1 / (variance + spread**2)
            mean, total = weight @ given.mean / weight.sum(), weight.sum()
            fit = np.prod(np.sqrt(weight)) * np.exp(-0.5 * weight @ (given.mean - mean) ** 2) / np.sqrt(total)
            return stats.t.pdf(spread / scale, FREEDOM) * fit * of(mean, 1 / total, spread)

        return integrate.quad(at, 0, np.inf, epsabs=0, epsrel=1e-7)[0]

    whole, found = integral(lambda *_: 1.0), Together.of(given, scale)
    assert found.expected == pytest.approx(integral(lambda mean, *_: mean) / whole, abs=2e-3)
    above = integral(lambda mean, own, _: stats.norm.cdf(mean / np.sqrt(own))) / whole
    assert found.probability == pytest.approx(above, abs=4e-3)
    following = integral(lambda mean, own, spread: stats.norm.cdf(-mean / np.hypot(np.sqrt(own), spread))) / whole
    assert found.next_below(0.0) == pytest.approx(following, abs=2e-3)


@pytest.mark.slow
def test_intervals_hold_the_truth_as_often_as_they_say():
    """Four experiments of six people each, spread drawn from its prior: 95 % intervals, within sampling error."""
    rng, hits, runs = np.random.default_rng(1), 0, 300
    for _ in range(runs):
        spread = 0.5 * abs(rng.standard_t(FREEDOM))
        people = rng.normal(rng.normal(0.0, spread, 4)[:, None], 1.0, (4, 6))
        given = Measured(people.mean(axis=1), people.std(axis=1, ddof=1), np.full(4, 6.0), np.zeros(4))
        low, high = Together.of(given, 0.5).interval
        hits += low < 0 < high
    assert stats.binomtest(hits, runs, 0.95).pvalue > 0.001


def test_few_people_count_as_a_students_mean_not_as_a_normal_one():
    """By itself an experiment of four people has Student's interval; two that are alike have that of both likelihoods.

    Where experiments do not differ, the product of two t densities with 3 degrees of freedom around one mean is a
    t density with 7, narrower by the root of 3/7.
    """
    given = measured([1.0, 1.0], people=4.0)
    error = given.standard_error[0]
    np.testing.assert_allclose(own_intervals(given)[0], stats.t.interval(0.95, 3, 1.0, error))
    exact = stats.t.interval(0.95, 7, 1.0, error * np.sqrt(3 / 7))
    np.testing.assert_allclose(Together.of(given, 1e-4).interval, exact, atol=0.02)


def receivers(theory, precision, seed):
    """An experiment of 10 receivers, fitted by both theories."""
    noise = {"receiver_precision": (precision, 0.4), "lapse": (0.04, 0.7)}
    table, _ = est.simulate(theory, est.design(GAMES, 10, 12, seed, ("receiver",)), noise, seed=seed)
    return {name: est.fit(one, table, **QUICK) for name, one in THEORIES.items()}


@pytest.fixture(scope="module")
def five():
    """Four experiments of people who believe messages, the first one compared, and one of people who ignore them."""
    found = {f"E{n}": receivers(est.Honest(), 0.3, n) for n in range(1, 5)}
    found["other"] = receivers(est.Babbling(), 2.0, 9)
    return found | {"E1": est.compare(found["E1"], roles_apart=False, progress=False)}


@pytest.fixture(scope="module")
def study(five):
    return est.synthesis(five, ("honest", "babbling"), progress=False)


def test_one_experiment_of_five_that_contradicts_the_others_is_told(study):
    """The four agree; the fifth is named, nobody wins while it is there, and without it the four's theory does."""
    assert (study.table["low"].drop("other") > 0).all()
    assert study.table.loc["other", "high"] < 0
    assert "other contradicts the others" in study.verdict
    assert study.ahead is None
    assert study.without["ahead"].to_dict()["other"] == "honest"
    assert "without other, honest would be ahead" in study.verdict
    assert study.over.loc["spread between experiments", "low"] > 0
    assert study.verdict.startswith(
        "Over 5 experiments (50 people; SYNTHETIC), honest and babbling cannot be told apart"
    )


def test_those_that_agree_name_a_winner_and_differences_are_those_of_people(five):
    """Four experiments that agree: the same answer without any of them; each row is the mean over its people."""
    given = {name: one for name, one in five.items() if name != "other"}
    found = est.synthesis(given, ("babbling", "honest"), progress=False)
    assert found.ahead == "honest"
    assert "honest predicts a new person better than babbling" in found.verdict
    assert "The answer is the same without any one of them." in found.verdict
    gap = five["E1"].pointwise["babbling"] - five["E1"].pointwise["honest"]
    assert found.table.loc["E1", "difference"] == pytest.approx(gap.mean())
    assert found.table.loc["E1", "se"] >= gap.std() / np.sqrt(10)
    assert (found.without["high"] < 0).all()
    by_decision = est.synthesis(given, ("babbling", "honest"), per="decision", progress=False)
    assert by_decision.table["difference"].to_numpy() == pytest.approx(found.table["difference"] / 12)
    assert by_decision.ahead == "honest"


def test_experiments_without_sound_scores_are_named_and_left_out(five):
    """A fit that fails its checks, a theory that is not there: the reason is told, and the others go on."""
    flawed, whole = five["E1"], five["E2"]
    table = flawed.diagnoses["honest"].table.assign(passed=False)
    failed = replace(flawed, diagnoses=flawed.diagnoses | {"honest": replace(flawed.diagnoses["honest"], table=table)})
    given = five | {"E1": failed, "E2": {"honest": whole["honest"]}}
    found = est.synthesis(given, ("honest", "babbling"), progress=False)
    assert list(found.table.index) == ["E3", "E4", "other"]
    assert found.left_out["E1"].startswith("of honest, the diagnosis failed")
    assert found.left_out["E2"] == "there is no fit of babbling"
    assert "Left out: E1 (of honest, the diagnosis failed" in found.verdict
    with pytest.raises(est.ComparisonError, match="E1 is left out: of honest") as caught:
        est.synthesis({name: given[name] for name in ("E1", "E2", "E3")}, ("honest", "babbling"), progress=False)
    assert "two experiments with sound scores are needed" in str(caught.value)


def test_what_makes_no_sense_is_refused_with_advice(five):
    """One experiment, data that come twice, theories that are not there, other units."""
    pair = {name: five[name] for name in ("E1", "E2")}
    for given, options, told in (
        ({"E1": five["E1"]}, {}, "give at least two experiments by name"),
        ({"E1": five["E1"], "again": five["E1"]}, {}, "the data of 'again' are those of another experiment"),
        ({"E1": five["E1"], "E2": 3}, {}, "'E2' is a int; give a comparison"),
        (pair, {"theories": ("honest", "level-k")}, "say which two are to be told apart"),
        (pair, {"per": "game"}, "per must be '"),
        (pair, {"scale": 0.0}, "scale must be a positive number"),
    ):
        with pytest.raises(est.ComparisonError, match=told):
            est.synthesis(given, progress=False, **options)


def test_figure_and_page_show_every_experiment(study):
    """The forest plot has a line for each experiment, the mean and the next one; the page escapes names."""
    axes = study.plot()
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels[:1] == ["E1 (10)"]
    assert len(labels) == 7
    assert axes.get_title() == "SYNTHETIC"
    other = replace(study, theories=("<b>", "babbling"))
    assert "<b>" not in other._repr_html_()
    assert isinstance(study.summary, pd.DataFrame)
    assert "SYNTHETIC" in repr(study)


def test_a_name_that_stands_for_different_theories_is_told(five):
    turned = {"honest": five["E2"]["babbling"], "babbling": five["E2"]["honest"]}
    found = est.synthesis({**five, "E2": turned}, ("honest", "babbling"), progress=False)
    assert set(found.stands_for) == {"honest", "babbling"}
    assert "By honest, experiments do not mean the same: " in found.verdict
    assert "(E2)" in found.verdict


def test_an_experiment_of_one_person_says_nothing_of_how_people_differ(five):
    scores = {name: replace(score, elpd=score.elpd[:1]) for name, score in five["E1"].scores.items()}
    found = est.synthesis({**five, "E1": replace(five["E1"], scores=scores)}, ("honest", "babbling"), progress=False)
    assert found.left_out == {"E1": "it has one person only"}


def test_four_nats_over_all_people_name_nobody_however_sure_they_are():
    table = pd.DataFrame({"people": [10, 10], "decisions": [12.0, 12.0]})
    for estimate, per, ahead in ((0.19, "person", None), (0.21, "person", "a"), (0.21, "decision", "a")):
        mean = {"estimate": estimate, "probability": 0.999}
        assert ahead_over(("a", "b"), mean, table, per) == ahead
    assert ahead_over(("a", "b"), {"estimate": -0.21, "probability": 0.001}, table, "person") == "b"


def test_real_experiments_are_not_called_synthetic_and_what_the_prior_decides_is_told(study):
    """As if the experiments were real; and as if a narrower prior of the spread made one theory win."""
    assert "SYNTHETIC" not in replace(study, synthetic=()).verdict
    told = "It also hangs on how far experiments are thought to differ beforehand"
    sure = study.sensitivity.assign(estimate=3.0, probability=1.0)
    assert study.ahead is None
    assert told in replace(study, sensitivity=sure).verdict
