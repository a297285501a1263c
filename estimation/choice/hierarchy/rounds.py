"""Chains between two rounds as arrays: where they are, what they saw, and how their random numbers go on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from estimation.arrays import Array
from estimation.choice.hierarchy.chain import TasteChain
from estimation.choice.hierarchy.problem import MixedLogit, TastePopulation
from estimation.choice.hierarchy.sites import Sites

OF_POPULATION = TastePopulation._fields


class Record(NamedTuple):
    """One draw: the population, acceptance, and people every now and then."""

    population: TastePopulation
    accepted: float
    theta: Array | None


Round = tuple[list[TasteChain], list[list[Record]]]
"""Chains where they are, and what each saw on the way there."""


def arrays_of(chains: Sequence[TasteChain], records: Sequence[Sequence[Record]]) -> dict[str, Array]:
    """Return a round as named arrays; `read_round` makes it of them."""
    first = chains[0]
    found = {"pull": first.sites.pull, "information": first.sites.information, "root": first.coordinates.root}
    found |= {f"reference_{name}": part for name, part in _named(first.coordinates.reference)}
    for place, (chain, seen) in enumerate(zip(chains, records, strict=True)):
        state = {"rng": chain.rng.bit_generator.state, "step": chain.step, "accepted": chain.accepted}
        own = {"theta": chain.theta, "white": chain.white, "state": np.array(json.dumps(state))}
        own["width"] = chain.scalings.width
        own |= dict(_named(chain.population))
        own |= {f"seen_{name}": np.array([getattr(r.population, name) for r in seen]) for name in OF_POPULATION}
        own["seen_accepted"] = np.array([record.accepted for record in seen])
        own["people_at"] = np.array([draw for draw, record in enumerate(seen) if record.theta is not None], int)
        own["people"] = np.array([record.theta for record in seen if record.theta is not None])
        found |= {f"{place}_{name}": value for name, value in own.items()}
    return found


def read_round(problem: MixedLogit, arrays: dict[str, Array]) -> Round:
    """Return the round that `arrays_of` took apart."""
    sites, reference = Sites(arrays["pull"], arrays["information"]), _population(arrays, "reference_")
    chains, records = [], []
    for place in range(sum(name.endswith("_state") for name in arrays)):
        own = {name.removeprefix(f"{place}_"): value for name, value in arrays.items() if name.startswith(f"{place}_")}
        state = json.loads(str(own["state"]))
        rng = np.random.default_rng()
        rng.bit_generator.state = state["rng"]
        chain = TasteChain(problem, _population(own), own["theta"], rng, sites, state["step"], state["accepted"])
        chain.settle(sites, problem.whole(reference), arrays["root"])
        chain.white, chain.scalings.width = own["white"], own["width"]
        chains.append(chain)
        records.append(_records(own))
    return chains, records


def _records(own: dict[str, Array]) -> list[Record]:
    people = dict(zip(own["people_at"].tolist(), own["people"], strict=True))
    seen = zip(*(own[f"seen_{name}"] for name in OF_POPULATION), strict=True)
    accepted = own["seen_accepted"].tolist()
    return [Record(TastePopulation(*row), accepted[draw], people.get(draw)) for draw, row in enumerate(seen)]


def _named(population: TastePopulation) -> list[tuple[str, Array]]:
    return list(zip(OF_POPULATION, population, strict=True))


def _population(arrays: dict[str, Array], prefix: str = "") -> TastePopulation:
    return TastePopulation(*(arrays[prefix + name] for name in OF_POPULATION))
