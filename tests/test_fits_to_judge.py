"""The quickest of the fits whose flaw is known, and of sound ones; `tests/slow/test_all_fits_to_judge.py` has all."""

from __future__ import annotations

import re

import pytest
from fits_to_judge import BAD, GOOD, judged

LONG = ("two classes of people who are all alike",)
QUICK = [name for name in GOOD if name.startswith(("price", "logit equilibrium", "constants"))]


def test_there_are_twenty_of_each():
    assert min(len(BAD), len(GOOD)) >= 20


@pytest.mark.parametrize("name", [name for name in BAD if name not in LONG])
def test_a_flawed_fit_is_caught_for_the_right_reason(name):
    recipe, reason = BAD[name]
    ok, verdict = judged(recipe)
    assert not ok
    assert re.search(reason, verdict), verdict


@pytest.mark.parametrize("name", QUICK)
def test_a_sound_fit_passes(name):
    ok, verdict = judged(GOOD[name])
    assert ok, verdict
