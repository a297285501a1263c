"""People advised by three advisers of known accuracy: every fact known of the files, and what people were not told."""

from __future__ import annotations

import numpy as np
import pytest

import estimation as est
from estimation.data.library.places import shipped_folder

NAME = "leong_advice_taking"
pytestmark = pytest.mark.data(NAME)


@pytest.fixture(scope="module")
def table():
    return est.load(NAME)


@pytest.fixture(scope="module")
def frame(table):
    found = table.frame
    return found.assign(
        followed=found["action"] == found["message"],
        right=found["message"] == found["state"],
        same=(found["chance_up"] > 0.5) == (found["message"] > 0.5),
    )


def test_everybody_is_advised_sixty_times_and_fourteen_trials_without_an_answer_are_left_out(table, frame):
    assert (len(table), len(table.subjects), table.roles) == (86 * 60 - 14, 86, ["receiver"])
    assert frame["period"].min() == 1
    assert frame["period"].max() == 60
    assert "14 of the 5,160 trials have no answer" in table.source.caveats[0]
    assert not table.synthetic


@pytest.mark.parametrize(
    ("adviser", "right", "followed", "same", "other", "first", "last"),
    [
        ("1", 75.1, 78.5, 80.1, 76.4, 76.3, 80.6),
        ("2", 50.0, 59.8, 60.7, 58.8, 59.4, 60.2),
        ("3", 25.0, 39.8, 44.0, 36.6, 40.5, 39.1),
    ],
)
def test_how_often_advisers_are_right_and_followed(frame, adviser, right, followed, same, other, first, last):
    met = frame[frame["partner"] == adviser]
    assert 100 * met["right"].mean() == pytest.approx(right, abs=0.051)
    assert 100 * met["followed"].mean() == pytest.approx(followed, abs=0.051)
    by_direction = 100 * met.groupby("same")["followed"].mean()
    by_half = 100 * met.groupby(met["period"] > 30)["followed"].mean()
    np.testing.assert_allclose(by_direction, [other, same], atol=0.051)
    np.testing.assert_allclose(by_half, [first, last], atol=0.051)


def test_what_people_had_seen_of_the_advisers_before_is_counted(frame):
    seen = frame.groupby(["subject", "partner"])[["earlier_right", "earlier_wrong"]].agg(["first", "nunique"])
    assert (seen.xs("nunique", axis=1, level=1) == 1).all(axis=None)
    counts = seen.xs("first", axis=1, level=1)
    assert counts.to_numpy().sum() == 86 * 60 - 32
    assert counts.sum(axis=1).between(17, 20).all()
    total = counts.groupby("partner").sum()
    np.testing.assert_allclose(total["earlier_right"] / total.sum(axis=1), [0.749, 0.501, 0.251], atol=0.0006)


def test_people_were_not_told_the_chance_of_the_stock_but_had_seen_what_it_did(frame):
    """Once the outcomes seen are known, bets do not answer to the chance; outcomes are worth 70 nats more than it."""
    experience = np.concatenate([own_log_odds(rows["state"], 0.3) for _, rows in frame.groupby("subject")])
    chance = np.log(frame["chance_up"] / (1 - frame["chance_up"])).to_numpy()
    advice = [(2 * frame["message"] - 1) * (frame["partner"] == adviser) for adviser in ("1", "2", "3")]
    bets = frame["action"].to_numpy()
    told, _, by_chance = logit(np.column_stack([*advice, chance]), bets)
    assert told[-1] > 0.1
    both, error, _ = logit(np.column_stack([*advice, experience, chance]), bets)
    assert abs(both[-1]) < 2 * error[-1] < 0.1
    assert both[-2] > 5 * error[-2]
    assert logit(np.column_stack([*advice, experience]), bets)[2] > by_chance + 70


def own_log_odds(outcomes, kept):
    """Log odds before each outcome, from counts that fade."""
    found, counts = [], np.zeros(2)
    for outcome in outcomes:
        found.append(np.log((1 + counts[1]) / (1 + counts[0])))
        counts *= kept
        counts[int(outcome)] += 1
    return np.array(found)


def logit(columns, chosen):
    """Coefficients, standard errors and the log likelihood of a logit, by Newton's method."""
    x, b = np.column_stack([np.ones(len(columns)), columns]).astype(float), np.zeros(columns.shape[1] + 1)
    for _ in range(12):
        p = 1 / (1 + np.exp(-x @ b))
        information = x.T @ (x * (p * (1 - p))[:, None])
        b += np.linalg.solve(information, x.T @ (chosen - p))
    value = np.log(np.where(chosen == 1, p, 1 - p)).sum()
    return b, np.sqrt(np.diag(np.linalg.inv(information))), value


def test_the_broken_generation_is_not_offered_and_nothing_is_shipped(table):
    source = est.describe(NAME)
    assert [file.name for file in source.files] == ["dJoint_gen1.csv", "dSocial_gen1.csv"]
    assert not any("gen2" in file.url for file in source.files)
    assert all("915e69ed60de12a57a0856a45f26c1e8f477d78d" in file.url and file.sha256 for file in source.files)
    assert not source.redistribution
    assert not any((shipped_folder() / NAME / file.name).exists() for file in source.files)
    assert any("dJoint_gen2.csv is broken" in caveat for caveat in table.source.caveats)
