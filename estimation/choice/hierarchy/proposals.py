"""Where a person's nodes come from: t distributions around the Gaussians that may stand for their posterior."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import linalg, special

from estimation.arrays import Array

FREEDOM, WIDER = 6.0, 1.15
"""The nodes' t distribution: heavier tails than a posterior with a normal population has, and a little wider."""


class Proposal(NamedTuple):
    """Gaussians that together stand for a person's posterior.

    Attributes
    ----------
    share : (part,)
        Of the nodes; adds up to one.
    centre : (part, random)
    root : (part, random, random)
        Cholesky factors of the precisions.
    """

    share: Array
    centre: Array
    root: Array

    def nodes(self, count: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Return nodes from the t around each part, (node, random), in antithetic pairs, and their log density.

        Each part gets its share of the pairs as near as whole numbers allow, and the density is that of the numbers:
        sums over nodes are unbiased (Veach and Guibas 1995, SIGGRAPH, their balance heuristic).
        """
        pairs = _whole(self.share * (count // 2))
        nodes = np.concatenate(
            [
                _around(centre, root, many, rng)
                for centre, root, many in zip(self.centre, self.root, pairs, strict=True)
                if many
            ]
        )
        parts = [
            np.log(many / pairs.sum()) + _log_density(nodes, centre, root)
            for centre, root, many in zip(self.centre, self.root, pairs, strict=True)
            if many
        ]
        return nodes, parts[0] if len(parts) == 1 else special.logsumexp(parts, axis=0)


def around(centre: Array, root: Array) -> Proposal:
    """Return the proposal of one Gaussian: its mean, and the Cholesky factor of its precision."""
    return Proposal(np.ones(1), centre[None], root[None])


def _whole(wanted: Array) -> Array:
    """Return whole numbers of the same sum, as near as can be: what is left goes to the largest remainders."""
    found = np.floor(wanted + 1e-9).astype(int)
    left = round(float(wanted.sum())) - found.sum()
    found[np.argsort(found - wanted, kind="stable")[:left]] += 1
    return found


def _around(centre: Array, root: Array, pairs: int, rng: np.random.Generator) -> Array:
    normal = rng.standard_normal((pairs, len(centre))) * np.sqrt(FREEDOM / rng.chisquare(FREEDOM, (pairs, 1)))
    normal = np.concatenate([normal, -normal])
    return np.asarray(centre + WIDER * linalg.solve_triangular(root, normal.T, lower=True, trans="T").T)


def _log_density(nodes: Array, centre: Array, root: Array) -> Array:
    size = len(centre)
    square = (((nodes - centre) @ root / WIDER) ** 2).sum(axis=1)
    constant = special.gammaln((FREEDOM + size) / 2) - special.gammaln(FREEDOM / 2)
    constant += np.log(np.diag(root)).sum() - size * (0.5 * np.log(FREEDOM * np.pi) + np.log(WIDER))
    return np.asarray(constant - (FREEDOM + size) / 2 * np.log1p(square / FREEDOM))
