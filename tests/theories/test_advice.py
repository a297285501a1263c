"""Taking advice: likelihoods against loops written from the definitions, limits, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from advised import advised, by_hand
from table_games import played

import estimation as est
from estimation.inference.problem import MessageProblem
from estimation.population.people import natural_values

CASES = {
    "Bayes, experience": (est.AdviceTaking(), {"own": "experience"}, {}),
    "Bayes, told": (est.AdviceTaking(), {"own": "told"}, {"own": "told"}),
    "Bayes, nothing known": (est.AdviceTaking(about="everyone"), {}, {"own": "nothing"}),
    "log odds": (est.AdviceTaking(combine="log-odds"), {"own": "experience"}, {"combine": "log-odds"}),
    "following only": (
        est.AdviceTaking(combine="log-odds", own="ignored"),
        {"own": "experience"},
        {"combine": "log-odds", "own": "nothing"},
    ),
    "average": (est.AdviceTaking(combine="average"), {"own": "told"}, {"combine": "average", "own": "told"}),
    "a machine of known accuracy": (
        est.AdviceTaking(),
        {"own": "experience", "accuracies": {"good": 0.8}},
        {"told": {"good": 0.8}},
    ),
    "learning": (est.AdviserLearning(), {"own": "experience"}, {"moves": True}),
    "learning, all options": (
        est.AdviserLearning(first="each", news="apart", forgetting=True, combine="log-odds"),
        {"own": "experience", "earlier": True},
        {"moves": True, "combine": "log-odds", "earlier": True},
    ),
    "learning, bad news and a machine": (
        est.AdviserLearning(news="apart"),
        {"own": "told", "accuracies": {"even": 0.5}},
        {"moves": True, "own": "told", "told": {"even": 0.5}},
    ),
    "learning from agreement where nothing came out": (
        est.AdviserLearning(unseen="agreement", news="apart", forgetting=True, combine="log-odds"),
        {"own": "told"},
        {"moves": True, "own": "told", "combine": "log-odds", "agrees": True},
    ),
    "learning, forgetting, three states": (
        est.AdviserLearning(forgetting=True),
        {"own": "experience", "states": ("low", "middle", "high")},
        {"moves": True, "states": 3},
    ),
}


def unseen_but_every(table, number):
    """The same people, who learn what came out in every so manieth period only."""
    frame = table.frame
    frame.loc[frame["period"] % number > 0, "state"] = np.nan
    return est.Table.from_frame(frame, table.games, synthetic=True)


@pytest.mark.parametrize(("theory", "game", "told"), CASES.values(), ids=CASES)
def test_the_likelihood_of_a_person_is_what_a_loop_over_their_decisions_gives(theory, game, told):
    table = advised(people=2, **game)
    if told.get("agrees"):
        table = unseen_but_every(table, 4)
    problem = MessageProblem(theory, table)
    nodes = np.random.default_rng(3).normal(size=(len(problem.parameters), 4))
    values = {name: value.ravel() for name, value in natural_values(problem.parameters, nodes).items()}
    for place, (_, rows) in enumerate(table.frame.sort_values("period").groupby("subject")):
        want = [by_hand(rows, {name: v[node] for name, v in values.items()}, **told) for node in range(4)]
        np.testing.assert_allclose(problem.crowd.evaluate(0, place, nodes), want, rtol=1e-10)


@pytest.fixture(scope="module")
def table():
    return advised(own="experience")


def likelihoods(theory, table, **fixed):
    """The likelihood of each person at three nodes that the theories share by name; some parameters fixed."""
    problem = MessageProblem(theory, table)
    shared = {p.name: np.random.default_rng(len(p.name)).normal(size=3) for p in problem.parameters} | fixed
    nodes = np.stack([np.broadcast_to(shared[p.name], 3) for p in problem.parameters])
    return np.array([problem.crowd.evaluate(0, person, nodes) for person in range(len(table.subjects))])


def test_who_is_sure_of_the_first_impression_learns_nothing(table):
    still = likelihoods(est.AdviceTaking(), table)
    np.testing.assert_allclose(
        likelihoods(est.AdviserLearning(first="each"), table, first_weight=30.0), still, atol=1e-8
    )


def test_bad_news_of_weight_one_and_a_memory_that_keeps_everything_are_plain_counts(table):
    both = est.AdviserLearning(news="apart", forgetting=True)
    found = likelihoods(both, table, bad_news=0.0, adviser_memory=40.0)
    np.testing.assert_allclose(found, likelihoods(est.AdviserLearning(), table), rtol=1e-9)


@pytest.mark.parametrize("combine", ["bayes", "log-odds"])
def test_an_adviser_who_is_thought_to_guess_is_ignored(table, combine):
    ignored = likelihoods(est.AdviceTaking(about="nobody", combine=combine), table)
    guesses = {"trust_good": 0.0, "trust_even": 0.0, "trust_bad": 0.0}
    np.testing.assert_allclose(likelihoods(est.AdviceTaking(combine=combine), table, **guesses), ignored, rtol=1e-10)


def test_reputations_are_kept_apart_unless_learning_is_about_everyone():
    """One adviser is always right and one always wrong; who learns about advice as such trusts both alike."""
    table = advised(people=1, decisions=40, right={"good": 1.0, "bad": 0.0}, seed=4)
    for about, gap in (("each", 0.6), ("everyone", 0.0)):
        problem = MessageProblem(est.AdviserLearning(about=about), table)
        (block,) = problem.crowd.people[0].blocks
        values = natural_values(problem.parameters, np.zeros((len(problem.parameters), 1)))
        path = problem.theory.after_learning(values, block.history)["trust"][0, :, 0]
        last = dict(zip(block.history.facing.tolist(), path, strict=True))
        assert abs(last[0] - last[1]) == pytest.approx(gap, abs=0.35 if gap else 0.05)


def test_a_bet_does_not_know_what_comes_out_of_it(table):
    frame = table.frame
    frame.loc[frame["period"] == 18, "state"] = 1 - frame["state"]
    later = est.Table.from_frame(frame, table.games)
    np.testing.assert_array_equal(*(likelihoods(est.AdviserLearning(), one) for one in (table, later)))


def test_who_is_told_nothing_of_what_came_out_learns_by_agreement_alone():
    """Where own information is sure of the truth, agreement with it is worth as much as the truth."""
    seen = advised(people=2, own="told")
    frame = seen.frame
    frame["own_probability"] = np.where(frame["state"] == 1, 1 - 1e-12, 1e-12)
    sure = est.Table.from_frame(frame, seen.games, synthetic=True)
    blind = est.Table.from_frame(frame.assign(state=np.nan), seen.games, synthetic=True)
    theory = est.AdviserLearning(unseen="agreement")
    np.testing.assert_allclose(likelihoods(theory, blind), likelihoods(est.AdviserLearning(), sure), rtol=1e-9)
    np.testing.assert_array_equal(likelihoods(theory, sure), likelihoods(est.AdviserLearning(), sure))
    with pytest.raises(est.TheoryError, match="people learn only from messages whose truth came out"):
        est.fit(est.AdviserLearning(), blind, progress=False)


def test_what_was_seen_in_one_phase_is_no_experience_of_the_stock_of_another_but_advisers_are_remembered():
    table = advised(people=1, own="experience")
    frame, (game,) = table.frame, table.games.values()
    frame.loc[frame["period"] > 9, "condition"] = "later"
    problem = MessageProblem(est.AdviserLearning(), est.Table.from_frame(frame, {"bets": game, "later": game}))
    values = natural_values(problem.parameters, np.zeros((len(problem.parameters), 1)))
    later = next(block for block in problem.crowd.people[0].blocks if block.condition == "later")
    found = problem.theory.after_learning(values, later.history)
    np.testing.assert_allclose(found["own_belief"][0, 0], [0.5, 0.5])
    assert np.abs(found["trust"][0, :3, 0] - 0.5).max() > 0.05


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda: est.AdviceTaking(about="nobody", own="ignored"), "nothing to decide by"),
        (lambda: est.AdviceTaking(combine="log-odds", response="normal"), "leave response"),
        (lambda: est.AdviceTaking(combine="mean"), "combine must be '"),
        (lambda: est.AdviserLearning(first="each", about="everyone"), "needs about='each'"),
        (lambda: est.AdviserLearning(forgetting="yes"), "True or False"),
        (lambda: est.AdviserMotives(unseen="agreement"), "unseen must be '"),
    ],
)
def test_options_that_make_no_sense_are_refused(make, part):
    with pytest.raises(est.TheoryError, match=part):
        make()


@pytest.mark.parametrize(
    ("theory", "game", "part"),
    [
        (est.AdviceTaking(), {"right": {}}, "lists no advisers"),
        (est.AdviceTaking(own="told"), {"own": "experience"}, "needs a column"),
        (est.AdviceTaking(combine="log-odds"), {"receiver": [[1, 0], [0, 2]]}, "stakes differ"),
        (est.AdviserLearning(about="everyone"), {"earlier": True}, "one record"),
        (est.AdviserLearning(unseen="agreement"), {"own": "experience"}, "use own='told'"),
    ],
    ids=str,
)
def test_games_that_lack_what_a_theory_needs_are_refused(theory, game, part):
    listed = {"advisers": list(game.pop("right", {"good": 1}))}
    games = {"bets": est.AdviceGame(**listed, **game)}
    with pytest.raises(est.TheoryError, match=part):
        theory.check_games(games, ("receiver",))


def test_mixtures_of_theories_whose_parameters_are_named_by_the_game_are_refused_in_words(table):
    both = est.Mixture([est.AdviceTaking(), est.AdviserLearning(combine="log-odds")])
    with pytest.raises(est.TheoryError, match="depend on the game, 'trust_good' for one"):
        both.check_games(table.games, ("receiver",))


def test_other_games_and_senders_are_refused(table):
    with pytest.raises(est.TheoryError, match="about games of advice"):
        est.AdviceTaking().check_games({"talk": played("deception")}, ("receiver",))
    with pytest.raises(est.TheoryError, match="says nothing about senders"):
        est.AdviceTaking().check_role("sender")


@pytest.mark.parametrize(
    ("column", "cell", "error", "part"),
    [
        ("partner", "nobody", est.TheoryError, "names \\['nobody'\\]"),
        ("partner", None, est.TheoryError, "fill it in"),
        ("own_probability", 1.0, est.TheoryError, "between 0 and 1, not 1"),
        ("own_probability", None, est.DataError, "must hold numbers"),
    ],
)
def test_cells_that_cannot_be_used_are_named(column, cell, error, part):
    table = advised(own="told")
    frame = table.frame
    frame.loc[0, column] = cell
    with pytest.raises(error, match=part):
        likelihoods(est.AdviceTaking(), est.Table.from_frame(frame, table.games))


def test_theories_of_talk_apply_to_advice_and_go_by_the_prior(table):
    """Trust there is a chance of taking advice at its word; nothing is known of what receivers know themselves."""
    for theory in (est.TrustEmbedded(), est.DynamicTrust(rule="counts", about="partner"), est.Babbling()):
        problem = MessageProblem(theory, table)
        assert np.isfinite(problem.crowd.evaluate(0, 0, np.zeros((len(problem.parameters), 1)))).all()
