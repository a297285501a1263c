"""Weight on advice: likelihoods against closed forms written out once more, limits, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
from judges import GAME, judged
from scipy.stats import norm

import estimation as est
from estimation.games import from_spec
from estimation.inference.problem import MessageProblem
from estimation.population.people import natural_values

CASES = {
    "each adviser": {},
    "one weight": {"about": "everyone"},
    "nobody": {"about": "nobody"},
    "far advice counts less": {"distance": True},
    "people choose": {"chooses": True, "lapse": False},
    "weight follows the record": {"follows": "record", "distance": True},
}


def by_hand(rows, value, *, about="each", follows="nothing", distance=False, chooses=False, lapse=True):
    """Return the log likelihood of one person's rows (in order of time), from the definitions and in plain loops."""
    total, record = 0.0, {}
    for row in rows.to_dict("records"):
        who = row["partner"] if about == "each" else "all"
        own, said, done, true = (float(row[name]) for name in ("first_estimate", "message", "action", "state"))
        weight = 0.0 if about == "nobody" else value[f"trust_{who}" if about == "each" else "trust"]
        if follows == "record":
            seen = record.setdefault(who, [])
            weight = (value["first_weight"] * weight + sum(seen)) / (value["first_weight"] + len(seen))
            off, off_told = abs(own - true), abs(said - true)
            seen.append(0.5 if off + off_told == 0 else off / (off + off_told))
        if distance:
            weight *= np.exp(-value["distance_loss"] * abs(said - own) / 100)
        aims = {own + weight * (said - own): 1.0}
        if chooses:
            keep, adopt = value["keep"], value["adopt"]
            aims = dict.fromkeys(aims, (1 - keep) * (1 - adopt))
            aims[own] = aims.get(own, 0.0) + keep
            aims[said] = aims.get(said, 0.0) + (1 - keep) * adopt
        chance, sd = 0.0, value["receiver_error"]
        for aim, share in aims.items():
            low, high = (-np.inf if done == 0 else done - 0.5 - aim), (np.inf if done == 100 else done + 0.5 - aim)
            low, high = (-high, -low) if low > 0 else (low, high)  # in the tail where differences keep their digits
            chance += share * (norm.cdf(high / sd) - norm.cdf(low / sd))
        total += np.log((1 - value["lapse"]) * chance + value["lapse"] / 101 if lapse else chance)
    return total


def nodes_of(problem, seed=3):
    """Some values of the parameters: errors of five and more, so that differences of normal integrals keep digits."""
    nodes = np.random.default_rng(seed).normal(size=(len(problem.parameters), 4))
    names = [p.name for p in problem.parameters]
    nodes[names.index("receiver_error")] = np.log([5.0, 10.0, 20.0, 40.0])
    return nodes


@pytest.mark.parametrize("options", CASES.values(), ids=CASES)
def test_the_likelihood_of_a_person_is_a_sum_of_normal_integrals(options):
    table = judged(people=2)
    problem = MessageProblem(est.AdviceWeighting(**options), table)
    nodes = nodes_of(problem)
    values = {name: value.ravel() for name, value in natural_values(problem.parameters, nodes).items()}
    for place, (_, rows) in enumerate(table.frame.groupby("subject")):
        want = [by_hand(rows, {name: v[node] for name, v in values.items()}, **options) for node in range(4)]
        np.testing.assert_allclose(problem.crowd.evaluate(0, place, nodes), want, rtol=1e-8)


def test_who_is_sure_of_the_first_impression_learns_nothing():
    table = judged()
    still, moving = (MessageProblem(est.AdviceWeighting(follows=which), table) for which in ("nothing", "record"))
    nodes, names = nodes_of(still), [p.name for p in moving.parameters]
    sure = np.insert(nodes, names.index("first_weight"), 30.0, axis=0)
    np.testing.assert_allclose(moving.crowd.evaluate(0, 1, sure), still.crowd.evaluate(0, 1, nodes), rtol=1e-9)


def test_weights_are_found_again_and_tell_advisers_apart():
    """Each truth is within twice its 95 % interval, as in 999 of 1,000 experiments."""
    truth = {"trust_near": (0.7, 0.4), "trust_far": (0.2, 0.4), "receiver_error": (4.0, 0.2), "lapse": (0.03, 0.3)}
    theory = est.AdviceWeighting()
    table, _ = est.simulate(theory, judged(people=10, decisions=16), truth, seed=2)
    fit = est.fit(theory, table, seed=1, draws=200, accuracy=0.2, progress=False)
    for name, (true, _) in truth.items():
        low, median, high = fit.summary.loc[name, ["low", "median", "high"]].astype(float)
        assert median - 2 * (median - low) < true < median + 2 * (high - median), name
    assert fit.summary.loc["trust_near", "low"] > fit.summary.loc["trust_far", "high"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "theory",
    [est.AdviceWeighting(follows="record", distance=True), est.AdviceWeighting(chooses=True)],
    ids=["record", "chooses"],
)
def test_parameters_are_recovered_in_simulated_experiments(theory):
    """Of 95 % intervals at most what chance allows (4 standard errors of a share) miss."""
    study = est.recovery(theory, judged(people=30, decisions=30), simulations=10, seed=3, progress=False)
    assert study.table["coverage_95%"].mean() > 0.95 - 4 * np.sqrt(0.95 * 0.05 / 10)


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"step": 0}, "positive"),
        ({"highest": -1}, "two steps"),
        ({"advisers": "Ann"}, "list of names"),
        ({"advisers": ["Ann", "Ann "]}, "listed twice"),
        ({"column": ""}, "name of a column"),
        ({"step": 1e-6}, "more than"),
    ],
)
def test_scales_and_advisers_that_are_none_are_refused(options, part):
    with pytest.raises(est.GameError, match=part):
        est.JudgeAdvisor(**options)


def test_what_makes_no_sense_is_refused():
    with pytest.raises(est.TheoryError, match="ignores advice"):
        est.AdviceWeighting(about="nobody", distance=True)
    with pytest.raises(est.TheoryError, match="True or False"):
        est.AdviceWeighting(chooses="yes")
    with pytest.raises(est.TheoryError, match="before and after advice"):
        est.AdviceWeighting().check_games({"bets": est.AdviceGame()}, ("receiver",))
    with pytest.raises(est.TheoryError, match="lists no advisers"):
        est.AdviceWeighting().check_games({"dates": est.JudgeAdvisor()}, ("receiver",))
    with pytest.raises(est.DataError, match="first_estimate"):
        MessageProblem(est.AdviceWeighting(), without(judged(), "first_estimate")).crowd  # noqa: B018


def without(table, column):
    return est.Table.from_frame(table.frame.drop(columns=column), table.games)


def test_a_game_is_the_same_after_a_trip_through_plain_data():
    assert from_spec(json.loads(json.dumps(GAME.spec()))) == GAME
