"""What models of choice say: why they refuse, what they note beside estimates, and the rows of their parameters."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_frame, choice_table, with_outside
from test_nests import CROSSED, NESTS, four, nested_shares

import estimation as est

TERMS = ["price", "quality"]
OUTSIDE = with_outside(10, 4)
PRODUCTS = pd.DataFrame({"price": [1.0, 2.0], "quality": [0.2, 1.5]}, index=["a", "b"])


def components(**groups):
    return est.MultinomialLogit(TERMS, error_components=groups, covariance="diagonal")


def people_with(**columns):
    frame = choice_frame(12, 4)
    return est.read_choices(frame.assign(**{name: frame["subject"].map(of) for name, of in columns.items()}))


def with_column(**columns):
    frame = with_outside(10, 4).frame
    return est.read_choices(frame.assign(**{name: of(frame) for name, of in columns.items()}), outside="nothing")


def with_covariates(*names):
    return est.MultinomialLogit(TERMS, random="all", covariates=list(names))


REFUSED = {
    "no nests": (lambda: est.NestedLogit(TERMS), "nests are missing: {name of the nest: its alternatives}"),
    "two alternatives in a term": (
        lambda: est.MultinomialLogit([*TERMS, "income:a:b"]).on(choice_table()),
        "'income:a:b' names two alternatives; a row has only one",
    ),
    "a covariate in words": (
        lambda: with_covariates("town").on(people_with(town=lambda name: "Ulm" if name < "s3" else "Bonn")),
        "covariate 'town' holds labels; make a 0/1 column of each but one",
    ),
    "a covariate that is empty": (
        lambda: with_covariates("age").on(people_with(age=lambda name: np.nan if name == "s2" else len(name))),
        "covariate 'age' is empty for some people; fill it in, or leave them out",
    ),
    "an error component of the outside option": (
        lambda: components(some=["a", "nothing"]).on(OUTSIDE),
        "error component 'some' holds the outside option 'nothing', whose utility is zero",
    ),
    "the mode of error components": (
        lambda: est.mode(components(some=["a", "b"]), OUTSIDE),
        "There is no quick mode of error components",
    ),
    "what is worth nothing less if it costs more": (
        lambda: est.mode(est.MultinomialLogit(TERMS, wtp_space="quality"), choice_table(25, 5)),
        "more of 'quality' is not worth less in these choices; leave wtp_space away",
    ),
    "more components of tastes than people": (
        lambda: est.MultinomialLogit(TERMS, random="all", components=7).on(choice_table(5)).check(),
        "7 of 5 people; give fewer",
    ),
    "what is the same everywhere, outside included": (
        lambda: est.MultinomialLogit([*TERMS, "tax"]).on(with_column(tax=lambda frame: 0.0 * frame["price"])).check(),
        "'tax' is the same for all alternatives of every situation, so that it cancels",
    ),
    "what differs outside only": (
        lambda: (
            est.MultinomialLogit([*TERMS, "tax"])
            .on(with_column(tax=lambda frame: (frame["alternative"] == "nothing") * 1.0))
            .check()
        ),
        "'tax' differs only for the outside option 'nothing', whose utility is zero",
    ),
}


@pytest.mark.parametrize(("asks", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_a_model_cannot_be_is_refused_with_the_reason(asks, said):
    with pytest.raises(est.ChoiceError) as caught:
        asks()
    assert said in str(caught.value)


def test_three_components_of_three_alternatives_are_told_by_people_who_choose_twice_only():
    model = components(ab=["a", "b"], bc=["b", "c"], ac=["a", "c"])
    model.on(choice_table(30, 2)).check()
    with pytest.raises(est.ChoiceError, match="the scale, where everybody chose once"):
        model.on(choice_table(30, 1)).check()


@pytest.mark.parametrize(
    ("empty", "advice"), [(["c"], "if 'c' means none of these, name it: outside='c'"), (["b", "c"], "fill it in, or")]
)
def test_one_alternative_that_never_has_a_price_may_be_the_outside_option_two_may_not(empty, advice):
    frame = choice_frame()
    frame.loc[frame["alternative"].isin(empty), "price"] = np.nan
    with pytest.raises(est.ChoiceError) as caught:
        est.MultinomialLogit(TERMS).on(est.read_choices(frame))
    assert advice in str(caught.value)
    assert ("outside=" in str(caught.value)) == (empty == ["c"])


@pytest.fixture(scope="module")
def logs():
    return est.fit(
        est.MultinomialLogit(["np.log(price)", "quality"]), choice_table(20, 5), draws=50, chains=2, progress=False
    )


@pytest.mark.parametrize(
    ("price", "said"),
    [
        (["1", "2"], "column 'price' must hold numbers, not '1'"),
        ([1.0, 0.0], "'np.log(price)' is -inf in 1 of 2 rows (alternative 'b')"),
    ],
)
def test_products_whose_terms_have_no_value_are_named(logs, price, said):
    with pytest.raises(est.ChoiceError) as caught:
        logs.product_weights(PRODUCTS.assign(price=price), instead={"price": 1.0, "quality": 0.0})
    assert said in str(caught.value)


def test_people_of_whom_all_have_the_same_weights_are_no_rows(logs):
    with pytest.raises(est.FitError, match="everybody is alike"):
        logs.people  # noqa: B018 - asking is what is refused


def test_a_product_that_is_listed_twice_is_refused():
    twice = PRODUCTS.assign(alternative="a").reset_index(drop=True)
    with pytest.raises(est.ChoiceError, match="a product is listed twice; names must differ"):
        est.scenario(OUTSIDE, twice)


@dataclass(frozen=True, eq=True)
class PriceOnly(est.ChoiceModel):
    """A model that reads two terms and uses the first."""

    def utilities(self, x, first_row, weights):  # noqa: ARG002 - nothing depends on situations
        return x[:, :1] @ weights[:1]


def test_a_weight_that_nothing_depends_on_has_no_error_and_the_reason_is_said():
    table = choice_table(25, 5)
    found = est.mode(PriceOnly(TERMS), table)
    plain = est.mode(est.MultinomialLogit(["price"]), table)
    assert found.coefficients["price"] == pytest.approx(plain.coefficients["price"], rel=1e-6)
    assert np.isnan(found.standard_errors["quality"])
    assert "The likelihood is flat at its maximum" in repr(found)


def test_robust_errors_are_called_so():
    found = est.mode(est.MultinomialLogit(TERMS), choice_table(25, 5))
    assert "Standard errors are clustered" not in repr(found.with_errors("robust"))
    assert "Standard errors are robust, situations being independent." in repr(found.with_errors("robust"))


def test_parameters_that_are_well_inside_and_well_told_have_no_note():
    nested = four(300, 1, lambda value: nested_shares(value, NESTS, {"near": 0.5, "far": 0.5}))
    scaled = est.mode(est.HeteroscedasticLogit(TERMS, scale=["income"]), choice_table(25, 5))
    for found in (est.mode(est.NestedLogit(["x", "y"], nests=NESTS), nested), scaled):
        assert found.notes == ["Standard errors are robust, clustered by person."]


def test_a_dissimilarity_of_nothing_or_hardly_told_is_said_of_its_nest():
    nested = four(300, 1, lambda value: nested_shares(value, NESTS, {"near": 0.5, "far": 0.5}))
    found = est.mode(est.NestedLogit(["x", "y"], nests=NESTS), nested).with_errors("information")
    gone = replace(found, further=found.further * [1e-6, 1.0])
    assert gone.notes[1:] == ["τ of nest 'near' stands at its bound 0: inside the nest choices are certain."]
    vague = replace(found, inverse_information=found.inverse_information * 100)
    assert [note for note in vague.notes if "hardly more than its prior" in note] == vague.notes[1:]
    assert len(vague.notes) == 3


def certain_inside(value):
    """Chances where the best of the nest ``near`` is always taken if one of it is: τ is 0 there, 1 elsewhere."""
    best = max(("a", "b"), key=value.get)
    taken = {label: np.exp(v) for label, v in value.items() if label not in ("a", "b") or label == best}
    return {label: taken.get(label, 0.0) / sum(taken.values()) for label in value}


@pytest.mark.parametrize("seed", [4, 5, 6])
def test_where_choices_inside_a_nest_are_certain_it_is_said_that_its_dissimilarity_is_zero(seed):
    """The search may end a hair above zero, or be given up: either says so, and it depends on the last digits which."""
    try:
        said = est.mode(est.NestedLogit(["x", "y"], nests=NESTS), four(120, seed, certain_inside)).notes
    except est.ChoiceError as problem:
        said = problem.problems
    assert [note for note in said if "τ of nest 'near'" in note and "its bound 0" in note]


def test_an_alternative_that_belongs_to_one_nest_has_a_part_of_one_there_and_the_fit_of_the_nested_logit():
    nested = four(300, 1, lambda value: nested_shares(value, NESTS, {"near": 0.5, "far": 0.5}))
    found = est.mode(est.CrossNestedLogit(["x", "y"], nests=NESTS | {"far": ["b", "c", "d"]}), nested)
    assert "α of 'b, near' stands at its bound 1: leave the alternative out of one nest." in found.notes
    assert "α of 'b, far' stands at its bound 0: leave the alternative out of one nest." in found.notes
    apart = est.mode(est.NestedLogit(["x", "y"], nests=NESTS), nested)
    assert found.log_likelihood == pytest.approx(apart.log_likelihood, abs=1e-3)


def test_dissimilarities_above_one_have_another_prior():
    rows = est.NestedLogit(TERMS, nests=NESTS, above_one=True).further_rows
    assert [row[0] for row in rows] == ["near, τ", "far, τ"]
    assert {row[3] for row in rows} == {"log τ Normal(0, 1)"}
    assert {row[3] for row in est.NestedLogit(TERMS, nests=NESTS).further_rows} == {"uniform on (0, 1)"}


def test_parts_have_rows_where_they_are_estimated():
    free, equal = (
        est.CrossNestedLogit(TERMS, nests=CROSSED, allocation=kind).further_rows for kind in ("free", "equal")
    )
    assert [row[0] for row in equal] == ["near, τ", "middle, τ", "far, τ"]
    assert free[:3] == equal
    assert [row[0] for row in free[3:]] == [
        "b, near, α", "b, middle, α", "b, far, α", "c, middle, α", "c, far, α"
    ]  # fmt: skip
    assert {row[3] for row in free[3:]} == {"Dirichlet(1, …, 1) over the nests of an alternative"}


def test_amounts_of_money_have_units_of_price_and_priors_that_follow_from_it():
    table = choice_table(25, 5)
    gaps = table.frame[TERMS] - table.frame.groupby("situation", observed=True)[TERMS].transform("mean")
    spread = np.sqrt((gaps**2).mean())
    price, quality = est.MultinomialLogit(TERMS, wtp_space="price").on(table).parameter_rows()
    assert quality[:3] == ("quality", "worth of one more unit of quality", "price per unit")
    assert quality[3] == f"Normal(0, {5 * spread['price'] / spread['quality']:.2f})"
    assert price[3] == f"minus exp of Normal({-np.log(spread['price']):.3f}, 1.5)"
    mixed = est.MultinomialLogit(TERMS, wtp_space="price", random="all").on(table).parameter_rows()
    assert [row[0] for row in mixed] == ["price", "price, SD", "quality", "quality, SD", "correlation"]
    assert mixed[0][3] == price[3]
    assert mixed[2][1:4] == (f"{quality[1]}: mean over people", *quality[2:4])


def test_a_log_normal_weight_has_the_prior_of_its_sign():
    model = est.MultinomialLogit(TERMS, random="all", distributions={"price": "-lognormal", "quality": "lognormal"})
    rows = {row[0]: row for row in model.on(choice_table(25, 5)).parameter_rows()}
    assert rows["price"][3].startswith("minus exp of Normal(0.149, 1.5)")
    assert rows["quality"][3].startswith("exp of Normal(0.304, 1.5)")
    assert rows["price, SD"][3] == "half-t(2), scale 1 on the log scale"
