"""Roles apart: a theory whose people are two, one who sends and one who receives, with nothing in common."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from engine import GAMES, messages_with_outcomes

import estimation as est
from estimation.examples.discounting import Discounting
from estimation.inference.problem import MessageProblem
from estimation.names import ROLES
from estimation.population.structure import PopulationDraws
from estimation.theories import from_spec
from estimation.theories.messages.in_role import InRole

TRUST = est.TrustEmbedded(habits="all", priors={"trust": {"centre": 1.0}})


@pytest.fixture(scope="module")
def table():
    return est.design(GAMES, people=4, decisions=5, seed=2)


def test_what_both_roles_know_is_a_parameter_of_each():
    found = [p.name for p in est.RolesApart(est.TrustEmbedded()).parameters(list(GAMES.values()), ROLES)]
    own = ["trust (sender)", "lying_cost", "trust (receiver)"]
    noise = ["sender_precision", "lapse (sender)", "receiver_precision", "lapse (receiver)"]
    assert found == [*own, *noise]


@pytest.mark.parametrize(
    "theory",
    [TRUST, est.FixedDiscount(), est.CostlyLying(), pytest.param(est.QuantalResponse(), marks=pytest.mark.slow)],
    ids=str,
)
def test_people_are_as_likely_as_senders_and_receivers_by_themselves_and_so_are_populations(theory):
    games = {name: est.EstimationGame(name, highest=6, lie_reference=2.0) for name in ("over", "under")}
    table = est.design(games, people=4, decisions=5, seed=2)
    both, nodes = MessageProblem(est.RolesApart(theory), table), np.random.default_rng(1)
    apart = {role: MessageProblem(theory, table.only(role)) for role in ROLES}
    value = {p.name: nodes.normal(p.centre, p.spread, 4) for p in both.parameters}
    mine = {
        role: [f"{p.name} ({role})" if f"{p.name} ({role})" in value else p.name for p in one.parameters]
        for role, one in apart.items()
    }
    assert sorted(mine["sender"] + mine["receiver"]) == sorted(value)
    for person in range(3):
        together = both.crowd.evaluate(0, person, np.array(list(value.values())))
        alone = [
            one.crowd.evaluate(0, person, np.array([value[name] for name in mine[role]])) for role, one in apart.items()
        ]
        np.testing.assert_allclose(together, sum(alone), rtol=1e-10)
    priors = {p.name: (p.centre, p.centre_sd, p.spread) for p in both.parameters}
    for role, one in apart.items():
        assert [priors[name] for name in mine[role]] == [(p.centre, p.centre_sd, p.spread) for p in one.parameters]


def test_formulas_and_correlations_reach_both_roles(table):
    frame = table.frame
    frame["country"] = np.where(frame["subject"] == "s1", "B", "A")
    theory = est.RolesApart(est.TrustEmbedded(trust="~ country"), correlated=True)
    problem = MessageProblem(theory, est.Table.from_frame(frame, GAMES))
    assert problem.design.covariates.names == ("trust (sender): country[T.B]", "trust (receiver): country[T.B]")
    assert "trust (receiver), trust (sender)" in problem.structure.pairs


def test_people_may_learn_in_their_role():
    table, theory = messages_with_outcomes(people=2, decisions=6), est.DynamicTrust()
    both, alone = (MessageProblem(one, table) for one in (est.RolesApart(theory), theory))
    nodes = np.random.default_rng(3).normal(size=(len(alone.parameters), 5))
    assert len(both.parameters) == len(alone.parameters)
    np.testing.assert_allclose(both.crowd.evaluate(0, 1, nodes), alone.crowd.evaluate(0, 1, nodes))


MANY = [
    est.RolesApart(TRUST, correlated=True),
    est.RolesApart(est.LevelK(max_level=1), shared=["kind"]),
    est.RolesApart(sender=est.FixedDiscount(), receiver=est.TrustEmbedded(), shared="lapse"),
    est.RolesApart(est.Mixture([est.TrustEmbedded(), est.LevelK(max_level=1)])),
]


@pytest.mark.parametrize("theory", MANY, ids=str)
def test_it_is_the_same_after_a_trip_through_plain_data(theory):
    again = from_spec(json.loads(json.dumps(theory.spec())))
    assert again == theory
    assert again.habits == theory.habits
    half = InRole(both=theory, role="receiver")
    assert from_spec(json.loads(json.dumps(half.spec()))) == half


def test_kinds_of_people_are_pairs_of_a_kind_as_sender_and_one_as_receiver():
    theory = est.RolesApart(est.LevelK(max_level=1))
    assert theory.types == (
        "level 0 as sender, level 0 as receiver",
        "level 0 as sender, level 1 as receiver",
        "level 1 as sender, level 0 as receiver",
        "level 1 as sender, level 1 as receiver",
    )
    one = est.RolesApart(sender=est.FixedDiscount(), receiver=est.LevelK(max_level=1))
    assert one.types == ("level 0 as receiver", "level 1 as receiver")
    assert est.RolesApart(est.LevelK(max_level=1), shared=["kind"]).types == ("level 0", "level 1")


def test_a_mixture_may_have_its_kinds_apart(table):
    mixture = est.Mixture([est.FixedDiscount(), est.LevelK(max_level=1)])
    theory = est.RolesApart(mixture)
    assert len(theory.types) == len(mixture.types) ** 2
    problem = MessageProblem(theory, table)
    alone = {role: MessageProblem(mixture, table.only(role)) for role in ROLES}
    value = {p.name: np.array([p.centre]) for p in problem.parameters}
    for kind, name in enumerate(theory.types):
        as_sender, as_receiver = (part.rsplit(" as ", 1)[0] for part in name.split(", "))
        expected = 0.0
        for role, local in (("sender", as_sender), ("receiver", as_receiver)):
            mine = [value.get(p.name, value.get(f"{p.name} ({role})")) for p in alone[role].parameters]
            expected = expected + alone[role].crowd.evaluate(mixture.types.index(local), 0, np.array(mine))
        np.testing.assert_allclose(problem.crowd.evaluate(kind, 0, np.array(list(value.values()))), expected)


def test_the_prior_of_a_pair_gives_each_role_the_prior_of_its_own_kinds():
    for base in (est.LevelK(max_level=2), est.Mixture([est.FixedDiscount(), est.LevelK(max_level=1)])):
        pairs = np.reshape(est.RolesApart(base).share_weights, (len(base.types), -1))
        np.testing.assert_allclose(pairs.sum(axis=0), base.share_weights)
        np.testing.assert_allclose(pairs.sum(axis=1), base.share_weights)
    levels, trust = est.LevelK(max_level=2), est.TrustEmbedded()
    for by_role in ({"sender": levels, "receiver": trust}, {"sender": trust, "receiver": levels}):
        assert est.RolesApart(**by_role, correlated=True).share_weights == levels.share_weights, "trust has one kind"


def test_before_the_data_shares_of_unrelated_roles_are_products_and_those_of_related_ones_are_not(table):
    for correlated in (False, True):
        problem = MessageProblem(est.RolesApart(est.LevelK(max_level=1), correlated=correlated), table)
        share = problem.structure.prior.numbers(np.random.default_rng(1))["share"].reshape(2, 2)
        assert (abs(np.linalg.det(share)) < 1e-12) is not correlated


def test_levels_that_behave_alike_in_one_role_are_told_apart_by_the_other(table):
    problem = MessageProblem(est.RolesApart(est.LevelK(max_level=1, convention="C")), table)
    assert [len(group) for group in problem.distinct_kinds.values()] == [2, 2]
    assert problem.named_kinds["level 1 as sender"] == [2, 3]


def test_what_is_shared_stays_one_parameter_and_all_of_it_shared_is_the_theory_itself(table):
    base = est.LevelKLying(max_level=1, beliefs="own")
    theory = est.RolesApart(base, shared=["lying_cost", "lapse", "kind"])
    both, alone = MessageProblem(theory, table), MessageProblem(base, table)
    assert sorted(p.name for p in both.parameters) == sorted(p.name for p in alone.parameters)
    value = {p.name: np.array([p.centre, p.centre + 0.5]) for p in alone.parameters}
    for kind in range(2):
        found, expected = (
            one.crowd.evaluate(kind, 1, np.array([value[p.name] for p in one.parameters])) for one in (both, alone)
        )
        np.testing.assert_allclose(found, expected)
    freed = [p.name for p in MessageProblem(est.RolesApart(base, shared=["lying_cost"]), table).parameters]
    assert {"lying_cost", "lapse (sender)", "lapse (receiver)"} < set(freed)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({}, "give one theory, as in"),
        ({"sender": est.TrustEmbedded()}, "or both sender=… and receiver=…"),
        ({"base": est.LevelK(), "sender": est.TrustEmbedded()}, "give one theory"),
        ({"base": est.RolesApart(est.TrustEmbedded())}, "is no theory of messages without roles apart"),
        ({"base": 7}, "7 is no theory of messages"),
        ({"base": est.TrustEmbedded(), "trust": "~ country"}, "give the formulas of ['trust'] to the theories"),
        ({"base": est.TrustEmbedded(), "habits": "all"}, "habits='all' is not what its theories have, 'none'"),
        ({"base": est.TrustEmbedded(lapse=False), "lapse": True}, "lapse=True is not what its theories have, False"),
        ({"base": est.TrustEmbedded(), "shared": 7}, "7 cannot be shared"),
        (
            {"shared": "lapse"}
            | {role: est.TrustEmbedded(formulas={"lapse": f"~ {role}_age"}) for role in ("sender", "receiver")},
            "'lapse' is one parameter here, and its theories give it other formulas: '~ sender_age'",
        ),
        ({"base": est.TrustEmbedded(correlated=True)}, "say correlated=True of RolesApart"),
        (
            {"base": est.TrustEmbedded(), "shared": ["lying_cost"]},
            "'lying_cost' cannot be shared; what both roles have",
        ),
        ({"base": est.TrustEmbedded(), "shared": ["kind"]}, "'kind' cannot be shared"),
        ({"sender": est.LevelK(), "receiver": est.LevelK(max_level=1), "shared": "kind"}, "'kind' cannot be shared"),
        ({"sender": est.TrustEmbedded(), "receiver": Discounting()}, "discounting says nothing about receivers"),
        ({"sender": est.TrustEmbedded(habits="all"), "receiver": est.LevelK()}, "the roles differ in habits"),
    ],
)
def test_what_has_no_meaning_is_refused_with_what_to_do(how, message):
    with pytest.raises(est.TheoryError, match=re.escape(message)):
        est.RolesApart(**how)


def test_the_middle_of_draws_without_differences_has_an_inverse(table):
    problem = MessageProblem(est.RolesApart(est.FixedDiscount(lapse=False), correlated=True), table)
    dims, pairs = len(problem.parameters), len(problem.structure.pairs)
    found = {"mean": np.zeros((3, dims)), "sd": np.ones((3, dims)), "correlation": np.ones((3, pairs))}
    draws = PopulationDraws(problem.structure, found)
    for population in (draws.middle, draws.wide):
        assert np.isfinite(population.whitener).all()
        assert not population.is_impossible
