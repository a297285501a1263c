"""What can be simulated passes the schema and is labelled; what cannot is refused, with everything that is missing."""

from __future__ import annotations

import pytest

import estimation as est
from estimation.inference.problem import MessageProblem

GAMES_OF_TWO = {
    "estimation": est.EstimationGame("under", highest=12),
    "forecast": est.ForecastSharing(250, 100, 75, 0, 60, state_range=60, noise_range=30, step=10),
}


def _parameters(theory, table):
    return theory.parameters(list(table.games.values()), ("sender", "receiver"))


@pytest.mark.parametrize("theory", [est.TrustEmbedded(), est.LevelK(), est.Babbling()], ids=lambda theory: theory.name)
def test_what_can_be_simulated_passes_the_schema_and_is_labelled(theory):
    situations = est.design(GAMES_OF_TWO, people=4, decisions=3, seed=1)
    population = {p.name: (float(p.natural(p.centre)), 0.5) for p in _parameters(theory, situations)}
    table, truth = est.simulate(theory, situations, population, seed=2)
    assert table.synthetic
    assert "SYNTHETIC" in table.label
    assert list(truth["subject"]) == table.subjects


def test_a_simulation_without_its_parameters_says_which_are_missing():
    situations = est.design(GAMES_OF_TWO, people=4, decisions=3, seed=1)
    with pytest.raises(est.TheoryError) as caught:
        est.simulate(est.TrustEmbedded(), situations, {"trust": (0.5, 1), "cunning": (1, 1)}, seed=1)
    assert len(caught.value.problems) == 5
    with pytest.raises(est.TheoryError, match="give a table of situations, for example"):
        est.simulate(est.TrustEmbedded(), population={"trust": (0.5, 1)}, seed=1)


def test_correlations_that_nobody_can_have_are_refused():
    """Of .9, .9 and -.9 between three numbers one is wrong: the matrix has a negative eigenvalue."""
    situations = est.design(GAMES_OF_TWO, people=4, decisions=3, seed=1, roles=("receiver",))
    problem = MessageProblem(est.TrustEmbedded(correlated=True), situations)
    population = {p.name: (float(p.natural(p.centre)), 0.5) for p in problem.parameters}
    pairs = dict(zip(problem.structure.pairs, (0.9, 0.9, -0.9), strict=True))
    with pytest.raises(est.TheoryError, match="the correlations contradict each other"):
        est.simulate(problem.theory, situations, population, correlations=pairs, seed=2)


def _heard(people=4):
    return est.design(GAMES_OF_TWO, people=people, decisions=3, seed=1, roles=("receiver",))


PRECISE = {"receiver_precision": (2.0, 0.1)}


@pytest.mark.parametrize(
    ("trust", "said"),
    [
        ((60, 0.1), "the typical value of 'trust' must be a number strictly between 0 and 1, not 60"),
        ((1.0, 0.1), "strictly between 0 and 1, not 1.0"),
        ((float("nan"), 0.1), "strictly between 0 and 1, not nan"),
        ((0.5, -1), "the standard deviation of 'trust' must be a finite number from 0, not -1"),
        ((0.5, float("nan")), "a finite number from 0, not nan"),
        ((0.5, float("inf")), "a finite number from 0, not inf"),
        ((0.5, 0.1, 0.2), "'trust' takes a pair, (typical value on the natural scale, standard deviation on the "),
        (0.5, "'trust' takes a pair"),
        (("half", 0.1), "strictly between 0 and 1, not 'half'"),
    ],
)
def test_a_number_that_nobody_can_have_is_refused(trust, said):
    with pytest.raises(est.TheoryError) as refusal:
        est.simulate(est.TrustEmbedded(lapse=False), _heard(), PRECISE | {"trust": trust}, seed=1)
    assert said in str(refusal.value)
    assert len(refusal.value.problems) == 1


def test_every_number_that_nobody_can_have_is_told_at_once():
    own = {"trust": (1.5, -1), "receiver_precision": (-1, 0.1)}
    with pytest.raises(est.TheoryError, match="'receiver_precision' must be a number above 0, not -1") as refusal:
        est.simulate(est.TrustEmbedded(lapse=False), _heard(), own, seed=1)
    assert len(refusal.value.problems) == 3


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ({"level 0": 0.5}, "shares must add up to 1, not to 0.5; kinds are ['level 0', 'level 1', 'level 2'], 0 if"),
        ({"level 0": 60, "level 1": 40}, "the share of 'level 0' must be a number from 0 to 1, not 60"),
        ({"level 0": -0.5, "level 1": 1.5}, "the share of 'level 0' must be a number from 0 to 1, not -0.5"),
        ({"level 0": float("nan"), "level 1": 1.0}, "from 0 to 1, not nan"),
        ({"level 0": 0.0, "level 1": 0.0}, "shares must add up to 1, not to 0"),
        ({}, "shares must add up to 1, not to 0"),
    ],
)
def test_shares_that_do_not_add_up_are_refused(shares, said):
    with pytest.raises(est.TheoryError) as refusal:
        est.simulate(est.LevelK(max_level=2, lapse=False), _heard(), PRECISE, shares=shares, seed=1)
    assert said in str(refusal.value)


def test_kinds_left_out_of_shares_are_nobody():
    theory = est.LevelK(max_level=2, lapse=False)
    _, truth = est.simulate(theory, _heard(40), PRECISE, shares={"level 0": 0.4, "level 2": 0.6}, seed=1)
    assert set(truth["kind"]) == {"level 0", "level 2"}


def test_a_formula_that_goes_by_what_receivers_hear_anew_is_refused():
    """Receivers whose rows hold the state get that of the new message: slopes by the old one would be others'."""
    situations = est.design({"over": est.EstimationGame("over", highest=6)}, people=4, decisions=4, seed=1)
    rows = situations.frame
    rows.loc[rows["role"] == "receiver", "state"] = 3.0
    told = est.Table.from_frame(rows, situations.games, name="told", synthetic=True)
    theory = est.TrustEmbedded(lapse=False, trust="~ state")
    own = {"trust": (0.5, 0.1), "trust: state": (0.2, 0.1), "lying_cost": (0.5, 0.1), **PRECISE}
    own["sender_precision"] = (2.0, 0.1)
    with pytest.raises(est.TheoryError, match="the formula of 'trust' goes by 'state', which receivers get anew"):
        est.simulate(theory, told, own, seed=1)
    free = est.TrustEmbedded(lapse=False, lying_cost="~ state")
    names = [effect.name for effect in MessageProblem(free, told).parameters]
    table, _ = est.simulate(free, told, dict.fromkeys(names, (0.5, 0.1)), seed=1)
    assert len(table) == len(told)


def test_a_formula_on_the_message_goes_by_the_message_that_is_heard():
    """Receivers by themselves hear the messages of the table: whoever trusts high ones only follows these alone."""
    games = {"over": est.EstimationGame("over", highest=10)}
    situations = est.design(games, people=60, decisions=20, seed=1, roles=("receiver",))
    own = {"trust": (0.5, 0.0), "trust: message": (3.0, 0.0), "receiver_precision": (30.0, 0.0)}
    table, _ = est.simulate(est.TrustEmbedded(lapse=False, trust="~ message"), situations, own, seed=1)
    frame = table.frame
    taken_off = frame["message"] - frame["action"]
    assert taken_off[frame["message"] >= 8].mean() < 0.2
    assert taken_off[(frame["message"] >= 2) & (frame["message"] <= 3)].mean() > 0.5
