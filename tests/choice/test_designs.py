"""From terms to columns, and what cannot be identified."""

from __future__ import annotations

import numpy as np
import pytest
from choice_builders import choice_frame, choice_table

import estimation as est
from estimation.choice.utilities.design import arrays_of, design_of


def columns(*terms, table=None, **options):
    """Return coefficient → column, for a table."""
    arrays = arrays_of(est.MultinomialLogit(list(terms), **options), table or choice_table())
    return dict(zip(arrays.attributes, arrays.x.T, strict=True))


def test_terms_are_columns_products_indicators_and_formulas():
    frame = choice_table().frame
    is_b = (frame["alternative"] == "b").to_numpy()
    found = columns("price", "price:income", "income:b", "np.log(price)", "I(price + quality)", constants=True)
    expected = {
        "b": is_b,
        "c": frame["alternative"] == "c",
        "price": frame["price"],
        "price:income": frame["price"] * frame["income"],
        "income:b": frame["income"] * is_b,
        "np.log(price)": np.log(frame["price"]),
        "I(price + quality)": frame["price"] + frame["quality"],
    }
    assert list(found) == list(expected)
    for name, column in expected.items():
        np.testing.assert_allclose(found[name], np.asarray(column, dtype=float), err_msg=name)


def test_one_coefficient_per_alternative_leaves_out_the_reference_only_where_it_must():
    assert list(columns("price:alternative")) == ["price:a", "price:b", "price:c"]
    assert list(columns("income:alternative")) == ["income:b", "income:c"]
    assert list(columns("income:alternative", reference="b")) == ["income:a", "income:c"]
    assert list(columns("price", constants=True, reference="c")) == ["a", "b", "price"]


def test_where_the_reference_needs_a_coefficient_that_it_has_not_rows_are_refused():
    design = design_of(est.MultinomialLogit(["price", "income:alternative"]), choice_table())
    rows = choice_table().rows.copy()
    assert design.matrix(rows.assign(income=rows["income"] + 1)).shape[1] == len(design.names)
    rows.loc[rows.index[4], "income"] += 1
    with pytest.raises(est.ChoiceError, match=r"no coefficient for 'a'.* differs between those of situation '?\w+'?"):
        design.matrix(rows)
    design_of(est.MultinomialLogit(["price", "income:b"]), choice_table()).matrix(rows)


def test_labels_become_contrasts():
    frame = choice_frame().assign(brand=lambda rows: rows["alternative"].map({"a": "mine", "b": "yours", "c": "mine"}))
    found = columns("brand", "price", table=est.read_choices(frame))
    assert list(found) == ["brand[T.yours]", "price"]
    np.testing.assert_array_equal(found["brand[T.yours]"], est.read_choices(frame).frame["alternative"] == "b")


def test_the_outside_option_has_utility_zero_whatever_its_rows_hold():
    table = choice_table(outside="c")
    rows = (table.frame["alternative"] == "c").to_numpy()
    found = columns("price", "income:alternative", "I(price + 1)", table=table, constants=True)
    assert list(found) == ["a", "b", "price", "income:a", "income:b", "I(price + 1)"]
    assert all((column[rows] == 0).all() for column in found.values())


def test_transformations_keep_the_state_of_the_table_that_they_were_made_for():
    table = choice_table()
    design = design_of(est.MultinomialLogit(["center(price)"]), table)
    other = table.frame.assign(price=lambda rows: rows["price"] + 1)
    np.testing.assert_allclose(design.matrix(other)[:, 0], design.matrix(table.frame)[:, 0] + 1)


def test_terms_that_cannot_be_read_are_all_named():
    model = est.MultinomialLogit(["prise", "quality:", "price"], reference="z")
    with pytest.raises(est.ChoiceError) as caught:
        design_of(model, choice_table())
    assert len(caught.value.problems) == 3
    assert "'z' is none of the alternatives ['a', 'b', 'c']" in str(caught.value)
    assert "'prise'" in str(caught.value)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"attributes": "price"}, "must be a list"),
        ({"attributes": []}, "nothing to estimate"),
        ({"attributes": ["price", "price"]}, "named twice"),
        ({"attributes": ["price"], "random": "some"}, "random must be"),
        ({"attributes": ["price"], "random": "all", "covariance": "odd"}, "covariance must be"),
        ({"attributes": ["price"], "random": "all", "distributions": {"price": "gamma"}}, "must be '"),
        ({"attributes": ["price"], "covariates": ["income"]}, "need random coefficients"),
        ({"attributes": ["price"], "prior_scale": 0}, "must be positive"),
    ],
)
def test_descriptions_that_make_no_sense_are_refused(options, said):
    with pytest.raises(est.ChoiceError, match=said):
        est.MultinomialLogit(**options)


def test_nests_that_make_no_sense_are_refused():
    with pytest.raises(est.ChoiceError) as caught:
        est.NestedLogit(["price"], nests={"x": ["a", "b"], "y": ["b", "c"], "z": [], "w": ["d"]})
    assert len(caught.value.problems) == 3
    with pytest.raises(est.ChoiceError, match="none of the alternatives"):
        est.mode(est.NestedLogit(["price"], nests={"x": ["a", "q"]}), choice_table())


@pytest.mark.parametrize(
    ("change", "model", "said"),
    [
        (lambda f: f.assign(flat=2.0), {"attributes": ["price", "flat"]}, ["'flat' is the same for all alternatives"]),
        (lambda f: f, {"attributes": ["price", "income"]}, ["'income' is the same", "'income:alternative'"]),
        (
            lambda f: f.assign(twice=2 * f.price + f.income),
            {"attributes": ["price", "twice", "quality"]},
            ["'price', 'twice' depend"],
        ),
        (
            lambda f: f.assign(is_b=(f.alternative == "b").astype(float)),
            {"attributes": ["is_b"], "constants": True},
            ["'b', 'is_b' depend"],
        ),
        (lambda f: f.assign(sure=f.chosen * 1.0), {"attributes": ["price", "sure"]}, ["'sure' (+)", "separation"]),
    ],
)
def test_what_cannot_be_told_is_said_before_anything_is_computed(change, model, said):
    table = est.read_choices(change(choice_frame(20)))
    for run in (est.mode, est.fit):
        with pytest.raises(est.ChoiceError) as caught:
            run(est.MultinomialLogit(**model), table)
        assert all(part in str(caught.value) for part in said), str(caught.value)


def test_alternatives_that_were_never_or_always_chosen_are_named():
    frame = choice_frame(20)
    frame = frame.groupby("situation").filter(lambda rows: not rows["chosen"][rows["alternative"] == "c"].any())
    frame["flat"] = 1.0
    with pytest.raises(est.ChoiceError) as caught:
        est.mode(est.MultinomialLogit(["price", "flat"], constants=True), est.read_choices(frame))
    assert len(caught.value.problems) == 2
    assert "'c' was never chosen" in str(caught.value)
    assert "choices.without('c')" in str(caught.value)


def test_choices_that_overlap_by_a_single_one_are_not_separated():
    frame = choice_frame(20).assign(sure=lambda rows: rows["chosen"] * 1.0)
    first = frame["situation"] == "1-1"
    frame.loc[first, "sure"] = 1.0 - frame.loc[first, "sure"]
    found = est.mode(est.MultinomialLogit(["sure"]), est.read_choices(frame))
    assert 2 < found.coefficients["sure"] < 20
