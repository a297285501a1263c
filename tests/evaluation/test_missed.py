"""What it costs to miss something: exact where it can be said, nothing where there is nothing, and by whose habit."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from builders import estimation_game, make_frame

import estimation as est
from estimation.data import Table
from estimation.errors import FitError
from estimation.evaluation.facts.averaged import Choices
from estimation.evaluation.facts.facts import AT_END, cut_ends, facts, impossible, within
from estimation.evaluation.facts.tilts import _moments, _standardised, _strongest, personal, tilted
from estimation.population.people import Block

GAME = estimation_game("over", highest=10)
OPTIONS = np.arange(11.0)


def person(chosen, chance=None):
    """A receiver who hears 5 each time; chance (draw, option) is what the theory expects, uniform if left out."""
    chosen = np.asarray(chosen)
    size = len(chosen)
    block = Block(GAME, "receiver", "over", np.full(size, 5.0), chosen, np.arange(size))
    chance = np.full((1, 11), 1 / 11) if chance is None else np.asarray(chance)
    return Choices(block, np.arange(size, dtype=float), np.broadcast_to(chance, (size, *chance.shape)))


def is_end(one):
    return one.block.options[None, :] == 0


def number(one):
    return one.block.options[None, :]


def test_the_best_tilt_of_a_share_makes_it_right_and_gains_its_relative_entropy():
    people = [person([0, 0, 3, 4]), person([0, 7, 8, 9, 1])]
    tables, _ = _standardised(people, is_end)
    _, found = _strongest(people, tables)
    share, expected = 3 / 9, 1 / 11
    entropy = share * np.log(share / expected) + (1 - share) * np.log((1 - share) / (1 - expected))
    assert sum(one.gain for one in found) == pytest.approx(9 * entropy, abs=2e-3)


def test_what_is_the_same_for_all_options_cannot_be_tilted_and_costs_nothing():
    people = [person([0, 0, 3, 4]), person([0, 7, 8, 9, 1])]

    def same(one):
        return np.ones_like(one.block.options)[None, :]

    found = tilted(people, same, {"number": number})
    assert (found.observed, found.predicted, found.cost, found.se, found.moved) == (1.0, 1.0, 0.0, 0.0, {})
    assert personal(people, same) == (0.0, 0.0)


def test_people_stay_integrated_out():
    """Two kinds of people, equally frequent, with likelihoods in the ratio 3:1, so that three of four draws are one."""
    one, other = np.full(11, 0.04), np.full(11, 0.08)
    one[3], other[3] = 0.6, 0.2
    strength, tilt = 0.3, OPTIONS[None, :]
    who = person([3], np.stack([one, one, one, other]))
    raised = np.exp(strength * OPTIONS)
    new = 0.5 * sum((chance * raised)[3] / (chance @ raised) for chance in (one, other))
    assert _moments(who, tilt, strength).gain == pytest.approx(np.log(new / 0.4), rel=1e-9)


def test_a_tilt_that_is_not_needed_costs_about_half_a_nat():
    """One free number that is zero in truth: -1/2 on average for people left out."""
    rng, costs = np.random.default_rng(3), []
    for _ in range(50):
        costs.append(tilted([person(rng.integers(0, 11, 5)) for _ in range(20)], number, {}).cost)
    assert np.mean(costs) == pytest.approx(-0.5, abs=3 * np.std(costs) / np.sqrt(50))


def test_people_who_differ_more_than_expected_gain_by_tilts_of_their_own_and_others_do_not():
    rng = np.random.default_rng(4)
    alike = [person(rng.integers(0, 11, 20)) for _ in range(40)]
    apart = [person(rng.integers(0, 6, 20) + 5 * (place % 2)) for place in range(40)]
    assert personal(alike, number)[0] < 1
    cost, error = personal(apart, number)
    assert cost > 100
    assert cost > 5 * error
    assert tilted(apart, number, {}).cost < 2  # on average nothing is missed


def test_what_a_habit_moves_is_told_in_the_unit_of_the_fact():
    """If everybody always takes 0, the tilt to 0 moves the expected action by all of the gap."""
    people = [person(np.zeros(5, dtype=int)) for _ in range(5)]
    found = tilted(people, is_end, {"action": number})
    assert found.moved["action"] == pytest.approx(-5.0, abs=0.05)
    assert (found.observed, found.predicted) == pytest.approx((1, 1 / 11))


def table_of(role, choice, people=12, periods=40, highest=20):
    """People in one role whose choices follow a rule: (what was seen, person) → choice."""
    games = {"over": estimation_game("over", highest=highest)}
    frame = make_frame(subjects=people, periods=periods, games=games)
    frame = frame[frame["role"] == role].copy()
    rng = np.random.default_rng(5)
    seen, did = ("state", "message") if role == "sender" else ("message", "action")
    frame[seen] = rng.integers(0, highest + 1, len(frame)).astype(float)
    place = frame["subject"].str[1:].astype(int)
    frame[did] = np.clip([choice(*row) for row in zip(frame[seen], place, strict=True)], 0, highest)
    if role == "sender":
        frame["action"] = np.nan
    return Table.from_frame(frame, games, name="rule", synthetic=True)


def test_an_end_that_the_file_cannot_hold_is_no_fact():
    whole = table_of("sender", lambda state, _: state + 3)
    frame = whole.frame
    cut = Table.from_frame(frame[frame["message"] < 20], whole.games, name="cut", synthetic=True)
    assert cut_ends(whole) == {}
    observed = facts(cut.frame, cut)
    reasons = dict(zip(observed["statistic"], impossible(observed, cut), strict=True))
    assert "no message of 20 is in the file" in reasons[AT_END]
    assert not any(reason for name, reason in reasons.items() if name != AT_END)
    assert len(within(frame, cut_ends(cut))) == len(cut)


def test_an_end_that_hardly_anybody_comes_near_is_not_taken_for_cut_off():
    assert cut_ends(table_of("sender", lambda state, _: 5 + state // 2)) == {}


@pytest.fixture(scope="module")
def rounders():
    """Receivers who take two off and round to fives, under a theory that does not know rounding."""
    table = table_of("receiver", lambda message, _: 5 * round((message - 2) / 5))
    quick = {"accuracy": 0.25, "draws": 200, "chains": 2, "samples": 50, "progress": False}
    return est.fit(est.FixedDiscount(), table, **quick)


def test_rounding_that_a_theory_does_not_know_is_found_and_is_costly(rounders):
    found = est.missed(rounders)
    assert found["cost"].dropna().is_monotonic_decreasing
    habits = found[found["what"] == "habit"].set_index("statistic")
    assert habits["cost"].idxmax() == "multiples of 5"
    fives = habits.loc["multiples of 5"]
    assert fives["observed"] == 1.0
    assert fives["cost"] > 2 * fives["se"] > 0
    assert est.missed(rounders, est.predictive_check(rounders, draws=20)).columns.equals(found.columns)


def test_costs_are_about_people_who_talk():
    choices = SimpleNamespace(family="choices", label="a logit on pens")
    with pytest.raises(FitError, match="no fit of people who talk"):
        est.missed(choices)


@pytest.mark.data
def test_the_far_end_of_the_real_experiment_is_cut_off_in_every_condition(oey_table):
    """Messages of 0 and 100 are in none of its 20,107 rows, be they people's or the computer's."""
    observed = facts(oey_table.frame, oey_table)
    reasons = np.array(impossible(observed, oey_table))
    assert (reasons != "").sum() == 4
    assert set(observed["statistic"][reasons != ""]) == {AT_END}
