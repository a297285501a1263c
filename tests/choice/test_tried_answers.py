"""Answers that a survey marks as previews, as tests or as unfinished are read, and told."""

from __future__ import annotations

import pandas as pd
import pytest

import estimation as est


def survey(statuses, finished, **further):
    """One task each."""
    people = range(len(statuses))
    return pd.DataFrame(
        {
            "ResponseId": [f"R_{person}" for person in people],
            "Status": statuses,
            "Finished": finished,
            "F-1-a-price": [5 + person for person in people],
            "F-1-b-price": [7 - person for person in people],
            "Q1": ["a", "b", "a"],
            **further,
        }
    )


def caveats(frame):
    return est.choices_from_survey(frame, columns="F-{task}-{alternative}-{attribute}", subject="ResponseId").caveats


@pytest.mark.parametrize(
    ("statuses", "finished"),
    [
        (["IP Address", "Survey Preview", "Spam"], ["True", "True", "False"]),
        ([0, 1, 8], [1, 1, 0]),
        ([0.0, 1.0, 8.0], [True, True, False]),
    ],
)
def test_in_words_and_in_codes_they_are_counted(statuses, finished):
    assert caveats(survey(statuses, finished)) == (
        "Of 3 answers 2 marked as previews, tests or spam (Status) and 1 not finished (Finished): they are read; drop "
        "their rows if they do not count.",
    )


def test_answers_that_are_none_of_it_say_nothing_nor_does_a_survey_of_another_program():
    assert caveats(survey(["IP Address", "Imported", 0], ["True", True, 1])) == ()
    other = survey([1, 1, 1], [0, 0, 0]).drop(columns="Finished")
    assert caveats(other) == ()
