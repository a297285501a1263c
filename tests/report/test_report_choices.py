"""Reports and figures of what people value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_frame, with_outside
from markets_to_move import SHOP, made
from matplotlib.figure import Figure
from report_blocks import blocks_of

import estimation as est
from estimation.evaluation.facts.choice_predictive import facts_of
from estimation.report.choices.tables import substitution_table
from estimation.report.contents import document
from estimation.report.documents.choices import _worth as worth_section
from estimation.report.methods.choices import choice_methods
from estimation.report.theories.people import pooling, spread_of
from estimation.text.table import TextTable

TERMS = ["price", "quality"]
FEW = {"seed": 1, "draws": 200, "chains": 2}


@pytest.fixture(scope="module")
def table():
    """Choices of people some of whom care about quality and some about price."""
    rng = np.random.default_rng(8)
    base = with_outside(people=30, situations=12)
    kinds = rng.uniform(size=30) < 0.5
    own = pd.DataFrame({"price": np.where(kinds, -1.5, -0.2), "quality": np.where(kinds, 0.2, 2.0)}, base.subjects)
    return est.simulate_choices(est.MultinomialLogit(TERMS), base, own, seed=9)


@pytest.fixture(scope="module")
def fits(table):
    return {
        "everybody alike": est.fit(est.MultinomialLogit(TERMS), table, **FEW),
        "two classes": est.fit(est.LatentClassLogit(TERMS, classes=2), table, **FEW),
    }


@pytest.fixture(scope="module")
def study(fits):
    """The comparison, as if every check had passed."""
    found = est.compare(fits)
    diagnoses = {
        name: replace(diagnosis, table=diagnosis.table.assign(passed=True))
        for name, diagnosis in found.diagnoses.items()
    }
    return replace(found, diagnoses=diagnoses, table=found.table.assign(ok=True))


@pytest.fixture(scope="module")
def report(study):
    return document(study)


def test_the_report_of_choices_has_every_section_in_order(report):
    names = [section.name for section in report.sections]
    assert names == [
        *("data", "models", "diagnosis", "estimates", "comparison", "checks", "worth", "people"),
        *("market", "substitution", "reversals", "methods", "citations", "provenance"),
    ]
    assert report.synthetic
    for picture in report.pictures:
        assert len(picture.alt.split()) >= 10
        assert "SYNTHETIC" in picture.alt


def test_every_coefficient_stands_with_meaning_unit_prior_and_reason(report):
    for table in blocks_of(report, "models", TextTable):
        assert {"price", "quality"} <= {row[0] for row in table.rows}
        assert all(all(cell for cell in row) for row in table.rows)


def test_the_checks_find_that_people_differ_where_the_model_says_they_do_not(fits):
    alike, classes = (est.predictive_check(fits[name]).set_index(["statistic", "group"]) for name in fits)
    fact = ("sd over people of what is chosen above the offer", "price")
    assert alike.loc[fact, "surprising"]
    assert not classes.loc[fact, "surprising"]
    shares = alike.loc["share of choices", "observed"]
    assert shares.sum() == pytest.approx(1)


def test_facts_of_choices_are_what_a_loop_finds(table):
    rows = table.rows
    facts = facts_of(table, rows["chosen"].to_numpy()).set_index(["statistic", "group"])["value"]
    gains, by_person = [], {}
    for (person, _), part in rows.groupby(["subject", "situation"], observed=True):
        gain = part.loc[part["chosen"], "price"].iloc[0] - part["price"].mean()
        gains.append(gain)
        by_person.setdefault(person, []).append(gain)
    assert facts["what is chosen above the average offer", "price"] == pytest.approx(np.mean(gains))
    spread = np.std([np.mean(own) for own in by_person.values()], ddof=1)
    assert facts["sd over people of what is chosen above the offer", "price"] == pytest.approx(spread)


def test_facts_are_of_what_differs_between_alternatives_and_people():
    """No shares of more than twelve alternatives, nothing that is the same in a situation, no spread of two people."""
    frame = choice_frame(people=2).assign(hour=lambda rows: rows.groupby("situation").ngroup() * 1.0)
    few = est.read_choices(frame)
    assert "hour" not in few.covariates
    found = facts_of(few, few.rows["chosen"].to_numpy())
    assert set(found["statistic"]) == {"share of choices", "what is chosen above the average offer"}
    assert set(found["group"]) == {"a", "b", "c", "price", "quality"}
    frame["alternative"] = [f"{label}{number}" for number, label in enumerate(frame["alternative"])]
    many = est.read_choices(frame)
    assert len(many.alternatives) > 12
    again = facts_of(many, many.rows["chosen"].to_numpy())
    assert set(again["statistic"]) == {"what is chosen above the average offer"}
    assert sorted(again["value"]) == pytest.approx(sorted(found["value"][found["group"].isin(["price", "quality"])]))


def test_a_price_that_is_not_there_is_refused(fits):
    with pytest.raises(est.ChoiceError, match="none of the coefficients"):
        document(fits["two classes"], price="cost")
    with pytest.raises(est.ChoiceError, match="none of the alternatives"):
        document(fits["two classes"], removed="z")


def test_a_failed_fit_of_choices_withholds_everything_that_rests_on_it(study, fits):
    name = "everybody alike"
    table = study.diagnoses[name].table
    broken = table.assign(passed=[False, *[True] * (len(table) - 1)])
    diagnoses = study.diagnoses | {name: replace(study.diagnoses[name], table=broken)}
    ok = [found != name for found in study.table.index]
    found = document(replace(study, diagnoses=diagnoses, table=study.table.assign(ok=ok)))
    assert found.verdict.withheld
    assert "comparison" not in [section.name for section in found.sections]
    assert not any(name in table.caption for table in blocks_of(found, "estimates", TextTable))


def test_figures_of_choices_draw_into_the_axes_that_they_are_given(fits, study):
    axes = Figure().subplots()
    alike, classes = fits.values()
    drawn = [
        est.plot_willingness_to_pay(alike, ax=axes),
        est.plot_diversion(alike, axes),
        est.plot_people(classes, "price", axes),
        est.plot_shares(classes, axes),
        est.plot_differences(study, ax=axes),
    ]
    assert all(result is axes for result in drawn)


def test_numbers_of_a_diversion_matrix_are_those_of_the_quantity(fits):
    found = est.diversion(fits["everybody alike"])
    axes = est.plot_diversion(found)
    shown = sorted(float(text.get_text()) for text in axes.texts)
    wanted = sorted(np.round(100 * found.table["median"].dropna()))
    np.testing.assert_allclose(shown, wanted)


def test_nobody_is_drawn_where_everybody_is_alike(fits):
    with pytest.raises(est.FitError, match="same weights"):
        est.plot_people(fits["everybody alike"], "price")
    with pytest.raises(est.FitError, match="none of the coefficients"):
        est.plot_people(fits["two classes"], "colour")
    with pytest.raises(est.FitError, match="one kind"):
        est.plot_shares(fits["everybody alike"])


def test_pooling_is_the_share_of_what_decisions_do_not_tell():
    rng = np.random.default_rng(3)
    centre = rng.normal(size=2000)
    draws = centre + 0.5 * rng.normal(size=(400, 2000))
    assert pooling(draws) == pytest.approx(0.25 / 1.25, abs=0.02)
    assert pooling(np.ones((5, 4))) == 1.0


def test_the_band_of_a_population_of_two_classes_spans_both(fits):
    spread = spread_of(fits["two classes"], "quality")
    assert spread.population[0] < 1 < spread.population[1]
    assert np.all(spread.low <= spread.median)
    assert np.all(spread.median <= spread.high)


def test_what_is_no_study_is_refused(tmp_path):
    with pytest.raises(est.ReportError, match="give a fit"):
        est.report(3, tmp_path / "report.html")


def test_where_the_truth_is_known_it_stands_below_the_models(fits):
    names = {"b": 0.25, "c": 0.7, "nothing": 0.05}
    plain, known = (substitution_table(est.substitution(fits, "a", truth=truth)) for truth in (None, names))
    assert known.rows[:-1] == plain.rows
    cells = dict(zip(known.head, known.rows[-1], strict=True))
    assert cells == {"model": "truth", "to b, %": "25", "to c, %": "70", "to nothing, %": "5"}


@pytest.mark.parametrize(
    ("sampler", "said"),
    [
        ("NUTS, since proposals failed", "Hamiltonian Monte Carlo (the no-U-turn sampler)"),
        ("elliptical slices", "Gibbs steps: elliptical slices for the weights of people"),
        ("auxiliary scales", "Gibbs steps (auxiliary scales)"),
        ("", "Markov chains"),
    ],
)
def test_methods_of_choices_name_the_sampler_that_was_used(fits, sampler, said):
    fit = fits["everybody alike"]
    drawn = replace(fit, manifest=fit.manifest | {"sampler": {"name": sampler}})
    assert f"The posterior was drawn by {said}" in choice_methods(drawn).text


def test_priors_of_what_people_would_pay_are_referred_to_their_table(fits):
    fit = fits["everybody alike"]
    model = est.MultinomialLogit(TERMS, random="all", wtp_space="price")
    paying = replace(fit, problem=replace(fit.problem, model=model))
    assert "priors are those of the table of parameters" in choice_methods(paying).text
    assert "weights have normal priors with a standard deviation of" in choice_methods(fit).text


def test_a_report_of_fits_that_all_failed_shows_the_data_and_the_diagnosis_and_nothing_that_rests_on_fits(study):
    broken = {name: replace(found, table=found.table.assign(passed=False)) for name, found in study.diagnoses.items()}
    failed = document(replace(study, diagnoses=broken, table=study.table.assign(ok=False)))
    names = [section.name for section in failed.sections]
    assert {"data", "models", "diagnosis", "reversals", "methods"} <= set(names)
    assert not {"comparison", "checks", "worth", "people", "market", "substitution"} & set(names)
    assert failed.verdict.withheld
    (models,) = [section for section in failed.sections if section.name == "models"]
    assert [part.title for part in models.parts] == list(study.fits)


def test_nothing_is_said_of_what_people_would_pay_where_all_else_that_they_differ_by_is_noise():
    nested = est.MultinomialLogit(["price"], error_components={"near": ["a", "b"]}, covariance="diagonal")
    fits = {"noise": made(nested, SHOP), "tastes": made(est.MultinomialLogit(TERMS, random="all"), SHOP)}
    assert worth_section({"noise": fits["noise"]}, "price") is None
    section = worth_section(fits, "price")
    assert [part.title for part in section.parts] == ["tastes"]
