"""What populations can do: mixtures, formulas, correlations and trust that moves recover what was simulated."""

from __future__ import annotations

import numpy as np
import pytest
from engine import GAMES, LEARNING, TRUST, messages_with_outcomes

import estimation as est

QUIET = {"seed": 4, "progress": False, "chains": 2}


def within(draws, true, level=0.99):
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
    return low < true < high


def sound(fit):
    diagnosis = est.diagnose(fit)
    assert diagnosis.ok, diagnosis.verdict
    return fit.tree["posterior"].dataset


@pytest.fixture(scope="module")
def mixed():
    theory = est.Mixture([est.TrustEmbedded(), est.LevelK(max_level=2)], without=["level-k: level 0"])
    shares = {"trust-embedded": 0.5, "level-k: level 1": 0.2, "level-k: level 2": 0.3}
    table, truth = est.simulate(theory, est.design(GAMES, 24, 12, seed=1), TRUST, shares=shares, seed=2)
    return est.fit(theory, table, **QUIET), truth


def test_a_mixture_recovers_shares_and_parameters(mixed):
    fit, truth = mixed
    posterior = sound(fit)
    for kind, share in truth["kind"].value_counts(normalize=True).items():
        assert within(posterior["share"].sel(kind=kind), share), kind
    for parameter in fit.problem.parameters:
        true = parameter.transformed(TRUST[parameter.name][0])
        assert within(posterior["mean"].sel(parameter=parameter.name), true), parameter.name


def test_a_mixture_classifies_at_least_nine_of_ten_people(mixed):
    fit, truth = mixed
    guess = fit.people[list(fit.problem.distinct_kinds)].idxmax(axis=1).to_numpy()
    assert (guess == truth["kind"].to_numpy()).mean() >= 0.9
    assert fit.people[list(fit.problem.distinct_kinds)].sum(axis=1).to_numpy() == pytest.approx(1)


def test_a_mixtures_own_parameters_are_those_of_the_people_to_whom_they_matter(mixed):
    fit, truth = mixed
    clear = fit.people["trust-embedded"] > 0.99
    true = truth.set_index("subject")["trust"]
    assert np.corrcoef(fit.people["trust"][clear], true[clear])[0, 1] > 0.7
    assert fit.people["trust"][fit.people["trust-embedded"] == 0].isna().all()


def test_a_mixture_is_saved_simulated_and_checked_like_any_theory(mixed, tmp_path):
    fit, _ = mixed
    fit.save(tmp_path / "mixture.nc")
    again = est.load_fit(tmp_path / "mixture.nc")
    assert again.theory == fit.theory
    assert again.summary.equals(fit.summary)
    simulated, people = est.simulate(again, seed=3)
    assert len(simulated) == len(fit.table)
    assert set(people["kind"]) <= set(fit.theory.types)
    assert not est.predictive_check(fit, draws=20, seed=1)["surprising"].all()


COUNTRIES = {"trust: country[T.B]": 1.5, "trust: country[T.B]:late": 1.0}
REACTING = {"trust": (0.5, 0.7), "trust: late": (-1.0, 0.3), "receiver_precision": (3.0, 0.3), "lapse": (0.03, 0.5)}


@pytest.fixture(scope="module")
def by_country():
    table = est.design(GAMES, people=36, decisions=12, seed=3, roles=("receiver",))
    frame = table.frame
    frame["country"] = np.where(frame["subject"].str[1:].astype(int) % 3 == 0, "B", "A")
    frame["late"] = (frame["period"] > 12).astype(float)
    theory = est.TrustEmbedded(trust="~ country * late")
    situations = est.Table.from_frame(frame, table.games)
    simulated, _ = est.simulate(theory, situations, REACTING, coefficients=COUNTRIES, seed=5)
    return est.fit(theory, simulated, **QUIET)


def test_effects_of_formulas_recover(by_country):
    posterior = sound(by_country)
    for name, true in COUNTRIES.items():
        assert within(posterior["coefficient"].sel(covariate=name), true), name
    assert posterior["coefficient"].sel(covariate="trust: country[T.B]").quantile(0.005) > 0
    share = by_country.table.frame.groupby("subject")["country"].first().eq("B").mean()
    slope = REACTING["trust: late"][0] + share * COUNTRIES["trust: country[T.B]:late"]
    assert within(posterior["mean"].sel(parameter="trust: late"), slope)


def test_effects_are_named_in_the_summary_and_survive_the_file(by_country, tmp_path):
    assert {"trust", "trust: late", *COUNTRIES} <= set(by_country.summary.index)
    by_country.save(tmp_path / "formula.nc")
    again = est.load_fit(tmp_path / "formula.nc")
    assert again.summary.equals(by_country.summary)
    assert again.theory.formulas == {"trust": "~ country * late"}


def test_people_are_predicted_in_a_country_that_is_not_theirs(by_country):
    frame = by_country.table.frame
    abroad, home = (est.Table.from_frame(frame.assign(country=country), by_country.table.games) for country in "BA")
    change = est.effect(by_country, abroad, home, what="trust").loc[0]
    assert 0.1 < change["low"] < change["mean"] < change["high"] < 0.6
    with pytest.raises(est.TheoryError, match="formula of 'trust' cannot be applied"):
        est.predict(by_country, est.Table.from_frame(frame.assign(country="C"), by_country.table.games))


@pytest.fixture(scope="module")
def related():
    theory = est.TrustEmbedded(correlated=True, lapse=False)
    people = {"trust": (0.5, 1.2), "lying_cost": (0.5, 0.9), "sender_precision": (4.0, 0.3)}
    people["receiver_precision"] = (4.0, 0.3)
    table = est.design({"over": GAMES["over"]}, people=40, decisions=10, seed=6)
    simulated, _ = est.simulate(theory, table, people, correlations={"lying_cost, trust": 0.8}, seed=7)
    return est.fit(theory, simulated, **QUIET)


def test_a_correlation_between_trust_and_trustworthiness_recovers(related):
    found = sound(related)["correlation"].sel(pair="lying_cost, trust")
    assert within(found, 0.8)
    assert found.quantile(0.005) > 0.1
    assert "correlation of lying_cost and trust" in related.summary.index


@pytest.mark.parametrize("people", [12, pytest.param(30, marks=pytest.mark.slow)])
def test_trust_that_moves_recovers_its_rates_and_is_preferred_where_trust_moved(people):
    table, _ = est.simulate(est.DynamicTrust(), messages_with_outcomes(people), LEARNING, seed=3)
    # Rates of learning of a few people need finer integrals than the default's.
    moving = est.fit(est.DynamicTrust(), table, accuracy=4, **QUIET)
    posterior = sound(moving)
    for parameter in moving.problem.parameters:
        true = parameter.transformed(LEARNING[parameter.name][0])
        assert within(posterior["mean"].sel(parameter=parameter.name), true), parameter.name
    study = est.compare({"moving": moving, "still": est.fit(est.TrustEmbedded(), table, **QUIET)})
    assert "moving predicts a new person better than still" in study.verdict


def test_trust_that_moves_is_not_preferred_where_trust_stood_still():
    """The static theory is the case of rates zero: it comes out ahead, and the rates are next to nothing."""
    people = {name: value for name, value in LEARNING.items() if name not in ("trust_gain", "trust_loss")}
    table, _ = est.simulate(est.TrustEmbedded(), messages_with_outcomes(), people, seed=3)
    fits = {"moving": est.fit(est.DynamicTrust(), table, **QUIET)}
    study = est.compare(fits | {"still": est.fit(est.TrustEmbedded(), table, **QUIET)})
    assert study.table.index[0] == "still"
    assert "moving predicts" not in study.verdict
    assert fits["moving"].summary.loc["trust_gain", "high"] < 0.05
