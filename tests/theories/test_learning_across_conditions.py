"""What people learnt in one condition counts in others: each event is read as the game says in which it was met."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from advised import advised, by_hand

import estimation as est
from estimation.inference.problem import MessageProblem
from estimation.population.people import log_likelihood, natural_values

ALPHA, KAPPA, HONEST, HONEST_WEIGHT = 0.5, 4.0, 0.5, 4.0  # of a typical person of the priors


def paths(theory, table, *names):
    """Return what a typical person thinks at each decision, in order of time: (name, decision)."""
    problem = MessageProblem(theory, table)
    problem.check()
    values = natural_values(problem.parameters, np.array([[p.centre] for p in problem.parameters]))
    found = np.full((len(names), len(table.frame)), np.nan)
    for block in problem.crowd.people[0].blocks:
        moved = theory.after_learning(values, block.history)
        found[:, block.rows] = [moved[name][0, :, 0] for name in names]
    return found


def table_of(rows, games):
    always = {"subject": "s", "role": "receiver", "partner": "ann"}
    frame = [{**always, "period": turn + 1, **row} for turn, row in enumerate(rows)]
    return est.Table.from_frame(pd.DataFrame(frame), games, name="told", synthetic=True)


def judges():
    """First estimate, advice and truth, in turn in conditions that keep first estimates in columns of their own."""
    seen = [(20, 50, 50), (40, 50, 46), (60, 10, 60), (30, 34, 32), (50, 50, 50), (70, 20, 30)]
    rows = [
        {"condition": "cd"[turn % 2], "state": true, "message": told, "action": told, "cd"[turn % 2] + "_first": first}
        for turn, (first, told, true) in enumerate(seen)
    ]
    games = {name: est.JudgeAdvisor(advisers=["ann"], column=f"{name}_first") for name in "cd"}
    return seen, table_of(rows, games)


def test_the_weight_on_advice_follows_first_estimates_of_all_conditions():
    seen, table = judges()
    weight, total, want = ALPHA * KAPPA, KAPPA, []
    for first, told, true in seen:
        want.append(weight / total)
        off, told_off = abs(first - true), abs(told - true)
        weight, total = weight + (off / (off + told_off) if off + told_off else 0.5), total + 1
    (found,) = paths(est.AdviceWeighting(follows="record"), table, "trust")
    np.testing.assert_allclose(found, want, rtol=1e-12)


def test_a_first_estimate_that_is_not_known_is_not_taken_for_one_as_far_off_as_the_advice():
    theory = est.AdviceWeighting(follows="record")
    problem = MessageProblem(theory, judges()[1])
    values = natural_values(problem.parameters, np.array([[p.centre] for p in problem.parameters]))
    history = replace(problem.crowd.people[0].blocks[0].history, games={})
    assert np.isnan(theory.after_learning(values, history)["trust"][0, 1:]).all()


def test_ability_and_honesty_follow_interests_and_numbers_of_states_of_all_conditions():
    """Two states and a column in one condition, four and another column in the other; nobody is paid in one row."""
    states = {"c": ["x", "y"], "d": ["x", "y", "v", "w"]}
    seen = [("c", "x", "y", "y"), ("d", "x", "y", "v"), ("c", "y", "y", "y"), ("d", "w", "w", "w")]
    seen += [("c", "x", "y", "x"), ("d", "x", "v", "v"), ("d", "x", "x", None), ("c", "y", "y", "x")]
    rows = [
        {"condition": where, "state": true, "message": said, "action": said, f"pay_{where}": pay}
        for where, true, said, pay in seen
    ]
    games = {
        name: est.AdviceGame(states=items, advisers=["ann"], interest=f"pay_{name}") for name, items in states.items()
    }
    able, all_able, honest, all_honest = ALPHA * KAPPA, KAPPA, HONEST * HONEST_WEIGHT, HONEST_WEIGHT
    want = []
    for where, true, said, pay in seen:
        a, h = able / all_able, honest / all_honest
        want.append((a, h))
        known = h * (a if said == true else (1 - a) / (len(states[where]) - 1))
        share = known / (known + 1 - h) if said == pay else 1.0
        able, all_able = able + share * (said == true), all_able + share
        honest, all_honest = honest + share * (pay is not None), all_honest + share * (pay is not None) + 1 - share
    found = paths(est.AdviserMotives(), table_of(rows, games), "trust", "honesty")
    np.testing.assert_allclose(found.T, want, rtol=1e-12)


def in_two_conditions(**game):
    """People who meet three advisers; each condition has two of them, and its own column of what people were told."""
    table = advised(people=3, decisions=18, own="told", **game)
    frame, here = table.frame, (table.frame["period"] % 2 == 0) & (table.frame["partner"] != "bad")
    here |= table.frame["partner"] == "good"
    frame["condition"] = np.where(here, "first", "second")
    frame.loc[frame["period"] % 3 == 0, "state"] = np.nan
    for name in ("first", "second"):
        frame[f"told_{name}"] = frame["own_probability"].where(frame["condition"] == name)
    lists = {"first": ["good", "even"], "second": ["even", "bad"]}
    games = {name: est.AdviceGame(advisers=who, own="told", column=f"told_{name}") for name, who in lists.items()}
    return est.Table.from_frame(frame, games, synthetic=True)


@pytest.mark.parametrize("unseen", ["nothing", "agreement"])
def test_each_condition_lists_its_own_advisers_and_names_its_own_column(unseen):
    theory, table = est.AdviserLearning(unseen=unseen, first="each"), in_two_conditions()
    problem = MessageProblem(theory, table)
    problem.check()
    nodes = np.random.default_rng(3).normal(size=(len(problem.parameters), 4))
    values = {name: value.ravel() for name, value in natural_values(problem.parameters, nodes).items()}
    told = {"moves": True, "own": "told", "agrees": unseen == "agreement"}
    for place, (_, rows) in enumerate(table.frame.sort_values("period").groupby("subject")):
        want = [by_hand(rows, {name: v[node] for name, v in values.items()}, **told) for node in range(4)]
        for found in (
            problem.crowd.evaluate(0, place, nodes),
            log_likelihood(theory, 0, problem.crowd.people[place], problem.parameters, nodes),
        ):
            np.testing.assert_allclose(found, want, rtol=1e-10)


@pytest.mark.parametrize("theory", [est.AdviserLearning, est.AdviserMotives])
def test_who_learns_about_everyone_learns_from_advisers_whom_this_condition_does_not_list(theory):
    table = in_two_conditions()
    frame = table.frame.assign(paid=["up", None, "down"] * (len(table.frame) // 3))
    apart = {name: est.AdviceGame(advisers=game.advisers, interest="paid") for name, game in table.games.items()}
    together = dict.fromkeys(apart, est.AdviceGame(advisers=["good", "even", "bad"], interest="paid"))
    one, other = (
        MessageProblem(theory(about="everyone"), est.Table.from_frame(frame, games)) for games in (apart, together)
    )
    nodes = np.random.default_rng(3).normal(size=(len(one.parameters), 4))
    for person in range(3):
        found = one.crowd.evaluate(0, person, nodes)
        np.testing.assert_allclose(found, other.crowd.evaluate(0, person, nodes), rtol=1e-12)


def test_advice_of_known_accuracy_tells_nothing_of_advice_as_such():
    """A machine that is always wrong, in one condition, leaves trust in people of another as it was."""
    seen = [
        ("machine", "d", False),
        ("bob", "c", True),
        ("machine", "d", False),
        ("bob", "c", False),
        ("bob", "c", True),
    ]
    rows = [
        {"condition": where, "partner": who, "state": "up", "message": "up" if right else "down", "action": "up"}
        for who, where, right in seen
    ]
    games = {"c": est.AdviceGame(advisers=["bob"])}
    games["d"] = est.AdviceGame(advisers=["machine"], accuracies={"machine": 0.7})
    (found,) = paths(est.AdviserLearning(about="everyone"), table_of(rows, games), "trust")
    start = ALPHA * KAPPA
    want = [0.7, start / KAPPA, 0.7, (start + 1) / (KAPPA + 1), (start + 1) / (KAPPA + 2)]
    np.testing.assert_allclose(found, want, rtol=1e-12)


def test_an_adviser_whom_only_another_condition_lists_is_refused():
    rows = [
        {"condition": where, "partner": who, "state": "up", "message": "up", "action": "up"}
        for where, who in (("c", "ann"), ("c", "cy"), ("d", "cy"))
    ]
    games = {"c": est.AdviceGame(advisers=["ann"]), "d": est.AdviceGame(advisers=["cy"])}
    with pytest.raises(est.TheoryError, match=r"column 'partner' names \['cy'\], not among the advisers \['ann'\]"):
        MessageProblem(est.AdviserLearning(), table_of(rows, games)).check()
