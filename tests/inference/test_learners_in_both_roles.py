"""People who learn and play both roles: what they hear as receivers moves what they do as senders, in every fit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from engine import GAMES

import estimation as est
from estimation.evaluation.scores.loo import leave_people_out
from estimation.inference.fit import leave_out
from estimation.inference.problem import MessageProblem
from estimation.names import ROLES
from estimation.population.people import values_at

QUICK = {"seed": 4, "progress": False, "accuracy": 0.1, "chains": 2, "draws": 200, "samples": 10}
ONE = {"over": GAMES["over"]}  # states from 0 to 20
COUNTS = est.DynamicTrust(rule="counts")
THEORIES = [
    est.DynamicTrust(),
    COUNTS,
    est.Mixture([COUNTS, est.LevelK(max_level=1)]),
    est.DynamicTrust(believed_trust="separate", about="partner"),
]
TRUTH = {
    "trust": (0.6, 1.0),
    "first_weight": (2.0, 0.3),
    "lying_cost": (0.6, 0.7),
    "sender_precision": (3.0, 0.4),
    "receiver_precision": (3.0, 0.4),
    "lapse": (0.04, 0.7),
}


@pytest.fixture(scope="module")
def table():
    """Six people who send and receive in turn, and see what was true."""
    return est.simulate(COUNTS, est.design(ONE, 6, 8, 1), TRUTH, seed=4)[0]


@pytest.fixture(scope="module")
def fit(table):
    return est.fit(COUNTS, table, **QUICK)


@pytest.fixture(scope="module")
def apart(table):
    return est.fit(est.RolesApart(COUNTS), table, **QUICK)


def in_turn():
    """One person: hears 20 where 10 was true, sends, hears the truth, and sends twice."""
    rows = [("receiver", 10, 20), ("sender", 5, 5), ("receiver", 7, 7), ("sender", 5, 5), ("sender", 5, 5)]
    names = {"subject": "a", "condition": "over", "partner": "b"}
    frame = [
        {**names, "period": turn + 1, "role": role, "state": state, "message": said, "action": said}
        for turn, (role, state, said) in enumerate(rows)
    ]
    frame = pd.DataFrame(frame)
    frame.loc[frame["role"] == "sender", "action"] = None
    return est.Table.from_frame(frame, ONE, name="in turn", synthetic=True)


def test_a_sender_alone_has_learnt_from_what_was_heard_as_a_receiver():
    first, weight = 0.5, 4.0  # a typical person of the prior
    after_lie = (weight * first + 0.5) / (weight + 1)  # 10 of a range of 20 apart
    after_truth = (weight * first + 0.5 + 1) / (weight + 2)
    problem = MessageProblem(est.RolesApart(COUNTS), in_turn()).in_role("sender")
    problem.check()
    (block,) = problem.crowd.people[0].blocks
    at = np.array([[p.centre for p in problem.parameters]])
    found = values_at(problem.theory, problem.parameters, "trust (sender)", np.array([0]), at, block)
    np.testing.assert_allclose(found[0], [after_lie, after_truth, after_truth], rtol=1e-12)


@pytest.mark.parametrize("theory", THEORIES, ids=str)
def test_people_are_as_likely_as_their_roles_together(theory, table):
    both = MessageProblem(est.RolesApart(theory), table)
    rng, names = np.random.default_rng(1), [p.name for p in both.parameters]
    nodes = np.array([rng.normal(p.centre, p.spread, 4) for p in both.parameters])
    parts = {role: both.in_role(role) for role in ROLES}
    of_role = {role: nodes[[names.index(p.name) for p in one.parameters]] for role, one in parts.items()}
    kinds = {role: one.kinds for role, one in parts.items()}
    for kind in range(both.kinds):
        at = dict(zip(ROLES, divmod(kind, kinds["receiver"]), strict=True))
        for person in range(2):
            alone = [one.crowd.evaluate(at[role], person, of_role[role]) for role, one in parts.items()]
            np.testing.assert_allclose(both.crowd.evaluate(kind, person, nodes), sum(alone), rtol=1e-10)


def test_some_of_the_people_of_a_role_have_heard_what_they_had_heard_among_all(table):
    sender = MessageProblem(est.RolesApart(COUNTS), table).in_role("sender")
    nodes = np.random.default_rng(1).normal(size=(len(sender.parameters), 3))
    some = sender.of(table.subjects[3:5])
    for place in range(2):
        want = sender.crowd.evaluate(0, 3 + place, nodes)
        np.testing.assert_allclose(some.crowd.evaluate(0, place, nodes), want, rtol=1e-12)


def test_a_comparison_and_the_costs_of_sharing_let_senders_learn(fit, apart, tmp_path):
    score = leave_people_out({"": apart})[""]
    babbling = est.fit(est.Babbling(), fit.table, **QUICK)
    study = est.compare({"moving": fit, "babbling": babbling}, progress=False, store=tmp_path / "store")
    assert "If a person's roles had nothing in common, moving would predict" in study.verdict
    pd.testing.assert_series_equal(study.unrelated.elpd, score.elpd, check_names=False, rtol=1e-9)
    costs = est.sharing_costs(fit, progress=False)
    assert list(costs.index) == ["nothing", "trust", "first_weight", "lapse", "everything"]
    assert costs["elpd"]["everything"] == pytest.approx(score.elpd.sum())


def test_who_is_left_out_of_a_fit_of_unrelated_roles_has_learnt_in_both(apart):
    exact, score = leave_out(apart, ["s1"]), leave_people_out({"": apart})[""]
    assert abs(exact.scores["s1"] - score.elpd["s1"]) < 4 * np.hypot(exact.errors["s1"], score.error)


def test_senders_by_themselves_are_refused_with_what_is_missing(table):
    with pytest.raises(est.TheoryError, match="nobody receives in this table; give the table of both roles"):
        est.fit(COUNTS, table.only("sender"), **QUICK)
    unseen = table.frame
    unseen.loc[unseen["role"] == "receiver", "state"] = None
    with pytest.raises(est.TheoryError, match="fill the column 'outcome', or 'state' in receivers' rows"):
        est.fit(est.RolesApart(COUNTS), est.Table.from_frame(unseen, ONE), **QUICK)


def test_roles_that_count_different_messages_are_refused():
    with pytest.raises(est.TheoryError, match="one theory counts messages whose truth never came out"):
        est.RolesApart(sender=est.DynamicTrust(), receiver=est.AdviserLearning(unseen="agreement"))
    with pytest.raises(est.TheoryError, match="give all of them alike"):
        est.Mixture([est.AdviserLearning(unseen="agreement"), est.AdviserLearning()])
    blind = est.RolesApart(sender=est.TrustEmbedded(), receiver=est.AdviserLearning(unseen="agreement"))
    assert blind.hears_all, "who remembers nothing has nothing to say of it"
    assert est.Mixture([est.AdviserLearning(unseen="agreement"), est.AdviceTaking()]).hears_all
