"""Products of a market need the columns that the terms of the model read, and no others that the data have."""

import pandas as pd
import pytest
from choice_builders import with_outside

import estimation as est
from estimation import cli

FULL = pd.DataFrame({"alternative": list("abc"), "price": [1.0, 2.0, 1.5], "quality": [0.2, 1.5, 0.4]})
SHORT = FULL.drop(columns="price")
TABLE = with_outside(30, 6)


@pytest.fixture(scope="module")
def fit():
    return est.fit(est.MultinomialLogit(["quality"]), TABLE, draws=400, seed=1)


def test_shares_do_not_ask_for_columns_that_no_term_reads(fit):
    found, full = (est.shares(fit, est.scenario(TABLE, products)) for products in (SHORT, FULL))
    pd.testing.assert_frame_equal(found.table, full.table)


def test_pages_and_reports_do_not_ask_for_them_either(fit, tmp_path):
    page = est.interactive(fit, SHORT)
    assert [column["name"] for column in page.view.data["columns"]] == ["quality"]
    assert page.view.data["price"] is None
    text = est.report(fit, tmp_path / "report.md", products=SHORT).read_text(encoding="utf-8")
    assert "the market" in text


def test_the_command_line_does_not_ask_for_them(fit, tmp_path):
    fit.save(tmp_path / "fit.nc")
    SHORT.to_csv(tmp_path / "short.csv", index=False)
    asked = ["market", tmp_path / "fit.nc", "--products", tmp_path / "short.csv", "--out", tmp_path / "page.html"]
    with pytest.raises(SystemExit) as ended:
        cli.main([str(word) for word in asked])
    assert ended.value.code == 0
    assert '"price":null' in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_column_that_a_term_reads_is_asked_for_by_name(fit):
    lacking = est.scenario(TABLE, FULL.drop(columns="quality"))
    for asks in (lambda: est.shares(fit, lacking), lambda: est.interactive(fit, FULL.drop(columns="quality"))):
        with pytest.raises(est.ChoiceError, match="column 'quality' is missing"):
            asks()


def test_what_the_market_lacks_has_no_curve_and_no_elasticity(fit):
    market = est.scenario(TABLE, SHORT)
    with pytest.raises(est.ChoiceError, match=r"no attribute 'price'; there are \['income', 'quality'\]"):
        est.price_curve(fit, "a", [1.0, 2.0], market)
    with pytest.raises(est.ChoiceError, match=r"no attribute 'price'; there are \['income', 'quality'\]"):
        est.elasticities(fit, "price", market)
