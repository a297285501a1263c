"""What terms and formulas may contain, and that nothing planted in one ever runs, wherever it is written."""

from __future__ import annotations

import builtins
import json
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_frame, choice_table
from engine import GAMES, TRUST

import estimation as est
from estimation import cli
from estimation.choice.utilities.design import arrays_of, design_of
from estimation.errors import EstimationError
from estimation.expressions import FUNCTIONS, read_expression
from estimation.inference.problem import MessageProblem

# Each would make the file {file} if it ran; `price` stands for a column of numbers, `brand` for one of labels.
PLANTED = [
    "{{open('{file}', 'w')}}",
    "open('{file}', 'w')",
    "__import__('os').system('touch {file}')",
    "{{__import__('pathlib').Path('{file}').touch() or price}}",
    "I(price + (open('{file}', 'w') and 0))",
    "price.to_csv('{file}')",
    "{{price.to_csv('{file}')}}",
    "I(price.to_csv('{file}'))",
    "`price`.to_csv('{file}')",
    "np.save('{file}', price)",
    "np.savetxt('{file}', price)",
    "I(np.lib.format.open_memmap('{file}', mode='w+', shape=1))",
    "{{[open('{file}', 'w') for _ in (1,)]}}",
    "{{(lambda: open('{file}', 'w'))()}}",
    "{{(file := open('{file}', 'w'))}}",
    "{{price if open('{file}', 'w') else price}}",
    '{{f\'{{open("{file}", "w")}}\'}}',
    '{{eval(\'open("{file}", "w")\')}}',
    "{{price[open('{file}', 'w')]}}",
    "price[open('{file}', 'w')]",
    "np.vectorize(open)('{file}', 'w')",
    "np.log(price, where=open('{file}', 'w'))",
    "np.log(*open('{file}', 'w'))",
    "np.log(**open('{file}', 'w'))",
    "center(price, _state=open('{file}', 'w'))",
    "C(brand, levels=[open('{file}', 'w')])",
    "C(brand, contr.treatment(open('{file}', 'w')))",
    "hashed(brand, 3, hash_func=lambda text: open('{file}', 'w'))",
    "(open('{file}', 'w') ~ price)",
    "{{open}}('{file}')",
    "price + {{().__class__.__base__.__subclasses__()}} + {{open('{file}', 'w')}}",
    'center(np.where(brand == \'\\\\"] + [open("{file}", "w")] + ["\', 1, 0))',
    "center(`price\"] + [open('{file}', 'w')] + [\"`)",
    "`open('{file}', 'w')`",
    "{{`open('{file}', 'w')`}}",
    "{{`x`open('{file}', 'w')`x`}}",
    "price:open('{file}', 'w')",
    "price:{{open('{file}', 'w')}}:alternative",
]
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


def branded(people: int = 6) -> est.ChoiceTable:
    frame = choice_frame(people).assign(brand=lambda f: f.alternative.map({"a": "mine", "b": "yours", "c": "mine"}))
    return est.read_choices(frame.assign(**{"a price": frame.price / 7}))


@pytest.fixture
def file(tmp_path, monkeypatch):
    """The file that planted code would make; opening it for whatever reason fails the test."""
    path = tmp_path / "planted"

    def watched(name, *rest, real=builtins.open, **options):
        assert str(name) != str(path), "the planted code has run"
        return real(name, *rest, **options)

    monkeypatch.setattr(builtins, "open", watched)
    yield path
    assert not path.exists(), "the planted code has run"


@pytest.mark.parametrize("planted", PLANTED)
def test_planted_code_runs_neither_as_a_term_nor_as_a_formula(planted, file):
    term = planted.format(file=file)
    with pytest.raises(est.ChoiceError):
        design_of(est.MultinomialLogit([term]), branded())
    table = est.design(GAMES, people=4, decisions=2, seed=3)
    people = table.frame.assign(price=1.0, brand="mine")
    theory = est.TrustEmbedded(trust=f"~ {term}", formulas={"lapse": f"{term} ~ {term}"})
    with pytest.raises(est.TheoryError) as caught:
        MessageProblem(theory, est.Table.from_frame(people, table.games)).design  # noqa: B018
    assert len(caught.value.problems) >= 2


@pytest.mark.parametrize("planted", PLANTED)
def test_columns_and_labels_that_are_code_are_text(planted, file):
    name = planted.format(file=file)
    frame = choice_frame().rename(columns={"quality": name}).assign(brand=name)
    table = est.read_choices(frame.assign(brand=frame.alternative.where(frame.alternative != "a", name)))
    found = arrays_of(est.MultinomialLogit(["brand"]), table)
    assert len(found.attributes) == 2
    with suppress(est.ChoiceError):  # a column of numbers is itself, whatever it is called, unless colons part it
        arrays_of(est.MultinomialLogit([name]), table)


def test_planted_code_runs_in_no_call(file):
    term, table = f"{{open('{file}', 'w')}}", choice_table(20)
    plain = est.MultinomialLogit(["price"])
    for run in (est.fit, est.mode):
        with pytest.raises(EstimationError, match="is not allowed"):
            run(est.MultinomialLogit([term]), table)
    mixed = est.MultinomialLogit([term, "price"], random=[term])
    with pytest.raises(EstimationError):
        est.fit(mixed, table)
    with pytest.raises(EstimationError):
        est.simulate_choices(est.MultinomialLogit([term]), table, {term: 1.0}, seed=1)
    with pytest.raises(EstimationError):
        est.willingness_to_pay(est.fit(plain, table, draws=50, seed=1), price=term)
    situations = est.design(GAMES, people=4, decisions=2, seed=3)
    theory = est.TrustEmbedded(trust=f"~ {term}")
    for act in (lambda: est.fit(theory, situations), lambda: est.simulate(theory, situations, TRUST, seed=1)):
        with pytest.raises(EstimationError, match="is not allowed"):
            act()


def test_planted_code_in_a_saved_fit_of_choices_does_not_run(file, tmp_path):
    term = f"{{open('{file}', 'w')}}"
    fit = est.fit(est.MultinomialLogit(["price", "quality"]), choice_table(20), draws=50, seed=1)
    crafted = json.loads(json.dumps(fit.manifest).replace('"price"', json.dumps(term)))
    assert term in json.dumps(crafted).replace("\\\\", "\\")
    path = replace(fit, manifest=crafted).save(tmp_path / "crafted.nc")
    with pytest.raises(EstimationError, match="is not allowed"):
        est.report(est.load_fit(path), tmp_path / "report.html")


def test_planted_code_in_a_saved_fit_of_messages_does_not_run(file, tmp_path):
    situations = est.design(GAMES, people=6, decisions=4, seed=3, roles=("receiver",))
    people = {"trust": (0.5, 0.7), "receiver_precision": (3.0, 0.3), "lapse": (0.03, 0.5)}
    table, _ = est.simulate(est.TrustEmbedded(), situations, people, seed=5)
    fit = est.fit(est.TrustEmbedded(lapse="~ 1"), table, draws=50, seed=1)
    crafted = json.loads(json.dumps(fit.manifest).replace('"~ 1"', json.dumps(f"~ {{open('{file}', 'w')}}")))
    assert crafted != fit.manifest
    path = replace(fit, manifest=crafted).save(tmp_path / "crafted.nc")
    with pytest.raises(EstimationError, match="is not allowed"):
        est.report(est.load_fit(path), tmp_path / "report.html")


def test_planted_code_on_the_command_line_does_not_run(file, tmp_path, capsys):
    term, data = f"{{open('{file}', 'w')}}", tmp_path / "mine.csv"
    choice_frame(20).to_csv(data, index=False)
    formula = ["--theory", "trust", "--option", f"trust=~ {term}"]
    for arguments in (["fit-choice", str(data), "-a", term], ["fit", "simulated_forecast_sharing", *formula]):
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        assert ended.value.code == 2
        told = capsys.readouterr().err
        assert "is not allowed; a term or formula consists of columns, numbers," in told
        assert "Traceback" not in told


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
