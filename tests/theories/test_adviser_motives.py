"""Ability or honesty: likelihoods against loops, the limit of honest advisers, and what cannot be told apart."""

from __future__ import annotations

import numpy as np
import pytest
from advised import paid

import estimation as est
from estimation.inference.problem import MessageProblem
from estimation.population.people import natural_values

THEORY = est.AdviserMotives(combine="log-odds", forgetting=True)


def by_hand(rows, value, states=2):
    """Return the log likelihood of one person's rows, in plain loops: log odds, no own information."""
    total, record = 0.0, {}
    for row in rows.to_dict("records"):
        said, done, true = int(row["message"]), int(row["action"]), int(row["state"])
        interest = {"down": 0, "up": 1}.get(row["paid"])
        able, unable, honest, dishonest = record.setdefault(row["partner"], [0.0] * 4)
        a = (value["first_weight"] * value["trust"] + able) / (value["first_weight"] + able + unable)
        h = value["honesty_weight"] * value["honesty"] + honest
        h /= value["honesty_weight"] + honest + dishonest
        likely = []
        for state in range(states):
            knows = a if state == said else (1 - a) / (states - 1)
            likely.append(h * knows + (1 - h) * (interest == said))
        worth = [value["advice_weight"] * np.log(chance / sum(likely)) for chance in likely]
        chance = np.exp(worth[done]) / sum(np.exp(w) for w in worth)
        total += np.log((1 - value["lapse"]) * chance + value["lapse"] / states)
        knew = h * (a if said == true else (1 - a) / (states - 1))
        share = knew / (knew + 1 - h) if interest == said else 1.0
        shown = (share * (said == true), share * (said != true), share * (interest is not None), 1 - share)
        record[row["partner"]] = [
            value["adviser_memory"] * old + new for old, new in zip(record[row["partner"]], shown, strict=True)
        ]
    return total


def test_the_likelihood_of_a_person_is_what_a_loop_over_their_decisions_gives():
    table = paid()
    problem = MessageProblem(THEORY, table)
    nodes = np.random.default_rng(3).normal(size=(len(problem.parameters), 4))
    values = {name: value.ravel() for name, value in natural_values(problem.parameters, nodes).items()}
    for place, (_, rows) in enumerate(table.frame.groupby("subject")):
        want = [by_hand(rows, {name: v[node] for name, v in values.items()}) for node in range(4)]
        np.testing.assert_allclose(problem.crowd.evaluate(0, place, nodes), want, rtol=1e-10)


def test_who_is_sure_that_advisers_are_honest_learns_of_ability_alone():
    table = paid(own="experience")
    problem, plain = (MessageProblem(theory, table) for theory in (est.AdviserMotives(), est.AdviserLearning()))
    nodes = np.random.default_rng(1).normal(size=(len(plain.parameters), 3))
    place = [p.name for p in problem.parameters].index("honesty")
    sure = np.insert(nodes, [place, place], 36.0, axis=0)
    np.testing.assert_allclose(problem.crowd.evaluate(0, 0, sure), plain.crowd.evaluate(0, 0, nodes), rtol=1e-6)


def test_lies_cost_an_adviser_honesty_and_mistakes_cost_ability():
    """An adviser who is wrong in their interest loses honesty; one who is wrong against it loses ability."""
    frame = paid(people=1, decisions=12, right={"good": 0.0, "bad": 0.0}, own="told").frame
    lies = frame["partner"] == "good"
    frame["paid"] = np.where(lies, frame["message"], frame["state"]).astype(int)
    frame["paid"] = frame["paid"].map({0: "down", 1: "up"})
    game = est.AdviceGame(advisers=["good", "bad"], own="told", interest="paid")
    problem = MessageProblem(est.AdviserMotives(), est.Table.from_frame(frame, {"bets": game}))
    (block,) = problem.crowd.people[0].blocks
    found = problem.theory.after_learning(
        natural_values(problem.parameters, np.zeros((len(problem.parameters), 1))), block.history
    )
    ends = {who: np.flatnonzero(block.history.facing == number)[-1] for number, who in enumerate(block.history.names)}
    honesty, ability = (found[name][0, :, 0] for name in ("honesty", "trust"))
    assert honesty[ends["good"]] < 0.4 < honesty[ends["bad"]]
    assert ability[ends["bad"]] < 0.5 * ability[ends["good"]]


@pytest.mark.parametrize(
    ("paid_for", "part"), [((None,), "no recommendation"), (("message",), "every recommendation")], ids=str
)
def test_what_nothing_tells_apart_is_refused(paid_for, part):
    table = paid()
    frame = table.frame
    frame["paid"] = frame["message"].map({0: "down", 1: "up"}) if paid_for[0] else None
    with pytest.raises(est.TheoryError, match=part):
        MessageProblem(THEORY, est.Table.from_frame(frame, table.games)).crowd  # noqa: B018


def test_games_and_cells_that_do_not_say_what_advisers_are_paid_for_are_refused():
    known = est.AdviceGame(advisers=["good"], interest="paid", accuracies={"good": 0.7})
    with pytest.raises(est.TheoryError, match="name the column"):
        THEORY.check_games({"bets": est.AdviceGame(advisers=["good"])}, ("receiver",))
    with pytest.raises(est.TheoryError, match="not divided into ability and honesty"):
        THEORY.check_games({"bets": known}, ("receiver",))
    frame = paid().frame
    without = est.Table.from_frame(frame.drop(columns="paid"), paid().games)
    with pytest.raises(est.DataError, match="column 'paid' is missing, in which a game looks for states"):
        MessageProblem(THEORY, without).crowd  # noqa: B018
    frame.loc[0, "paid"] = "sideways"
    with pytest.raises(est.DataError, match="must hold states, or nothing"):
        MessageProblem(THEORY, est.Table.from_frame(frame, paid().games)).crowd  # noqa: B018


@pytest.mark.slow
def test_parameters_are_recovered_in_simulated_experiments():
    """Of 95 % intervals at most what chance allows (4 standard errors of a share) miss."""
    design = paid(people=30, decisions=45, own="told")
    study = est.recovery(est.AdviserMotives(combine="log-odds"), design, simulations=10, seed=3, progress=False)
    assert study.table["coverage_95%"].mean() > 0.95 - 4 * np.sqrt(0.95 * 0.05 / 10)
