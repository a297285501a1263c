"""A person's likelihood with tastes integrated out, where tastes are a mixture of normals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import special

from estimation.arrays import Array
from estimation.choice.hierarchy.densities import Densities
from estimation.choice.hierarchy.integral import Integral, Nodes
from estimation.choice.hierarchy.problem import MixedLogit, TastePopulation
from estimation.choice.hierarchy.proposals import Proposal
from estimation.choice.hierarchy.sites import Sites
from estimation.choice.mixtures.chain import Mixture
from estimation.choice.mixtures.sampler import MixtureDraws

EVERYBODY = 0.3
"""Share of nodes around where one normal with the moments of everybody has a person: components come and go."""


class MixtureDensities:
    """The densities of many mixtures at many places."""

    def __init__(self, mixtures: Sequence[Mixture]) -> None:
        count, empty = len(mixtures[0].share), np.empty(0)
        self.parts = [
            Densities([TastePopulation(one.shift[k][:, None], one.precision[k], empty) for one in mixtures])
            for k in range(count)
        ]
        self.log_share = np.log([one.share for one in mixtures]).T
        self.shared = self.parts[0].shared

    def of(self, nodes: Array, covariates: Array) -> Array:
        """Return the log density, (node, mixture)."""
        terms = zip(self.parts, self.log_share, strict=True)
        return np.asarray(special.logsumexp([part.of(nodes, covariates) + log for part, log in terms], axis=0))


class MixtureIntegral(Integral):
    """A person's integral over tastes that are a mixture: nodes around where each component has the person.

    A person's posterior has a hill for each component, as high as the component is likely for the person: one Gaussian
    misses what lies between far components, or is much wider than the one that the person is in.
    """

    def __init__(self, problem: MixedLogit, sites: Sites, found: MixtureDraws, nodes: int) -> None:
        super().__init__(problem, sites, found.middle, [found.middle], nodes)
        self.typical = found.typical
        self.densities = MixtureDensities(found.mixtures)  # type: ignore[assignment]
        self.density_at_middle = MixtureDensities([self.typical])  # type: ignore[assignment]

    def _integrals(self, n: int, nodes: Nodes) -> Array:
        """Return one person's log p(person | mixture), (draw,), nats.

        Component by component: where nodes miss one, those that count in the others would not show it.
        """
        mixture: MixtureDensities = self.densities  # type: ignore[assignment]
        terms = zip(mixture.parts, mixture.log_share, strict=True)
        return np.asarray(special.logsumexp([self._under(part, n, nodes) + log for part, log in terms], axis=0))

    def proposal(self, n: int) -> Proposal:
        """Return a person's Gaussian under each component, as likely as it is there, and under one normal."""
        mixture, one = self.typical, super().proposal(n)
        pull, information = self.sites.pull[n], self.sites.information[n]
        expected = np.einsum("kij,kj->ki", mixture.precision, mixture.shift)
        root = np.linalg.cholesky(information + mixture.precision)
        right = np.linalg.solve(root, (pull + expected)[:, :, None])
        centre = np.linalg.solve(np.swapaxes(root, 1, 2), right)[:, :, 0]
        score = np.log(mixture.share) + 0.5 * np.linalg.slogdet(mixture.precision)[1]
        score += 0.5 * ((right[:, :, 0] ** 2).sum(axis=1) - np.einsum("ki,ki->k", expected, mixture.shift))
        score -= np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
        share = np.append((1 - EVERYBODY) * special.softmax(score), EVERYBODY)
        return Proposal(share, np.concatenate([centre, one.centre]), np.concatenate([root, one.root]))
