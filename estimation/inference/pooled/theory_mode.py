"""Maximum-likelihood estimates of theories of messages, in the manner of the literature.

Of a population: people's parameters are normal on the transformed scale and integrated out, kinds of people have free
shares, and nothing is believed beforehand. Of one person for all (`pooled`): everybody shares the parameters, and kinds
of people are types with free shares. Standard errors are clustered by person (the sandwich of White 1982, Econometrica
50(1):1-25, with the score of a person as the unit), or from the curvature of the likelihood, where there are no more
people than numbers: for one person, say, as in estimates of each person by themselves.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from scipy import special
from scipy.stats import qmc

from estimation.arrays import Array
from estimation.choice.maximum.sandwich import FEW
from estimation.inference.pooled.likeliest import STEP, ByPerson, Peak, likeliest
from estimation.inference.pooled.searched import Searched, Units
from estimation.inference.pooled.shared import shared_likelihood
from estimation.inference.problem import MessageProblem
from estimation.population.ensemble import Ensemble, Team
from estimation.population.flat import FlatNodes, flat_nodes
from estimation.population.likelihoods import likelihoods_of_people
from estimation.population.structure import Coordinates
from estimation.text.fragments import InLatex
from estimation.text.page import as_html
from estimation.text.sentences import counted

CLUSTERED = "clustered by person"
NARROW, BROAD = np.log(0.02), np.log(20.0)  # logs of spreads that are searched: beyond, nothing tells them apart
HIGHEST = 15.0  # of other coordinates, in both directions
ROUNDS = 5  # of nodes made for the population that was found with the last ones, at most
SETTLED = 0.5  # nats by which the maximum moves from round to round in the end, and a hundred-thousandth of it
SERVED = 32  # populations near the maximum for which nodes are made
STARTS, SEARCHED = 64, 4  # points among which a search for shared parameters begins, and how many it begins at
RINGS = (
    1.0,
    2.5,
)  # standard deviations of the prior within which they lie, for each so many: beyond ends, nothing rises


@dataclass(frozen=True, eq=False, repr=False)
class TheoryMode(InLatex):
    """The maximum-likelihood estimate of a theory of messages.

    Attributes
    ----------
    problem
        Theory and table.
    is_pooled
        Whether everybody shares the parameters.
    log_likelihood, error
        At the estimate, and the Monte-Carlo standard error of people's integrals (0 if there are none), nats.
    by_person : (subject,) Series
        What each person adds to the log likelihood, nats.
    summary : DataFrame
        One row per quantity: estimate (natural scale) and standard_error; no standard error where an estimate stands at
        the end of what is searched, or where nothing that people did depends on it.
    numbers
        How many were estimated.
    errors_in_words
        What standard errors are made of: ``clustered by person``, if there are more people than numbers.
    """

    problem: MessageProblem
    is_pooled: bool
    log_likelihood: float
    error: float
    by_person: pd.Series
    summary: pd.DataFrame
    numbers: int
    errors_in_words: str

    @property
    def bic(self) -> float:
        """Schwarz's criterion, with people as the independent units: smaller is better."""
        return -2 * self.log_likelihood + self.numbers * float(np.log(len(self.by_person)))

    @property
    def notes(self) -> list[str]:
        """What one must know to read it: what standard errors are made of."""
        people = len(self.by_person)
        said = [f"Standard errors are {self.errors_in_words}."]
        few = f"There are {people} clusters only, by which standard errors come out too small."
        return said + [few] * (CLUSTERED in self.errors_in_words and people < FEW)

    def __repr__(self) -> str:
        return f"{self._head}\n{self.summary.round(4).to_string()}\n{' '.join(self.notes)}"

    def _repr_html_(self) -> str:
        return as_html(self._head, self.summary.round(4), self.notes)

    @property
    def _head(self) -> str:
        error = f" ± {self.error:.1f}" if self.error else ""
        who = "everybody alike, " if self.is_pooled else ""
        value = f"log likelihood {self.log_likelihood:.1f}{error}, {self.numbers} numbers, BIC {self.bic:.1f}"
        return f"{self.problem.label}: {who}{value}"


def population_mode(problem: MessageProblem, seed: int) -> TheoryMode:
    """Return the most likely population of a theory's people.

    Nodes are made anew for the population that was found with the last ones, until the maximum stands still.
    """
    if problem.has_unrelated_roles:
        return _of_roles(problem, [population_mode(problem.in_role(role), seed) for role in problem.roles])
    problem.check()
    rng = np.random.default_rng(seed)
    builder = problem.builder(rng, os.cpu_count() or 1)
    coordinates = Searched(Coordinates(problem.structure), Units.of(problem))
    nodes = builder.build()
    vector, before = coordinates.searched(coordinates.coordinates.start(nodes.population)), -np.inf
    for _ in range(ROUNDS):
        peak = likeliest(_by_person(flat_nodes(nodes), coordinates), vector, *_bounds(coordinates))
        vector, height = peak.vector, peak.height
        if abs(height - before) < SETTLED + 1e-5 * abs(height):
            break
        before, nodes = height, _remade(builder, nodes, peak, coordinates, rng)
    one, other = (
        _by_person(half, coordinates)(vector[:, None])[0]
        for half in zip(*(flat.halves(rng) for flat in flat_nodes(nodes)), strict=True)
    )
    return _told(problem, peak, lambda at: problem.draws(_posterior(problem, coordinates, at)), one - other)


def _by_person(flats: tuple[FlatNodes, ...], coordinates: Searched) -> ByPerson:
    return lambda vector: likelihoods_of_people(flats, coordinates.populations(vector))


def _bounds(coordinates: Searched) -> tuple[Array, Array]:
    """Return the lowest and the highest vector that are searched: spreads end where nobody is told apart."""
    high = np.full(len(coordinates), HIGHEST)
    effects = len(coordinates.units.size)
    low, spreads = -high, slice(effects, 2 * effects)
    low[spreads], high[spreads] = NARROW, BROAD
    return low, high


def _remade(builder: Team, nodes: Ensemble, peak: Peak, coordinates: Searched, rng: np.random.Generator) -> Ensemble:
    """Return fresh nodes that suit the populations around a maximum."""
    near = peak.vector[:, None] + peak.naive_root @ rng.standard_normal((len(coordinates), SERVED))
    met = coordinates.populations(np.column_stack([peak.vector, np.clip(near.T, *_bounds(coordinates)).T]))
    return builder.meeting(met).polish(nodes, met.wide)


def _posterior(problem: MessageProblem, coordinates: Searched, vector: Array) -> xr.Dataset:
    """Return populations, one for each vector, as if they were the draws of one chain."""
    found = coordinates.populations(vector).found
    data = {name: (("chain", "draw", f"{name}_dim_0"), value[None]) for name, value in found.items()}
    coords = {"chain": [0], "draw": np.arange(vector.shape[1])}
    return problem.named(xr.Dataset(data, coords=coords))


def pooled_mode(problem: MessageProblem, seed: int) -> TheoryMode:
    """Return the most likely parameters that everybody shares, and shares of kinds of people."""
    if problem.has_unrelated_roles:
        return _of_roles(problem, [pooled_mode(problem.in_role(role), seed) for role in problem.roles])
    likelihood, units, own = shared_likelihood(problem), Units.of(problem), problem.parameters
    start, size = np.append(units.centre, 0.0 * units.columns), np.append(units.size, units.columns)
    columns, others, shared = problem.design.covariates.names, problem.kinds - 1, len(size)

    def plain(vector: Array) -> Array:
        return np.asarray(start[:, None] + size[:, None] * vector[:shared])

    def log_shares(vector: Array) -> Array:
        return np.asarray(special.log_softmax(np.pad(vector[shared:], ((0, 1), (0, 0))), axis=0))

    def by_person(vector: Array) -> Array:
        of_kinds = [likelihood(plain(vector), kind) for kind in range(problem.kinds)]
        return np.asarray(special.logsumexp(np.array(of_kinds) + log_shares(vector)[:, :, None], axis=0))

    def quantities(vector: Array) -> pd.DataFrame:
        found, share = plain(vector), np.exp(log_shares(vector))
        named = {p.name: p.natural(row) for p, row in zip(own, found, strict=False)}
        named |= dict(zip(columns, found[len(own) :], strict=True))
        groups = problem.distinct_kinds if others else {}
        return pd.DataFrame(named | {name: share[members].sum(axis=0) for name, members in groups.items()})

    centre = np.append(([p.centre for p in own] - units.centre) / units.size, np.zeros(len(columns) + others))
    wide = np.append([p.centre_sd for p in own] / units.size, np.ones(len(columns) + others))
    cube = qmc.Sobol(len(centre), rng=np.random.default_rng(seed)).random(STARTS).T
    around = np.concatenate([ring * (2 * cube - 1) for ring in RINGS], axis=1)
    starts = np.clip(centre[:, None] + wide[:, None] * around, -HIGHEST, HIGHEST)
    best = np.argsort(-by_person(starts).sum(axis=1))[:SEARCHED]
    low, high = np.full(len(centre), -HIGHEST), np.full(len(centre), HIGHEST)
    found = [likeliest(by_person, starts[:, start], low, high) for start in best]
    peak = max(found, key=lambda one: one.height)
    return _told(problem, peak, quantities, None)


def _of_roles(problem: MessageProblem, found: list[TheoryMode]) -> TheoryMode:
    """Return the maximum of unrelated roles, whose log likelihoods add up."""
    by_person = pd.concat([one.by_person for one in found], axis=1).sum(axis=1)[problem.table.subjects]
    named = [
        one.summary.rename({kind: f"{kind} as {role}" for kind in one.problem.distinct_kinds})
        for role, one in zip(problem.roles, found, strict=True)
    ]
    error, numbers = float(np.linalg.norm([one.error for one in found])), sum(one.numbers for one in found)
    total = float(by_person.sum())
    errors = {one.errors_in_words: role for role, one in zip(problem.roles, found, strict=True)}
    words = "; ".join(f"{told} as {role}" if len(errors) > 1 else told for told, role in errors.items())
    return TheoryMode(problem, found[0].is_pooled, total, error, by_person, pd.concat(named), numbers, words)


def _told(
    problem: MessageProblem, peak: Peak, quantities: Callable[[Array], pd.DataFrame], apart: Array | None
) -> TheoryMode:
    """Return a maximum in the terms of the theory; `apart`, (person,), is how far halves of the nodes are, nats."""
    steps = STEP * np.eye(len(peak.vector))
    up, down = (quantities(peak.vector[:, None] + sign * steps) for sign in (1, -1))
    slope = (up.to_numpy() - down.to_numpy()).T / (2 * STEP)
    fixed = (np.abs(slope[:, ~peak.is_free]) > 0).any(axis=1)
    inner = slope[:, peak.is_free]
    fixed |= ~peak.tells(inner)
    error = np.sqrt(np.einsum("qc,cd,qd->q", inner, peak.covariance, inner))
    estimate = quantities(peak.vector[:, None]).iloc[0].to_numpy()
    summary = pd.DataFrame({"estimate": estimate, "standard_error": np.where(fixed, np.nan, error)}, index=up.columns)
    by_person = pd.Series(peak.by_person(peak.vector[:, None])[0], index=problem.table.subjects)
    numbers = len(peak.vector) - problem.kinds + len(problem.distinct_kinds)
    doubt = 0.0 if apart is None else float(np.linalg.norm(apart / 2))
    few = f"from the curvature of the likelihood, {counted(len(by_person), 'person')} being too few to cluster by"
    return TheoryMode(
        problem,
        apart is None,
        float(by_person.sum()),
        doubt,
        by_person,
        summary.rename_axis("quantity"),
        numbers,
        CLUSTERED if peak.is_clustered else few,
    )
