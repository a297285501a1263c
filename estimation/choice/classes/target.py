"""The likelihood of a finite mixture of logits, with the classes of people summed out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy import special

from estimation.arrays import Array
from estimation.choice.hierarchy.crowd import Crowd, crowd_of
from estimation.choice.hierarchy.integral import likelihoods_of_people
from estimation.choice.hierarchy.likelihood import expansion
from estimation.choice.likelihoods.arrays import ChoiceArrays
from estimation.choice.likelihoods.logit import LogitLikelihood
from estimation.choice.likelihoods.newton import maximise, newton_step
from estimation.choice.likelihoods.target import normal_log_density

STARTS, KEPT, STEPS = 12, 3, 20
"""Random beginnings, how many of them are maximised, and the steps of expectation-maximisation before."""
LARGE = 10_000_000
"""Rows times classes times draws from which on several processors share the work."""
COVARIATE_SD = 1.0
"""Prior sd of the effect of a standardised covariate on the log odds of a class against the last."""


@dataclass(frozen=True, eq=False)
class Classes:
    """The latent class logit on some choices, as a function of unbounded parameters.

    Parameters are the weights of each class, class after class, then the log odds of the classes against the last, one
    per covariate. Shares have a uniform (Dirichlet) prior, which counts as part of the likelihood here: all
    labellings are alike.

    Parameters
    ----------
    prior_sd : (coefficient,)
        Prior standard deviation of each coefficient in each class.
    covariates : (person, 1 + covariate)
        What shifts the chances of belonging to a class: standardised, after a column of ones.
    named
        The covariates, with their standard deviations.
    """

    arrays: ChoiceArrays
    prior_sd: Array
    covariates: Array
    classes: int
    seed: int = 0
    named: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def crowd(self) -> Crowd:
        """The choices as kernels read them."""
        size = len(self.prior_sd)
        return crowd_of(self.arrays, range(size), np.zeros(size))

    def split(self, parameters: Array) -> tuple[Array, Array]:
        """Return weights (class, coefficient, …) and log odds against the last class (class, 1 + covariate, …)."""
        size, classes = len(self.prior_sd), self.classes
        rest = parameters.shape[1:]
        weights = parameters[: classes * size].reshape(classes, size, *rest)
        odds = parameters[classes * size :].reshape(classes - 1, self.covariates.shape[1], *rest)
        return weights, np.concatenate([odds, np.zeros((1, *odds.shape[1:]))])

    def joined(self, weights: Array, odds: Array) -> Array:
        """Return parameters from weights and log odds, of which the last class's are subtracted."""
        rest = weights.shape[2:]
        return np.concatenate([weights.reshape(-1, *rest), (odds - odds[-1:])[:-1].reshape(-1, *rest)])

    def natural(self, parameters: Array) -> tuple[Array, Array]:
        """Return weights (class, coefficient, …) and shares of a person with average covariates (class, …)."""
        weights, odds = self.split(parameters)
        return weights, special.softmax(odds[:, 0], axis=0)

    def people(self, parameters: Array) -> Array:
        """Return log p(person | parameters), classes summed out: (parameter, draw) → (person, draw), nats."""
        weights, odds = self.split(parameters)
        nodes = np.ascontiguousarray(np.moveaxis(weights, 1, 2).reshape(-1, weights.shape[1]))
        crowd, people = self.crowd, self.arrays.people
        found = np.empty((people, len(nodes)))
        threads = os.cpu_count() or 1 if len(nodes) * len(self.arrays.x) > LARGE else 1
        edges = np.linspace(0, people, threads + 1).astype(int)
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda a, b: likelihoods_of_people(crowd, a, b, nodes, found), edges[:-1], edges[1:]))
        chance = special.log_softmax(np.einsum("np,cpd->ncd", self.covariates, odds), axis=1)
        return np.asarray(special.logsumexp(found.reshape(chance.shape) + chance, axis=1))

    def many(self, parameters: Array) -> Array:
        """Return log likelihood plus log prior of the shares, (parameter, draw) → (draw,), nats."""
        return np.asarray(self.people(parameters).sum(axis=0) + self._share_prior(parameters))

    def slope(self, parameters: Array) -> tuple[float, Array]:
        """Return `many` of one vector of parameters, and its gradient."""
        value, scores, membership, _ = self._scores(parameters)
        gradient = np.einsum("nc,ncp->p", membership, scores)
        share = self.natural(parameters)[1]
        first = len(parameters) - self.covariates.shape[1] * (self.classes - 1)
        gradient[first :: self.covariates.shape[1]] += 1 - self.classes * share[:-1]
        return value + float(self._share_prior(parameters[:, None])[0]), gradient

    def information(self, parameters: Array) -> Array:
        """Return minus the second derivative of `many`: what is seen less what is lost by not knowing the classes."""
        _, scores, membership, curvature = self._scores(parameters)
        size, columns = len(self.prior_sd), self.covariates.shape[1]
        mean = np.einsum("nc,ncp->np", membership, scores)
        gap = scores - mean[:, None]
        result = -np.einsum("nc,ncp,ncq->pq", membership, gap, gap, optimize=True)
        for c in range(self.classes):
            block = slice(c * size, (c + 1) * size)
            result[block, block] += np.einsum("n,nij->ij", membership[:, c], curvature[c])
        chance = self.chances(self.split(parameters)[1])[:, :-1]
        multinomial = chance[:, :, None] * (np.eye(self.classes - 1) - chance[:, None, :])
        shares = np.einsum("ncd,np,nq->cpdq", multinomial, self.covariates, self.covariates, optimize=True)
        first, width = self.classes * size, columns * (self.classes - 1)
        result[first:, first:] += shares.reshape(width, width)
        share = self.natural(parameters)[1][:-1]
        result[first::columns, first::columns] += self.classes * (np.diag(share) - np.outer(share, share))
        return np.asarray(result)

    def membership(self, parameters: Array) -> Array:
        """Return each person's probability of belonging to each class, given their choices, (person, class)."""
        return self._scores(parameters)[2]

    def chances(self, odds: Array) -> Array:
        """Return each person's probability of each class before seeing their choices, (person, class)."""
        return np.asarray(special.softmax(np.einsum("np,cp->nc", self.covariates, odds), axis=1))

    def log_prior(self, parameters: Array) -> Array:
        """Return the log prior of weights and covariates' effects, (parameter, draw) → (draw,), nats."""
        return normal_log_density(parameters, self._sd)

    def prior_slope(self, parameters: Array) -> tuple[Array, Array]:
        """Return the gradient of `log_prior` and minus the diagonal of its second derivative."""
        return -parameters / self._sd**2, 1 / self._sd**2

    def starts(self, prior: bool) -> list[Array]:
        """Return where the best of some random beginnings got to by expectation-maximisation."""
        rng = np.random.default_rng([self.seed, self.classes])
        pooled = maximise(LogitLikelihood(self.arrays, self.prior_sd), prior=prior).parameters
        found = []
        for _ in range(STARTS if self.classes > 1 else 1):
            membership = rng.dirichlet(np.full(self.classes, 0.5), size=self.arrays.people)
            weights, odds = (np.tile(pooled, (self.classes, 1)), np.zeros((self.classes, self.covariates.shape[1])))
            for _ in range(STEPS):
                weights = self._maximised(weights, membership)
                odds[:, 0] = np.log(membership.mean(axis=0) + 1e-3)
                here = self.joined(weights, odds)
                membership = self.membership(here)
            found.append((self.slope(here)[0] + float(self.log_prior(here[:, None])[0]), here))
        return [here for _, here in sorted(found, key=lambda pair: -pair[0])[:KEPT]]

    def _maximised(self, weights: Array, membership: Array) -> Array:
        """Return each class's weights after a Newton step on the people who may belong to it."""
        result = weights.copy()
        for c, own in enumerate(weights):
            _, slope, curvature = expansion(self.crowd, np.tile(own, (self.arrays.people, 1)))
            uphill = membership[:, c] @ slope - own / self.prior_sd**2
            information = np.einsum("n,nij->ij", membership[:, c], curvature) + np.diag(1 / self.prior_sd**2)
            result[c] = own + newton_step(information, uphill)
        return result

    def _scores(self, parameters: Array) -> tuple[float, Array, Array, Array]:
        """Return the log likelihood; score (person, class, parameter) and chance of classes; curvature by class."""
        weights, odds = self.split(parameters)
        size, people, columns = len(self.prior_sd), self.arrays.people, self.covariates.shape[1]
        parts = [expansion(self.crowd, np.tile(own, (people, 1))) for own in weights]
        chance = self.chances(odds)
        joint = np.column_stack([part[0] for part in parts]) + np.log(chance)
        total = special.logsumexp(joint, axis=1)
        scores = np.zeros((people, self.classes, len(parameters)))
        for c, (_, slope, _) in enumerate(parts):
            scores[:, c, c * size : (c + 1) * size] = slope
            own = (np.arange(self.classes) == c)[None, :-1] - chance[:, :-1]
            effect = own[:, :, None] * self.covariates[:, None, :]
            scores[:, c, self.classes * size :] = effect.reshape(people, columns * (self.classes - 1))
        curvature = np.array([part[2] for part in parts])
        return float(total.sum()), scores, np.exp(joint - total[:, None]), curvature

    def _share_prior(self, parameters: Array) -> Array:
        """Return the log density of a uniform prior of the shares, on the scale of log odds, (draw,)."""
        return np.asarray(special.log_softmax(self.split(parameters)[1][:, 0], axis=0).sum(axis=0))

    @cached_property
    def _sd(self) -> Array:
        """Prior standard deviations, infinite where the prior is part of `many`."""
        effects = np.full((self.classes - 1, self.covariates.shape[1]), COVARIATE_SD)
        effects[:, 0] = np.inf
        return np.concatenate([np.tile(self.prior_sd, self.classes), effects.ravel()])
