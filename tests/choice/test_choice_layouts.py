"""Files of choices in whatever form they come: one row per alternative, per choice, or per person."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_frame

import estimation as est
from estimation import cli

SURVEY = "F-{task}-{alternative}-{attribute}"
RNG = np.random.default_rng(8)
SHOWN = RNG.integers(0, 3, size=(12, 3, 2, 2))  # person, task, alternative, attribute
ANSWERS = RNG.integers(1, 3, size=(12, 3))
LEVELS = (["$5", "$7.50", "$10"], ["Low", "None", "High"])


def qualtrics() -> pd.DataFrame:
    """Return an export as Qualtrics makes it: two headings under the names, one row per person."""
    columns: dict[str, list[str]] = {"ResponseId": [f"R_{person}" for person in range(12)]}
    for task, alternative, attribute in np.ndindex(3, 2, 2):
        cells = SHOWN[:, task, alternative, attribute]
        columns[f"F-{task + 1}-{alternative + 1}-{attribute + 1}"] = [LEVELS[attribute][cell] for cell in cells]
    columns |= {f"Q{task + 1}": [str(answer) for answer in ANSWERS[:, task]] for task in range(3)}
    frame = pd.DataFrame(columns)
    headings = [["Response ID", *(f"Which, {name}?" for name in frame.columns[1:])]]
    headings.append([json.dumps({"ImportId": name}) for name in frame.columns])
    return pd.concat([pd.DataFrame(headings, columns=frame.columns), frame], ignore_index=True)


def said(function, *arguments, **options) -> str:
    with pytest.raises(est.EstimationError) as caught:
        function(*arguments, **options)
    return str(caught.value)


@pytest.fixture
def survey(tmp_path):
    path = tmp_path / "survey.csv"
    qualtrics().to_csv(path, index=False)
    return path


@pytest.fixture
def estimation(capsys):
    """Run a command; gives exit code, standard output and standard error."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            cli.main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return ended.value.code, captured.out, captured.err

    return run


def test_a_survey_is_read_cell_by_cell(survey):
    table = est.choices_from_survey(survey, subject="ResponseId", attributes={1: "price", 2: "quality"})
    frame = table.frame.set_index(["subject", "situation", "alternative"])
    assert (len(table), len(table.subjects)) == (36, 12)
    for person, task, alternative in np.ndindex(12, 3, 2):
        row = frame.xs((f"R_{person}", str(alternative + 1)), level=["subject", "alternative"]).iloc[task]
        assert row["price"] == [5.0, 7.5, 10.0][SHOWN[person, task, alternative, 0]]
        assert row["quality"] == LEVELS[1][SHOWN[person, task, alternative, 1]]
        assert row["chosen"] == (ANSWERS[person, task] == alternative + 1)


def test_the_names_of_attributes_may_stand_in_columns_of_their_own(survey):
    frame = pd.read_csv(survey, dtype=str, keep_default_na=False)
    for person in range(2, len(frame)):  # half of the people see the attributes in the other order
        for task in (1, 2, 3):
            swapped = person % 2 == 0
            frame.loc[person, [f"F-{task}-1", f"F-{task}-2"]] = (
                ["quality", "price"] if swapped else ["price", "quality"]
            )
            for place in (1, 2):
                pair = [f"F-{task}-{place}-1", f"F-{task}-{place}-2"]
                frame.loc[person, pair] = frame.loc[person, pair[::-1] if swapped else pair].to_numpy()
    found = est.choices_from_survey(frame, subject="ResponseId", names="F-{task}-{attribute}")
    expected = est.choices_from_survey(survey, subject="ResponseId", attributes={1: "price", 2: "quality"})
    assert found.fingerprint == expected.fingerprint


def test_tasks_without_an_answer_are_left_out_and_counted(survey):
    frame = qualtrics()
    frame.loc[[3, 4], "Q2"] = ["", None]
    table = est.choices_from_survey(frame, subject="ResponseId")
    assert len(table) == 34
    assert "2 tasks without an answer are left out." in table.caveats


def test_an_answer_that_no_column_shows_is_the_outside_option_where_it_is_named(survey):
    frame = qualtrics()
    frame.loc[2:6, "Q1"] = "None"  # among numbers
    frame.to_csv(survey, index=False)
    options = {"subject": "ResponseId", "alternatives": {"None": "none"}}
    table = est.choices_from_survey(survey, outside="none", **options)
    taken = table.frame.query("chosen")["alternative"].value_counts()
    assert taken["none"] == 5
    assert table.frame.groupby("situation", observed=True).size().eq(3).all()
    text = said(est.choices_from_survey, frame, subject="ResponseId")
    assert "'None' in column 'Q1', row 2" in text
    assert "name the outside option" in text


def test_decimal_commas_between_semicolons_are_numbers_below_headings_too(survey):
    lines = survey.read_text().replace("$7.50", "7,50").replace("$10", "10").replace("$5", "5").splitlines()
    rows = [pd.read_csv(survey, header=None, dtype=str)]
    text = "\n".join(
        ";".join(f'"{str(cell).replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows[0].to_numpy()
    )
    survey.write_text(text.replace("$7.50", "7,50").replace("$10", "10").replace("$5", "5"), encoding="utf-8")
    assert ";" not in lines[0]
    table = est.choices_from_survey(survey, subject="ResponseId", attributes={1: "price", 2: "quality"})
    assert sorted(table.frame["price"].unique()) == [5.0, 7.5, 10.0]


def test_the_same_choices_in_long_and_in_wide_form_are_the_same_table(estimation, tmp_path):
    long = (
        choice_frame(8).query("alternative != 'c'").groupby("situation").filter(lambda rows: rows["chosen"].sum() == 1)
    )
    wide = long.pivot_table(["price", "quality"], ["subject", "situation"], "alternative", aggfunc="first")
    wide.columns = [f"{attribute}_{alternative}" for attribute, alternative in wide.columns]
    taken = long[long["chosen"] == 1].set_index(["subject", "situation"])["alternative"]
    income = long.groupby(["subject", "situation"])["income"].first()
    path = tmp_path / "wide.csv"
    wide.assign(choice=taken, income=income, household_size=3).reset_index().to_csv(path, index=False)
    layout = tmp_path / "layout.toml"
    layout.write_text('[choices]\nwide = "{attribute}_{alternative}"\ncovariates = ["income"]\n', encoding="utf-8")
    how = ("--layout", layout, "--subject", "subject", "--situation", "situation")
    code, out, err = estimation("check", path, *how, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["fingerprint"] == est.read_choices(long).fingerprint
    code, out, _ = estimation(
        "check", path, "--wide", "{attribute}_{alternative}", "--columns", "price=cost,quality", "--json"
    )
    assert json.loads(out)["attributes"] == ["cost", "quality"]


def test_codes_of_alternatives_are_asked_for_where_nobody_chose_a_name(estimation, tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text("choice,price.a,price.b\n1,2,3\n2,4,1\n1,1,5\n", encoding="utf-8")
    how = ("--wide", "{attribute}.{alternative}")
    code, _, err = estimation("check", path, *how)
    assert (code, "say which is which: --alternatives 1=a" in err) == (2, True)
    code, out, _ = estimation("check", path, *how, "--alternatives", "1=a,2=b")
    assert (code, "alternatives  a, b" in out) == (0, True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[talk]\n", "it has no table [choices]"),
        ('[choices]\nwide = 3\nchosn = "Q1"\n', "key 'chosn' of [choices] is unknown"),
        ('[choices]\nattributes = "price"\n', "attributes must be a list of names"),
        ('[choices]\nsubject = "ResponseId"\n', "subject stands in the layout already"),
        ('[choices]\nwide = "{attribute}-{place}"\n', "{place}"),
        ('[choices]\nwide = "F-{task}-{alternative}-{attribute}"\nweight = "w"\n', "--weight is not for surveys"),
        ('[choices]\nwide = "G-{task}-{alternative}-{attribute}"\n', "no column is named like"),
        ('[choices]\nwide = "F-{task}-{alternative}-{attribute}"\nchosen = "C{task}"\n', "columns ['C1', 'C2', 'C3']"),
        ('[choices]\nnames = "F"\n', "names= is not for long form"),
        ('[choices]\ncovariates = "income"\n', "covariates must be a list of columns, not 'income'"),
    ],
)
def test_a_layout_that_does_not_fit_says_what_to_write(estimation, survey, tmp_path, text, words):
    layout = tmp_path / "layout.toml"
    layout.write_text(text, encoding="utf-8")
    code, out, err = estimation("check", survey, "--layout", layout, "--subject", "ResponseId")
    assert (code, out) == (2, "")
    assert words in err


def test_a_survey_is_fitted_as_it_was_exported(estimation, survey, tmp_path):
    how = ("--wide", SURVEY, "--chosen", "Q{task}", "--subject", "ResponseId", "--columns", "1=price,2=quality")
    keep = ("--draws", 100, "--chains", 2, "--out", tmp_path / "fit.nc")
    code, _, err = estimation("fit-choice", survey, "-a", "price", "-a", "quality", *how, *keep)
    assert code == 0, err
    fitted = est.load_fit(tmp_path / "fit.nc")
    assert fitted.problem.coefficients == ["price", "quality[T.Low]", "quality[T.None]"]
    code, _, err = estimation("fit-choice", "electricity", "-a", "pf", "--wide", SURVEY)
    assert (code, "leave their options out" in err) == (2, True)


def test_a_wide_file_without_its_options_is_told_how_to_be_read(estimation, survey):
    _, _, err = estimation("check", survey, "--schema", "choice")
    assert "--wide '{attribute}.{alternative}'" in err


def test_columns_that_are_read_are_there_once_in_every_form_of_a_file(tmp_path):
    """Of two columns of one name nobody knows which is meant; others than those that are read may be there twice."""
    forms = {
        "wide = '{attribute}.{alternative}'\n": "choice,price.a,price.b\na,1,2\nb,2,1\n",
        "rank = 'rank'\n": "situation,alternative,rank\n1,a,1\n1,b,2\n",
        "best = 'best'\nworst = 'worst'\noffered = ['x', 'y']\n": "best,worst,x,y\na,b,a,b\nb,a,a,b\n",
        "wide = '{attribute}{task}{alternative}'\nchosen = 'pick{task}'\n": "pick1,price1a,price1b\na,1,2\nb,2,1\n",
    }
    for layout, text in forms.items():
        (tmp_path / "layout.toml").write_text(f"[choices]\n{layout}")
        known = est.ChoiceLayout.read(tmp_path / "layout.toml")
        (tmp_path / "table.csv").write_text(text)
        assert len(known.table(tmp_path / "table.csv")) >= 1
        (tmp_path / "table.csv").write_text("".join(f"{line},{line.split(',')[0]}\n" for line in text.splitlines()))
        with pytest.raises(est.DataError, match=r"is there (2|several) times"):
            known.table(tmp_path / "table.csv")


def test_columns_that_hold_names_of_alternatives_are_asked_about_whatever_they_are_called():
    """Names before and after that of the choice, as letters go: what was offered may stand in any of them."""
    frame = pd.DataFrame({"choice": list("ab"), "another": list("ab"), "other": list("ba"), "price.a": [1, 2]})
    with pytest.raises(est.DataError, match=r"columns \['another', 'other'\] hold names of alternatives"):
        est.choices_from_wide(frame.assign(**{"price.b": 1}), alternatives=["a", "b"], attributes=["price"])


def test_a_wide_table_without_a_column_of_choices_is_told_which_one_is_missing(estimation, tmp_path):
    (tmp_path / "wide.csv").write_text("taken,price.a,price.b\na,2,3\nb,4,1\n", encoding="utf-8")
    code, out, err = estimation("check", tmp_path / "wide.csv", "--wide", "{attribute}.{alternative}")
    assert (code, out) == (2, "")
    assert "column 'choice' is missing" in err
