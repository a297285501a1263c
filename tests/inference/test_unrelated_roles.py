"""Fits of people whose roles are unrelated are two fits, and everything that can be done with fits knows."""

from __future__ import annotations

import numpy as np
import pytest
from engine import GAMES, LEVELS

import estimation as est
from estimation.evaluation.scores.loo import leave_people_out
from estimation.fits.storage import read
from estimation.inference import messages
from estimation.inference.fit import leave_out
from estimation.inference.refit import integrated_anew
from estimation.inference.roles import role_fits
from estimation.names import ROLES
from estimation.report.estimates import effect_table

pytestmark = pytest.mark.usefixtures("_few_experiments")

QUICK = {"seed": 4, "progress": False, "accuracy": 0.1, "chains": 2, "draws": 200, "samples": 200}
ONE = {"over": GAMES["over"]}
BASE = est.LevelK(max_level=1)
THEORY = est.RolesApart(BASE)


@pytest.fixture(scope="module")
def table():
    """People who think ahead as senders, and rarely as receivers; one of them never receives."""
    names = {f"{name} ({role})" if name == "lapse" else name: value for name, value in LEVELS.items() for role in ROLES}
    shares = {"level 1 as sender, level 0 as receiver": 0.8, "level 1 as sender, level 1 as receiver": 0.2}
    made, _ = est.simulate(THEORY, est.design(ONE, 12, 10, 1), names, shares=shares, seed=5)
    frame = made.frame
    kept = ~((frame["subject"] == "s03") & (frame["role"] == "receiver"))
    return est.Table.from_frame(frame[kept], ONE, name="apart", synthetic=True)


@pytest.fixture(scope="module")
def fit(table):
    return est.fit(THEORY, table, **QUICK)


@pytest.fixture(scope="module")
def alone(table):
    return {role: est.fit(BASE, table.only(role), **QUICK) for role in ROLES}


def test_the_fit_is_that_of_senders_beside_that_of_receivers(fit, alone):
    found = fit.draws
    for role, one in alone.items():
        own = one.draws
        np.testing.assert_array_equal(found[f"{role}_precision"], own[f"{role}_precision"])
        np.testing.assert_array_equal(found[f"lapse ({role})"], own["lapse"])
        np.testing.assert_allclose(found[f"level 1 as {role}"], own["level 1"])
    pairs = found["level 1 as sender, level 0 as receiver"]
    np.testing.assert_allclose(pairs, found["level 1 as sender"] * found["level 0 as receiver"])
    assert est.diagnose(fit).table.index.str.endswith(("senders", "receivers")).all()


def test_the_scores_of_people_are_the_sums_over_their_roles(fit, alone):
    scores = leave_people_out({"both": fit, **alone})
    parts = [scores[role].elpd.reindex(fit.table.subjects, fill_value=0.0) for role in ROLES]
    np.testing.assert_allclose(scores["both"].elpd, sum(parts), rtol=1e-12)
    assert scores["both"].error == pytest.approx(np.hypot(*(scores[role].error for role in ROLES)))
    exact = leave_out(fit, ["s03"])
    error = np.hypot(exact.errors["s03"], scores["both"].error)
    assert abs(exact.scores["s03"] - scores["both"].elpd["s03"]) < 4 * error


def test_it_is_recovered_who_thinks_ahead_in_which_role(fit):
    assert fit.summary.loc["level 1 as sender", "low"] > 0.6
    assert fit.summary.loc["level 1 as receiver", "high"] < 0.6
    people = fit.people[["level 1 as sender", "level 0 as sender"]].sum(axis=1)
    np.testing.assert_allclose(people, 1.0)


def test_of_a_role_that_somebody_never_played_the_population_is_all_that_is_known(fit):
    assert np.isnan(fit.people.loc["s03", "level 1 as receiver"])  # no finding about this person
    kinds = fit.theory.kinds_by_role(fit.problem.games, ROLES)["level 1 as receiver"]
    never = np.isin(fit.tree["people"].dataset["kind"].sel(subject="s03"), kinds).mean()
    assert abs(never - fit.draws["level 1 as receiver"].mean()) < 4 * np.sqrt(0.25 / 200)


def test_new_people_are_as_likely_as_by_the_nodes_of_the_fit(fit):
    people = fit.table.subjects[:4]
    likelihood, quality = integrated_anew(fit.problem.on(fit.table.of(people)), fit.posterior, [1])
    kept = fit.tree["log_likelihood"].dataset["people"].sel(subject=people).stack(both=("chain", "draw"))
    gap = np.abs(likelihood - kept.transpose("both", "subject").to_numpy()).mean(axis=0)
    assert (gap < 5 * np.hypot(quality["error"], fit.tree["integration"].dataset["error"].sel(subject=people))).all()


def test_it_is_simulated_predicted_checked_and_saved_like_any_fit(fit, tmp_path):
    again, _ = est.simulate(fit, seed=2)
    assert len(again.frame) == len(fit.table.frame)
    assert np.isfinite(est.predict(fit, people="known", draws=20)["mean"]).all()
    assert len(est.predictive_check(fit, draws=20))
    path = fit.save(tmp_path / "fit.nc")
    read_back = est.load_fit(path)
    assert read_back.theory == THEORY
    assert leave_people_out({"": read_back})[""].elpd.equals(leave_people_out({"": fit})[""].elpd)
    assert list(role_fits(read_back)) == list(ROLES)


@pytest.mark.slow  # the same is drawn and told as of other fits
def test_it_is_reported_like_any_fit(fit, tmp_path):
    text = est.report(fit, tmp_path / "report.md").read_text(encoding="utf-8")
    assert "level 1 as receiver" in text


def test_an_interrupted_fit_leaves_nothing_behind_once_it_is_done(table, fit, tmp_path):
    est.fit(THEORY, table, path=tmp_path / "fit.nc", **QUICK)
    assert [file.name for file in tmp_path.iterdir()] == ["fit.nc"]
    tree, manifest = read(tmp_path / "fit.nc")
    assert set(manifest["sampler"]["by_role"]) == set(ROLES)
    np.testing.assert_array_equal(tree["posterior"].dataset["mean"], fit.posterior["mean"])


def test_a_role_that_was_finished_before_the_other_was_interrupted_is_not_fitted_again(
    table, fit, tmp_path, monkeypatch
):
    engine, made = messages.fit_messages, []

    def broken(problem, *given):
        made.append(problem.roles)
        if len(made) == 2:
            raise KeyboardInterrupt
        return engine(problem, *given)

    monkeypatch.setattr(messages, "fit_messages", broken)
    with pytest.raises(KeyboardInterrupt):
        est.fit(THEORY, table, path=tmp_path / "fit.nc", **QUICK)
    again = est.fit(THEORY, table, path=tmp_path / "fit.nc", **QUICK)
    assert made == [("sender",), ("receiver",), ("receiver",)]
    assert [file.name for file in tmp_path.iterdir()] == ["fit.nc"]
    assert again.posterior.equals(fit.posterior)
    assert {node.path for node in again.tree.subtree} == {node.path for node in fit.tree.subtree}


def test_the_most_likely_population_is_that_of_each_role(table):
    whole = est.mode(THEORY, table, pooled=True)
    parts = {role: est.mode(BASE, table.only(role), pooled=True) for role in ROLES}
    assert whole.log_likelihood == pytest.approx(sum(part.log_likelihood for part in parts.values()), abs=0.01)
    assert whole.numbers == sum(part.numbers for part in parts.values())
    assert "level 1 as sender" in whole.summary.index


def test_different_theories_of_the_roles_score_as_the_two_do(table):
    theory = est.RolesApart(sender=est.FixedDiscount(), receiver=BASE)
    scores = leave_people_out(
        {
            "both": est.fit(theory, table, **QUICK),
            "sender": est.fit(est.FixedDiscount(), table.only("sender"), **QUICK),
            "receiver": est.fit(BASE, table.only("receiver"), **QUICK),
        }
    )
    total = scores["sender"].elpd.sum() + scores["receiver"].elpd.sum()
    assert scores["both"].elpd.sum() == pytest.approx(total, rel=1e-12)


def test_formulas_are_read_alike_in_both_roles():
    situations = est.design(ONE, 8, 6, 1)
    frame = situations.frame
    frame["country"] = np.where(frame["subject"].isin(["s1", "s2", "s5"]), "B", "A")
    table = est.Table.from_frame(frame, ONE, name="countries", synthetic=True)
    found = est.fit(est.RolesApart(est.FixedDiscount(inflation="~ country", lapse=False)), table, **QUICK)
    assert "inflation: country[T.B]" in found.summary.index
    assert "inflation: country: B (against A)" in [row[0] for row in effect_table(found).rows]
    people = role_fits(found)["sender"].problem.design.covariates.value
    np.testing.assert_allclose(people, found.problem.design.covariates.value)


@pytest.mark.slow  # the likelihood of related roles is tested where theories are; here its posterior
def test_correlations_over_roles_are_recovered():
    theory = est.RolesApart(est.FixedDiscount(lapse=False), correlated=True)
    people = {"inflation": (4.0, 2.0), "discount": (3.0, 2.0)}
    people |= {f"{role}_precision": (5.0, 0.3) for role in ROLES}
    pair = "discount, inflation"
    table, _ = est.simulate(theory, est.design(ONE, 60, 15, 1), people, correlations={pair: 0.8}, seed=3)
    found = est.fit(theory, table, **QUICK)
    row = found.summary.loc["correlation of discount and inflation"]
    assert row["low"] > 0.3
    assert row["low"] < 0.8 < row["high"] + 0.1
