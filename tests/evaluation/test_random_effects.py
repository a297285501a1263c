"""Random-effects model selection against its own definition, integrated by brute force."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special

from estimation.evaluation.comparison.random_effects import (
    exceedance_probabilities,
    free_energy,
    null_evidence,
    random_effects,
)

MANY = 400_000


def scores(rng, shares, people=30, strength=3.0):
    """Return log evidences of people who follow theories with given shares."""
    follows = rng.choice(len(shares), size=people, p=shares)
    result = rng.normal(-100, 20, (people, 1)) + rng.normal(size=(people, len(shares)))
    result[np.arange(people), follows] += strength
    names = [f"theory {number}" for number in range(len(shares))]
    return pd.DataFrame(result, columns=names, index=[f"s{number}" for number in range(people)])


def by_brute_force(score, seed=0):
    """Return frequencies, exceedance, and log evidence of unequal frequencies from draws of the Dirichlet prior."""
    share = np.random.default_rng(seed).dirichlet(np.ones(score.shape[1]), size=MANY)
    top = score.max(axis=1, keepdims=True)
    log_weight = np.zeros(MANY)
    for row in np.exp(score - top):
        log_weight += np.log(share @ row)
    weight = special.softmax(log_weight)
    best = share.argmax(axis=1)
    exceedance = np.bincount(best, weights=weight, minlength=score.shape[1])
    return weight @ share, exceedance, special.logsumexp(log_weight) - np.log(MANY) + top.sum()


@pytest.mark.parametrize("shares", [(0.8, 0.2), (0.5, 0.3, 0.2), (0.5, 0.5)], ids=str)
def test_the_variational_posterior_is_close_to_brute_force(shares):
    found = scores(np.random.default_rng(3), shares)
    study = random_effects(found)
    frequency, exceedance, evidence = by_brute_force(found.to_numpy())
    table = study.table.loc[found.columns]
    np.testing.assert_allclose(table["frequency"], frequency, atol=0.02)
    np.testing.assert_allclose(
        table["exceedance"], exceedance, atol=0.06
    )  # too sure: known of the variational posterior
    count = study.people.sum().to_numpy() + 1
    bound = free_energy(found.to_numpy(), count, study.people.to_numpy())
    assert evidence - 1.0 < bound < evidence + 0.02
    risk = special.expit(null_evidence(found.to_numpy()) - evidence)
    assert abs(study.omnibus_risk - risk) < 0.15


def test_exceedance_equals_counts_of_dirichlet_draws():
    count = np.array([12.0, 9.0, 3.0])
    draws = np.random.default_rng(1).dirichlet(count, size=MANY)
    counted = np.bincount(draws.argmax(axis=1), minlength=3) / MANY
    error = np.sqrt(counted * (1 - counted) / MANY)
    assert (np.abs(exceedance_probabilities(count) - counted) < 4 * error + 1e-9).all()


@pytest.mark.parametrize("count", [(2600.0, 2400.0), (3.0, 900.0), (1.5, 40.0), (1e5, 1e5 + 600)], ids=str)
def test_exceedance_of_two_theories_is_the_beta_distribution_above_one_half(count):
    exact = special.betaincc(*count, 0.5)
    np.testing.assert_allclose(exceedance_probabilities(np.array(count)), [exact, 1 - exact], atol=1e-8)


def test_where_scores_do_not_differ_all_theories_are_equally_frequent_and_the_risk_is_told():
    study = random_effects(pd.DataFrame(np.full((20, 2), -50.0), columns=["a", "b"]))
    np.testing.assert_allclose(study.table["frequency"], 0.5)
    np.testing.assert_allclose(study.table["protected"], 0.5)
    assert study.omnibus_risk > 0.5


def test_scores_far_below_what_a_computer_can_exponentiate_change_nothing():
    found = scores(np.random.default_rng(5), (0.7, 0.3))
    one, other = random_effects(found), random_effects(found - 5000)
    np.testing.assert_allclose(one.table, other.table.loc[one.table.index], atol=1e-8)
    assert one.omnibus_risk == pytest.approx(other.omnibus_risk, abs=1e-8)


def test_a_clear_majority_is_named_with_its_share():
    study = random_effects(scores(np.random.default_rng(7), (0.9, 0.1), people=60, strength=8.0))
    assert study.verdict.startswith("theory 0 is expected of 8") or "theory 0 is expected of 9" in study.verdict
    assert study.table["protected"].iloc[0] > 0.99
    assert study.people["theory 0"].between(0, 1).all()
