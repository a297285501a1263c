"""The command line about choices: check, fit, what people value."""

from __future__ import annotations

import json

import pytest
from choice_builders import choice_frame

import estimation as est
from estimation import cli


@pytest.fixture
def estimation(capsys):
    """Run a command; gives exit code, standard output and standard error."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            cli.main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return ended.value.code, captured.out, captured.err

    return run


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "mine.csv"
    choice_frame(40).to_csv(path, index=False)
    return path


def test_a_table_of_choices_is_checked(estimation, file):
    code, out, err = estimation("check", file, "--schema", "choice", "--outside", "c")
    assert (code, err) == (0, "")
    assert "meets the choice schema" in out
    assert "outside option: c" in out
    code, out, _ = estimation("check", file, "--schema", "choice", "--json")
    assert json.loads(out)["choices"] == 160
    code, _, err = estimation("check", file, "--schema", "choice", "--game-from", "oey_what_is_reality")
    assert code == 2
    assert "--game-from is for experiments" in err


def test_whatever_is_wrong_with_a_file_is_said_by_line(estimation, file):
    file.write_text(file.read_text().replace("s1,1-1,a,", "s1,1-1,a,9", 1), encoding="utf-8")
    code, _, err = estimation("check", file, "--schema", "choice")
    assert code == 2
    assert "line 2 has 91" in err


OWN = """
import estimation as est

class Hasty(est.ChoiceModel):
    \"\"\"People who see half of each difference.\"\"\"

    def utilities(self, x, first_row, weights):
        return x @ weights / 2
"""


def test_a_model_of_ones_own_is_fitted_from_its_file_and_reported(estimation, file, tmp_path):
    model, fit, report = (tmp_path / name for name in ("hasty.py", "own.nc", "own.md"))
    model.write_text(OWN, encoding="utf-8")
    how = ("-a", "price", "--draws", 100, "--chains", 2, "--out", fit)
    code, out, err = estimation("fit-choice", file, "--model", f"{model}:Hasty", *how)
    assert code == 0, err
    assert "hasty on mine: all 4 checks passed" in out
    assert estimation("report", fit, "--own", model, "--out", report)[0] == 0
    assert "People who see half of each difference" in report.read_text(encoding="utf-8")
    code, _, err = estimation("fit-choice", file, "--model", f"{model}:Nothing", *how)
    assert (code, "write FILE.py:CLASS" in err) == (2, True)


def test_a_fit_is_made_checked_shown_and_kept(estimation, file, tmp_path):
    terms = ("-a", "price", "-a", "quality", "--price", "price", "--draws", "200", "--out", tmp_path / "fit.nc")
    code, out, _ = estimation("fit-choice", file, *terms)
    assert code == 0
    for words in ("all 4 checks passed", "Willingness to pay", "What people value", "The fit is in"):
        assert words in out
    code, out, _ = estimation("fit-choice", file, *terms, "--nest", "near=a,b", "--json")
    found = json.loads(out)
    assert found["ok"]
    assert found["model"]["nests"] == {"near": ["a", "b"]}
    assert [row["coefficient"] for row in found["willingness_to_pay"]] == ["quality"]
    assert est.load_fit(tmp_path / "fit.nc").model == est.NestedLogit(["price", "quality"], nests={"near": ["a", "b"]})


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--nest", "near=a,b", "--classes", "2"), "--nest and --classes make different models"),
        (("--nest", "near"), "not of the form name=first,second"),
        (("--out", "fit.txt"), "must end in .nc"),
    ],
)
def test_options_that_contradict_each_other_are_refused(estimation, file, options, said):
    code, _, err = estimation("fit-choice", file, "-a", "price", *options)
    assert code == 2
    assert said in err


def test_data_of_the_other_kind_are_refused_with_the_right_command(estimation):
    code, _, err = estimation("fit", "electricity", "--theory", "trust")
    assert (code, "estimation fit-choice electricity" in err) == (2, True)
    code, _, err = estimation("fit-choice", "simulated_forecast_sharing", "-a", "price")
    assert (code, "estimation fit simulated_forecast_sharing" in err) == (2, True)


def test_advice_on_the_command_line_speaks_of_its_options(estimation, tmp_path):
    path = tmp_path / "survey.csv"
    rows = ["who,set,label,took,price,maker"]
    for task in range(12):
        prices = (1 + task % 3, 3 - task % 3)
        won = int((prices[0] < prices[1]) != (task % 5 == 0))
        rows += [
            f"{task // 4},{task},{'AB'[place]},{int(place != won)},{prices[place]},{'xy'[place]}" for place in (0, 1)
        ]
        rows.append(f"{task // 4},{task},no deal,0,,")
    path.write_text("\n".join(rows), encoding="utf-8")
    named = ("--situation", "set", "--alternative", "label", "--chosen", "took", "--subject", "who")
    code, out, _ = estimation("check", path, "--schema", "choice", *named)
    assert (code, "empty cells   price in 12 rows" in out) == (0, True)
    _, _, err = estimation("check", path, "--schema", "choice")
    assert "--situation …" in err
    _, _, err = estimation("fit-choice", path, "-a", "price", *named)
    assert "--outside 'no deal'" in err
    _, _, err = estimation("fit-choice", path, "-a", "maker", *named, "--outside", "no deal")
    assert "add --attribute 'no deal'" in err
    _, _, err = estimation("fit-choice", path, "-a", "price", "--constants", *named, "--outside", "no deal")
    assert "leave it out: --without 'no deal'" in err
    keep = ("--column", "price", "--draws", 100, "--out", tmp_path / "fit.nc")
    code, out, err = estimation("fit-choice", path, "-a", "price", *named, "--without", "no deal", *keep)
    assert code == 0, err
    assert est.load_fit(tmp_path / "fit.nc").table.attributes == ["price"]


def test_weights_are_those_that_are_named(estimation, file, tmp_path):
    frame = choice_frame(40)
    frame.assign(weight=1.0 + (frame["subject"] == "s1")).to_csv(file, index=False)
    how = ("-a", "price", "--draws", 100, "--out", tmp_path / "fit.nc")
    _, out, _ = estimation("fit-choice", file, *how, "--weight", "weight")
    assert "Situations are weighted, and tell as much as" in out
    _, out, _ = estimation("fit-choice", file, *how)
    assert "weighted" not in out
