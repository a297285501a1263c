"""The road of somebody new to conjoint studies: from an export to a report in four commands, as the page says."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conjoint_export import LAYOUT, MEANS, PRODUCTS, write_export

import estimation as est
from estimation import cli

pytestmark = pytest.mark.usefixtures("_few_experiments")

PAGE = Path(__file__).parents[2] / "docs" / "choice" / "conjoint.md"


def commands() -> list[list[str]]:
    """Return the commands of the page, word by word, without the program's name."""
    block = re.search(r"```bash\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    return [shlex.split(line)[1:] for line in block[1].splitlines()]


def run(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    captured = capsys.readouterr()
    assert ended.value.code == 0, captured.err
    return captured.out


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The files that the survey and the person who asks have."""
    path = tmp_path_factory.mktemp("coffee")
    write_export(path)
    return path


def written(commands, capsys):
    """Run the commands in this folder; return the fit as plain data, what the market says, and the report."""
    check, fit, market, report = commands
    out = run(check, capsys)
    for words in ("choices       320 among 4 alternatives", "outside option: none", "SYNTHETIC"):
        assert words in out
    found = json.loads(run([*fit, "--json"], capsys))
    assert found["ok"]
    assert {row["coefficient"] for row in found["willingness_to_pay"]} >= {"origin[T.Ethiopia]", "roast[T.Light]"}
    told = json.loads(run([*market, "--json"], capsys))
    run(report, capsys)
    return found, told, Path("coffee.html").read_text(encoding="utf-8")


def hold(told, page):
    """Hold what every such road must give: shares as in Python, a menu, and a report with all of it."""
    fitted = est.load_fit("coffee.nc")
    products = pd.read_csv("products.csv").rename(columns={"product": "alternative"})
    expected = est.shares(fitted, est.scenario(fitted.table, products)).table["median"]
    assert {row["alternative"]: row["median"] for row in told["shares"]} == pytest.approx(expected.to_dict())
    assert sum(row["median"] for row in told["importances"]) == pytest.approx(1, abs=0.1)
    assert len(told["menu"]["products"]) == 2
    assert {row["measure"] for row in told["predictions"]} == {"hit rate", "root likelihood"}
    assert len(told["curves"]["espresso"]) == 9 * 4
    for words in ("SYNTHETIC", "What matters, and who would buy what", "Willingness to pay", "Shares as price of"):
        assert words in page
    offered = Path("menus.html").read_text(encoding="utf-8")
    for words in ("SYNTHETIC", "at most 2 of 3 products", "Move the lever", "Menus chosen under the posterior"):
        assert words in offered


def test_four_commands_lead_from_an_export_to_weights_shares_a_menu_and_a_report(folder, monkeypatch, capsys):
    """As the page says, but everybody has the same weights, which are those of maximum likelihood."""
    monkeypatch.chdir(folder)
    check, fit, market, report = commands()
    fit = [*(word for word in fit if word not in ("--random", "all")), "--draws", "250"]
    market = [word for word in market if word not in ("--part-worths", "people.csv")]
    found, told, page = written([check, fit, market, report], capsys)
    hold(told, page)
    fitted = est.load_fit("coffee.nc")
    best = est.mode(fitted.model, fitted.table).coefficients
    for row in found["estimates"]:
        name = row["quantity"].removeprefix("coefficients[").removesuffix("]")
        assert row["median"] == pytest.approx(best[name], abs=0.3 * row["sd"]), name


@pytest.mark.slow
def test_people_of_the_export_get_their_own_part_worths_and_the_known_means_are_found(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    found, told, page = written(commands(), capsys)
    hold(told, page)
    means = {row["quantity"]: row for row in found["estimates"]}
    columns = {"price": "price", "none": "none", "Ethiopia": "origin[T.Ethiopia]", "Light": "roast[T.Light]"}
    for name, column in columns.items():
        row = means[f"mean[{column}]"]
        assert row["median"] == pytest.approx(MEANS[name], abs=4 * row["sd"])
    people = pd.read_csv("people.csv", index_col="subject")
    assert people.shape == (40, 1 + 4 + 3 + 2 + 1)
    np.testing.assert_allclose(people[["origin: Brazil", "origin: Ethiopia"]].sum(axis=1), 0, atol=1e-6)


def test_the_page_shows_the_files_that_its_test_uses():
    text = PAGE.read_text(encoding="utf-8")
    assert LAYOUT in text
    rows = [line.split(",") for line in PRODUCTS.splitlines()]
    assert all(f"| {' | '.join(row)} |" in text for row in rows)
