"""One Markov chain over people and population."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estimation.arrays import Array
from estimation.choice.hierarchy.conjugate import draw_population
from estimation.choice.hierarchy.coordinates import TasteCoordinates, told_by
from estimation.choice.hierarchy.people import move_people
from estimation.choice.hierarchy.problem import MixedLogit, TastePopulation
from estimation.choice.hierarchy.scaling import Scalings
from estimation.choice.hierarchy.sites import Sites
from estimation.choice.hierarchy.trajectory import acceptance, followed, next_step, trajectory
from estimation.choice.hierarchy.transport import carried
from estimation.choice.hierarchy.triangular_moves import move_ends

SLICES = 3  # moves of each person per sweep: cheap, and they decide how fast spreads mix


@dataclass(eq=False)
class TasteChain:
    """The state of a chain, moved by `sweep`.

    Parameters
    ----------
    theta : (person, coefficient)
        Where people are: random coefficients, then shared ones.
    step
        Step size of trajectories, in standard deviations.
    """

    problem: MixedLogit
    population: TastePopulation
    theta: Array
    rng: np.random.Generator
    sites: Sites
    step: float = 0.5
    accepted: float = 0.0
    sweeps: int = 0

    def __post_init__(self) -> None:
        self.coordinates = self._coordinates(self.population)
        self.scalings = Scalings(self.problem)
        self.white = np.zeros((len(self.theta), len(self.population.precision)))
        self.slopes: list[Array] = []

    def settle(self, sites: Sites, reference: TastePopulation, root: Array | None = None) -> None:
        """Use other sites from now on, and coordinates with a root that was learned there if there is one.

        The density stays the same, moves get better.
        """
        self.sites = sites
        self.coordinates = self._coordinates(reference)
        if root is not None:
            self.coordinates.root = root
        self.slopes, self.sweeps = [], 0

    def learn(self) -> None:
        """Fit moves of the population to the gradients that were seen since the last time."""
        self.coordinates.learn(np.array(self.slopes))
        self.slopes, self.sweeps = [], 0

    def sweep(self, adapt: bool = False) -> None:
        """Move people, population and people together, each spread with its people, then the population alone.

        Of triangles both is done by slices: spreads with everybody's z held, ends with everybody's weight held.
        """
        self.move_people(self.population, self.theta, SLICES)
        self._move_together(adapt)
        self.population = self.scalings.move(self.population, self.theta, self.rng, adapt=adapt)
        self.population = move_ends(self.problem, self.population, self.theta, self.rng)
        found = draw_population(self.problem, self.theta, self.problem.found(self.population), self.rng)
        self.population = self.problem.whole(found)

    def move_people(self, population: TastePopulation, theta: Array, slices: int) -> None:
        """Draw people given a population; writes `theta`."""
        mean, precision = self.problem.means(population), population.precision
        move_people(self.problem.crowd, self.sites, theta, mean, precision, slices, self.rng, self.white)

    def scatter(self, spread: float) -> None:
        """Move the population to a random place nearby, people along with it: an overdispersed start."""
        self.move_people(self.population, self.theta, 1)
        middle, coordinates = self._here(), self.coordinates
        if middle is None:
            return
        trial = self.theta.copy()
        for _ in range(20):
            q = middle + spread * coordinates.scale * self.rng.standard_normal(len(middle))
            if coordinates.is_possible(q) and np.isfinite(self.density(q, trial)[0]):
                self.population, self.theta = self.problem.whole(coordinates.population(q)), trial
                return

    def _here(self) -> Array | None:
        """Return the population's coordinates; None if it is so near singular that they drown in rounding."""
        try:
            return self.coordinates.of(self.problem.found(self.population))
        except np.linalg.LinAlgError:
            return None

    def _move_together(self, adapt: bool) -> None:
        """Move the population by Hamiltonian dynamics with every u held."""
        begin = self._here()
        if begin is None or not self.coordinates.is_possible(begin):
            return
        trial = self.theta.copy()
        path = trajectory(self.coordinates, begin, self.step, self.rng)
        end, change, slope = followed(path, lambda q: self.density(q, trial))
        self.accepted = acceptance(change)
        if self.rng.random() < self.accepted:
            self.population, self.theta = self.problem.whole(self.coordinates.population(end)), trial
        if adapt:
            self.slopes.append(slope)
            self.sweeps += 1
            self.step = next_step(self.step, self.accepted, self.sweeps)

    def density(self, q: Array, trial: Array) -> tuple[float, Array]:
        """Return the log density at coordinates and its gradient; people there are written to `trial`."""
        problem, place = self.problem, self.coordinates.unfolded(q)
        population = problem.whole(place.population)
        sums = carried(problem.crowd, self.sites, self.white, problem.covariates, population, trial)
        return self.coordinates.density(place, sums.of(problem.free))

    def _coordinates(self, reference: TastePopulation) -> TasteCoordinates:
        problem = self.problem
        told = told_by(problem.covariates, self.sites, reference, known=len(problem.half_width))
        return TasteCoordinates(problem, told, problem.found(reference))
