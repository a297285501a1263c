"""What it costs to take a person to be the same in both roles, told by a comparison and parameter by parameter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from engine import GAMES, LEVELS

import estimation as est
from estimation.evaluation.comparison.shared_roles import Scored, what_is_shared
from estimation.evaluation.words import about_roles
from estimation.inference.problem import MessageProblem

QUICK = {"seed": 4, "progress": False, "accuracy": 0.1, "chains": 2, "draws": 200, "samples": 10}
ONE = {"over": GAMES["over"]}


@pytest.fixture(scope="module")
def fits():
    """People who think one step as senders and none as receivers, by theories of one level or none in both roles."""
    theory = est.RolesApart(est.LevelK(max_level=1), shared=["lapse"])
    shares = {"level 1 as sender, level 0 as receiver": 1.0}
    table, _ = est.simulate(theory, est.design(ONE, 10, 12, 1), LEVELS, shares=shares, seed=5)
    return {
        name: est.fit(one, table, **QUICK)
        for name, one in {"levels": est.LevelK(max_level=1), "babbling": est.Babbling()}.items()
    }


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return tmp_path_factory.mktemp("study") / "store"


@pytest.fixture(scope="module")
def costs(fits, store):
    return est.sharing_costs(fits["levels"], store=store, progress=False)


def test_the_level_is_found_that_is_not_the_same_in_both_roles(costs):
    assert list(costs.index) == ["nothing", "lapse", "kind", "everything"]
    gain, error = costs["gain"], costs["se"]
    assert gain["kind"] > 2 * error["kind"]
    assert gain["kind"] > 10 * abs(gain["lapse"])
    np.testing.assert_allclose(costs["elpd"] - costs["elpd"]["nothing"], gain)


def test_with_everything_freed_the_score_is_the_sum_of_the_roles(fits, costs):
    whole = est.fit(est.RolesApart(est.LevelK(max_level=1)), fits["levels"].table, **QUICK)
    study = est.compare({**fits, "apart": whole}, roles_apart=False, progress=False)
    assert study.table["elpd"]["apart"] == pytest.approx(costs["elpd"]["everything"])


def test_a_comparison_enters_unrelated_roles_of_the_best_theory_by_itself(fits, costs, store, monkeypatch):
    # what is in the store is not fitted again
    monkeypatch.setattr("estimation.evaluation.comparison.shared_roles.fitted", None)
    study = est.compare(fits, store=store, progress=False)
    assert study.table.index[0] == "levels"
    assert study.unrelated.elpd.sum() == pytest.approx(costs["elpd"]["everything"])
    assert "If a person's roles had nothing in common, levels would predict" in study.verdict
    assert "est.sharing_costs says which parameter costs what" in study.verdict
    assert "nothing in common" in repr(study)
    assert est.compare(fits, roles_apart=False, progress=False).unrelated is None


def test_roles_apart_among_the_fits_are_not_fitted_again(fits, monkeypatch):
    whole = est.fit(est.RolesApart(est.Babbling()), fits["levels"].table, **QUICK)
    monkeypatch.setattr("estimation.evaluation.comparison.shared_roles.fitted", None)
    study = est.compare({"babbling": fits["babbling"], "apart": whole}, progress=False)
    if study.table.index[0] == "babbling":
        pd.testing.assert_series_equal(study.unrelated.elpd, study.scores["apart"].elpd)
    else:
        assert study.unrelated is None, "nothing is shared there"


def test_what_is_shared_is_what_both_roles_have(fits):
    table = fits["levels"].table
    shared = {
        est.FixedDiscount(habits="all"): ["lapse"],
        est.TrustEmbedded(): ["trust", "lapse"],
        est.TrustEmbedded(believed_trust="separate"): ["lapse"],
        est.LevelKLying(beliefs="own"): ["lying_cost", "lapse", "kind"],
        est.RolesApart(est.LevelK(), shared=["kind"]): ["kind"],
        est.RolesApart(est.LevelK()): [],
    }
    for theory, names in shared.items():
        assert what_is_shared(MessageProblem(theory, table)) == names


def test_a_sentence_says_what_sharing_costs_or_teaches():
    assert "932 nats better (standard error 60): so much it costs" in about_roles("trust", 932.0, 60.0, 200, "")
    assert "20 nats worse (standard error 4): what people are like in one role" in about_roles(
        "trust", -20.0, 4.0, 200, ""
    )
    assert "about as well (1.5 nats better, standard error 0.9)" in about_roles("trust", 1.5, 0.9, 200, "")
    assert "cannot be told: R-hat" in about_roles("trust", 0.0, 1.0, 200, "R-hat")


def test_the_error_of_a_difference_is_over_people_and_of_both_computations():
    one, other = pd.Series([1.0, 2.0, 4.0], list("abc")), pd.Series([2.0, 1.0, 1.0], list("cba"))
    gain, error = Scored(one, 0.3, "").against(Scored(other, 0.4, ""))
    assert gain == pytest.approx(3.0)
    assert error == pytest.approx(np.sqrt(3 * np.var([0.0, 1.0, 2.0], ddof=1) + 0.25))


def test_what_shares_nothing_is_refused_with_what_to_do(fits):
    fit = fits["babbling"]
    alone = est.fit(est.Babbling(), fit.table.only("sender"), **QUICK)
    with pytest.raises(est.ComparisonError, match="give the fit of a theory of messages in which people differ"):
        est.sharing_costs(alone)
    nothing = replace(fit, problem=MessageProblem(est.Babbling(lapse=False), fit.table))
    with pytest.raises(est.ComparisonError, match="no parameter is the same in both roles"):
        est.sharing_costs(nothing)
    with pytest.raises(est.ComparisonError, match="not a int"):
        est.sharing_costs(7)
