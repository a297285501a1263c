"""The pens: where the buyers of a fountain pen go, and what a model without nests makes of it."""

from __future__ import annotations

import pandas as pd
import pytest
from choice_builders import choice_table

import estimation as est

TERMS = ["ink", "nib", "lead", "price"]


@pytest.fixture(scope="module")
def pens():
    return est.load("simulated_pens")


@pytest.fixture(scope="module")
def fits(pens):
    nests = {"pens": ["ballpoint pen", "fountain pen"]}
    models = {"no nests": est.MultinomialLogit(TERMS), "nest of pens": est.NestedLogit(TERMS, nests=nests)}
    return {name: est.fit(model, pens, seed=1) for name, model in models.items()}


def true_diversion(pens):
    """Return where buyers of fountain pens go if everybody chooses with the weights that the data were made from."""
    weights = pd.read_csv("datasets/simulated_pens/truth.csv", index_col="subject")
    people = est.simulate_choices(est.MultinomialLogit(TERMS), pens, weights, seed=0)
    assert people.synthetic
    frame = pens.frame
    own = weights.loc[frame["subject"].astype(str)].to_numpy()
    frame["value"] = (frame[TERMS].to_numpy() * own).sum(axis=1)
    share = {}
    for name, rows in (("all", frame), ("left", frame[frame["alternative"] != "fountain pen"])):
        exponential = 2.718281828459045 ** rows["value"]
        probability = exponential / exponential.groupby(rows["situation"], observed=True).transform("sum")
        share[name] = probability.groupby(rows["alternative"], observed=True).sum()
    return (share["left"] - share["all"]).drop("fountain pen") / share["all"]["fountain pen"]


def test_the_shipped_choices_are_those_that_the_script_makes(pens):
    weights = pd.read_csv("datasets/simulated_pens/truth.csv", index_col="subject")
    again = est.simulate_choices(est.MultinomialLogit(TERMS), pens, weights, seed=7)
    same = again.frame["chosen"].to_numpy() == pens.frame["chosen"].to_numpy()
    assert same.mean() > 0.999  # truth.csv is rounded to six digits


def test_nests_bring_the_close_substitute_nearer_to_the_truth_than_proportional_shares(pens, fits):
    truth = true_diversion(pens)
    found = est.substitution(fits, "fountain pen", truth=truth)
    median = found.table["median"]
    for plain, nested, towards in (
        (median["no nests", "ballpoint pen"], median["nest of pens", "ballpoint pen"], truth["ballpoint pen"]),
        (median["no nests", "pencil"], median["nest of pens", "pencil"], truth["pencil"]),
    ):
        assert abs(nested - towards) < 0.6 * abs(plain - towards)
    assert truth["ballpoint pen"] > 1.5 * median["no nests", "ballpoint pen"]
    low = found.table.loc[("nest of pens", "ballpoint pen"), "low"]
    assert low > found.table.loc[("no nests", "ballpoint pen"), "high"]


def test_the_figure_shows_every_model_and_says_that_the_data_are_synthetic(pens, fits):
    shown = est.substitution(fits, "fountain pen", truth=true_diversion(pens))
    axes = shown.plot()
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["truth", "no nests", "nest of pens"]
    assert "SYNTHETIC" in axes.get_title()
    assert "SYNTHETIC" in repr(shown)
    assert len(axes.patches) == 6


def test_what_cannot_be_shown_is_refused(fits):
    other = est.fit(est.MultinomialLogit(["price"]), choice_table(), draws=50)
    with pytest.raises(est.ChoiceError) as caught:
        est.substitution({**fits, "other": other}, "crayon")
    assert len(caught.value.problems) == 2
