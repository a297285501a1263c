"""Roles apart: a theory whose people are two, one who sends and one who receives, with nothing in common."""

from __future__ import annotations

import numpy as np
import pytest
from engine import GAMES, messages_with_outcomes

import estimation as est
from estimation.inference.problem import MessageProblem
from estimation.names import ROLES
from estimation.theories import from_spec

TRUST = est.TrustEmbedded(habits="all", priors={"trust": {"centre": 1.0}})


@pytest.fixture(scope="module")
def table():
    return est.design(GAMES, people=3, decisions=5, seed=2)


def test_what_both_roles_know_is_a_parameter_of_each():
    found = [p.name for p in est.RolesApart(est.TrustEmbedded()).parameters(list(GAMES.values()), ROLES)]
    own = ["trust (sender)", "lying_cost", "trust (receiver)"]
    noise = ["sender_precision", "lapse (sender)", "receiver_precision", "lapse (receiver)"]
    assert found == [*own, *noise]


@pytest.mark.parametrize("theory", [TRUST, est.FixedDiscount(), est.CostlyLying(), est.QuantalResponse()], ids=str)
def test_people_are_as_likely_as_senders_and_receivers_by_themselves_and_so_are_populations(theory, table):
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


def test_it_is_the_same_after_a_trip_through_plain_data():
    theory = est.RolesApart(TRUST, correlated=True)
    again = from_spec(theory.spec())
    assert again == theory
    assert again.habits == "all"


def test_several_kinds_and_combinations_are_refused():
    with pytest.raises(est.TheoryError, match="knows kinds of people"):
        est.RolesApart(est.LevelK())
    with pytest.raises(est.TheoryError, match="one theory of messages"):
        est.RolesApart(est.Mixture([est.TrustEmbedded(), est.Babbling()]))
    with pytest.raises(est.TheoryError, match="give the formulas to the theory"):
        est.RolesApart(est.TrustEmbedded(), trust="~ country")
