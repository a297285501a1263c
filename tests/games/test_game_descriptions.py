"""Games come from plain data, go back to it, and say everything that is wrong with it at once."""

from __future__ import annotations

import json

import numpy as np
import pytest
from oracles.cheap_talk_tables import CELLS

from estimation.errors import GameError
from estimation.games import Discrete, EstimationGame, ForecastSharing, SenderReceiverGame, beta_binomial, from_spec
from estimation.games.best import best_option, first_best, tied_options
from estimation.games.game import grid_index

CELL = CELLS["dear, uncertain"]
LAW = Discrete([-3, 0, 5], [1, 1, 2])
GAMES = {
    "estimation": EstimationGame("under", 20, 2.0, 4.0, lie_power=2.0, lie_reference=5.0),
    "estimation with any prior": EstimationGame("over", 3, prior_weights=(1, 2, 3, 4)),
    "by its table": SenderReceiverGame(["a", "b"], [1, 2], [[1, 2], [2, 1]], [[2, 1], [1, 2]], prior=[1, 3]),
    "forecast sharing": ForecastSharing(**CELL),
    "forecast sharing with any laws": ForecastSharing(**CELL, state_law=LAW, noise_law=LAW),
}
ESTIMATION = {"family": "estimation", "direction": "over"}
FORECAST = {"family": "forecast-sharing", **CELL}


@pytest.mark.parametrize("game", GAMES.values(), ids=GAMES)
def test_a_game_is_the_same_after_a_trip_through_plain_data(game):
    again = from_spec(json.loads(json.dumps(game.spec())))
    assert again == game
    assert hash(again) == hash(game)
    assert type(again) is type(game)
    np.testing.assert_array_equal(again.sender_table, game.sender_table)
    np.testing.assert_array_equal(again.prior, game.prior)


def test_games_with_other_numbers_are_other_games():
    assert len(set(GAMES.values())) == len(GAMES)
    assert ForecastSharing(**CELL | {"capacity_cost": 59.0}) != GAMES["forecast sharing"]
    assert GAMES["estimation"] != "estimation"


@pytest.mark.parametrize("game", GAMES.values(), ids=GAMES)
def test_every_prior_is_a_distribution_on_increasing_states(game):
    assert game.prior.sum() == pytest.approx(1)
    assert (game.prior >= 0).all()
    assert (np.diff(game.states) > 0).all()
    assert game.prior.shape == game.states.shape


def test_the_prior_of_the_estimation_game_is_said_in_several_ways():
    short = ESTIMATION | {"highest": 3}
    even = [
        short | {"prior": prior} for prior in ("uniform", [1, 1, 1, 1], {"family": "beta-binomial", "a": 1, "b": 1})
    ]
    even += [short | {"prior_a": 1.0, "prior_b": 1.0}, short | {"prior_weights": [2, 2, 2, 2]}]
    for spec in even:
        np.testing.assert_allclose(from_spec(spec).prior, 0.25)


MISTAKES = {
    "unknown family": (
        {"family": "chess"},
        ["family 'chess' is none of ['accusation', 'advice', 'crawford-sobel', 'estimation', 'forecast-sharing'"],
    ),
    "no family": ({}, ["it does not say which game was played"]),
    "misspelt size": (ESTIMATION | {"higest": 50}, ["'higest' is not a parameter; did you mean highest?"]),
    "missing direction": ({"family": "estimation"}, ["direction is missing"]),
    "two mistakes": (
        {"family": "estimation", "lie_pwoer": 2.0},
        ["direction is missing", "'lie_pwoer' is not a parameter; did you mean lie_power?"],
    ),
    "unknown prior": (
        ESTIMATION | {"prior": {"family": "normal"}},
        ["prior must be 'uniform', a list of probabilities or, for example"],
    ),
    "prior in a word": (ESTIMATION | {"prior": "empirical"}, ["prior must be 'uniform'"]),
    "prior given twice": (
        ESTIMATION | {"prior": "uniform", "prior_a": 2.0},
        ["prior is given twice, prior_a too; leave one of them out"],
    ),
    "misspelt prior": (
        ESTIMATION | {"prior": {"family": "beta-binomial", "a": 1.0, "beta": 2.0}},
        ["prior: b is missing", "prior: 'beta' is not a parameter"],
    ),
    "bad values": (
        ESTIMATION | {"direction": "sideways", "highest": 0, "lie_power": -1.0, "lie_reference": 0.0},
        [
            "direction must be 'over' or 'under', not 'sideways'",
            "highest must be a whole number from 1, not 0",
            "lie_power must be positive, not -1.0",
            "lie_reference must be positive, not 0.0",
        ],
    ),
    "prior of another length": (
        ESTIMATION | {"highest": 3, "prior": {"family": "discrete", "probabilities": [1, 2]}},
        ["prior_weights needs 4 probabilities, not 2"],
    ),
    "negative prior": (
        ESTIMATION | {"highest": 1, "prior": {"family": "discrete", "probabilities": [1, -2]}},
        ["probabilities must be finite, not negative, and not all zero"],
    ),
    "misspelt price": (
        FORECAST | {"retial_price": 100.0},
        ["'retial_price' is not a parameter; did you mean retail_price?"],
    ),
    "missing prices": (
        {"family": "forecast-sharing", "mean_demand": 250.0, "unit_cost": 0.0, "capacity_cost": 60.0},
        ["retail_price is missing", "wholesale_price is missing"],
    ),
    "prices in the wrong order": (
        FORECAST | {"retail_price": 50.0, "capacity_cost": 80.0, "noise_range": -1.0},
        [
            "noise_range must be positive, not -1.0",
            "retail_price 50.0 must exceed wholesale_price 75.0",
            "wholesale_price 75.0 must exceed unit_cost + capacity_cost 80.0",
        ],
    ),
    "not a number": (
        FORECAST | {"mean_demand": "many", "unit_cost": float("nan")},
        ["mean_demand must be a finite number, not 'many'", "unit_cost must be a finite number, not nan"],
    ),
    "uneven step": (FORECAST | {"step": 0.7}, ["step 0.7 must divide the range of states, 300.0, into whole parts"]),
    "misspelt law": (
        FORECAST | {"noise_law": {"family": "discrete", "value": [0, 1], "probabilities": [1, 1]}},
        ["noise_law: values is missing", "noise_law: 'value' is not a parameter; did you mean values?"],
    ),
    "law of another family": (
        FORECAST | {"noise_law": {"family": "normal", "values": [0, 1], "probabilities": [1, 1]}},
        ["noise_law: family must be 'discrete', not 'normal'"],
    ),
    "demand whose digits are lost": (
        FORECAST | {"mean_demand": 1e12},
        ["mean_demand 1000000000000.0 is beyond 1e+09 times step 1.0"],
    ),
    "law that decreases": (
        FORECAST | {"state_law": {"family": "discrete", "values": [1, 0], "probabilities": [0, 0]}},
        ["values must be finite and increasing", "probabilities must be finite, not negative, and not all zero"],
    ),
}


@pytest.mark.parametrize(("spec", "problems"), MISTAKES.values(), ids=MISTAKES)
def test_everything_wrong_with_a_game_is_listed_at_once(spec, problems):
    with pytest.raises(GameError) as caught:
        from_spec(spec)
    assert len(caught.value.problems) == len(problems)
    for number, text in enumerate(problems, 1):
        assert f"  {number}. {text}" in str(caught.value)


@pytest.mark.parametrize(
    ("values", "weights", "problem"),
    [
        ([0, 1], [1, 1, 1], "must be two equal lists"),
        ([0], [1], "2 or more"),
        (["low", "high"], [1, 1], "not lists of numbers"),
        ([0, np.inf], [1, 1], "finite and increasing"),
    ],
)
def test_a_distribution_refuses_what_is_none(values, weights, problem):
    with pytest.raises(GameError, match=problem):
        Discrete(values, weights)


def test_a_distribution_knows_its_quantiles():
    law = Discrete([1, 2, 4], [1, 1, 2])
    assert [law.quantile(p) for p in (0.1, 0.25, 0.26, 0.5, 0.51, 1.0)] == [1, 1, 2, 2, 4, 4]
    assert beta_binomial(4, 1, 1).probabilities == pytest.approx([0.2] * 5)


def test_values_are_placed_on_the_nearest_point_of_a_grid():
    grid = np.array([-2.0, 0.0, 1.0, 5.0])
    assert grid_index(grid, [-9, -1.1, 0.2, 0.9, 2.9, 3.1, 99]).tolist() == [0, 0, 1, 2, 2, 3, 3]
    assert int(grid_index(grid, 0.0)) == 1


def test_ties_are_options_as_good_as_the_best_up_to_rounding():
    payoff = np.array([[1.0, 0.1 + 0.2 + 0.7, 0.5], [-3, -2, -2 - 1e-6]])
    assert tied_options(payoff).tolist() == [[True, True, False], [False, True, False]]
    assert first_best(payoff).tolist() == [0, 1]
    assert best_option(payoff, np.array([0.0, 1.0, 2.0])).tolist() == [1, 1]
    assert best_option(payoff, np.array([2.0, 1.0, 0.0])).tolist() == [0, 1]
