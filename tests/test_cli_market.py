"""The command line about markets: what is simulated, drawn and written, and what is refused with the way out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from choice_builders import with_outside

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


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A fit of choices, and two markets."""
    path = tmp_path_factory.mktemp("market")
    table = with_outside(40, 5)
    est.fit(est.MultinomialLogit(["price", "quality"]), table, seed=1, draws=200, path=path / "fit.nc")
    market = pd.DataFrame({"product": ["x", "y"], "price": [2.0, 3.0], "quality": [0.5, 1.0], "margin": [1.0, 1.4]})
    market.to_csv(path / "market.csv", index=False)
    pd.concat([market, market.assign(product=["z", "w"])]).to_csv(path / "wide.csv", index=False)
    (path / "twice.csv").write_text("product,price,price,quality\nx,1,2,1\n", encoding="utf-8")
    (path / "unnamed.csv").write_text("product,price,quality\n,1,2\ny,1,2\n", encoding="utf-8")
    (path / "nameless.csv").write_text("price,quality\n1,2\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [60, 80, 120])
def test_what_is_printed_fits_the_screen_and_breaks_no_word(width, estimation, folder, tmp_path, monkeypatch):
    how = ["--products", folder / "market.csv", "--change", "x:price=1.5", "--revenue", "margin", "--at-most", 1]

    def printed(columns):
        monkeypatch.setenv("COLUMNS", str(columns))
        code, out, err = estimation("market", folder / "fit.nc", *how, "--curve", "x=1:3", "--figures", tmp_path)
        assert code == 0, err
        return [line for line in out.splitlines() if str(tmp_path) not in line and line != "Written:"]

    lines = printed(width)
    assert max(map(len, lines)) <= width
    assert {word for line in lines for word in line.split() if word.strip("─")} <= set(" ".join(printed(400)).split())


def test_scenarios_and_curves_are_those_of_python(estimation, folder, tmp_path):
    how = ["--products", folder / "market.csv", "--scenario", f"four={folder / 'wide.csv'}", "--change", "x:price=1.5"]
    how += ["--without", "y", "--curve", "x=1:3", "--figures", tmp_path]
    code, out, err = estimation("market", folder / "fit.nc", *how, "--json")
    assert code == 0, err
    found, fit = json.loads(out), est.load_fit(folder / "fit.nc")
    products = pd.read_csv(folder / "market.csv").rename(columns={"product": "alternative"})
    base = est.scenario(fit.table, products)
    shares = {(row["scenario"], row["alternative"]): row["median"] for row in found["shares"]}
    for name, offered in {
        "the market": base,
        "x:price=1.5": base.change("x", price=1.5),
        "without y": base.without("y"),
    }.items():
        for label, median in est.shares(fit, offered).table["median"].items():
            assert shares[(name, label)] == pytest.approx(median)
    assert shares[("four", "z")] == pytest.approx(shares[("four", "x")])
    assert shares[("without y", "y")] is None
    curve = est.price_curve(fit, "x", np.linspace(1, 3, 9), base)
    expected = curve.table["median"].xs("x", level="alternative")
    drawn = {row["price"]: row["median"] for row in found["curves"]["x"] if row["alternative"] == "x"}
    assert [drawn[str(price)] for price in np.linspace(1, 3, 9)] == pytest.approx(expected.tolist())
    assert [Path(path).name for path in found["files"]] == ["importance.svg", "curve_1.svg"]
    assert "SYNTHETIC" in (tmp_path / "curve_1.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--people", "some"), "--people must be known or new"),
        (("--change", "x=3"), "--change 'x=3' is not of the form name:column=value"),
        (("--scenario", "four"), "--scenario 'four' is not of the form name=file.csv"),
        (("--curve", "a=low:3"), "--curve 'a=low:3' is not of the form name=low:high"),
        (("--curve", "a=1:inf"), "--curve 'a=1:inf' is not of the form name=low:high"),
        (("--curve", "a", "--price", "cost"), "--price 'cost' is no column of numbers"),
        (("--price", "cost"), "--price is for curves and the page"),
        (("--curve", "nothing"), "the outside option, which has no price"),
        (("--at-most", "2"), "say what a sale earns: --revenue COLUMN"),
        (("--revenue", "margin"), "--revenue needs products"),
        (("--menus", "menus.html"), "--menus needs what a sale earns: --revenue COLUMN"),
        (("--products", "market.csv", "--revenue", "margin", "--menus", "menus.doc"), "'menus.doc' ends in '.doc'"),
        (("--products", "nameless.csv"), "give a column 'alternative' (or 'product')"),
        (("--products", "market.csv", "--revenue", "profit"), "the products have no column 'profit'"),
        (("--part-worths", "people.csv"), "gives everybody the same weights"),
        (("--figures", "nowhere"), "nowhere is no folder"),
        (("--products", "market.csv", "--scenario", "the market=wide.csv"), "two scenarios are called 'the market'"),
        (("--products", "twice.csv"), "column 'price' is there 2 times"),
        (("--products", "unnamed.csv"), "is empty: line 2"),
    ],
)
def test_what_is_not_clear_is_refused_with_the_way_out(estimation, folder, monkeypatch, options, words):
    monkeypatch.chdir(folder)
    code, out, err = estimation("market", "fit.nc", *options)
    assert (code, out) == (2, "")
    assert words in err
    assert not (folder / "people.csv").exists()


def test_reports_simulate_the_market_that_is_given(estimation, folder, tmp_path):
    page = tmp_path / "page.md"
    code, _, err = estimation("report", folder / "fit.nc", "--products", folder / "market.csv", "--out", page)
    assert code == 0, err
    text = page.read_text(encoding="utf-8")
    for words in ("What matters, and who would buy what", "hit rate", "Shares, medians and", "as price of y"):
        assert words in text


def test_a_page_on_which_sliders_move_the_market_holds_its_products(estimation, folder, tmp_path):
    page, other = tmp_path / "market.html", tmp_path / "other.html"
    code, out, err = estimation(
        "market", folder / "fit.nc", "--products", folder / "market.csv", "--out", page, "--json"
    )
    assert code == 0, err
    assert json.loads(out)["files"] == [str(page)]
    how = ("--products", folder / "market.csv", "--draws", "50", "--out", other)
    code, out, err = estimation("interactive", folder / "fit.nc", *how, "--json")
    assert code == 0, err
    told = json.loads(out)
    assert told["bytes"] == other.stat().st_size < 60_000
    assert told["synthetic"]
    assert "The page holds 50 draws" in told["notes"][0]
    for made in (page, other):
        assert '"products":["x","y"]' in made.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("command", "options", "words"),
    [
        ("market", ("--out", "page.html"), "--out needs products: --products FILE.csv"),
        ("market", ("--products", "market.csv", "--out", "page.pdf"), "'page.pdf' must end in .html"),
        ("interactive", ("--out", "page.html"), "say what is offered: --products FILE.csv, one row"),
        (
            "interactive",
            ("--products", "market.csv", "--draws", "0", "--out", "page.html"),
            "--draws must be a whole number of at least 1",
        ),
        ("interactive", ("--out", "nowhere/page.html"), "folder nowhere does not exist"),
        (
            "interactive",
            ("--products", "market.csv", "--price", "cost", "--out", "page.html"),
            "--price 'cost' is none",
        ),
        ("market", ("--products", "market.csv", "--price", "cost", "--out", "page.html"), "--price 'cost' is none"),
    ],
)
def test_pages_that_cannot_be_made_are_refused_before_anything_is_written(
    estimation, folder, monkeypatch, command, options, words
):
    monkeypatch.chdir(folder)
    code, out, err = estimation(command, "fit.nc", *options)
    assert (code, out) == (2, "")
    assert words in err
    assert not (folder / "page.html").exists()


def test_menus_of_a_fit_are_written_with_their_lever(estimation, folder, tmp_path):
    page, products = tmp_path / "menus.html", folder / "market.csv"
    how = ["--products", products, "--revenue", "margin", "--at-most", 1, "--menus", page]
    code, out, err = estimation("market", folder / "fit.nc", *how, "--json")
    assert code == 0, err
    assert json.loads(out)["files"] == [str(page)]
    listed = pd.read_csv(products, index_col="product")
    asked = est.Assortment.from_fit(est.load_fit(folder / "fit.nc"), listed, "margin").subject_to(est.AtMost(1))
    wanted = est.under_draws(asked).frontier()
    text = page.read_text(encoding="utf-8")
    held = json.loads(re.search(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', text, re.DOTALL)[1])
    found = est.interactive(wanted).view.data
    assert held["menus"]["revenue"] == pytest.approx(found["menus"]["revenue"])
    assert [held["names"][place] for place in held["first"]] == list(wanted.decisions[0].products)


def test_part_worths_of_everybody_are_written_to_a_table(estimation, folder, tmp_path):
    model = est.MultinomialLogit(["price", "quality"], random="all")
    fit = est.fit(model, with_outside(12, 4), seed=1, draws=100, path=tmp_path / "differing.nc")
    code, out, err = estimation("market", tmp_path / "differing.nc", "--part-worths", tmp_path / "people.csv", "--json")
    assert code == 0, err
    assert json.loads(out)["files"] == [str(tmp_path / "people.csv")]
    written = pd.read_csv(tmp_path / "people.csv")
    assert written["subject"].tolist() == list(fit.table.subjects)
    assert "RLH" in written
    assert all(any(column.startswith(name) for column in written) for name in ("price", "quality"))
