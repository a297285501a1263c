"""The command that says what to offer: demands in words, files that are whole, complaints that name everything."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import estimation as est
from estimation import cli

TABLE = """product,revenue,weight,kind,price
pen,1.2,0.9,writing,2
pad,2.1,0.5,paper,4
notebook,3.0,0.6,paper,6
007,0.5,1.4,writing,1
ink,4.0,0.2,writing,9
"""


@pytest.fixture
def shop(tmp_path):
    path = tmp_path / "shop.csv"
    path.write_text(TABLE)
    return path


@pytest.fixture
def assort(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            cli.main(["assort", *map(str, arguments)])
        captured = capsys.readouterr()
        return ended.value.code, captured.out, captured.err

    return run


def problem(*constraints):
    names = ["pen", "pad", "notebook", "007", "ink"]
    return est.Assortment([1.2, 2.1, 3.0, 0.5, 4.0], [0.9, 0.5, 0.6, 1.4, 0.2], products=names).subject_to(*constraints)


KIND = ["writing", "paper", "paper", "writing", "writing"]
PRICE = [2.0, 4.0, 6.0, 1.0, 9.0]


@pytest.mark.parametrize(
    ("demands", "constraints"),
    [
        ([], []),
        (["--at-most", 3], [est.AtMost(3)]),
        (["--at-least", 2, "--at-most", 4], [est.AtLeast(2), est.AtMost(4)]),
        (["--exactly", 2], [est.Exactly(2)]),
        (["--cap", "kind=1"], [est.PerCategory(KIND, at_most=1)]),
        (["--cap", "kind:paper=1", "--minimum", "kind:writing=2"],
         [est.PerCategory(KIND, at_most={"paper": 1}), est.PerCategory(KIND, at_least={"writing": 2})]),
        (["--window", "price:0:4=2"], [est.PriceWindow(PRICE, 0, 4, at_most=2)]),
        (["--requires", "ink=pen", "--requires", "007=pen"], [est.Requires("ink", "pen"), est.Requires("007", "pen")]),
        (["--together", "pen=notebook"], [est.Requires("pen", "notebook"), est.Requires("notebook", "pen")]),
    ],
    ids=lambda value: " ".join(map(str, value)) if value and not isinstance(value[0], est.AtMost) else None,
)  # fmt: skip
def test_demands_in_words_are_those_of_the_package(assort, shop, demands, constraints):
    code, out, _ = assort(shop, *demands, "--json")
    expected = problem(*constraints).frontier()
    menus = json.loads(out)["menus"]
    assert code == 0
    assert [tuple(menu["products"]) for menu in menus] == [menu.products for menu in expected.menus]
    for menu, row in zip(menus, expected.table.itertuples(), strict=True):
        assert (menu["revenue"], menu["utility"]) == pytest.approx((row.revenue, row.utility))


def test_a_weight_on_utility_gives_the_best_menu_with_its_proof(assort, shop):
    code, out, err = assort(shop, "--at-most", 3, "--utility-weight", 1, "--utility-weight", 0, "--json")
    found = json.loads(out)["menus"]
    assert code == 0
    assert "finding the best menu" in err
    for menu, lever in zip(found, (1.0, 0.0), strict=True):
        expected = problem(est.AtMost(3)).solve(lever)
        assert tuple(menu["products"]) == expected.products
        assert menu["gap"] == pytest.approx(0.0, abs=1e-9)


def test_utilities_may_be_given_instead_of_weights(assort, tmp_path):
    (tmp_path / "u.csv").write_text("product,revenue,utility\na,1,0\nb,2,-1\n")
    _, out, _ = assort(tmp_path / "u.csv", "--utility-weight", 3, "--json")
    assert json.loads(out)["menus"][0]["no_purchase"] == pytest.approx(1 / (2 + 2.718281828**-1))


def test_people_see_tables_and_files_are_written_whole(assort, shop, tmp_path):
    targets = tmp_path / "frontier.csv", tmp_path / "frontier.html"
    code, out, err = assort(shop, "--out", targets[0], "--out", targets[1])
    assert code == 0
    assert "How much revenue buys how much utility" in out
    assert "finding the frontier of 5 products" in err
    table = pd.read_csv(targets[0], index_col="menu")
    assert len(table) == len(problem().frontier())
    assert "What to offer" in targets[1].read_text(encoding="utf-8")
    assert {path.name for path in tmp_path.iterdir()} == {"shop.csv", "frontier.csv", "frontier.html"}


def test_few_menus_of_a_guaranteed_quality_can_be_asked_for(assort, shop):
    _, out, _ = assort(shop, "--tolerance", 0.1, "--json")
    assert json.loads(out)["quality"] == pytest.approx(0.9)


def test_made_up_products_are_labelled(assort, shop, tmp_path):
    assert "SYNTHETIC" not in assort(shop)[1]
    assert "SYNTHETIC" in assort(shop, "--synthetic")[1]
    renamed = tmp_path / "simulated_shop.csv"
    renamed.write_text(TABLE)
    assert json.loads(assort(renamed, "--json")[1])["synthetic"]


BROKEN = {
    "no file": (None, [], ["there is no file"]),
    "columns": ("product,price\na,1\n", [], ["column 'revenue'", "neither is there"]),
    "both": ("product,revenue,weight,utility\na,1,1,1\n", [], ["both are there"]),
    "numbers": ("product,revenue,weight\na,x,1\nb,2,\n", [], ["'revenue'", "line 2", "'weight'", "line 3"]),
    "negative": ("product,revenue,weight\na,1,-1\na,1,0\n", [], ["products repeat: 'a'"]),
    "weights": ("product,revenue,weight\na,1,-1\nb,1,0\n", [], ["product 'a'", "product 'b'"]),
    "demands": (
        TABLE,
        ["--cap", "colour=1", "--cap", "kind:glue=1", "--window", "price:1=1", "--requires", "pen", "--cap", "kind=x"],
        [
            "no column 'colour'",
            "no product has kind 'glue'",
            "--window 'price:1=1'",
            "--requires 'pen'",
            "--cap 'kind=x'",
        ],
    ),
    "text window": (TABLE, ["--window", "kind:0:1=1"], ["--window 'kind:0:1=1'"]),
    "strangers": (TABLE, ["--requires", "pen=glue"], ["'glue' not in the catalogue"]),
    "conflict": (TABLE, ["--at-most", 1, "--minimum", "kind=1"], ["No menu meets these demands", "at most 1 of 5"]),
    "lever": (TABLE, ["--utility-weight", -1], ["utility_weight is -1.0"]),
    "outside": (TABLE, ["--outside-weight", 0], ["outside_weight is 0.0"]),
    "one menu": (TABLE, ["--utility-weight", 1, "--out", "a.csv"], ["--out writes the whole frontier"]),
    "targets": (TABLE, ["--out", "a.docx", "--out", "nowhere/a.csv"], ["'a.docx' must end in", "make it first"]),
}


@pytest.mark.parametrize(("table", "arguments", "fragments"), BROKEN.values(), ids=list(BROKEN))
def test_what_is_wrong_ends_with_code_two_and_is_listed_without_a_traceback(
    assort, tmp_path, table, arguments, fragments
):
    path = tmp_path / "mine.csv"
    if table is not None:
        path.write_text(table)
    code, out, err = assort(path, *arguments)
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    for fragment in fragments:
        assert fragment in err
    code, out, _ = assort(path, *arguments, "--json")
    assert code == 2
    assert json.loads(out)["error"] == "AssortmentError"


def test_demands_that_need_branch_and_bound_are_pointed_out_in_a_sentence(assort, shop):
    code, _, err = assort(shop, "--at-most", 2, "--requires", "pen=pad")
    assert code == 0
    assert "not totally unimodular" in err
    assert "choose.py" not in err


def test_products_with_an_empty_cell_are_of_no_category_and_in_no_doubt_about_their_price(assort, tmp_path):
    path = tmp_path / "gaps.csv"
    path.write_text("product,revenue,weight,shelf,price\n1,10,0.5,1,1\n2,9,1,,2\n10,8,2,,\n3,7,1,1,4\n")
    for demand in ("shelf=1", "shelf:1=1"):
        code, out, err = assort(path, "--cap", demand, "--json")
        assert code == 0, err
        first = json.loads(out)["menus"][0]
        assert first["products"] == ["1", "2", "10"]
        assert first["revenue"] == pytest.approx((10 * 0.5 + 9 + 8 * 2) / (1 + 0.5 + 1 + 2))
    code, _, err = assort(path, "--window", "price:0:3=1")
    assert code == 2
    assert "the price of '10' is no number" in err
