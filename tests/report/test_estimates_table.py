"""Estimates side by side: every number of every model, its error beneath, in text and in LaTeX."""

from __future__ import annotations

import pytest
from choice_builders import choice_frame, choice_table
from engine import trust_experiment

import estimation as est
from estimation.errors import ReportError
from estimation.text.digits import MINUS, fixed, number


@pytest.fixture(scope="module")
def modes():
    table = trust_experiment(people=8, decisions=10, roles=("receiver",))[0]
    theories = {"trust": est.TrustEmbedded(lapse=False), "babbling_1": est.Babbling(lapse=False)}
    return {name: est.mode(theory, table, pooled=True) for name, theory in theories.items()}


def test_each_estimate_stands_over_its_standard_error(modes):
    found = est.estimates_table(modes)
    names = list(found.frame.index)
    for name, mode in modes.items():
        for quantity, row in mode.summary.iterrows():
            place = names.index(quantity)
            error = number(row["standard_error"], significant=2)
            assert found.frame[name].iloc[place + 1] == f"({error})"
            assert found.frame[name].iloc[place] == fixed(row["estimate"], len(error.partition(".")[2]))
            assert names[place + 1] == ""


def test_what_a_model_lacks_is_left_out_and_what_describes_the_fit_stands_below(modes):
    frame = est.estimates_table(modes).frame
    assert frame.loc["trust", "babbling_1"] == ""
    assert list(frame.index[-5:]) == ["log likelihood", "BIC", "numbers estimated", "people", "decisions"]
    assert frame.loc["log likelihood", "trust"] == fixed(modes["trust"].log_likelihood, 1)
    assert frame.loc["people", "trust"] == "8"


def test_latex_has_a_row_for_each_row_and_escapes_names(modes, tmp_path):
    found = est.estimates_table(modes)
    text = found.to_latex(tmp_path / "table.tex")
    assert (tmp_path / "table.tex").read_text(encoding="utf-8") == text
    assert text.count(r" \\" + "\n") == len(found.frame) + 2  # head and note
    assert r"babbling\_\allowbreak{}1" in text
    assert text.index(r"\midrule") < text.rindex(r"\midrule") < text.index("log likelihood")
    assert {line.count(" & ") for line in text.splitlines() if " & " in line} == {len(modes)}


def test_models_of_choice_have_one_too():
    table = choice_table(people=20)
    found = est.estimates_table({"prices": est.mode(est.MultinomialLogit(["price"]), table)})
    assert found.frame.loc["situations", "prices"] == "80"
    assert found.note == "In brackets: standard errors, robust, clustered by person."


@pytest.mark.parametrize("size", [1e-9, 1e-4, 1.0, 1e6])
def test_estimates_keep_two_digits_of_their_errors_whatever_the_units_of_a_column(size):
    frame = choice_frame(20)
    shop = est.read_choices(frame.assign(price=frame["price"] / size), name="shop")
    mode = est.mode(est.MultinomialLogit(["price", "quality"]), shop)
    estimate, error = est.estimates_table({"prices": mode}).frame["prices"].iloc[:2]
    shown = [float(text.strip("()").replace(",", "").replace(MINUS, "-")) for text in (estimate, error)]
    told = mode.summary.loc["price"]
    assert shown == pytest.approx([told["estimate"], told["standard_error"]], abs=0.05 * told["standard_error"])
    assert shown[1] > 0


def test_columns_may_be_called_like_what_describes_a_fit_or_begin_like_an_option_of_latex():
    """A coefficient of situations was shown as their number, and LaTeX took the unit of a price for a length."""
    frame = choice_frame(20).rename(columns={"price": "[EUR] price", "quality": "situations"})
    mode = est.mode(est.MultinomialLogit(["[EUR] price", "situations"]), est.read_choices(frame, name="shop"))
    found = est.estimates_table({"[m]": mode})
    assert list(found.frame.index) == ["[EUR] price", "", "situations", "", "log likelihood", "situations"]
    coefficient, number_of = found.frame.loc["situations", "[m]"]
    assert (float(coefficient), number_of) == (pytest.approx(mode.summary["estimate"]["situations"], abs=0.05), "80")
    assert "\n{}[EUR] price & " in found.to_latex()


def test_estimates_on_partitions_stand_in_a_table_like_others(tmp_path):
    table, model = choice_table(people=20), est.MultinomialLogit(["price"])
    parts = est.write_choice_partitions(table, tmp_path / "parts", 2)
    parted, whole = est.mode(model, parts), est.mode(model, table)
    found = est.estimates_table({"parted": parted, "whole": whole}).frame
    assert found["parted"].tolist() == found["whole"].tolist()
    with pytest.raises(est.ComparisonError, match=r"'special' is of a model of choice.* log_likelihood"):
        est.likelihood_ratio(parted, whole)


@pytest.mark.parametrize("given", [{}, {"theory": est.TrustEmbedded()}])
def test_nothing_else_is_taken(given):
    with pytest.raises(ReportError, match=r"none|give what est\.mode returned"):
        est.estimates_table(given)
