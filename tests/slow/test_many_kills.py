"""Fifty processes are killed at random moments; the run after them ends as an uninterrupted one does."""

from __future__ import annotations

import numpy as np
import pytest
from kills import killed, same, served, whole

pytestmark = pytest.mark.slow
KILLS = {"fit": 10, "fit_choice": 10, "study": 10, "report": 8}


@pytest.mark.parametrize("what", KILLS)
def test_the_next_run_ends_as_an_uninterrupted_one(tmp_path, what):
    seconds = whole(what, tmp_path / "whole")
    delays = np.random.default_rng(6).uniform(0.3, 1, KILLS[what]) * seconds
    killed(what, tmp_path / "killed", delays)
    assert same(tmp_path / "whole", tmp_path / "killed")


def test_files_that_have_arrived_are_not_fetched_again(tmp_path):
    with served(tmp_path) as (source, asked):
        for name in ("whole", "killed"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "source").write_text(source)
        seconds = whole("fetch", tmp_path / "whole")
        asked.clear()
        killed("fetch", tmp_path / "killed", np.random.default_rng(7).uniform(0.4, 1, 8) * seconds)
        assert same(tmp_path / "whole", tmp_path / "killed")
        arrived = [path.name for path in (tmp_path / "killed" / "cache").rglob("*.csv")]
        assert sorted(arrived) == [f"{number}.csv" for number in range(5)]


def test_published_numbers_are_computed_anew(tmp_path):
    target = "guessing_games/opening-example"
    seconds = whole("reproduce", tmp_path / "whole", target)
    killed("reproduce", tmp_path / "killed", np.random.default_rng(8).uniform(0.3, 1, 4) * seconds, target)
    assert same(tmp_path / "whole", tmp_path / "killed")
