"""What comparisons say: who is behind, with digits that do not contradict the sentence, and how games differ."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from builders import estimation_game

import estimation as est
from estimation.evaluation.comparison.better import better_probabilities
from estimation.evaluation.comparison.comparable import _other_games
from estimation.evaluation.words import about_benchmark, verdict
from estimation.report.theories.tables import comparison_table


def scores(behind: float, error: float) -> pd.DataFrame:
    columns = {"elpd": [-600.0, -600.0 - behind], "se": 20.0, "elpd_diff": [0.0, -behind], "dse": [0.0, error]}
    more = {"weight": [0.8, 0.2], "distance": [0.0, 0.3], "pareto_k": [0.4, 0.85], "refitted": [0, 3]}
    return pd.DataFrame(columns | more | {"mc_error": 0.0, "ok": True}, index=["default", "doubtful"])


def test_it_is_said_who_is_behind_and_a_number_below_the_limit_does_not_look_as_if_it_reached_it():
    said = verdict(scores(3.97, 1.2), 200, "talk")
    assert "default cannot be told apart from doubtful (doubtful is 3.97 nats behind, standard error 1: errors" in said
    assert "(doubtful is 3 nats behind" in verdict(scores(3.2, 1.2), 200, "talk")


def test_where_people_were_refitted_a_brief_table_says_so_beside_the_pareto_k():
    study = SimpleNamespace(table=scores(30.0, 5.0), label="talk")
    table = comparison_table(study, brief=True)
    at = table.head.index("worst Pareto k")
    assert [row[at] for row in table.rows] == ["0.40", "0.85 (3 refitted)"]


@pytest.fixture(scope="module")
def talk():
    situations = est.design({"over": estimation_game("over", highest=20)}, 4, 3, seed=3)
    truth = {"trust": (0.6, 1.0), "lying_cost": (0.4, 0.8), "sender_precision": (1.0, 0.3)}
    truth |= {"receiver_precision": (1.0, 0.3), "lapse": (0.05, 0.3)}
    return est.simulate(est.TrustEmbedded(), situations, truth, seed=4, name="simulated_talk")[0]


def test_the_same_decisions_in_another_game_are_told_by_what_differs_in_the_game(talk):
    game = talk.games["over"]
    weights = np.arange(1.0, len(game.states) + 1)
    other = est.Table.from_frame(
        talk.frame, {"over": replace(game, prior_weights=weights)}, name="other", synthetic=True
    )
    fits = {name: SimpleNamespace(table=table) for name, table in {"flat": talk, "tilted": other}.items()}
    (told,) = _other_games(fits)
    assert "the same decisions to be made in different games" in told
    assert "of condition 'over' the prior" in told
    assert _other_games({"flat": fits["flat"], "again": fits["flat"]}) == []


def test_the_same_decisions_in_a_game_of_another_family_are_told(talk):
    game = talk.games["over"]
    sides = (getattr(game, f"{side}_payoff") for side in ("sender", "receiver"))
    table = est.Table.from_frame(talk.frame, {"over": est.SenderReceiverGame(game.states, game.actions, *sides)})
    (told,) = _other_games({name: SimpleNamespace(table=one) for name, one in {"one": talk, "other": table}.items()})
    assert "of condition 'over' the family differs; fit all to the same games" in told


def test_without_a_sound_theory_nothing_is_said_of_a_benchmark():
    table = pd.DataFrame({"explained": [0.62], "explained_se": [0.04]}, index=["trust"])
    assert about_benchmark(table).endswith("from babbling on, trust explains 62 % (standard error 4.0 %).")
    assert about_benchmark(table.iloc[:0]) == ""


def test_theories_that_predict_nearly_the_same_are_said_to():
    people = pd.DataFrame({"default": np.tile([-6.0, -5.0], 100), "doubtful": np.tile([-6.1, -5.3], 100)})
    near, far = (
        better_probabilities(scores(40.0, 1.0).assign(distance=[0.0, distance]), people).loc["doubtful"]
        for distance in (1e-4, 0.3)
    )
    assert near["conditions"] == "both predict nearly the same: what differs is how, not whether, they are wrong"
    assert far["conditions"] == ""
    assert near["probability"] == far["probability"] > 0.99


def test_other_decisions_are_no_matter_of_games(talk):
    fits = {"all": SimpleNamespace(table=talk), "few": SimpleNamespace(table=talk.of(talk.subjects[:2]))}
    assert _other_games(fits) == []
