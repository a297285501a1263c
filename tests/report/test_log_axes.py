"""Logarithmic axes: whatever they span, a reader can read numbers off them."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from estimation.drawing import log_ticks, spoken


@pytest.mark.parametrize("most", [4, 7])
def test_there_are_two_ticks_at_least_within_the_ends_and_no_more_than_asked_for(most):
    rng = np.random.default_rng(1)
    for decades in (*rng.uniform(0.02, 1, 300), *rng.uniform(1, 12, 300)):
        low = 10 ** rng.uniform(-9, 9)
        high = low * 10**decades
        found = np.array(spoken(low, high, most))
        assert 2 <= len(found) <= most
        assert np.all((found >= low * (1 - 1e-9)) & (found <= high * (1 + 1e-9)))
        assert np.all(np.diff(found) > 0)


@pytest.mark.parametrize(("low", "high"), [(0.4, 4.6), (0.9, 1.3), (0.02, 30.0)])
def test_all_ticks_of_an_axis_are_labelled(low, high):
    axes = Figure().subplots()
    axes.plot([low, high], [0, 1])
    axes.set_xscale("log")
    log_ticks(axes.xaxis)
    axes.figure.canvas.draw()
    inside = axes.get_xlim()
    labels = [t.get_text() for t in axes.get_xticklabels() if inside[0] <= t.get_position()[0] <= inside[1]]
    assert len(labels) >= 2
    assert [float(label) for label in labels] == pytest.approx(list(axes.get_xticks()))
