"""One model of every kind, with known draws: those on which every quantity is held against loops."""

from __future__ import annotations

from functools import cache

import numpy as np
from choice_grid import CROSSED, NESTS, case_of
from oracles import market_loops as loops

import estimation as est

RICH = ["price", "quality", "brand", "none"]
TAU = np.array([[0.35, 0.8], [0.6, 0.5], [0.9, 0.3]])
ABOVE = np.array([[1.7, 0.8], [0.6, 1.4], [1.2, 1.1]])
PARTS = np.array([[0.3, 0.7], [0.6, 0.4], [0.5, 0.5]])
SCALE = np.array([[2.5], [0.4], [1.3]])


def nests(tau, *, outside="none", **options):
    shared = options.get("shared", False)
    own = [dict(zip(NESTS, [draw[0]] * 2 if shared else draw, strict=True)) for draw in tau]
    choices = [loops.nested(NESTS, each, options.get("unscaled", False)) for each in own]
    model = est.NestedLogit(RICH if outside else ["price", "quality"], nests=NESTS, constants=not outside, **options)
    further = {"dissimilarity": (("nest",), tau[:, :1] if shared else tau)}
    coords = {"nest": list(model.dissimilarities)}
    return case_of(model, outside=outside, choices=choices, further=further, coords=coords)


def crossed(*, free):
    model = est.CrossNestedLogit(RICH, nests=CROSSED, allocation="free" if free else "equal")
    labels = [("1", nest) for nest in CROSSED]
    parts = [dict(zip(labels, part if free else [0.5, 0.5], strict=True)) for part in PARTS]
    pairs = zip(TAU, parts, strict=True)
    choices = [loops.cross_nested(CROSSED, dict(zip(CROSSED, tau, strict=True)), own) for tau, own in pairs]
    further = {"dissimilarity": (("nest",), TAU)} | ({"allocation": (("membership",), PARTS)} if free else {})
    coords = {"nest": list(CROSSED), "membership": [", ".join(label) for label in labels]}
    return case_of(model, choices=choices, further=further, coords=coords)


def scaled():
    model = est.HeteroscedasticLogit(RICH, scale=["source"])
    choices = [loops.scaled("source", {"b": scale}) for scale in SCALE[:, 0]]
    coords = {"group": ["source[T.b]"]}
    return case_of(model, choices=choices, further={"scale": (("group",), SCALE)}, coords=coords)


CASES = {
    "offset and income": lambda: case_of(
        est.MultinomialLogit(["price", "price:income", "quality", "brand"], fixed={"np.log(size)": 1.0})
    ),
    "price fixed": lambda: case_of(est.MultinomialLogit(["quality", "brand"], fixed={"price": -0.7})),
    "amounts": lambda: case_of(est.MultinomialLogit(["price", "quality"], wtp_space="price")),
    "constants": lambda: case_of(est.MultinomialLogit(["price"], constants=True), outside=None, weight=None),
    "people": lambda: case_of(est.MultinomialLogit(RICH, random="all"), differ=True),
    "people with constants": lambda: case_of(
        est.MultinomialLogit(["price", "quality"], constants=True, random="all"), outside=None, differ=True
    ),
    "people by income": lambda: case_of(
        est.MultinomialLogit(["price", "price:income", "quality"], random="all", covariates=["income"]), differ=True
    ),
    "components": lambda: case_of(
        est.MultinomialLogit(
            ["price", "brand"], random=["price"], covariance="diagonal", error_components={"close": ["1", "10"]}
        ),
        differ=True,
    ),
    "classes": lambda: case_of(est.LatentClassLogit(RICH, classes=2), differ=True, weight=None),
    "nests": lambda: nests(TAU),
    "nests with constants": lambda: nests(TAU, outside=None),
    "one dissimilarity": lambda: nests(TAU, shared=True),
    "above one": lambda: nests(ABOVE, above_one=True),
    "unscaled nests": lambda: nests(TAU, unscaled=True),
    "free parts": lambda: crossed(free=True),
    "equal parts": lambda: crossed(free=False),
    "noise by source": scaled,
}
made = cache(lambda name: CASES[name]())
