"""Reports and figures of how people play."""

from __future__ import annotations

import re

import pytest
from matplotlib.figure import Figure
from report_blocks import blocks_of

import estimation as est
from estimation.report.blocks import Gallery
from estimation.report.contents import document


def test_theories_of_play_are_reported_with_what_people_chose(tmp_path):
    plays = est.load("arad_rubinstein_2012")
    fits = {
        "hierarchy": est.fit(est.NormalFormCognitiveHierarchy("logit"), plays),
        "level-k": est.fit(est.NormalFormLevelK(3, per="choice"), plays),
    }
    report = document(fits)
    assert "nothing can be left out" in report.verdict.text
    (gallery,) = blocks_of(report, "checks", Gallery)
    assert "108" not in gallery.pictures[0].alt
    path = est.report(fits["level-k"], tmp_path / "plays.md")
    text = path.read_text(encoding="utf-8")
    assert re.search(r"Arad, A\. and Rubinstein|Arad", text)
    axes = Figure().subplots()
    assert est.plot_plays(fits, "11-20", ax=axes) is axes
    with pytest.raises(est.FitError, match="none of"):
        est.plot_plays(fits, "chess")
