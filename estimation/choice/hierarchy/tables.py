"""Priors and estimates of tastes as tables of text."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import xarray as xr

from estimation.arrays import Array
from estimation.choice.hierarchy.describe import LOG_SD
from estimation.choice.hierarchy.problem import DEGREES
from estimation.choice.hierarchy.triangular import REACH as OF_TRIANGLE
from estimation.choice.utilities.utility import Row
from estimation.text.digits import REACH, alike, fixed, interval, number, quantile_error
from estimation.text.table import TextTable

MOST_TASTES = 8
"""Whose correlations a reader takes in."""


def prior_rows(shared: Row, sd: float, sign: float, logits: float, degrees: float, *, is_triangular: bool) -> list[Row]:
    """Return the rows of a coefficient that differs between people, from the row that it has if it does not.

    Parameters
    ----------
    sd
        Prior standard deviation of the coefficient if everybody shared it.
    sign
        Of a log-normal; 0 for a normal.
    logits
        The model's prior scale.
    degrees
        Of freedom of the prior of spreads.
    """
    name, meaning, unit, prior, why = shared
    whose, spread = "mean over people", number(sd / 2)
    if sign:
        location = number(float(np.log(sd / logits)))
        prior = f"{'minus ' if sign < 0 else ''}exp of Normal({location}, {LOG_SD:g})"
        whose, spread = "typical person", "1 on the log scale"
        why = "one standard deviation of the attribute is worth a twentieth to twenty logits; the sign is known"
    how = f"half-t({degrees:g}), scale {spread}"
    differ = "people differ by an unknown amount; Huang and Wand (2013)"
    differ += "; the half-width of the triangle is √6 times the SD" if is_triangular else ""
    return [
        (name, f"{meaning}: {whose}", unit, prior, why),
        (f"{name}, SD", "how much that differs between people", unit, how, differ),
    ]


def correlation_row(degrees: float) -> Row:
    """Return the row of the prior of correlations; see `TastePrior`."""
    prior, why = "uniform on (−1, 1)", "each is uniform beforehand; Huang and Wand (2013)"
    if degrees != DEGREES:
        prior = f"density ∝ (1 − r²)^{degrees / 2 - 1:g}"
        why = f"follows from the {degrees:g} degrees of freedom of the spreads; Huang and Wand (2013)"
    return "correlation", "correlations of tastes over people", "correlation", prior, why


def taste_table(posterior: xr.Dataset, sign: Array, random: Collection[int], caption: str) -> TextTable:
    """Return the typical person and the middle of people for each coefficient.

    Parameters
    ----------
    sign : (coefficient,)
        Of log-normals; 0 for what enters as it is.
    random
        Positions of the coefficients that differ between people.
    """
    rows, triangles = [], posterior["triangle"].to_numpy() if "triangle" in posterior else ()
    for place, name in enumerate(posterior["coefficient"].to_numpy()):
        mean, sd = (posterior[part].sel(coefficient=name) for part in ("mean", "sd"))
        reach = OF_TRIANGLE if name in triangles else REACH
        ends = [_natural(mean + step * reach * sd, sign[place]) for step in (-1, 1)]
        ends.sort(key=lambda end: float(end.median()))
        shown = alike([float(end.median()) for end in ends], [quantile_error(end, 0.5) for end in ends])
        people = " to ".join(shown) if place in random else "the same for everybody"
        rows.append((str(name), *interval(_natural(mean, sign[place])), people))
    head = ("coefficient", "typical person", "90 % interval", "middle 90 % of people")
    return TextTable(caption, head, tuple(rows), (1, 2, 3))


def triangle_tables(posterior: xr.Dataset) -> list[TextTable]:
    """Return half-widths of triangular tastes and their ends, if there are any."""
    if "half_width" not in posterior:
        return []
    rows = []
    for name in posterior["triangle"].to_numpy():
        half, mean = posterior["half_width"].sel(triangle=name), posterior["mean"].sel(coefficient=name)
        rows.append((str(name), *interval(half), interval(mean - half)[0], interval(mean + half)[0]))
    head = ("coefficient", "half-width", "90 % interval", "lower end", "upper end")
    return [
        TextTable("Triangular tastes (posterior medians): nobody is beyond the ends", head, tuple(rows), (1, 2, 3, 4))
    ]


def correlation_tables(posterior: xr.Dataset, random: list[str]) -> list[TextTable]:
    """Return the correlations of tastes, if there are any and a reader can take them in."""
    if not 2 <= len(random) <= MOST_TASTES:
        return []
    sd = posterior["sd"].sel(coefficient=random)
    inside = {"coefficient": random, "other": random}
    ratio = posterior["covariance"].sel(inside) / (sd * sd.rename(coefficient="other"))
    middle = ratio.median(["chain", "draw"]).to_numpy()
    rows = [
        (name, *(fixed(middle[row, column], 2) if column < row else "" for column in range(len(random) - 1)))
        for row, name in enumerate(random)
    ][1:]
    caption = "Correlations of tastes over people (posterior medians)"
    return [TextTable(caption, ("", *random[:-1]), tuple(rows), tuple(range(1, len(random))))]


def shift_tables(posterior: xr.Dataset) -> list[TextTable]:
    """Return the effects of covariates, if there are any."""
    if "shift" not in posterior:
        return []
    shift = posterior["shift"]
    rows = [
        (f"{covariate} on {name}", *interval(shift.sel(covariate=covariate, coefficient=name)))
        for covariate in shift["covariate"].to_numpy()
        for name in shift["coefficient"].to_numpy()
        if float(np.abs(shift.sel(covariate=covariate, coefficient=name)).max()) > 0
    ]
    head = ("effect", "estimate", "90 % interval")
    return [TextTable("How tastes depend on what is known of people", head, tuple(rows), (1, 2))]


def _natural(value: xr.DataArray, sign: float) -> xr.DataArray:
    return sign * np.exp(value) if sign else value  # type: ignore[return-value]
