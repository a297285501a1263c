"""What a person's estimates rest on: decisions that the theory describes, and actions that follow messages."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from builders import estimation_game, make_frame

import estimation as est
from estimation.data import Table
from estimation.inference.marks import FOLLOWS, rests_on
from estimation.inference.problem import MessageProblem
from estimation.population.people import option_probabilities

GAME = estimation_game("over", highest=20)


def receivers(action, people=3, periods=40):
    """People whose actions follow a rule: (message, person) → action."""
    games = {"over": GAME}
    frame = make_frame(subjects=people, periods=periods, games=games)
    frame = frame[frame["role"] == "receiver"].copy()
    rng = np.random.default_rng(1)
    frame["message"] = rng.integers(0, 21, len(frame)).astype(float)
    place = frame["subject"].str[1:].astype(int)
    frame["action"] = [np.clip(action(*row), 0, 20) for row in zip(frame["message"], place, strict=True)]
    return Table.from_frame(frame, games, name="rule", synthetic=True)


def described(theory, table, values, draws=2):
    """What the estimates of people rest on who have these natural values in each draw: name → (person,)."""
    problem = MessageProblem(theory, table)
    each = [p.transformed(np.broadcast_to(values[p.name], len(table.subjects))) for p in problem.parameters]
    theta = np.broadcast_to(np.stack(each, axis=-1), (draws, len(table.subjects), len(each)))
    kind = np.zeros(theta.shape[:2], dtype=int)
    dims = ("sample", "subject", "parameter")
    coords = {"subject": table.subjects, "parameter": [p.name for p in problem.parameters]}
    people = xr.Dataset({"theta": (dims, theta), "kind": (dims[:2], kind)}, coords=coords)
    found = rests_on(theory, problem.parameters, problem.crowd.people, people)
    return found, problem, theta[0]


def test_who_lapses_in_nine_of_ten_decisions_is_marked_and_who_does_not_is_not():
    noise = np.random.default_rng(2)
    table = receivers(lambda message, person: noise.integers(0, 21) if person == 1 else message - 2)
    values = {"trust": 0.9, "receiver_precision": 1.0, "lapse": np.array([0.92, 0.02, 0.02])}
    found, *_ = described(est.TrustEmbedded(), table, values)
    assert found["rests_on"].iloc[0] < 0.3
    assert "rests on" in found["mark"].iloc[0]
    assert "lapses" in found["mark"].iloc[0]
    assert not found["mark"].iloc[1:].any()
    assert (found["rests_on"].iloc[1:] > 0.9).all()


def test_the_share_is_that_of_decisions_which_are_no_lapses():
    """P(lapse | choice) = (ε / options) / P(choice), from the probabilities of all options."""
    table = receivers(lambda message, person: message - 3 * person)
    values = {"trust": 0.7, "receiver_precision": 0.5, "lapse": 0.3}
    found, problem, theta = described(est.TrustEmbedded(), table, values)
    for position, person in enumerate(problem.crowd.people):
        (block,) = person.blocks
        table_of = option_probabilities(problem.theory, problem.parameters, [0], theta[[position]], block)[0]
        chance = table_of[np.arange(len(block.chosen)), block.chosen]
        assert found["rests_on"].iloc[position] == pytest.approx(1 - (0.3 / 21 / chance).mean())


def test_trust_of_people_who_repeat_messages_by_habit_rests_on_nothing():
    table = receivers(lambda message, _: message)
    values = {"trust": 0.6, "receiver_precision": 0.5, "lapse": 0.01, "receiver_literal": 0.97}
    found, *_ = described(est.TrustEmbedded(habits="truth"), table, values)
    assert (found["rests_on"] < 0.1).all()
    assert found["mark"].str.contains("habit").all()


def test_nobody_whose_actions_hardly_follow_messages_is_listed_as_trusting_without_a_mark():
    table = receivers(lambda message, person: round(10 + 0.15 * person * (message - 10)))
    values = {"trust": 0.99, "receiver_precision": 0.1, "lapse": 0.01}
    found, *_ = described(est.TrustEmbedded(), table, values)
    frame = table.frame
    slopes = [np.polyfit(own["message"], own["action"], 1)[0] for _, own in frame.groupby("subject")]
    np.testing.assert_allclose(found["follows"], slopes, atol=1e-12)
    hardly = np.array(slopes) < FOLLOWS
    assert list(hardly) == [True, False, False]
    assert list(found["mark"].str.contains("hardly follow")) == list(hardly)


def test_senders_have_no_slope_of_actions():
    frame = make_frame(subjects=3, periods=10, games={"over": GAME})
    table = Table.from_frame(frame, {"over": GAME}, name="rule", synthetic=True)
    theory = est.RolesApart(est.TrustEmbedded())
    names = [p.name for p in MessageProblem(theory, table.only("sender")).parameters]
    found, *_ = described(theory, table.only("sender"), dict.fromkeys(names, 0.5))
    assert found["follows"].isna().all()
    assert not found["mark"].str.contains("follow").any()
