"""What ordinary tables would turn into confident wrong numbers is refused, or has the value of an independent route."""

from __future__ import annotations

from io import StringIO

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_frame, with_outside
from choice_oracles import COLUMNS, MOTORS, maximum, said_of

import estimation as est


def test_none_has_a_constant_without_a_column_of_its_own():
    table = est.read_choices(MOTORS, outside="4", attributes=["price", "motor"], **COLUMNS)
    found = est.mode(est.MultinomialLogit(["price", "motor", "4"]), table)
    x = pd.get_dummies(MOTORS["motor"])[["Gas", "Hybrid"]].assign(price=MOTORS["price"].fillna(0.0))
    x = x.assign(none=MOTORS["no_choice"])[["none", "price", "Gas", "Hybrid"]].to_numpy(dtype=float)
    expected, height = maximum(x, MOTORS["obs"], MOTORS["took"].to_numpy() == 1)
    np.testing.assert_allclose(found.coefficients, expected, atol=1e-4)
    assert found.log_likelihood == pytest.approx(height, abs=1e-6)
    assert list(found.coefficients.index) == ["4", "price", "motor[T.Gas]", "motor[T.Hybrid]"]


def test_the_reference_may_be_a_product_beside_an_outside_option():
    table = with_outside()
    plain = est.mode(est.MultinomialLogit(["price"], constants=True), table)
    other = est.mode(est.MultinomialLogit(["price"], constants=True, reference="a"), table)
    assert other.log_likelihood == pytest.approx(plain.log_likelihood)
    assert other.coefficients["nothing"] == pytest.approx(-plain.coefficients["a"])


def test_labels_without_a_constant_for_none_and_a_column_of_none_are_refused_with_the_way_out():
    table = est.read_choices(MOTORS, outside="4", **COLUMNS)
    text = said_of(est.MultinomialLogit(["price", "motor"]), table)
    assert "worth as much as the outside option '4'" in text
    assert "name '4' among the attributes" in text
    assert "'no_choice' differs only for the outside option" in said_of(est.MultinomialLogit(["no_choice"]), table)


def test_empty_rows_of_one_alternative_suggest_that_it_means_none():
    table = est.read_choices(MOTORS, **COLUMNS)
    assert table.gaps == {"price": 150, "motor": 150}
    assert "price in 150 rows" in repr(table)
    for term in ("price", "motor"):
        text = said_of(est.MultinomialLogit([term]), table)
        assert f"column {term!r} is empty in 150 of 600 rows (alternative '4' of situation '0'" in text
        assert "outside='4'" in text
    assert est.mode(est.MultinomialLogit([], constants=True), table).coefficients.shape == (3,)


def test_weights_of_surveys_count_by_their_ratios_and_only_if_they_are_named():
    frame = choice_frame(30)
    weight = frame["situation"].map(lambda label: 1e-5 * (1 + len(label) + int(label.split("-")[1]))).to_numpy()
    frame = frame.assign(weight=weight)
    model = est.MultinomialLogit(["price", "quality"])
    table = est.read_choices(frame, weight="weight")
    of_situation = frame.groupby("situation")["weight"].first().to_numpy()
    scale = weight / of_situation.mean()
    x, chosen = frame[["price", "quality"]].to_numpy(), frame["chosen"].to_numpy() == 1
    expected, height = maximum(x, frame["situation"], chosen, scale)
    found = est.mode(model, table)
    np.testing.assert_allclose(found.coefficients, expected, atol=1e-5)
    assert found.log_likelihood == pytest.approx(height, abs=1e-6)
    effective = of_situation.sum() ** 2 / (of_situation**2).sum()
    assert table.effective_situations == pytest.approx(effective)
    assert f"as much as {effective:,.1f} of equal weight" in repr(table)
    assert f"{table.weighting}." in found.notes
    unnamed = est.read_choices(frame)
    assert "weight" in unnamed.attributes
    assert unnamed.weighting == ""
    assert est.mode(model, unnamed).log_likelihood == pytest.approx(maximum(x, frame["situation"], chosen)[1], abs=1e-6)


def test_weights_that_are_counts_stay_as_they_are():
    frame = choice_frame(30).assign(times=3)
    model = est.MultinomialLogit(["price"])
    once, thrice = est.read_choices(frame), est.read_choices(frame, weight="times", counts=True)
    assert est.mode(model, thrice).log_likelihood == pytest.approx(3 * est.mode(model, once).log_likelihood)
    assert "count 360 times together" in thrice.weighting


def test_a_situation_that_cannot_be_read_is_a_sentence():
    with pytest.raises(est.DataError, match=r"column 'situation'.* is empty: row 0 has ''"):
        est.read_choices(choice_frame().drop(columns="subject").assign(situation=""))


@pytest.mark.parametrize("texts", [["$2.50", "€1.05"], ["1,234", "2,500"], ["2,02 €", "3,76 €"], ["$1,00", "$3"]])
def test_amounts_in_words_are_named_at_the_border(texts):
    frame = choice_frame()
    with pytest.raises(est.DataError, match=f"'price'.*must be a number: row 0 has {texts[0]!r}".replace("$", r"\$")):
        est.read_choices(frame.assign(price=np.resize(texts, len(frame))))


@pytest.mark.parametrize("labels", [["8GB", "16GB"], ["$5-$10", "$10-$20"], ["1.2.3", "1.2.4"], ["4G", "5G"]])
def test_labels_with_digits_stay_labels(labels):
    frame = choice_frame()
    table = est.read_choices(frame.assign(kind=np.resize(labels, len(frame))))
    assert list(table.frame["kind"].cat.categories) == sorted(labels)


def test_a_term_that_is_not_finite_names_its_rows():
    frame = choice_frame()
    frame.loc[frame["alternative"] == "a", "price"] = 0.0
    text = said_of(est.MultinomialLogit(["np.log(price)"]), est.read_choices(frame))
    assert "'np.log(price)' is -inf in 24 of 60 rows (alternative 'a' of situation '1-1'" in text
    assert est.mode(est.MultinomialLogit(["np.log1p(price)"]), est.read_choices(frame)).coefficients.shape == (1,)


def test_the_zero_of_the_outside_option_does_not_reach_logarithms_and_means():
    table = with_outside()
    found = est.mode(est.MultinomialLogit(["np.log(price)", "nothing"]), table).coefficients
    assert np.isfinite(found).all()
    inside = table.frame[table.frame["alternative"] != "nothing"]
    design = est.MultinomialLogit(["center(price)", "nothing"]).on(table).design
    centred = design.matrix(table.frame)[(table.frame["alternative"] != "nothing").to_numpy(), 1]
    np.testing.assert_allclose(centred, inside["price"] - inside["price"].mean())


TASKS = """
person,task,item1,item2,item3,best,worst
0,0,i2,i1,i0,i2,i1
0,1,i1,i3,i0,i3,i0
1,0,i2,i3,i1,i3,i1
1,1,i0,i3,i2,i0,i3
2,0,i1,i2,i3,i1,i3
2,1,i0,i1,i2,i2,i0
"""


def test_best_worst_tasks_are_read_by_what_was_offered_or_refused():
    frame = pd.read_csv(StringIO(TASKS))
    shape = {"alternatives": ["i0", "i1", "i2", "i3"], "attributes": [], "choice": "best", "subject": "person"}
    with pytest.raises(est.DataError, match=r"offered=\['item1', 'item2', 'item3'\]"):
        est.choices_from_wide(frame, **shape)
    table = est.choices_from_wide(frame, offered=["item1", "item2", "item3"], **shape)
    offered = table.frame.groupby("situation", observed=True)["alternative"].agg(set).tolist()
    assert offered == [set(row) for row in frame[["item1", "item2", "item3"]].to_numpy()]
    assert table.frame.loc[table.frame["chosen"], "alternative"].tolist() == frame["best"].tolist()
