"""One Markov chain over people, their components, and the normal distribution of each component."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from estimation.arrays import Array, Indices
from estimation.choice.hierarchy.chain import SLICES, TasteChain
from estimation.choice.hierarchy.conjugate import draw_population
from estimation.choice.hierarchy.coordinates import whitening
from estimation.choice.hierarchy.problem import MixedLogit, TastePopulation
from estimation.choice.hierarchy.sites import Sites
from estimation.choice.mixtures.assignment import assign

FEW = 3
"""People per taste below which a component's moves are those given its people: Gaussians of so few say nothing."""
EQUAL = 5.0
"""Prior number of people in each component (a Dirichlet), as in bayesm: empty ones would be drawn from the prior."""


class Mixture(NamedTuple):
    """One value of everything that describes the population.

    Attributes
    ----------
    share : (component,)
    shift : (component, random)
        Means of tastes.
    precision : (component, random, random)
    """

    share: Array
    shift: Array
    precision: Array

    @property
    def moments(self) -> tuple[Array, Array]:
        """Mean (random,) and covariance (random, random) of tastes over everybody, whatever the labels."""
        mean = self.share @ self.shift
        gap = self.shift - mean
        between = (gap * self.share[:, None]).T @ gap
        return mean, between + np.tensordot(self.share, np.linalg.inv(self.precision), 1)


class Component(TasteChain):
    """The chain of the people of one component, who come and go.

    Attributes
    ----------
    white_root : (dimension, dimension), optional
        See `whitening`: what is learned of one set of people serves the next, in units of their own scale.
    scaled
        Gradients seen while chains adapt, in those units.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        self.white_root: Array | None = None
        self.scaled: list[Array] = []

    def take(self, problem: MixedLogit, theta: Array, sites: Sites, reference: TastePopulation) -> None:
        """Have these people from now on."""
        self.problem, self.theta, self.scalings.problem = problem, theta, problem
        self.white = np.zeros((len(theta), len(reference.precision)))
        if self.is_large:
            self.settle(sites, reference)

    def settle(self, sites: Sites, reference: TastePopulation, root: Array | None = None) -> None:
        """Use other coordinates; the step size goes on adapting."""
        sweeps = self.sweeps
        self.scaled += [slope * self.coordinates.scale for slope in self.slopes]
        super().settle(sites, reference, root)
        self.sweeps = sweeps
        if self.white_root is not None:
            self.coordinates.whiten(self.white_root)

    @property
    def is_large(self) -> bool:
        """Whether there are enough people for moves of all of them together."""
        return len(self.theta) >= FEW * len(self.population.precision)

    def move(self, sites: Sites, adapt: bool) -> None:
        """Move people and population."""
        self.sites = sites
        if self.is_large:
            self.sweep(adapt)
            return
        if len(self.theta):
            self.move_people(self.population, self.theta, SLICES)
        self.population = draw_population(self.problem, self.theta, self.population, self.rng)


class MixtureChain:
    """The state of a chain, moved by `sweep`.

    Parameters
    ----------
    pilot
        A chain of one normal that has found everybody's sites.
    count
        Components.
    """

    def __init__(self, pilot: TasteChain, count: int, rng: np.random.Generator) -> None:
        self.problem, self.sites, self.rng, self.count = pilot.problem, pilot.sites, rng, count
        self.theta = pilot.theta.copy()
        self.middle, self.cover = _people_under(pilot)
        self.label = self._begin()
        self.share = np.full(count, 1 / count)
        self.components = [self._component(pilot, place) for place in range(count)]

    def sweep(self, adapt: bool = False) -> None:
        """Move people between components, shares, and then each component with its people."""
        shape, now = self.theta.shape, self.mixture
        weight = np.log(now.share) + 0.5 * np.linalg.slogdet(now.precision)[1]
        luck = self.rng.standard_normal(shape), self.rng.random((len(self.theta), 3))
        assign(self.problem.crowd, self.sites, self.theta, self.label, weight, now.shift, now.precision, *luck)
        self.share = self.rng.dirichlet(EQUAL + np.bincount(self.label, minlength=self.count))
        for place, component in enumerate(self.components):
            people = np.flatnonzero(self.label == place)
            sites = self._give(component, people)
            component.move(sites, adapt)
            self.theta[people] = component.theta

    def learn(self) -> None:
        """Fit moves of all components to the gradients that were seen since the last time; step sizes adapt anew."""
        scaled = [slope for component in self.components for slope in component.scaled]
        if not scaled:
            return
        white = whitening(np.array(scaled))
        for component in self.components:
            component.white_root, component.scaled, component.sweeps = white, [], 0

    @property
    def mixture(self) -> Mixture:
        """What describes the population now."""
        populations = [component.population for component in self.components]
        shift = np.array([population.shift[:, 0] for population in populations])
        return Mixture(self.share, shift, np.array([population.precision for population in populations]))

    @property
    def accepted(self) -> float:
        """Acceptance of the moves of components with all their people."""
        return float(np.mean([component.accepted for component in self.components]))

    def _give(self, component: Component, people: Indices) -> Sites:
        sites = Sites(self.sites.pull[people], self.sites.information[people])
        component.take(self.problem.of(people), self.theta[people], sites, self._reference(people))
        return sites

    def _reference(self, people: Indices) -> TastePopulation:
        """Return where a component with these people is about: it follows from who they are, not from the chain."""
        prior = self.problem.prior
        if not len(people):
            return prior.middle
        mean = self.middle[people].mean(axis=0)
        gap = self.middle[people] - mean
        spread = gap.T @ gap / len(people) + self.cover[people].mean(axis=0)
        return TastePopulation(mean[:, None], np.linalg.inv(spread), np.empty(0))

    def _component(self, pilot: TasteChain, place: int) -> Component:
        people = np.flatnonzero(self.label == place)
        sites = Sites(self.sites.pull[people], self.sites.information[people])
        begin = self._reference(people)
        return Component(self.problem.of(people), begin, self.theta[people], self.rng, sites, pilot.step)

    def _begin(self) -> Indices:
        """Return a first division of people: everybody goes with the nearest of some, whom each chain draws anew."""
        scale = self.middle.std(axis=0)
        points = self.middle / np.where(scale > 0, scale, 1.0)
        centres = points[self.rng.choice(len(points), self.count, replace=False)]
        return np.asarray(((points[:, None] - centres) ** 2).sum(axis=-1).argmin(axis=1))


def _people_under(pilot: TasteChain) -> tuple[Array, Array]:
    """Return everybody's Gaussian under one normal for all: means (person, random) and covariances."""
    reference = pilot.coordinates.reference
    cover = np.linalg.inv(pilot.sites.information + reference.precision)
    pull = pilot.sites.pull + pilot.problem.means(reference) @ reference.precision
    return np.einsum("nij,nj->ni", cover, pull), cover
