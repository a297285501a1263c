"""A market of three products and nothing, and fits with known draws: what quantities of choices are compared on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr
from choice_builders import with_outside

import estimation as est
from estimation.fits.fit import Fit

PRODUCTS = pd.DataFrame({"alternative": list("abc"), "price": [1.0, 2.0, 1.5], "quality": [0.2, 1.5, 0.4]})
ROWS = {"a": (1.0, 0.2), "b": (2.0, 1.5), "c": (1.5, 0.4), "nothing": (0.0, 0.0)}
TABLE = with_outside(8, 4)
MNL = est.MultinomialLogit(["price", "quality"])
NESTED = est.NestedLogit(["price", "quality"], nests={"near": ["a", "b"]})


def made(model, posterior, people=None) -> Fit:
    """Return a fit with draws of our own: variables as (draw, …) with names of dimensions."""
    data = {
        name: (("chain", "draw", *dims), np.asarray(values, dtype=float)[None])
        for name, (dims, values) in posterior.items()
    }
    coords = {"coefficient": ["price", "quality"], "other": ["price", "quality"], "nest": ["near"], "class": ["0", "1"]}
    used = {dim for dims, _ in posterior.values() for dim in dims}
    groups = {"/": xr.Dataset(), "posterior": xr.Dataset(data, {name: coords[name] for name in used})}
    if people is not None:
        dims = ("sample", "subject", "coefficient")
        own = {"coefficients": (dims, people)}
        groups["people"] = xr.Dataset(own, {"subject": TABLE.subjects, "coefficient": ["price", "quality"]})
    return Fit(model.on(TABLE), xr.DataTree.from_dict(groups), {})


DRAWS = np.array([[-0.8, 1.2], [-1.0, 0.5], [-0.5, 0.9]])
POOLED = made(MNL, {"coefficients": (("coefficient",), DRAWS)})
TAU = np.array([[0.3], [0.8], [0.6]])
NEST = made(NESTED, {"coefficients": (("coefficient",), DRAWS), "dissimilarity": (("nest",), TAU)})
MARKET = est.scenario(TABLE, PRODUCTS)
