"""Every public plot in small axes, and what is wrong with a figure that a reader would notice at once."""

from __future__ import annotations

import warnings
from itertools import pairwise

from matplotlib.figure import Figure

SIZE = (3.0, 2.0)
"""Inches: a figure of a paper with three beside each other."""
LEAST = 0.3
"""Share of the figure's width and height that the data must have."""


def small_axes():
    return Figure(figsize=SIZE, layout="constrained").subplots()


def flaws(axes):
    """Return what is wrong with a drawn figure: text that is cut off or lies on other text, no room for the data."""
    figure = axes.figure
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.draw_without_rendering()
    page, found = figure.bbox, []
    texts = [axes.title, axes.xaxis.label, axes.yaxis.label, *axes.texts]
    texts += axes.get_legend().get_texts() if axes.get_legend() else []
    for text in texts:
        box = text.get_window_extent()
        if text.get_visible() and text.get_text() and not (_within(box.x0, page.width) and _within(box.x1, page.width)):
            found.append(f"cut off at the side: {text.get_text()!r}")
        if (
            text.get_visible()
            and text.get_text()
            and not (_within(box.y0, page.height) and _within(box.y1, page.height))
        ):
            found.append(f"cut off above or below: {text.get_text()!r}")
    for axis, along in ((axes.xaxis, "x"), (axes.yaxis, "y")):
        shown = [label for label in axis.get_ticklabels() if label.get_text() and not label.get_rotation()]
        boxes = sorted((label.get_window_extent() for label in shown), key=lambda box: getattr(box, along + "0"))
        overlap = [one for one, other in pairwise(boxes) if getattr(one, along + "1") > getattr(other, along + "0") + 1]
        found += [f"{len(overlap)} labels of {along} lie on each other"] * (len(overlap) > 0)
    legend, title = axes.get_legend(), axes.title
    below = legend.get_window_extent().y1 if legend else 0.0
    found += ["the title lies on the legend"] * bool(title.get_text() and title.get_window_extent().y0 < below - 1)
    place = axes.get_position()
    found += [f"the data have {place.width:.0%} of the width"] * bool(place.width < LEAST)
    found += [f"the data have {place.height:.0%} of the height"] * bool(place.height < LEAST)
    return found


def _within(at, size):
    return -1.0 <= at <= size + 1.0


def public_plots(est):
    """Return the names of the functions that draw."""
    return {name for name in dir(est) if name.startswith("plot_")}
