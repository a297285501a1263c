"""Theories of messages with parameters that everybody shares: a fit like any other, from the fit to the report."""

from __future__ import annotations

import json

import numpy as np
import pytest
from builders import make_table
from matplotlib.figure import Figure

import estimation as est
from estimation import cli
from estimation.inference.problem import MessageProblem
from estimation.population.people import log_likelihood

pytestmark = pytest.mark.usefixtures("_few_experiments")

EQUAL = {"receiver_precision": "sender_precision"}
GAMES = {"over": est.EstimationGame("over", highest=10), "under": est.EstimationGame("under", highest=10)}
PRECISIONS = {"sender_precision": (1.0, 0.3), "receiver_precision": (1.0, 0.3)}
TRUTH = {"trust": (0.7, 1.0), "lying_cost": (0.5, 0.8), "lapse": (0.02, 0.3), **PRECISIONS}


@pytest.fixture(scope="module")
def table():
    """SYNTHETIC decisions of 8 people who differ."""
    design = est.design(GAMES, 8, 6, seed=1)
    return est.simulate(est.TrustEmbedded(), design, TRUTH, seed=1, name="talk")[0]


@pytest.fixture(scope="module")
def alike(table):
    """A fit in which they do not."""
    return est.fit(est.TrustEmbedded(), table, pooled=True, equal=EQUAL, seed=1)


@pytest.fixture(scope="module")
def rival(table):
    """Babbling, pooled."""
    return est.fit(est.Babbling(), table, pooled=True, seed=1)


def test_a_shared_parameter_is_one_number(alike):
    assert est.diagnose(alike).ok
    assert list(alike.summary.index) == ["trust", "lying_cost", "sender_precision", "lapse"]
    assert alike.label == "trust-embedded, pooled, on talk (SYNTHETIC)"


def test_the_likelihood_is_that_of_a_crowd_of_equal_people(alike, table):
    """Another route: people one by one, as a theory evaluates them in which they differ."""
    theta = alike.problem.theta(alike.posterior)[:, :3]
    found = alike.problem.log_likelihood(theta)
    differing = MessageProblem(alike.theory, table)
    everybody = alike.problem.everybody(theta)
    people = differing.crowd.people
    expected = [log_likelihood(alike.theory, 0, who, differing.parameters, everybody) for who in people]
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_it_is_compared_with_rivals_that_are_pooled(alike, rival, tmp_path):
    study = est.compare({"trust": alike, "babbling": rival}, progress=False)
    assert "trust predicts a new person better than babbling" in study.verdict
    assert study.table["distance"]["babbling"] > 0.1
    assert est.report(study, tmp_path / "pooled.md").is_file()


def test_it_is_compared_with_the_fit_in_which_people_differ(alike, table, tmp_path):
    differ = est.fit(est.TrustEmbedded(), table, seed=1, method="importance", draws=100, accuracy=0.2, progress=False)
    study = est.compare({"differ": differ, "alike": alike}, progress=False)
    assert set(study.table.index) == {"differ", "alike"}
    assert 0 <= study.table["distance"].iloc[1] < 1
    text = est.report(study, tmp_path / "both.html").read_text(encoding="utf-8")
    assert "that everybody shares" in text
    with pytest.raises(est.ComparisonError, match="in which people differ"):
        est.compare({"differ": differ, "alike": alike}, unit="condition", progress=False)


def test_it_is_read_back_with_what_is_equal(alike, tmp_path):
    again = est.load_fit(alike.save(tmp_path / "pooled.nc"))
    assert again.problem.equal == EQUAL
    assert again.draws.equals(alike.draws)


def test_it_predicts_simulates_and_is_checked(alike):
    assert len(est.predictive_check(alike, draws=20)) > 5
    assert np.isfinite(est.predict(alike, by="condition", draws=50)["mean"]).all()
    _, people = est.simulate(alike, seed=3)
    assert people["trust"].nunique() == 1
    assert est.plot_people(alike, "trust", ax=Figure().subplots())


def test_what_cannot_be_pooled_says_why(table):
    with pytest.raises(est.FitError, match="knows kinds of people"):
        est.fit(est.LevelK(2), table, pooled=True)
    with pytest.raises(est.FitError, match="'honesty' is no parameter"):
        est.fit(est.TrustEmbedded(), table, pooled=True, equal={"honesty": "trust"})
    with pytest.raises(est.FitError, match="formulas"):
        est.fit(est.TrustEmbedded(trust="~ late"), table, pooled=True)
    with pytest.raises(est.FitError, match="add pooled=True"):
        est.fit(est.TrustEmbedded(), table, equal=EQUAL)
    with pytest.raises(est.FitError, match="pooled and equal are for theories"):
        est.fit(est.MultinomialLogit(["price"]), est.load("electricity"), pooled=True)


def test_a_study_asks_for_people_who_differ(alike):
    with pytest.raises(est.TheoryError, match="in which people differ"):
        est.recovery(alike, simulations=1, progress=False)


def test_the_command_line_pools(table, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    only = table.only("sender")
    only.frame.to_csv("simulated_talk.csv", index=False)
    conditions = [f'[conditions.{name}]\nfamily = "estimation"\ndirection = "{name}"\nhighest = 10\n' for name in GAMES]
    (tmp_path / "games.toml").write_text("".join(conditions))
    data = ["simulated_talk.csv", "--games", "games.toml", "--role", "sender"]
    with pytest.raises(SystemExit) as ended:
        cli.main(["fit", *data, "--theory", "trust", "--pooled", "--json", "--out", "pooled.nc"])
    assert ended.value.code == 0
    said = json.loads(capsys.readouterr().out)
    assert said["ok"]
    assert "lying_cost" in [row["quantity"] for row in said["estimates"]]
    assert est.load_fit("pooled.nc").problem.is_pooled


def test_people_are_scored_as_if_they_had_not_been_there(alike):
    """By a refit without them; and by weights, for somebody whom these leave out well."""
    table = alike.table
    who = table.subjects[0]
    left = est.leave_out(alike, [who])
    assert left.is_sound
    fit = est.fit(
        alike.theory, table.of([name for name in table.subjects if name != who]), pooled=True, equal=EQUAL, seed=5
    )
    problem = type(fit.problem)(fit.theory, table.of([who]), EQUAL)
    value = problem.log_likelihood(fit.problem.theta(fit.posterior))[0]
    score = np.log(np.exp(value - value.max()).mean()) + value.max()
    assert left.scores[who] == pytest.approx(score, abs=0.15)


def test_learning_is_for_people_who_are_followed():
    with pytest.raises(est.FitError, match="people learn"):
        est.fit(est.DynamicTrust(), make_table(), pooled=True)
