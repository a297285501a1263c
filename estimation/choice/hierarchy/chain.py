"""One Markov chain over people and population."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from estimation.arrays import Array
from estimation.choice.hierarchy.conjugate import draw_population
from estimation.choice.hierarchy.coordinates import TasteCoordinates
from estimation.choice.hierarchy.people import TRIES, draw_people
from estimation.choice.hierarchy.problem import MixedLogit, TastePopulation
from estimation.choice.hierarchy.scaling import Scalings
from estimation.choice.hierarchy.sites import Sites

SLICES = 3  # moves of each person per sweep: cheap, and they decide how fast spreads mix
LENGTH = 2.5  # of a trajectory, in standard deviations: more than a quarter of a turn, since spreads are a bit larger
MOST_STEPS = 16
TARGET = 0.75  # acceptance that the step size aims at


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
        self.coordinates = TasteCoordinates(self.problem, self.sites, self.population)
        self.scalings = Scalings(self.problem)
        self.white = np.zeros((len(self.theta), len(self.population.precision)))
        self.slopes: list[Array] = []

    def settle(self, sites: Sites, reference: TastePopulation, root: Array | None = None) -> None:
        """Use other sites from now on, and coordinates with a root that was learned there if there is one.

        The density stays the same, moves get better.
        """
        self.sites, self.coordinates = sites, TasteCoordinates(self.problem, sites, reference)
        if root is not None:
            self.coordinates.root = root
        self.slopes, self.sweeps = [], 0

    def learn(self) -> None:
        """Fit moves of the population to the gradients that were seen since the last time."""
        self.coordinates.learn(np.array(self.slopes))
        self.slopes, self.sweeps = [], 0

    def sweep(self, adapt: bool = False) -> None:
        """Move people, population and people together, each spread with its people, then the population alone."""
        self.move_people(self.population, self.theta, SLICES)
        self._move_together(adapt)
        self.population = self.scalings.move(self.population, self.theta, self.rng, adapt=adapt)
        self.population = draw_population(self.problem, self.theta, self.population, self.rng)

    def move_people(self, population: TastePopulation, theta: Array, slices: int) -> None:
        """Draw people given a population; writes `theta`."""
        shape = (slices, len(theta), len(population.precision))
        normal, uniform = self.rng.standard_normal(shape), self.rng.random((*shape[:2], TRIES + 2))
        mean = self.problem.means(population)
        draw_people(self.problem.crowd, self.sites, theta, mean, population.precision, normal, uniform, self.white)

    def scatter(self, spread: float) -> None:
        """Move the population to a random place nearby, people along with it: an overdispersed start."""
        self.move_people(self.population, self.theta, 1)
        middle, coordinates = self._here(), self.coordinates
        if middle is None:
            return
        trial = self.theta.copy()
        for _ in range(20):
            q = middle + spread * coordinates.scale * self.rng.standard_normal(len(middle))
            if coordinates.is_possible(q) and np.isfinite(coordinates.density(q, self.white, trial)[0]):
                self.population, self.theta = coordinates.population(q), trial
                return

    def _here(self) -> Array | None:
        """Return the population's coordinates; None if it is so near singular that they drown in rounding."""
        try:
            return self.coordinates.of(self.population)
        except np.linalg.LinAlgError:
            return None

    def _move_together(self, adapt: bool) -> None:
        """Move the population by Hamiltonian dynamics with every u held."""
        begin = self._here()
        if begin is None or not self.coordinates.is_possible(begin):
            return
        trial = self.theta.copy()
        end, change, slopes = self._trajectory(begin, trial)
        self.accepted = math.exp(min(0.0, change)) if math.isfinite(change) else 0.0
        if self.rng.random() < self.accepted:
            self.population, self.theta = self.coordinates.population(end), trial
        if adapt:
            self.slopes.append(slopes)
            self.sweeps += 1
            self.step *= math.exp((self.accepted - TARGET) / math.sqrt(self.sweeps + 3))
            self.step = min(1.5, max(0.02, self.step))

    def _trajectory(self, q: Array, trial: Array) -> tuple[Array, float, Array]:
        """Return where a trajectory ends, the change of its log density, and the gradient where it began.

        People at the end are written to `trial`.
        """
        coordinates, root = self.coordinates, self.coordinates.root
        momentum = self.rng.standard_normal(len(q))
        step = self.step * self.rng.uniform(0.8, 1.2)
        steps = min(MOST_STEPS, max(1, round(LENGTH * self.rng.uniform(0.5, 1.5) / step)))
        value, slope = coordinates.density(q, self.white, trial)
        begin, first = value - 0.5 * float(momentum @ momentum), slope
        for _ in range(steps):
            momentum = momentum + 0.5 * step * (slope @ root)
            q = q + step * (root @ momentum)
            if not coordinates.is_possible(q):
                return q, -math.inf, first
            value, slope = coordinates.density(q, self.white, trial)
            momentum = momentum + 0.5 * step * (slope @ root)
            if not math.isfinite(value):
                return q, -math.inf, first
        return q, value - 0.5 * float(momentum @ momentum) - begin, first
