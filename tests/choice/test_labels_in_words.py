"""Tables for readers say what a label is compared with; names by which a coefficient is addressed stay."""

import formulaic
import pandas as pd
import pytest
from choice_builders import choice_frame

import estimation as est
from estimation.commands.shown import tables_as_text
from estimation.report.choices.tables import choice_estimate_tables, choice_model_table, quantity_table
from estimation.text.contrasts import in_words, words_of

ROWS = pd.DataFrame({"brand": ["Aro", "Belk", "D'Or"] * 2, "price": [1.0, 2, 3, 4, 5, 7], "size": [1, 2, 2, 1, 1, 2]})
NAMES = {"brand[T.Belk]": "brand: Belk (against Aro)", "brand[T.D'Or]": "brand: D'Or (against Aro)"}
NOTATION = "[T."


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("brand", NAMES),
        ("price", {}),
        ("C(size)", {"C(size)[T.2]": "size: 2 (against 1)"}),
        (
            "C(brand, Treatment('Belk')) - 1 + 1",
            {
                "C(brand, Treatment('Belk'))[T.Aro]": "brand: Aro (against Belk)",
                "C(brand, Treatment('Belk'))[T.D'Or]": "brand: D'Or (against Belk)",
            },
        ),
        (
            "brand * np.log(price)",
            NAMES | {f"{name}:np.log(price)": f"{said} × np.log(price)" for name, said in NAMES.items()},
        ),
        ("brand:price", {f"brand[{label}]:price": f"brand: {label} × price" for label in ("Aro", "Belk", "D'Or")}),
        ("C(brand, Sum)", {}),
    ],
)
def test_columns_of_formulas_are_told_by_column_label_and_what_it_is_compared_with(formula, words):
    spec = formulaic.model_matrix(f"1 + {formula}", ROWS).model_spec
    assert words_of(spec) == words
    assert set(words) <= set(spec.column_names)


def test_of_names_within_names_the_longer_one_is_said():
    words = NAMES | {"brand[T.Belk]:price": "Belk's price"}
    assert in_words("on brand[T.Belk]:price, brand[T.Belk]", words) == "on Belk's price, brand: Belk (against Aro)"


@pytest.fixture(scope="module")
def table():
    frame = choice_frame(12, 5, 3)
    roasts = pd.Series(["dark", "light", "medium & fruity"] * len(frame))[: len(frame)].to_numpy()
    wave = frame["subject"].isin(sorted(frame["subject"].unique())[:6]).map({True: "early", False: "late"})
    return est.read_choices(frame.assign(roast=roasts, wave=wave), name="made_up")


@pytest.fixture(scope="module")
def fits(table):
    models = {
        "shared": est.MultinomialLogit(["price", "roast", "roast:quality"]),
        "people": est.MultinomialLogit(["price", "roast"], random=["price", "roast"]),
        "scaled": est.HeteroscedasticLogit(["price", "quality"], scale="wave"),
    }
    return {name: est.fit(model, table, seed=1, draws=100, chains=2, progress=False) for name, model in models.items()}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("shared", "roast: light (against dark)"),
        ("people", "roast: light (against dark)"),
        ("scaled", "wave: late (against early), scale"),
    ],
)
@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_table_has_the_notation_of_formulas_and_all_fit_the_screen(fits, name, said, width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    tables = [choice_model_table(fits[name]), *choice_estimate_tables(fits[name])]
    cells = [cell for table in tables for row in (table.head, *table.rows) for cell in row]
    assert said in cells
    assert not [cell for cell in cells if NOTATION in cell]
    lines = tables_as_text(tables).splitlines()
    assert max(map(len, lines)) <= width
    assert {word for line in lines for word in line.split()} >= set(said.split()), "no word is broken"


def test_names_by_which_a_weight_is_addressed_stay(fits):
    for name in ("roast[T.light]", "roast[T.medium & fruity]"):
        assert name in fits["people"].people
        assert f"coefficients[{name}]" in fits["shared"].draws
        assert f"coefficients[{name}]" in fits["shared"].summary.index
    assert "scale[wave[T.late]]" in fits["scaled"].summary.index


def test_what_people_would_pay_is_told_in_words_and_addressed_by_name(fits):
    worth = est.willingness_to_pay(fits["shared"])
    assert "roast[T.light]" in worth.table.index
    assert "roast: light (against dark)" in [row[0] for row in quantity_table(worth).rows]
    axes = est.plot_willingness_to_pay(worth)
    shown = [" ".join(label.get_text().split()) for label in axes.get_yticklabels()]
    assert "roast: light (against dark)" in shown
    assert axes.get_xlabel() == "worth of one unit or label (price)"


def test_a_table_of_several_models_keeps_apart_what_is_compared_with_different_labels(table):
    formulas = ("roast", "C(roast, Treatment('light'))")
    modes = {formula: est.mode(est.MultinomialLogit(["price", formula]), table) for formula in formulas}
    found = est.estimates_table(modes)
    assert found.frame.loc[
        "roast: light (against dark)", "roast"
    ] == f"{modes['roast'].coefficients['roast[T.light]']:.2f}".replace("-", "−")
    assert found.frame.loc["roast: dark (against light)", "roast"] == ""
    assert NOTATION not in found.to_latex()


def test_the_reports_methods_are_sentences(fits, tmp_path):
    est.report(fits["shared"], tmp_path / "report.md")
    text = (tmp_path / "report.md").read_text().replace("\\", "")
    assert "of price, roast: light (against dark)" in " ".join(text.split())
    assert NOTATION not in text
