"""Separation is found whatever it concerns, and nests that nothing tells are refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_frame
from choice_oracles import maximum, said_of

import estimation as est


def test_a_reference_that_nobody_takes_is_named():
    frame = choice_frame(30)
    frame = frame.groupby("situation").filter(lambda rows: not rows["chosen"][rows["alternative"] == "a"].any())
    text = said_of(est.MultinomialLogit(["price"], constants=True), est.read_choices(frame))
    assert "alternative 'a' was never chosen" in text
    assert "'b', 'c' have no finite estimate" in text
    assert est.mode(est.MultinomialLogit(["price"], constants=True), est.read_choices(frame).without("a")).summary.shape


def test_an_outside_option_that_nobody_takes_is_named_and_matters_only_where_its_utility_is_told():
    table = est.read_choices(choice_frame(30), outside="none")
    assert "alternative 'none' was never chosen" in said_of(est.MultinomialLogit(["price"], constants=True), table)
    assert "alternative 'none' was never chosen" in said_of(est.MultinomialLogit(["price", "none"]), table)


@pytest.mark.parametrize("rare", ["z", "a"])
def test_a_rare_level_that_is_never_taken_is_named_as_reference_or_not(rare):
    frame = choice_frame(30)
    frame = frame.assign(brand=np.resize(["x", "y"], len(frame)))
    lost = frame.index[frame["chosen"] == 0].to_series().groupby(frame["situation"]).first()[:3]
    frame.loc[lost, "brand"] = rare
    text = said_of(est.MultinomialLogit(["price", "brand"]), est.read_choices(frame))
    assert f"level {rare!r} of 'brand' was never chosen (3 times available)" in text


def test_separation_by_a_combination_that_no_standard_error_hides_is_found():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 2, 2))
    sure = x @ [1.0, 1.0]
    won = (sure[:, 0] < sure[:, 1]).astype(int)
    rows = [(t, "ab"[j], *x[t, j], int(won[t] == j)) for t in range(40) for j in range(2)]
    table = est.read_choices(pd.DataFrame(rows, columns=["situation", "alternative", "p", "q", "chosen"]))
    assert "'p' (+), 'q' (+)" in said_of(est.MultinomialLogit(["p", "q"]), table)


def test_a_level_that_is_taken_once_is_no_separation():
    frame = choice_frame(30).assign(rare=0.0)
    frame.loc[frame.index[frame["chosen"] == 1][:1], "rare"] = 1.0
    frame.loc[frame.index[frame["chosen"] == 0][-5:], "rare"] = 1.0
    table = est.read_choices(frame)
    found = est.mode(est.MultinomialLogit(["price", "rare"]), table)
    x = table.frame[["price", "rare"]].to_numpy()
    expected, height = maximum(x, table.frame["situation"].astype(str), table.frame["chosen"].to_numpy())
    np.testing.assert_allclose(found.coefficients, expected, atol=1e-4)
    assert found.log_likelihood == pytest.approx(height, abs=1e-6)


def nest_rows(offers: list[str], alike: str = "", situations: int = 200, seed: int = 1) -> est.ChoiceTable:
    """Choices by x and a Gumbel error; alternatives that are `alike` share another, of twice the size."""
    rng = np.random.default_rng(seed)
    rows = []
    for number in range(situations):
        labels = offers[number % len(offers)]
        x = rng.normal(size=len(labels))
        shared = 2 * rng.gumbel() * np.array([label in alike for label in labels])
        best = int((x + rng.gumbel(size=len(labels)) + shared).argmax())
        rows += [(number, label, x[place], int(place == best)) for place, label in enumerate(labels)]
    return est.read_choices(pd.DataFrame(rows, columns=["situation", "alternative", "x", "chosen"]))


@pytest.mark.parametrize(
    ("offers", "options"),
    [
        (["abc"], {"attributes": ["x"], "nests": {"n": "abc"}}),
        (["ac", "bc"], {"attributes": ["x"], "nests": {"n": "ab"}}),
        (["abc"], {"attributes": [], "constants": True, "nests": {"n": "ab"}}),
        (["abc"], {"attributes": ["x"], "nests": {"n": "abc"}, "unscaled": True}),
    ],
)
def test_a_dissimilarity_that_nothing_tells_is_refused(offers, options):
    options = options | {"nests": {name: list(inside) for name, inside in options["nests"].items()}}
    text = said_of(est.NestedLogit(**options), nest_rows(offers))
    assert "nothing tells the dissimilarity τ of nest 'n'" in text


def test_a_dissimilarity_at_its_bound_says_so():
    table = nest_rows(["abc"], alike="bc")
    model = est.NestedLogit(["x"], constants=True, nests={"n": ["a", "b"]})
    found = est.mode(model, table)
    assert found.dissimilarity["n"] == pytest.approx(1.0)
    assert "stands at its bound 1" in repr(found)
    free = est.mode(est.MultinomialLogit(["x"], constants=True), table)
    assert found.log_likelihood == pytest.approx(free.log_likelihood, abs=1e-5)
