"""What terms and formulas may contain: what is allowed has its value, and what is not is refused in few words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choice_builders import branded, choice_table
from engine import GAMES

import estimation as est
from estimation.choice.utilities.design import arrays_of, design_of
from estimation.expressions import FUNCTIONS, read_expression
from estimation.inference.problem import MessageProblem

SAFE = {  # term → its column, of price and income
    "np.log(price)": lambda f: np.log(f.price),
    "log(price)": lambda f: np.log(f.price),
    "np.log1p(price)": lambda f: np.log1p(f.price),
    "np.sqrt(price)": lambda f: np.sqrt(f.price),
    "exp(price)": lambda f: np.exp(f.price),
    "{price + 2 * income}": lambda f: f.price + 2 * f.income,
    "{price ** 2}": lambda f: f.price**2,
    "{2 ** price}": lambda f: 2**f.price,
    "I(price > 3)": lambda f: f.price > 3,
    "I((price > 3) & (income > 2))": lambda f: (f.price > 3) & (f.income > 2),
    "np.where(brand == 'mine', price, -1)": lambda f: np.where(f.brand == "mine", f.price, -1),
    "np.maximum(price, 2)": lambda f: np.maximum(f.price, 2),
    "center(price)": lambda f: f.price - f.price.mean(),
    "scale(price, ddof=0)": lambda f: (f.price - f.price.mean()) / f.price.std(ddof=0),
    "C(brand, Treatment('yours'))": lambda f: f.brand == "mine",
    "C(brand, levels=['yours', 'mine'])": lambda f: f.brand == "mine",
    "C(brand)": lambda f: f.brand == "yours",
    "{`a price` * 1.5}": lambda f: f["a price"] * 1.5,
    "np.exp(`a price`)": lambda f: np.exp(f["a price"]),
}


@pytest.mark.parametrize("term", SAFE)
def test_what_is_allowed_has_its_value(term):
    table = branded()
    found = arrays_of(est.MultinomialLogit([term]), table)
    wanted = pd.DataFrame(table.frame).pipe(SAFE[term])
    np.testing.assert_allclose(found.x[:, 0], np.asarray(wanted, dtype=float), atol=1e-12)


@pytest.mark.parametrize(
    "term", ["poly(price, 2)", "poly(price, degree=3, raw=True)", "bs(price, df=4)", "cr(price, 3)"]
)
def test_polynomials_and_splines_are_allowed_and_keep_their_state(term):
    table = branded()
    design = design_of(est.MultinomialLogit([term]), table)
    assert len(design.names) in (2, 3, 4)
    whole = design.matrix(table.frame)
    np.testing.assert_allclose(design.matrix(table.frame.iloc[:5]), whole[:5], atol=1e-12)


@pytest.mark.parametrize(
    ("term", "part"),
    [
        ("{price.mean()}", "price.mean"),
        ("np.save(price)", "np.save"),
        ("np.log(price, quality)", "np.log(price, quality)"),
        ("I(lambda: 1)", "lambda: 1"),
        ("{price[0]}", "price[0]"),
        ("{9 ** 9 ** 9 ** 9 * price}", "9 ** 9 ** 9 ** 9"),
        ("{I(9) ** I(9 + 9) * price}", "I(9) ** I(9 + 9)"),
        ("poly(price, 1000000000)", "poly(price, 1000000000)"),
        ("(price + quality)**99", "99"),
        ("price | quality", "|"),
        ("'price'", "'price'"),
        ("{'price'}", "'price'"),
    ],
)
def test_a_refusal_names_the_term_the_part_and_what_is_allowed(term, part):
    (told,) = read_expression(term)[1][:1]
    assert told.startswith(f"{part!r} in {term!r} is not allowed; a term or formula consists of columns")
    assert all(name in told for name in FUNCTIONS)


@pytest.mark.parametrize(
    "term", ["(", "price +", "{", "{price +}", "log(price", "price quality", "`", "%", "a ~~ b", "price ~ quality"]
)
def test_what_is_no_formula_is_refused_by_both_readers(term):
    with pytest.raises(est.ChoiceError):
        design_of(est.MultinomialLogit([term]), choice_table())
    table = est.design(GAMES, people=4, decisions=2, seed=3)
    with pytest.raises(est.TheoryError, match="formula of 'trust'"):
        MessageProblem(est.TrustEmbedded(formulas={"trust": term}), table).design  # noqa: B018


@pytest.mark.parametrize(
    "term", ["(" * 900 + "price", "-" * 998 + "x", "{" + "-" * 900 + "x}", "x + " * 10_000 + "x", "I(" * 300]
)
def test_long_and_deep_terms_are_refused_in_few_words(term):
    with pytest.raises(est.ChoiceError) as caught:
        design_of(est.MultinomialLogit([term]), choice_table())
    assert all(len(problem) < 3 * 1000 for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("term", "told"),
    [
        ("price**2", "a power of 'price' alone is itself; raise it by I(price ** 2)"),
        ("price^2", "a power of 'price' alone is itself"),
        ("price - quality", "'quality' has no part in it; a difference of columns is I(a - b)"),
        ("price/quality", "a / b stands for a + a:b; a ratio of columns is I(a / b)"),
        ("(price + quality) / income", "a / b stands for a + a:b"),
        ("price/quality:income", "a / b stands for a + a:b"),
        ("-1", "'-1': name at least one column"),
        ("1", "'1': name at least one column"),
        ("0 + price", "leave '- 1' and '0 +' out"),
        ("poly(price, 0)", "name at least one column"),
    ],
)
def test_formulas_that_mean_something_else_than_they_seem_to_are_refused(term, told):
    with pytest.raises(est.ChoiceError) as caught:
        design_of(est.MultinomialLogit([term]), choice_table())
    assert told in str(caught.value)


@pytest.mark.parametrize("term", ["I(price / income)", "{price / income}", "np.log(price / income)"])
def test_ratios_are_written_as_arithmetic(term):
    frame, table = choice_table().rows, choice_table()
    ratio = frame["price"] / frame["income"]
    expected = np.log(ratio) if "log" in term else ratio
    found = design_of(est.MultinomialLogit([term]), table).matrix(table.rows)
    np.testing.assert_allclose(found[:, 0], expected, rtol=1e-12)


@pytest.mark.parametrize("term", ["log(quality)", "{1 / (price * 0)}", "{price ** 1000}", "scale(income * 0)"])
@pytest.mark.filterwarnings("ignore:.*encountered:RuntimeWarning")
def test_values_that_are_not_finite_are_refused_with_how_many(term):
    with pytest.raises(est.ChoiceError, match=r" is (nan|inf|-inf) in [\d,]+ of [\d,]+ rows .*not finite"):
        est.fit(est.MultinomialLogit([term]), choice_table())
    table = est.design(GAMES, people=4, decisions=2, seed=3)
    frame = table.frame.assign(price=1.0, quality=-1.0, income=2.0)
    frame.loc[0, "price"] = 3.0
    with pytest.raises(est.TheoryError, match="formula of 'trust'"):
        MessageProblem(est.TrustEmbedded(trust=f"~ {term}"), est.Table.from_frame(frame, table.games)).design  # noqa: B018


def test_a_column_that_is_not_there_is_named_with_the_one_that_is_like_it():
    with pytest.raises(est.ChoiceError, match="there is no column 'prise'; did you mean 'price'"):
        design_of(est.MultinomialLogit(["np.log(prise)"]), choice_table())
    with pytest.raises(est.ChoiceError, match="there is no column 'chosen'"):
        design_of(est.MultinomialLogit(["I(chosen * 1)"]), choice_table())
