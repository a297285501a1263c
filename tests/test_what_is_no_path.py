"""A table where a file is meant, and the other way round: said in a sentence, before anything is done."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import games_of, make_table

import estimation as est

FRAME, LAYOUT = (
    pd.DataFrame({"a": [1]}),
    est.OTreeLayout(app="talk", role="r", sender="s", receiver="t", state="x", message="m", action="a", condition="c"),
)
ASKED = {
    "decisions": lambda: est.read_own(FRAME, "games.toml"),
    "games": lambda: est.read_games(FRAME),
    "export": lambda: est.read_otree(FRAME, games_of(), LAYOUT),
    "report": lambda: est.report(make_table(), FRAME),
    "kept fit": lambda: est.fit_or_load(est.Babbling(), make_table(), FRAME),
}


@pytest.mark.parametrize("asked", ASKED)
def test_a_frame_is_no_path(asked):
    with pytest.raises(est.EstimationError, match="give the path of a file, not a DataFrame"):
        ASKED[asked]()


def test_games_of_python_go_elsewhere_and_it_is_said_where():
    with pytest.raises(est.DataError, match=r"not a dict; decisions with games that are made in Python: est\.Table"):
        est.read_own("mine.csv", games_of())


def test_arguments_of_kept_fits_in_another_order_are_told_apart():
    with pytest.raises(est.FitError, match="model and table are swapped"):
        est.fit_or_load(make_table(), est.Babbling(), "fit.nc")
    with pytest.raises(est.FitError, match="not a Table; it comes third, after model and table"):
        est.fit_or_load("fit.nc", est.Babbling(), make_table())


def test_only_choices_are_held_out():
    with pytest.raises(est.DataError, match=r"give choices, as est\.read_choices makes them, not a Table"):
        est.hold_out(make_table())
