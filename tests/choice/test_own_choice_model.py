"""The choice model that CONTRIBUTING.md prints: one function, and everything that is done with fits works on it."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from choice_builders import WEIGHTS, choice_frame, choice_table
from walkthroughs import printed

import estimation as est
from estimation.jobs.unit import Unit
from estimation.report.document import report
from estimation.studies.choice_trial import ChoiceTrial

TERMS = list(WEIGHTS)


with TemporaryDirectory() as folder:
    own = Path(folder) / "random_regret.py"
    own.write_text(printed("Add a choice model")[own.name], encoding="utf-8")
    RandomRegret = est.import_file(own).RandomRegret

REGRET, LOGIT = RandomRegret(TERMS), est.MultinomialLogit(TERMS)


@pytest.fixture(scope="module")
def table():
    """Choices that people make who regret what they did not take."""
    situations = choice_table(people=30, situations=10)
    return est.simulate_choices(REGRET, situations, {"price": -0.5, "quality": 0.8}, seed=2)


@pytest.fixture(scope="module")
def fits(table):
    return {model.name: est.fit(model, table, seed=1, progress=False) for model in (REGRET, LOGIT)}


def test_the_likelihood_is_that_of_the_definition_written_out(table):
    likelihood, weights = REGRET.likelihood(table), np.array([-0.4, 0.9])
    x, total = likelihood.arrays.x, 0.0
    for (start, end), chosen in zip(pairwise(likelihood.arrays.first_row), likelihood.arrays.chosen, strict=True):
        regret = {
            i: sum(np.log(1 + np.exp(weights @ np.diag(x[j] - x[i]))).sum() for j in range(start, end) if j != i)
            for i in range(start, end)
        }
        total += -regret[chosen] - np.log(sum(np.exp(-each) for each in regret.values()))
    assert likelihood.slope(weights)[0] == pytest.approx(total, rel=1e-12)


def test_between_two_alternatives_regret_and_utility_are_the_same():
    frame = choice_frame(people=20)
    pairs = est.read_choices(frame[frame.groupby("situation")["chosen"].transform("size") == 2])
    ours, theirs = est.mode(REGRET, pairs), est.mode(LOGIT, pairs)
    np.testing.assert_allclose(ours.coefficients, theirs.coefficients, rtol=1e-5)
    np.testing.assert_allclose(ours.standard_errors, theirs.standard_errors, rtol=1e-4)


def test_it_is_fitted_checked_compared_and_refitted_without_people(fits, table):
    fit = fits[REGRET.name]
    assert est.diagnose(fit).ok
    assert ((fit.summary["low"] < [-0.5, 0.8]) & (fit.summary["high"] > [-0.5, 0.8])).all()
    study = est.compare(fits)
    assert set(study.table.index) == set(fits)
    score = est.leave_out(fit, [table.subjects[0]]).scores[table.subjects[0]]
    assert score == pytest.approx(study.pointwise.loc[table.subjects[0], REGRET.name], abs=0.1)


def test_it_is_read_back_where_it_is_defined_and_named_where_it_is_not(fits, tmp_path):
    path = fits[REGRET.name].save(tmp_path / "regret.nc")
    assert est.load_fit(path).model == REGRET
    elsewhere = f"import estimation as est; est.load_fit({str(path)!r})"
    done = subprocess.run([sys.executable, "-c", elsewhere], capture_output=True, text=True, check=False)
    assert "import the file first: est.import_file('random_regret.py')" in done.stderr


def test_a_truth_from_its_prior_is_found_again(table):
    tight = RandomRegret(TERMS, prior_scale=1.0)
    for number in (1, 2):
        found = ChoiceTrial(tight, table, seed=2)(Unit(f"simulation {number}"))
        assert found["ok"]
        assert set(found["quantities"]) == set(TERMS)
        assert all(0 < row["rank"] < 1 and row["sd"] > 0 for row in found["quantities"].values())


def test_its_markets_know_the_compromise_effect(fits):
    """Under regret a middling product gains from its extremes what a logit would leave alone (Chorus 2010)."""
    fit = fits[REGRET.name]
    assert est.shares(fit).draws.sum("alternative").to_numpy() == pytest.approx(1.0)
    market = est.scenario(fit.table).without("c")
    odds = [est.shares(fit, offered).table["median"] for offered in (market, market.adding("d", like="a"))]
    ratio = [share["a"] / share["b"] for share in odds]
    assert ratio[0] != pytest.approx(ratio[1], rel=0.01)


def test_what_it_cannot_say_it_refuses_in_a_sentence(fits):
    fit = fits[REGRET.name]
    with pytest.raises(est.ChoiceError, match="utility is no weighted sum under the random regret"):
        est.willingness_to_pay(fit)
    with pytest.raises(est.ChoiceError, match="a random regret is no mixture of logits"):
        fit.product_weights(fit.table.rows[TERMS].head(2))


def test_it_is_reported_in_its_own_words(fits, tmp_path):
    path = tmp_path / "regret.md"
    report(fits[REGRET.name], path)
    text = path.read_text(encoding="utf-8")
    for words in (RandomRegret.__doc__, "Parameters of random regret", "Chorus, C. G. (2010)"):
        assert words in text
    assert "What people would pay" not in text
