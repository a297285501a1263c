"""A replication package of one small fit of made-up choices."""

from __future__ import annotations

from choice_builders import choice_frame

import estimation as est

PRICES = "our-prices.csv"


def small_package(place):
    """Return the package of a fit, which is made in a folder with its data and its file."""
    choice_frame(30).to_csv(place / PRICES, index=False)
    table = est.read_choices(place / PRICES, synthetic=True)
    fit = est.fit(est.MultinomialLogit(["price", "quality"]), table, seed=2, draws=250, path=place / "fit.nc")
    about = {"title": "Prices", "authors": ["A. Author"], "data": [place / PRICES], "price": "price"}
    return est.replication_package(place / "package", {"prices": fit}, **about)
