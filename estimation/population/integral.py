"""The likelihood of a person, with the person's own parameters integrated out, in one pass over nodes.

For person i with nodes theta_is and log weights c_is (log likelihood minus log proposal density minus log S),

    log p(y_i | mu, W) = log sum_s exp( log Normal(theta_is; mu_i, (W'W)^-1) + c_is ),

where W is the inverse of the Cholesky factor of the population covariance. Value and gradient come from a single
pass over the nodes: a graph of elementary operations would write each intermediate of size person x node to memory.
"""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(cache=True, fastmath={"contract", "reassoc", "nsz", "arcp"}, error_model="numpy", nogil=True)
def integrate(mean, whitener, nodes, log_weight, first_node, diagonal):  # noqa: ANN001, ANN201, PLR0912 - compiled
    """Return log likelihood (person,) and its gradients in mean (person, dim) and whitener (person, dim, dim).

    `nodes` is (dim, node), person after person, and person i has the nodes from first_node[i] up to first_node[i + 1].
    The innermost loops run along nodes, which the processor does several at a time. With `diagonal`, the gradient is
    filled in for the diagonal of the whitener only.
    """
    people, dims = mean.shape
    longest = np.max(np.diff(first_node))
    value, to_mean, to_whitener = np.empty(people), np.zeros((people, dims)), np.zeros((people, dims, dims))
    gaps, terms, whites = np.empty((dims, longest)), np.empty(longest), np.empty(longest)
    first, second = np.zeros(dims), np.zeros((dims, dims))
    log_volume = -0.5 * dims * np.log(2 * np.pi)
    for d in range(dims):
        log_volume += np.log(whitener[d, d])
    for i in range(people):
        start, count = first_node[i], first_node[i + 1] - first_node[i]
        gap, term, white = gaps[:, :count], terms[:count], whites[:count]
        for d in range(dims):
            for s in range(count):
                gap[d, s] = nodes[d, start + s] - mean[i, d]
        for s in range(count):
            term[s] = log_weight[start + s]
        for d in range(dims):
            white[:] = 0.0
            for e in range(d + 1):
                w = whitener[d, e]
                if w != 0.0:
                    for s in range(count):
                        white[s] += w * gap[e, s]
            for s in range(count):
                term[s] -= 0.5 * white[s] * white[s]
        top = term.max()
        total = 0.0
        for s in range(count):
            below = term[s] - top
            share = np.exp(below) if below > -32.0 else 0.0  # 32 nats down: less than the last digit of the sum
            term[s] = share
            total += share
        value[i] = log_volume + top + np.log(total)
        for d in range(dims):
            moment = 0.0
            for s in range(count):
                moment += term[s] * gap[d, s]
            first[d] = moment / total
            for e in range(d if diagonal else 0, d + 1):
                moment = 0.0
                for s in range(count):
                    moment += term[s] * gap[d, s] * gap[e, s]
                second[d, e] = second[e, d] = moment / total
        for d in range(dims):
            pull = 0.0
            for e in range(d + 1):
                pull += whitener[d, e] * first[e]
            for e in range(d + 1):
                to_mean[i, e] += whitener[d, e] * pull
                for f in range(d + 1):
                    if whitener[d, f] != 0.0:
                        to_whitener[i, d, e] -= whitener[d, f] * second[f, e]
            to_whitener[i, d, d] += 1 / whitener[d, d]
    return value, to_mean, to_whitener
