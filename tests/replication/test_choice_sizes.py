"""Choice data as their sources describe them."""

from __future__ import annotations

import pytest

import estimation as est


@pytest.mark.parametrize(
    ("name", "people", "situations", "rows"),
    [
        ("electricity", 361, 4308, 17232),
        ("modecanada", 4324, 4324, 15520),
        ("swissmetro", 1191, 10719, 30474),
        ("travelmode", 210, 210, 840),
        pytest.param("yogurt", 100, 2412, 9648, marks=pytest.mark.data("yogurt")),
        pytest.param("camera", 332, 5312, 26560, marks=pytest.mark.data("camera")),
    ],
)
def test_data_sets_have_the_sizes_that_their_sources_state(name, people, situations, rows):
    choices = est.load(name)
    assert (len(choices.subjects), len(choices), len(choices.frame)) == (people, situations, rows)
