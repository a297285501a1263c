"""Mixtures of multivariate t's at nodes, compiled: their density, and one step of expectation-maximisation.

A density is a power of 1 + distance / degrees, and the number of degrees is whole, so that the shares of components
come from square roots and products, which a processor takes for several nodes at once; a node costs two logarithms,
however many components there are.
"""

from __future__ import annotations

import numba
import numpy as np

from estimation.theories.responses.exponential import AS, REORDERED


# Compiled by their signatures: the types are there, where Python's type checker does not look.
@numba.njit(  # type: ignore[untyped-decorator]
    "void(float64[:,::1], float64[:,::1], float64[:,:,::1], float64, float64[:,::1])", fastmath=REORDERED, **AS
)
def _ratios(theta, centre, inverse, degrees, ratio):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Write 1 + distance / degrees of each node from each component into `ratio` (component, node)."""
    components, dims = centre.shape
    nodes = theta.shape[1]
    white = np.empty(nodes)
    for c in range(components):
        own = ratio[c]
        for n in range(nodes):
            own[n] = 1.0
        for d in range(dims):
            for n in range(nodes):
                white[n] = 0.0
            for e in range(d + 1):
                slope, middle, there = inverse[c, d, e], centre[c, e], theta[e]
                for n in range(nodes):
                    white[n] += slope * (there[n] - middle)
            for n in range(nodes):
                own[n] += white[n] * white[n] / degrees


@numba.njit(  # type: ignore[untyped-decorator]
    "void(float64[:,::1], float64[::1], int64, float64[:,::1], float64[::1], float64[::1])", fastmath=REORDERED, **AS
)
def _shares(ratio, height, power, share, least, total):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Write ``height * (least / ratio)^(power / 2)`` (component, node), the least ratio and the sum of shares."""
    components, nodes = ratio.shape
    for n in range(nodes):
        least[n], total[n] = ratio[0, n], 0.0
    for c in range(1, components):
        for n in range(nodes):
            least[n] = min(least[n], ratio[c, n])
    root = np.empty(nodes)
    for c in range(components):
        own = share[c]
        for n in range(nodes):
            root[n], own[n] = np.sqrt(least[n] / ratio[c, n]), height[c]
        for _ in range(power):
            for n in range(nodes):
                own[n] *= root[n]
        for n in range(nodes):
            total[n] += own[n]


@numba.njit(  # type: ignore[untyped-decorator]
    "float64[:,::1](float64[:,:,::1], float64[:,:,::1], float64[:,:,:,::1], float64[:,::1], int64)",
    fastmath=REORDERED,
    **AS,
)
def log_mixtures(theta, centre, inverse, log_height, degrees):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the log density of mixtures of t's, (row, node): rows are people of a kind.

    Parameters
    ----------
    theta : (row, dim, node) array
    centre : (row, component, dim) array
    inverse : (row, component, dim, dim) array
        Of the lower triangular roots of the scales.
    log_height : (row, component) array
        Log density of each component at its centre, with the log of its share.
    degrees
        Of freedom.
    """
    rows, dims, nodes = theta.shape
    components = centre.shape[1]
    result = np.empty((rows, nodes))
    least, total = np.empty(nodes), np.empty(nodes)
    ratio, share = np.empty((components, nodes)), np.empty((components, nodes))
    for row in range(rows):
        _ratios(theta[row], centre[row], inverse[row], degrees, ratio)
        highest = log_height[row].max()
        _shares(ratio, np.exp(log_height[row] - highest), degrees + dims, share, least, total)
        for n in range(nodes):
            result[row, n] = highest + np.log(total[n]) - 0.5 * (degrees + dims) * np.log(least[n])
    return result


@numba.njit(  # type: ignore[untyped-decorator]
    "Tuple((float64[:,::1], float64[:,:,::1], float64[:,:,:,::1]))("
    "float64[:,:,::1], float64[:,::1], float64[:,:,::1], float64[:,:,:,::1], float64[:,::1], int64)",
    fastmath=REORDERED,
    **AS,
)
def updated_mixtures(theta, weight, centre, inverse, log_height, degrees):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return what a step of expectation-maximisation needs, of weighted nodes: see `log_mixtures` for the others.

    Parameters
    ----------
    weight : (row, node) array
        They sum to one over nodes.

    Returns
    -------
    total, centre, scatter
        The weight of the nodes of each component (row, component), its new centre, and the sums of squares around it
        (row, component, dim, dim). In a mixture of t's far nodes count less for centre and scale (Peel and McLachlan
        2000, Statistics and Computing 10:339-348).
    """
    rows, dims, nodes = theta.shape
    components = centre.shape[1]
    totals, centres = np.zeros((rows, components)), np.empty((rows, components, dims))
    scatters = np.zeros((rows, components, dims, dims))
    least, total, near, gap = np.empty(nodes), np.empty(nodes), np.empty(nodes), np.empty((dims, nodes))
    ratio, share = np.empty((components, nodes)), np.empty((components, nodes))
    for row in range(rows):
        _ratios(theta[row], centre[row], inverse[row], degrees, ratio)
        height = np.exp(log_height[row] - log_height[row].max())
        _shares(ratio, height, degrees + dims, share, least, total)
        for n in range(nodes):
            total[n] = weight[row, n] / total[n]
        for c in range(components):
            belongs, closeness = 0.0, 0.0
            for n in range(nodes):
                belongs += share[c, n] * total[n]
                near[n] = share[c, n] * total[n] * (degrees + dims) / (degrees * ratio[c, n])
            for n in range(nodes):
                closeness += near[n]
            totals[row, c] = belongs
            for d in range(dims):
                moved, middle = 0.0, centre[row, c, d]
                for n in range(nodes):
                    moved += near[n] * (theta[row, d, n] - middle)
                centres[row, c, d] = middle + moved / closeness
                for n in range(nodes):
                    gap[d, n] = theta[row, d, n] - centres[row, c, d]
                for e in range(d + 1):
                    squares = 0.0
                    for n in range(nodes):
                        squares += near[n] * gap[d, n] * gap[e, n]
                    scatters[row, c, d, e] = scatters[row, c, e, d] = squares
    return totals, centres, scatters
