"""Figures of theories: drawn where told, with units and labels, and refused where a fit has nothing to show."""

from __future__ import annotations

import sys
import warnings
from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from small_study import small_fits, small_table

import estimation as est
from estimation.report.picture import Picture
from estimation.report.theories.predictions import averages, decisions, predicted_curve


@pytest.fixture
def axes():
    return Figure().subplots()


def test_each_figure_draws_into_the_axes_that_it_is_given(study, axes):
    fit = study.fits["trust-embedded"]
    drawn = [
        est.plot_differences(study, ax=axes),
        est.plot_behaviour(study.fits, "sender", "over", axes),
        est.plot_people(fit, "trust", axes),
        est.plot_shares(study.fits["level-k"], axes),
        est.plot_types(study.fits["level-k"], axes),
        est.plot_trust(fit, axes),
    ]
    assert all(result is axes for result in drawn)
    assert axes.get_xlabel()
    assert axes.get_ylabel()
    assert axes.get_title() == "SYNTHETIC"


@pytest.mark.parametrize("role", ["sender", "receiver"])
def test_behaviour_is_labelled_with_units_and_as_synthetic(role, axes):
    est.plot_behaviour(small_fits(), role, "under", axes)
    assert "game units" in axes.get_xlabel()
    assert "game units" in axes.get_ylabel()
    assert "SYNTHETIC" in axes.get_title()
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["trust-embedded", "level-k", "average of the data"]


def test_everybody_is_in_the_figure_of_differences(study, axes):
    est.plot_differences(study, ax=axes)
    assert sum(len(marks.get_offsets()) for marks in axes.collections) == len(study.pointwise)
    assert "nats" in axes.get_xlabel()


def test_drawing_leaves_no_global_trace(study):
    before = dict(mpl.rcParams)
    est.plot_differences(study)
    assert dict(mpl.rcParams) == before
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


def test_figures_of_what_a_fit_does_not_have_are_refused_with_what_there_is(study):
    fit = study.fits["trust-embedded"]
    with pytest.raises(est.FitError, match=r"'colour' is none of the parameters \['trust', "):
        est.plot_people(fit, "colour")
    with pytest.raises(est.FitError, match="tells no kinds of people apart"):
        est.plot_types(fit)
    senders = replace(fit, problem=replace(fit.problem, table=fit.table.only("sender")))
    with pytest.raises(est.FitError, match="nobody receives messages in simulated_tiny"):
        est.plot_trust(senders)


def test_a_warning_of_the_drawing_that_is_not_about_signs_reaches_the_reader(axes):
    class Odd(Line2D):
        def draw(self, renderer):
            warnings.warn("this line is odd", stacklevel=2)
            super().draw(renderer)

    axes.add_line(Odd([0, 1], [0, 1]))
    with pytest.warns(UserWarning, match="this line is odd"):
        assert Picture(axes.figure, "A line.", "A line.").image("svg").startswith(b"<?xml")
