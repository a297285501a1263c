"""The compiled loop over advised people says what the theories' functions over decisions say."""

from __future__ import annotations

import numpy as np
import pytest
from advised import RIGHT, advised

import estimation as est
from estimation.inference.problem import MessageProblem
from estimation.population.people import log_likelihood
from estimation.theories.responses.logarithm import logarithm

LEARNING = est.AdviserLearning(first="each", news="apart", forgetting=True, combine="log-odds")
CASES = {
    "learning": (LEARNING, {"own": "experience", "earlier": True}),
    "learning about all": (est.AdviserLearning(about="everyone"), {"own": "told"}),
    "learning from agreement": (est.AdviserLearning(unseen="agreement", news="apart"), {"own": "told"}),
    "without lapses": (est.AdviserLearning(combine="log-odds", lapse=False), {"own": "experience"}),
    "a prior that leaves a state out": (est.AdviceTaking(), {"prior": [0.0, 1.0]}),
    "stakes that differ": (est.AdviceTaking(), {"own": "told", "receiver": [[3.0, 0.0], [1.0, 2.0]]}),
    "averages of three states": (
        est.AdviserLearning(combine="average"),
        {"own": "experience", "states": ("low", "middle", "high")},
    ),
    "own information only": (est.AdviceTaking(about="nobody", combine="log-odds"), {"own": "experience"}),
    "own information only, expected payoffs": (est.AdviceTaking(about="nobody"), {"own": "told"}),
    "a machine of known accuracy": (est.AdviserLearning(), {"own": "experience", "accuracies": {"even": 0.5}}),
    "machines only": (est.AdviserLearning(), {"own": "experience", "accuracies": RIGHT}),
    "a machine, and people who were met before": (
        est.AdviserLearning(),
        {"own": "experience", "earlier": True, "accuracies": {"even": 0.5}},
    ),
}


def irregular(**game):
    """People of different lengths, in two conditions; some outcomes were not seen."""
    table = advised(people=3, decisions=15, **game)
    frame, (played,) = table.frame, table.games.values()
    frame.loc[frame["period"] > 8, "condition"] = "later"
    frame.loc[frame["period"] % 5 == 0, "state"] = np.nan
    frame = frame[~((frame["subject"] == "s01") & (frame["period"] > 6))]
    return est.Table.from_frame(frame, {"bets": played, "later": played})


@pytest.mark.parametrize(("theory", "game"), CASES.values(), ids=CASES)
def test_the_loop_says_what_the_functions_over_decisions_say(theory, game):
    problem = MessageProblem(theory, irregular(**game))
    crowd, everyone = problem.crowd, np.arange(3)
    nodes = 1.5 * np.random.default_rng(1).normal(size=(3, len(crowd.effects), 7))
    for kind in range(len(theory.types)):
        found = crowd.evaluate_each(kind, everyone, nodes)
        for who in everyone:
            want = log_likelihood(theory, kind, crowd.people[who], crowd.effects, nodes[who])
            np.testing.assert_allclose(found[who], want, rtol=1e-10)


def test_trust_in_an_adviser_whom_somebody_never_meets_changes_nothing_for_them():
    table = advised(people=3)
    frame = table.frame
    met = frame[~((frame["partner"] == "bad") & (frame["subject"] == "s00"))]
    problem = MessageProblem(est.AdviserLearning(first="each"), est.Table.from_frame(met, table.games))
    nodes = np.random.default_rng(2).normal(size=(len(problem.parameters), 5))
    other = nodes.copy()
    other[[p.name for p in problem.parameters].index("trust_bad")] += 1
    first, second = problem.crowd.people[:2]
    found = [
        [log_likelihood(problem.theory, 0, one, problem.crowd.effects, at) for at in (nodes, other)]
        for one in (first, second)
    ]
    np.testing.assert_allclose(found[0][0], problem.crowd.evaluate(0, 0, nodes), rtol=1e-10)
    np.testing.assert_array_equal(*found[0])
    assert (found[1][0] != found[1][1]).all()


def test_trust_in_everybody_alike_needs_no_list_of_advisers():
    table = advised(people=2)
    (listing,) = table.games.values()
    unlisted = est.AdviceGame.from_spec({k: v for k, v in listing.spec().items() if k != "advisers"})
    assert unlisted.advisers == ()
    for theory in (est.AdviceTaking(about="everyone"), est.AdviserLearning(about="everyone")):
        one, other = (
            MessageProblem(theory, est.Table.from_frame(table.frame, {"bets": game})) for game in (listing, unlisted)
        )
        nodes = np.random.default_rng(3).normal(size=(len(one.parameters), 4))
        for problem in (one, other):
            found = problem.crowd.evaluate(0, 1, nodes)
            np.testing.assert_allclose(found, one.crowd.evaluate(0, 1, nodes), rtol=1e-12)
            again = log_likelihood(theory, 0, problem.crowd.people[1], problem.crowd.effects, nodes)
            np.testing.assert_allclose(found, again, rtol=1e-10)


def test_a_theory_derived_from_it_goes_by_its_own_functions():
    """Whoever writes a payoff anew must not be evaluated by a loop that does not know of it."""

    class Contrary(est.AdviserLearning):
        def receiver_payoff(self, game, kind, values, message, xp=np):
            return -super().receiver_payoff(game, kind, values, message, xp)

    assert est.AdviserLearning().in_one_pass
    assert not Contrary().in_one_pass
    assert not est.AdviserLearning(habits="rounding").in_one_pass


def test_what_is_no_number_is_said_to_be_none():
    problem = MessageProblem(est.AdviserLearning(), advised(people=1))
    nodes = np.zeros((len(problem.parameters), 2))
    nodes[0, 1] = np.nan
    assert np.isfinite(problem.crowd.evaluate(0, 0, nodes)).tolist() == [True, False]


def test_the_logarithm_is_that_of_numpy():
    x = np.concatenate([np.exp(np.linspace(-708, 709, 2_001)), 1 + np.linspace(-1e-3, 1e-3, 2_001), [0.5, 1, 2]])
    found = np.array([logarithm(each) for each in x])
    assert np.max(np.abs(found - np.log(x)) / np.maximum(1, np.abs(np.log(x)))) < 4e-16
