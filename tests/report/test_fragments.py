"""Parts of a paper: they compile where LaTeX is, and say what they need."""

from __future__ import annotations

import re

import pytest
from choice_builders import choice_table
from latex import PDFLATEX, complaints
from small_study import small_fits

import estimation as est
from estimation.report.writers.latex import PACKAGES

PARTS = ("table", "priors", "checks", "methods")


@pytest.fixture(scope="module")
def fragments(study):
    table = choice_table(people=20)
    mode = est.mode(est.MultinomialLogit(["price"]), table)
    mixed = est.mode(est.MultinomialLogit(["price"], random="all"), table, seed=1)
    frontier = est.Assortment([4.0, 7.0], [1.8, 1.1], products=["a_b", "50 % & more"]).frontier()
    found = {f"fit {part}": small_fits()["level-k"].to_latex(part) for part in PARTS}
    found |= {f"comparison {part}": study.to_latex(part) for part in PARTS}
    others = {"mode": mode, "mixed mode": mixed, "frontier": frontier}
    found |= {f"{kind} {part}": made.to_latex(part) for kind, made in others.items() for part in ("table", "methods")}
    return found


def test_each_says_first_which_packages_it_needs_and_has_no_preamble(fragments):
    for text in fragments.values():
        assert r"\documentclass" not in text
        assert r"\begin{document}" not in re.sub(r"^%.*$", "", text, flags=re.MULTILINE)
        assert all(f"%   {package}" in text for package in PACKAGES)
        body = re.sub(r"(?m)^%.*$", "", text)
        assert body.count("{") - body.count(r"\{") == body.count("}") - body.count(r"\}")


def test_what_is_made_of_simulated_data_says_so(fragments):
    assert fragments["fit table"].startswith("% SYNTHETIC")
    made_up = [
        text for name, text in fragments.items() if name.startswith(("fit", "comparison")) and "methods" not in name
    ]
    captions = [line for text in made_up for line in text.splitlines() if line.startswith(r"\caption")]
    assert len(captions) > len(made_up)
    assert all(line.count("SYNTHETIC") == 1 for line in captions)
    assert "SYNTHETIC" in small_fits()["level-k"].to_latex("priors", caption="What was believed")
    assert "SYNTHETIC" not in fragments["frontier table"]


def test_caption_and_label_are_what_a_paper_gives_or_short():
    fit, given = small_fits()["level-k"], {"caption": "Levels of 6 people", "label": "tab:levels"}
    assert r"\label{tab:estimates-level-k}" in fit.to_latex()
    assert r"\label{tab:priors-level-k}" in fit.to_latex("priors")
    named = fit.to_latex("table", **given)
    labels = re.findall(r"\\label\{(.*)\}", named)
    assert labels == ["tab:levels", "tab:levels-2"]  # the second holds the shares of kinds, and its own caption
    assert r"\caption{SYNTHETIC. Levels of 6 people}" in named
    assert r"\caption{SYNTHETIC. Shares of kinds of people under level-k (max\_\allowbreak{}level 1)}" in named
    with pytest.raises(est.ReportError, match="no caption"):
        fit.to_latex("methods", **given)
    with pytest.raises(est.ReportError, match="'}'"):
        fit.to_latex("table", label="tab:le}vels")


def test_the_table_has_a_row_for_each_estimate():
    fit = small_fits()["trust-embedded"]
    text = fit.to_latex("table").replace(r"\_\allowbreak{}", "_")
    for parameter in fit.problem.parameters:
        assert re.search(rf"^{parameter.name} & ", text, flags=re.MULTILINE)


def test_a_part_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(est.ReportError, match=r"'table', 'priors', 'checks', 'methods'"):
        small_fits()["level-k"].to_latex("tables")


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    fit = small_fits()["level-k"]
    assert fit.to_latex("priors", tmp_path / "priors.tex") == (tmp_path / "priors.tex").read_text(encoding="utf-8")
    with pytest.raises(est.ReportError, match="not written"):
        fit.to_latex("priors", tmp_path / "absent" / "priors.tex")


@pytest.mark.skipif(PDFLATEX is None, reason="no pdflatex on this machine: fragments are not compiled")
def test_all_compile_with_the_packages_that_they_name(fragments, tmp_path):
    assert complaints(fragments.values(), tmp_path) == [], "words run into the next column, or tables into the margin"


def test_methods_of_a_mode_say_whether_people_differ_and_where_errors_come_from(fragments):
    assert "the same for everybody" in fragments["mode methods"]
    assert "integrated out by importance sampling" in fragments["mixed mode methods"]
    assert "from the outer products of people's scores" in fragments["mixed mode methods"]
