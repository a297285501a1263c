"""Chains of a population whose people are in partitions: they move in step, and each step is one question to all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from estimation.arrays import Array
from estimation.choice.hierarchy.conjugate import Moments, draw_given
from estimation.choice.hierarchy.coordinates import TasteCoordinates, Told
from estimation.choice.hierarchy.problem import MixedLogit, TastePopulation, middle_of
from estimation.choice.hierarchy.trajectory import Trajectory, acceptance, next_step, trajectory
from estimation.choice.hierarchy.transport import Carried
from estimation.inference.choice_partitions.taste_work import Place
from estimation.inference.choice_partitions.team import Team
from estimation.jobs.unit import Result

SLICES = 3  # moves of each person per sweep, as of ordinary chains


@dataclass(eq=False)
class Chains:
    """Where chains are, and what they saw.

    Attributes
    ----------
    problem
        The model with the prior that belongs to all choices.
    populations, accepted
        Of each chain the population, and where people are to arrive before the next sweep; None where they stay.
    step, sweeps
        Step sizes, and the number of sweeps in which they adapted.
    place
        Where people are.
    reference, told
        The middle around which this stage's coordinates are, and what choices tell there.
    seen, chances
        Populations after each sweep of this stage, and the acceptance of their trajectories.
    kept, drop
        Where people were when chains were last written down, and what may be forgotten of them.
    """

    problem: MixedLogit
    seed: int
    populations: list[TastePopulation]
    accepted: list[TastePopulation | None]
    step: Array
    sweeps: int = 0
    place: Place | None = None
    reference: TastePopulation | None = None
    told: Told | None = None
    seen: list[list[TastePopulation]] = field(default_factory=list)
    chances: list[list[float]] = field(default_factory=list)
    kept: Place | None = None
    drop: list[Place] = field(default_factory=list)

    @property
    def coordinates(self) -> TasteCoordinates:
        """The coordinates of this stage."""
        assert self.told is not None
        assert self.reference is not None
        return TasteCoordinates(self.problem, self.told, self.reference)

    def settle(self, team: Team, stage: int, middle: TastePopulation) -> None:
        """Let people have Gaussians around a population in the middle, on which chains go on."""
        sweep = 0 if self.place is None else self.place.sweep
        after = Place(stage, sweep)
        where: dict[str, Any] = {"before": self.place, "after": after, "accepted": self.accepted}
        told = team.ask("settle", "settling people", populations=self.populations, middle=middle, **where)
        self.told = Told(*(_sum(told, name) for name in Told._fields))._replace(
            people=sum(one["people"] for one in told)
        )
        self.drop += [] if self.place is None or self.place == self.kept else [self.place]
        self.place, self.reference, self.sweeps = after, middle, 0
        self.accepted = [None] * len(self.populations)

    def scatter(self, spread: float) -> None:
        """Send every chain to a random place nearby, people along with it: an overdispersed start."""
        rng, coordinates = self._rng("scatter"), self.coordinates
        for chain, population in enumerate(self.populations):
            middle = coordinates.of(population)
            for _ in range(20):
                q = middle + spread * coordinates.scale * rng.standard_normal(len(middle))
                if coordinates.is_possible(q):
                    self.populations[chain] = self.accepted[chain] = coordinates.population(q)
                    break

    def sweep(self, team: Team, *, adapt: bool, counted: bool) -> None:
        """Move people, then population and people together, then the population alone, in every chain."""
        assert self.place is not None
        after, rng, coordinates = self.place._replace(sweep=self.place.sweep + 1), self._rng("sweep"), self.coordinates
        where: dict[str, Any] = {"before": self.place, "after": after, "accepted": self.accepted, "drop": self.drop}
        told = team.ask("move", populations=self.populations, slices=SLICES, counted=counted, **where)
        self.drop = [] if self.place == self.kept else [self.place]
        self.place = after
        sums = [_carried(told, chain) for chain in range(len(self.populations))]
        self.accepted, seen, chances = self._together(team, coordinates, sums, _moments(told, self.populations), rng)
        for chain, there in enumerate(self.accepted):
            now = self.populations[chain] if there is None else there
            self.populations[chain] = draw_given(self.problem, seen[chain], now, rng)
        if adapt:
            self.sweeps += 1
            for chain, chance in enumerate(chances):
                self.step[chain] = next_step(self.step[chain], chance, self.sweeps)
        self.seen.append(list(self.populations))
        self.chances.append(chances)

    def _together(
        self,
        team: Team,
        coordinates: TasteCoordinates,
        sums: list[Carried],
        seen: list[Moments],
        rng: np.random.Generator,
    ) -> tuple[list[TastePopulation | None], list[Moments], list[float]]:
        """Follow a trajectory in every chain; return where those end that are accepted, sums over people, and chances.

        A step of all chains is one question to all partitions.
        """
        count = len(self.populations)
        there, at_end = list(seen), [None] * count
        ends: list[TastePopulation | None] = [None] * count
        chances, paths, asked = [0.0] * count, dict[int, Trajectory](), dict[int, Array]()
        for chain, population in enumerate(self.populations):
            begin = _here(coordinates, population)
            if begin is not None:
                paths[chain] = trajectory(coordinates, begin, self.step[chain], rng)
                asked[chain] = next(paths[chain])
        answers = dict(enumerate(sums))
        while asked:
            going = dict(asked)
            asked = {}
            for chain, q in going.items():
                try:
                    asked[chain] = paths[chain].send(coordinates.density(coordinates.unfolded(q), answers[chain]))
                except StopIteration as end:
                    place, change, _ = end.value
                    chances[chain] = acceptance(change)
                    if rng.random() < chances[chain]:
                        ends[chain] = coordinates.population(place)
                        there[chain] = at_end[chain] or there[chain]
            if asked:
                wanted = [coordinates.population(asked[chain]) if chain in asked else None for chain in range(count)]
                told = team.ask("force", after=self.place, populations=wanted)
                answers = {chain: _carried(told, chain) for chain in asked}
                at_end = [one or before for one, before in zip(_moments(told, wanted), at_end, strict=True)]
        return ends, there, chances

    def middle(self, since: Sequence[list[TastePopulation]]) -> TastePopulation:
        """Return the average of populations of all chains."""
        parts = zip(*(population for sweep in since for population in sweep), strict=True)
        return middle_of(*(np.array(part) for part in parts))

    def _rng(self, what: str) -> np.random.Generator:
        assert self.place is not None
        return np.random.default_rng([self.seed, self.place.stage, self.place.sweep, len(what)])


def _here(coordinates: TasteCoordinates, population: TastePopulation) -> Array | None:
    """Return coordinates of a population; None where they drown in rounding."""
    try:
        q = coordinates.of(population)
    except np.linalg.LinAlgError:
        return None
    return q if coordinates.is_possible(q) else None


def _sum(told: list[Result], name: str) -> Any:
    return np.sum([one[name] for one in told], axis=0)


def _carried(told: list[Result], chain: int) -> Carried:
    own = [one[chain] for one in told]
    value, *slopes = (_sum(own, name) for name in Carried._fields)
    return Carried(float(value), *slopes)


def _moments(told: list[Result], populations: Sequence[TastePopulation | None]) -> list[Any]:
    """Return sums over people of each chain; None for one that asked for nothing."""
    return [
        None
        if population is None
        else Moments(population.shift, *(_sum([one[chain] for one in told], name) for name in Moments._fields[1:]))
        for chain, population in enumerate(populations)
    ]
