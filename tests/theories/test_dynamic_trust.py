"""Trust that moves with experience: its path against loops, its limits, and who it needs."""

from __future__ import annotations

import numpy as np
import pytest
from engine import LEARNING, messages_with_outcomes, trust_experiment

import estimation as est
from estimation.inference.problem import MessageProblem
from estimation.population.people import log_likelihood, natural_values
from estimation.theories.beliefs.history import History
from estimation.theories.messages.dynamic_trust import DynamicTrust
from estimation.theories.messages.trust_embedded import TrustEmbedded

FIRST, GAIN, LOSS = 0.4, 0.2, 0.7


def column(*values):
    return np.array(values, float).reshape(-1, 1, 1)


def history(partners=(0, 1, 0, 0, 1), before=(0, 2, 5), facing=(0, 1, 1)):
    message, outcome = np.array([4.0, 10, 7, 9, 2]), np.array([4.0, 2, 5, 9, 1])
    return History(message, outcome, np.full(5, 5.0), np.full(5, 10.0), *map(np.array, (partners, before, facing)))


def by_loop(rule, seen, before, facing, about):
    """Trust before a decision, told event by event from the definition."""
    trust, met = FIRST, 0
    for event in range(before):
        if about == "partner" and seen.partner[event] != facing:
            continue
        accuracy = 1 - abs(seen.message[event] - seen.outcome[event]) / 10
        if rule == "news":
            trust += (GAIN if accuracy >= trust else LOSS) * (accuracy - trust)
        elif rule == "counts":
            trust = (trust * (3 + met) + accuracy) / (3 + met + 1)
        else:
            own, told = abs(5 - seen.outcome[event]), abs(seen.message[event] - seen.outcome[event])
            ratio = (own - told) / (own + told) if own + told else 0.0
            trust *= 1 + abs(abs(trust - 0.5) - 0.5) * (GAIN if ratio >= 0 else LOSS) * ratio
        met += 1
    return trust


@pytest.mark.parametrize("rule", ["news", "counts", "accuracy"])
@pytest.mark.parametrize("about", ["everyone", "partner"])
def test_the_path_of_trust_is_what_a_loop_over_events_gives(rule, about):
    values = {
        "trust": column(FIRST, 0.9),
        "trust_gain": column(GAIN, 0.5),
        "trust_loss": column(LOSS, 0.5),
        "success_gain": column(GAIN, 0.5),
        "failure_loss": column(LOSS, 0.5),
        "first_weight": column(3.0, 1.0),
    }
    seen = history()
    got = DynamicTrust(rule=rule, about=about).after_learning(values, seen)["trust"]
    assert got.shape == (2, 3, 1)
    want = [by_loop(rule, seen, b, f, about) for b, f in zip(seen.before, seen.facing, strict=True)]
    np.testing.assert_allclose(got[0, :, 0], want, rtol=1e-12)


@pytest.fixture(scope="module")
def learners():
    return messages_with_outcomes(people=3, decisions=9, partners=2)


def test_who_never_learns_is_trust_embedded(learners):
    moving, still = MessageProblem(DynamicTrust(), learners), MessageProblem(TrustEmbedded(), learners)
    nodes = np.random.default_rng(1).normal(size=(5, 20)) * 0.5
    named = dict(zip((p.name for p in moving.parameters), nodes, strict=True))
    named["trust_gain"] = named["trust_loss"] = np.full(20, -60.0)
    one = np.stack([named[p.name] for p in moving.parameters])
    other = np.stack([named[p.name] for p in still.parameters])
    for person in range(3):
        np.testing.assert_allclose(moving.crowd.evaluate(0, person, one), still.crowd.evaluate(0, person, other))


def test_the_likelihood_of_a_person_is_the_product_over_decisions_each_with_the_trust_of_its_moment(learners):
    problem = MessageProblem(DynamicTrust(), learners)
    nodes = np.random.default_rng(2).normal(size=(5, 4)) * 0.4
    person = problem.crowd.people[1]
    (block,) = person.blocks
    values = natural_values(problem.parameters, nodes)
    path = problem.theory.after_learning(values, block.history)["trust"]
    still = TrustEmbedded()
    total = np.zeros(4)
    for decision in range(len(block.given)):
        now = {**values, "trust": path[:, [decision]]}
        part = block.at(np.array([decision]))
        payoff = still.receiver_payoff(block.game, 0, now, part.given)
        weight = now["receiver_precision"] * payoff
        probability = np.exp(weight - weight.max(-1, keepdims=True))
        probability /= probability.sum(-1, keepdims=True)
        lapse = now["lapse"][:, 0, 0]
        taken = probability[:, 0, part.chosen[0]]
        total += np.log((1 - lapse) * taken + lapse / len(block.options))
    got = log_likelihood(problem.theory, 0, person, problem.parameters, nodes)
    np.testing.assert_allclose(got, total, rtol=1e-10)
    assert np.ptp(path[:, :, 0], axis=1).min() > 0.05


def test_a_decision_does_not_know_what_comes_out_of_it(learners):
    frame = learners.frame
    frame.loc[frame["period"] == 9, "state"] = 0.0
    later = est.Table.from_frame(frame, learners.games)
    values = {name: column(typical) for name, (typical, _) in LEARNING.items()}
    paths = [
        DynamicTrust().after_learning(values, MessageProblem(DynamicTrust(), table).crowd.people[0].blocks[0].history)[
            "trust"
        ]
        for table in (learners, later)
    ]
    np.testing.assert_array_equal(*paths)


def test_the_column_outcome_goes_before_the_state_and_must_hold_numbers(learners):
    frame = learners.frame.assign(outcome=learners.frame["message"])
    told_true = MessageProblem(DynamicTrust(), est.Table.from_frame(frame, learners.games))
    assert (told_true.crowd.people[0].blocks[0].history.accuracy == 1).all()
    spoilt = est.Table.from_frame(frame.assign(outcome="good"), learners.games)
    with pytest.raises(
        est.DataError,
        match=r"column 'outcome' \(game units\) must hold numbers: subject 's00' as receiver in period 1 has 'good'",
    ):
        MessageProblem(DynamicTrust(), spoilt).crowd  # noqa: B018


@pytest.mark.parametrize("rule", ["news", "counts"])
def test_an_outcome_farther_off_than_any_lie_counts_as_the_largest_lie(rule):
    """Forecasts from -30 to 30 and noise to 30: reports of 30 before demand of -60 and of 0."""
    game = est.ForecastSharing(100, 12, 6, 1, 2, state_range=30, noise_range=30, step=3)
    assert game.accuracy(np.array([30.0, 30, 30, 30]), np.array([-60.0, -30, 0, 30])).tolist() == [0, 0, 0.5, 1]
    frame = est.design({"sales": game}, 2, 4, 1, roles=("receiver",)).frame
    frame = frame.assign(message=30.0, outcome=np.where(frame.groupby("subject").cumcount() < 2, -60.0, 0.0))
    (block,) = MessageProblem(DynamicTrust(), est.Table.from_frame(frame, {"sales": game})).crowd.people[0].blocks
    values = {"trust": column(0.5), "trust_gain": column(0.2), "trust_loss": column(0.7), "first_weight": column(3)}
    path = DynamicTrust(rule=rule).after_learning(values, block.history)["trust"][0, :, 0]
    low = 0.5 * 0.3 * 0.3
    by_hand = {
        "news": [0.5, 0.5 * 0.3, low, low + 0.2 * (0.5 - low)],
        "counts": [0.5, 1.5 / 4, 1.5 / 5, (1.5 + 0.5) / 6],
    }
    np.testing.assert_allclose(path, by_hand[rule], rtol=1e-12)


@pytest.mark.parametrize("wrong", [-0.5, 1.5, np.nan])
def test_a_game_whose_messages_are_borne_out_beyond_0_to_1_is_refused(learners, wrong, monkeypatch):
    monkeypatch.setattr(est.EstimationGame, "accuracy", lambda _, message, outcome: wrong + 0 * (message + outcome))
    with pytest.raises(est.GameError, match=f"condition 'over': accuracy is {wrong:g} for message"):
        MessageProblem(DynamicTrust(), learners).crowd  # noqa: B018


def test_nobody_can_learn_where_nothing_comes_out(learners):
    blind = est.Table.from_frame(learners.frame.assign(state=np.nan), learners.games)
    with pytest.raises(est.TheoryError, match="fill the column 'outcome', or 'state'"):
        MessageProblem(DynamicTrust(), blind).check()


def test_a_reputation_needs_the_name_of_the_partner(learners):
    nameless = est.Table.from_frame(learners.frame.drop(columns="partner"), learners.games)
    problem = MessageProblem(DynamicTrust(about="partner"), nameless)
    with pytest.raises(est.TheoryError, match="fill the column 'partner'"):
        problem.crowd.evaluate(0, 0, np.zeros((5, 2)))


def test_options_are_checked_and_joint_models_refused(learners):
    with pytest.raises(est.TheoryError) as caught:
        DynamicTrust(rule="gossip", about="nobody")
    assert len(caught.value.problems) == 2
    with pytest.raises(est.TheoryError, match="use method='automatic'"):
        est.fit(DynamicTrust(), learners, method="joint", progress=False)


def test_trust_in_a_formula_must_not_vary_within_a_person(learners):
    with pytest.raises(est.TheoryError, match="'period' varies within people"):
        MessageProblem(DynamicTrust(trust="~ period"), learners).design  # noqa: B018


def test_people_in_both_roles_learn_from_what_they_are_told_while_a_simulation_runs():
    """Partners who lie without restraint teach distrust: the last replies are less trusting than without learning."""
    game = {"over": est.EstimationGame("over", highest=20, lie_reference=2.0)}
    situations = est.design(game, people=4, decisions=8, seed=1)
    people = {**LEARNING, "lying_cost": (0.02, 0.1), "sender_precision": (5.0, 0.1), "trust": (0.9, 0.1)}
    people |= {"trust_loss": (0.8, 0.1), "receiver_precision": (50.0, 0.1), "lapse": (0.001, 0.1)}
    played, _ = est.simulate(DynamicTrust(), situations, people, seed=2)
    still = {name: people[name] for name in people if name not in ("trust_gain", "trust_loss")}
    static, _ = est.simulate(TrustEmbedded(), situations, still, seed=2)
    last = [t.frame.query("role == 'receiver' and period > 8")["action"].mean() for t in (played, static)]
    assert last[0] < last[1] - 1


@pytest.mark.parametrize("believed", ["separate", 0.4])
def test_senders_whose_own_trust_plays_no_part_have_nothing_that_moves(believed):
    """They are those of the theory in which trust stands still: the same parameters, the same likelihoods."""
    table, _ = trust_experiment(people=2, decisions=6, roles=("sender",))
    moving, still = (MessageProblem(make(believed), table) for make in (DynamicTrust, TrustEmbedded))
    names = [p.name for p in still.parameters]
    assert [p.name for p in moving.parameters] == names
    assert "trust" not in names
    nodes = np.random.default_rng(1).normal(size=(len(names), 3))
    np.testing.assert_allclose(moving.crowd.evaluate(0, 1, nodes), still.crowd.evaluate(0, 1, nodes), rtol=1e-12)
