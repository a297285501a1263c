"""Counts and shares of markets as choices: the same estimates as from the choices one by one, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, special

import estimation as est

MODEL = est.MultinomialLogit(["price"], constants=True)


@pytest.fixture(scope="module")
def markets():
    """Twelve markets of three products: prices, and how many of 50 took each; the rest took nothing."""
    rng = np.random.default_rng(3)
    rows = []
    for market in range(12):
        price = rng.uniform(1, 4, 3)
        share = special.softmax([0.0, *(np.array([2.0, 1.0, 1.5]) - price)])
        taken = rng.multinomial(50, share)
        rows += [(market, "abc"[k], price[k], taken[k + 1]) for k in range(3)]
    return pd.DataFrame(rows, columns=["market", "alternative", "price", "count"])


def of_size(first):
    """Return how to give every market 50 people, but for what the first cell says."""
    return lambda markets: markets.assign(people=pd.Series([first, *[50] * (len(markets) - 1)], dtype=object))


def with_nobody(markets):
    """Return the markets with a row of those, of 50, who took nothing."""
    left = 50 - markets.groupby("market", as_index=False)["count"].sum().set_index("market")["count"]
    none = pd.DataFrame({"market": left.index, "alternative": "nothing", "price": 0.0, "count": left.to_numpy()})
    return pd.concat([markets, none], ignore_index=True)


def one_by_one(markets, size=50):
    """Return the choices of all people of the markets, one situation each."""
    rows = []
    for market, own in markets.groupby("market"):
        takers = [*own["alternative"].repeat(own["count"]), *["nothing"] * (size - own["count"].sum())]
        for number, taken in enumerate(takers):
            for label, price in [*zip(own["alternative"], own["price"], strict=True), ("nothing", 0.0)]:
                rows.append((market, f"{market}-{number}", label, price, int(label == taken)))
    return pd.DataFrame(rows, columns=["subject", "situation", "alternative", "price", "chosen"])


def test_counts_tell_what_the_choices_one_by_one_tell(markets):
    table = est.choices_from_counts(markets, size=50, outside="nothing")
    found = est.mode(MODEL, table)
    single = est.mode(MODEL, est.read_choices(one_by_one(markets), outside="nothing"))
    np.testing.assert_allclose(found.coefficients, single.coefficients, rtol=1e-6)
    assert found.log_likelihood == pytest.approx(single.log_likelihood)
    assert found.errors == single.errors == "subject"  # markets are what errors are clustered by
    np.testing.assert_allclose(found.standard_errors, single.standard_errors, rtol=1e-5)
    plain = single.with_errors("information").standard_errors
    np.testing.assert_allclose(found.with_errors("information").standard_errors, plain, rtol=1e-5)


def test_shares_with_sizes_are_counts_divided_by_them(markets):
    table = est.choices_from_counts(markets, size=50, outside="nothing")
    as_shares = markets.assign(share=markets["count"] / 50, people=50.0).drop(columns="count")
    other = est.choices_from_counts(as_shares, share="share", size="people", outside="nothing")
    assert est.mode(MODEL, other).log_likelihood == pytest.approx(est.mode(MODEL, table).log_likelihood)
    assert "people" not in other.attributes


def test_the_multinomial_likelihood_of_counts_is_maximised(markets):
    found = est.mode(est.MultinomialLogit(["price"]), est.choices_from_counts(markets, size=50, outside="nothing"))

    def loss(weight):
        total = 0.0
        for _, own in markets.groupby("market"):
            log_share = special.log_softmax([0.0, *(weight[0] * own["price"])])
            total -= np.array([50 - own["count"].sum(), *own["count"]]) @ log_share
        return total

    other = optimize.minimize(loss, [0.0], method="BFGS")
    assert found.coefficients["price"] == pytest.approx(other.x[0], abs=1e-4)
    assert found.log_likelihood == pytest.approx(-other.fun, abs=1e-6)


def test_markets_are_what_comparisons_leave_out_and_posteriors_are_of_all_choices(markets):
    table = est.choices_from_counts(markets, size=50, outside="nothing")
    fit = est.fit(MODEL, table, seed=1, draws=200, chains=2)
    mode = est.mode(MODEL, table).with_errors("information")
    gap = fit.summary["mean"].to_numpy() - mode.coefficients.to_numpy()
    assert np.abs(gap / mode.standard_errors).max() < 0.5
    assert fit.tree["log_likelihood"].dataset["people"].sizes["subject"] == 12


@pytest.mark.parametrize(
    ("change", "options", "said"),
    [
        (lambda m: m.assign(count=-m["count"]), {}, "must be a number of at least 0"),
        (lambda m: m.assign(count="many"), {}, "must be a number of at least 0, not 'many'"),
        (lambda m: pd.concat([m, m.head(1)]), {}, "stand in several rows"),
        (lambda m: m.assign(count=m["count"].where(m["market"] != 3, 0)), {}, "nobody chose in market '3'"),
        (lambda m: m, {"size": 20, "outside": "nothing"}, "more choices are counted than its size"),
        (lambda m: m, {"size": 50}, "do not add up to its size"),
        (lambda m: m, {"size": np.nan, "outside": "nothing"}, "size must be a column, or one positive number.*not nan"),
        (lambda m: m, {"size": np.inf, "outside": "nothing"}, "size must be a column, or one positive number.*not inf"),
        (lambda m: m, {"size": -50, "outside": "nothing"}, "size must be a column, or one positive number.*not -50"),
        (lambda m: m, {"size": [50], "outside": "nothing"}, "size must be a column, or one positive number"),
        (of_size("1,000"), {"size": "people", "outside": "nothing"}, "'people'.*must be a number: row 0 has '1,000'"),
        (of_size(None), {"size": "people", "outside": "nothing"}, "column 'people'.*is empty: row 0 has nothing"),
        (of_size(-5), {"size": "people", "outside": "nothing"}, "column 'people'.*must be positive: row 0 has -5"),
        (with_nobody, {"size": 100, "outside": "nothing"}, r"do not add up to its size \(50 of 100\)"),
        (lambda m: m, {"share": "count"}, "shares need the size of markets"),
        (lambda m: m.drop(columns="count"), {}, "column 'count' is missing"),
    ],
)
def test_counts_that_make_no_sense_are_refused(markets, change, options, said):
    with pytest.raises(est.DataError, match=said):
        est.choices_from_counts(change(markets), **options)


def test_the_outside_option_may_be_listed_where_counts_add_up_to_the_size(markets):
    listed = est.choices_from_counts(with_nobody(markets), size=50, outside="nothing")
    assert listed.fingerprint == est.choices_from_counts(markets, size=50, outside="nothing").fingerprint


def test_an_empty_size_is_not_blamed_on_shares(markets):
    shares = of_size(None)(markets).assign(share=markets["count"] / 50)
    with pytest.raises(est.DataError) as caught:
        est.choices_from_counts(shares, share="share", size="people", outside="nothing")
    assert len(caught.value.problems) == 1
    assert "column 'people'" in str(caught.value)


def test_labels_as_categories_of_a_larger_table_name_no_market_that_is_not_there():
    rows = pd.DataFrame({"market": list("aabb"), "alternative": ["x", "y"] * 2, "price": [1.0, 2.0, 2.0, 1.0]})
    rows = rows.assign(count=[3, 4, 5, 6], size=20.0).astype({"market": "category", "alternative": "category"})
    part = rows[rows["market"] == "a"]
    table = est.choices_from_counts(part, size="size", outside="nothing")
    assert table.subjects == ["a"]
    plain = part.astype({"market": str, "alternative": str})
    assert table.fingerprint == est.choices_from_counts(plain, size="size", outside="nothing").fingerprint


def test_markets_and_alternatives_are_labels_as_in_every_other_form():
    rows = pd.DataFrame({"market": ["m", "m ", "n", "n"], "alternative": [1.0, 2.0, 1.0, 2.0], "count": [3, 7, 5, 5]})
    found = est.choices_from_counts(rows)
    assert found.alternatives == ["1", "2"]
    assert found.subjects == ["m", "n"]
    assert found == est.choices_from_counts(rows.assign(market=list("mmnn"), alternative=[1, 2, 1, 2]))
    with pytest.raises(est.DataError, match=r"column 'alternative' .* is empty: row 1 has nothing"):
        est.choices_from_counts(rows.assign(alternative=["a", None, "a", "b"]))


def test_columns_that_the_table_of_choices_has_itself_are_refused_by_name():
    rows = pd.DataFrame({"market": ["m", "m"], "alternative": ["a", "b"], "count": [3, 7], "price": [1.0, 2]})
    for taken in ("situation", "chosen", "subject"):
        with pytest.raises(est.DataError, match=f"column '{taken}' is called as one that the table of choices has"):
            est.choices_from_counts(rows.assign(**{taken: 1}))
        assert est.choices_from_counts(rows.assign(**{taken: 1}), attributes="price").attributes == ["price"]
