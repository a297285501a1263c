"""Several chains side by side, made longer until they agree."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import Event

import numpy as np

from estimation.arrays import Array
from estimation.choice.hierarchy.adaptation import adapted
from estimation.choice.hierarchy.chain import TasteChain
from estimation.choice.hierarchy.problem import MixedLogit, TastePopulation, middle_of
from estimation.choice.hierarchy.rounds import Record, Round, arrays_of, read_round
from estimation.choice.hierarchy.sites import Sites
from estimation.fits.checkpoint import Checkpoint
from estimation.progress import Advance, counter, step

BURN = 60  # sweeps from a scattered start, with an own step size, before draws are kept
SCATTER = 1.5  # standard deviations of the posterior between the starts of chains
LONGEST = 4  # times the draws asked for: longer chains are thinned
WALKING, WALKING_ON = "sampling people's tastes", "sampling on, until chains agree"
KEPT = 1000  # draws of people, over all chains
KEPT_NUMBERS = 40_000_000  # and fewer if they would be more numbers than this


@dataclass(frozen=True, eq=False)
class TasteDraws:
    """Draws of a hierarchical logit.

    Attributes
    ----------
    shift : (chain, draw, random, 1 + covariate)
    precision : (chain, draw, random, random)
    fixed : (chain, draw, fixed)
    accepted : (chain, draw)
        Acceptance of the move of population and people together.
    theta : (sample, person, coefficient)
        People, random coefficients first.
    sites
        Gaussians that stand for people's likelihoods.
    """

    shift: Array
    precision: Array
    fixed: Array
    accepted: Array
    theta: Array
    sites: Sites

    @property
    def populations(self) -> list[TastePopulation]:
        """All draws, chains one after another."""
        return [TastePopulation(*draw) for draw in zip(*self._flat, strict=True)]

    @property
    def everything(self) -> TastePopulation:
        """All draws at once, (chain, draw, …)."""
        return TastePopulation(self.shift, self.precision, self.fixed)

    @property
    def covariance(self) -> Array:
        """Σ, (chain, draw, random, random)."""
        return np.linalg.inv(self.precision)

    @property
    def middle(self) -> TastePopulation:
        """The population in the middle of the posterior."""
        return middle_of(*self._flat)

    @property
    def _flat(self) -> tuple[Array, Array, Array]:
        count = self.accepted.size
        shift, precision, fixed = (a.reshape(count, *a.shape[2:]) for a in (self.shift, self.precision, self.fixed))
        return shift, precision, fixed


def sample(
    problem: MixedLogit,
    *,
    seed: int,
    draws: int,
    chains: int,
    is_short: Callable[[TasteDraws], bool] = lambda _: False,
    rounds: int = 6,
    checkpoint: Checkpoint | None = None,
) -> TasteDraws:
    """Return draws of people and population.

    Parameters
    ----------
    seed
        Root of all randomness.
    draws
        Per chain, in the first round.
    is_short
        Whether another round is needed; the chains then go on, and are thinned to at most 4 × `draws` each.
    rounds
        At most so many, each as long as all before it.
    checkpoint
        Where chains are kept after their start and after each round, so that an interrupted fit goes on there.
    """
    every, kept, halt = thinning(problem, draws * chains), checkpoint or Checkpoint(), Event()
    step("starting chains of people's tastes")
    with ThreadPoolExecutor(min(chains, os.cpu_count() or 1)) as pool:
        try:
            walkers, records = _kept(kept, "start", problem, partial(_started, problem, seed, chains, pool))
            for count in range(rounds):
                longer = 2 ** max(0, count - 1)
                advance = counter(step(WALKING if count == 0 else WALKING_ON, chains * longer * draws))
                walk = partial(_walk, draws=longer * draws, every=longer * every, halt=halt, advance=advance)
                make = partial(_walked, walkers, walk, pool)
                walkers, new = _kept(kept, f"round-{count}", problem, make)
                records = [found + more for found, more in zip(records, new, strict=True)]
                result = _gathered(records, walkers[0].sites, most=LONGEST * draws)
                if not is_short(result):
                    break
        except BaseException:
            halt.set()  # nobody waits for draws that nobody will see
            raise
    return result


def _kept(checkpoint: Checkpoint, name: str, problem: MixedLogit, make: Callable[[], Round]) -> Round:
    """Return where chains are and what they saw on the way there: what was kept, or else made now."""
    found = checkpoint.arrays(name, partial(read_round, problem))
    if found is None:
        found = make()
        checkpoint.keep_arrays(name, arrays_of(*found))
    return found


def _started(problem: MixedLogit, seed: int, chains: int, pool: ThreadPoolExecutor) -> Round:
    """Return chains at scattered places of the posterior; they have seen nothing that counts."""
    pilot_rng, *rngs = np.random.default_rng(seed).spawn(chains + 1)
    pilot = adapted(problem, pilot_rng)
    return list(pool.map(lambda rng: _scattered(pilot, rng), rngs)), [[] for _ in rngs]


def _walked(walkers: list[TasteChain], walk: Callable[[TasteChain], list[Record]], pool: ThreadPoolExecutor) -> Round:
    return walkers, list(pool.map(walk, walkers))


def _scattered(pilot: TasteChain, rng: np.random.Generator) -> TasteChain:
    """Return a chain that starts elsewhere and has run long enough to forget where."""
    chain = TasteChain(pilot.problem, pilot.population, pilot.theta.copy(), rng, pilot.sites, pilot.step)
    chain.settle(pilot.sites, pilot.problem.whole(pilot.coordinates.reference), pilot.coordinates.root)
    chain.scatter(SCATTER)
    for _ in range(BURN):
        chain.sweep(adapt=True)
    return chain


def _walk(chain: TasteChain, draws: int, every: int, halt: Event, advance: Advance) -> list[Record]:
    records = []
    for draw in range(draws):
        if halt.is_set():
            break
        chain.sweep()
        people = chain.theta.copy() if draw % every == every - 1 else None
        records.append(Record(chain.population, chain.accepted, people))
        advance()
    return records


def thinning(problem: MixedLogit, total: int) -> int:
    """Return every how many draws people are kept."""
    numbers = problem.choices.people * (len(problem.random) + len(problem.fixed))
    return max(1, -(-total // max(1, min(KEPT, KEPT_NUMBERS // numbers))))


def _gathered(records: Sequence[Sequence[Record]], sites: Sites, most: int) -> TasteDraws:
    """Return draws evenly spaced along the chains, at most `most` of each, and all draws of people."""
    every = -(-len(records[0]) // most)
    thinned = [chain[every - 1 :: every] for chain in records]
    shift, precision, fixed = (
        np.array([[record.population[part] for record in chain] for chain in thinned]) for part in range(3)
    )
    accepted = np.array([[record.accepted for record in chain] for chain in thinned])
    theta = np.array([record.theta for chain in records for record in chain if record.theta is not None])
    return TasteDraws(shift, precision, fixed, accepted, theta, sites)
