"""What the Poisson cognitive hierarchy predicts at a printed tau: Camerer, Ho and Chong (2004)."""

from __future__ import annotations

from functools import partial
from itertools import product

import numpy as np

from estimation.arrays import Array
from estimation.games.beauty_contest import BeautyContest
from estimation.games.normal_form import PLAYERS, ROW, NormalForm
from estimation.replication.route import Route, by_quantity
from estimation.replication.target import Found, Question
from estimation.theories.plays.normal_form_cognitive_hierarchy import NormalFormCognitiveHierarchy

TYPICAL, COSTA_GOMES, MIXED = 1.5, 1.73, 1.48  # tau: the paper's rule of thumb, and two of its table III
GAME_8 = NormalForm(
    np.array([[45, 82], [22, 57], [30, 28], [15, 61]]),
    np.array([[66, 31], [14, 55], [42, 37], [60, 88]]),
    ("T", "TM", "BM", "B"),
    ("L", "R"),
)
GAME_4 = NormalForm(
    np.array([[0, 2, -1], [2, 0, -1], [-1, -1, 0]]),
    np.array([[0, -2, 1], [-2, 0, 1], [1, 1, 0]]),
    ("T", "M", "B"),
    ("L", "C", "R"),
)
BETS = {"A": 32, "B": -28, "C": 20, "D": -16}
"""What player I wins from player II in each of four equally likely states if both bet."""
KNOWN = {"player I": ("A or B", "C or D"), "player II": ("A", "B or C", "D")}
"""What each player is told about the state."""


def contest(question: Question) -> Found:
    """Return the mean guess of a hierarchy in a beauty contest with many players."""
    multiplier, tau = (float(question.inputs[name]) for name in ("multiplier", "tau"))
    return Found(BeautyContest(multiplier).hierarchy_mean(tau))


def shares(game: NormalForm, player: str, tau: float) -> dict[str, float]:
    """Return the share of people who choose each option."""
    steps = {"mean_steps": np.array([tau])}
    chance = NormalFormCognitiveHierarchy().choice_probability(game, player, 0, steps)[0]
    return dict(zip(game.options(player), map(float, chance), strict=True))


def plays_of(game: NormalForm, tau: float) -> dict[str, float]:
    """Return both players' shares, by sentences such as ``row plays T``."""
    sides = {player: shares(game, player, tau) for player in PLAYERS}
    return {f"{player} plays {option}": share for player, side in sides.items() for option, share in side.items()}


def betting() -> dict[str, float]:
    """Table IX: how often each player bets, given what they are told."""
    game = betting_game()
    plays = {player: shares(game, side, TYPICAL).items() for player, side in zip(KNOWN, PLAYERS, strict=True)}
    return {
        f"{player} bets in {told}": sum(share for plan, share in plays[player] if plan[place] == "1")
        for player, news in KNOWN.items()
        for place, told in enumerate(news)
    }


def betting_game() -> NormalForm:
    """Return the betting game in normal form: an option is a plan, a 1 for each piece of news after which one bets."""
    plans = {player: list(product((0, 1), repeat=len(told))) for player, told in KNOWN.items()}
    won = np.zeros(tuple(len(plans[player]) for player in KNOWN))
    for state, prize in BETS.items():
        both = [_bets(plans[player], KNOWN[player], state) for player in KNOWN]
        won += prize / len(BETS) * np.outer(*both)
    labels = [tuple("".join(map(str, plan)) for plan in plans[player]) for player in KNOWN]
    return NormalForm(won, -won, *labels)


def stag_hunt() -> dict[str, float]:
    """Section III.B: two players, and a safe payoff x below one half (0.4 here; any other gives the same)."""
    game = NormalForm.symmetric([[0.4, 0.4], [0.0, 1.0]], ["L", "H"])
    return {"share of H with two players": shares(game, ROW, TYPICAL)["H"]}


def _bets(plans: list[tuple[int, ...]], told: tuple[str, ...], state: str) -> Array:
    """Return whether each plan bets in a state."""
    place = next(number for number, news in enumerate(told) if state in news.split(" or "))
    return np.array([plan[place] for plan in plans], float)


FOLDER, AT = "camerer_ho_chong_2004", "prediction of the Poisson hierarchy at the printed tau"
ROUTES = {
    "beauty_contests/table-2": Route(contest, AT),
    f"{FOLDER}/table-6": Route(by_quantity(partial(plays_of, GAME_8, COSTA_GOMES)), AT),
    f"{FOLDER}/table-7": Route(by_quantity(partial(plays_of, GAME_4, MIXED)), AT),
    f"{FOLDER}/table-9": Route(by_quantity(betting), AT),
    f"{FOLDER}/stag-hunt": Route(by_quantity(stag_hunt), AT),
}
