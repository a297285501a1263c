"""Figures: axes in, axes out, labelled with units, and nothing global touched."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from small_study import small_fits, small_table

from estimation.report import figures
from estimation.report.predictions import averages, decisions, predicted_curve


@pytest.fixture
def axes():
    return Figure().subplots()


def test_each_figure_draws_into_the_axes_that_it_is_given(study, axes):
    fit = study.fits["trust-embedded"]
    drawn = [
        figures.elpd_differences(study, axes),
        figures.behaviour(study.fits, "sender", "over", axes),
        figures.people(fit, fit.parameters[0], axes),
        figures.shares(study.fits["level-k"], axes),
    ]
    assert all(result is axes for result in drawn)


@pytest.mark.parametrize("role", ["sender", "receiver"])
def test_behaviour_is_labelled_with_units_and_as_synthetic(role, axes):
    figures.behaviour(small_fits(), role, "under", axes)
    assert "game units" in axes.get_xlabel()
    assert "game units" in axes.get_ylabel()
    assert "SYNTHETIC" in axes.get_title()
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["trust-embedded", "level-k", "average of the data"]


def test_everybody_is_in_the_figure_of_differences(study, axes):
    figures.elpd_differences(study, axes)
    assert sum(len(marks.get_offsets()) for marks in axes.collections) == len(study.pointwise)
    assert "nats" in axes.get_xlabel()


def test_drawing_leaves_no_global_trace(study):
    before = dict(mpl.rcParams)
    figures.elpd_differences(study)
    assert dict(mpl.rcParams) == before
    import sys

    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or pyplot.get_fignums() == []


def test_a_predicted_average_lies_within_its_band_and_the_game(study):
    for fit in study.fits.values():
        curve = predicted_curve(fit, "sender", "over")
        assert np.all(curve.low <= curve.high)
        assert np.all((curve.low >= 0) & (curve.high <= 20))
        assert np.all(np.diff(curve.given) > 0)


def test_averages_keep_the_mean_of_the_data():
    rows = decisions(small_table(), "sender", "over")
    found = averages(rows)
    assert found["chosen"].between(rows["chosen"].min(), rows["chosen"].max()).all()
    assert len(found) <= 12
