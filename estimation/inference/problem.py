"""What is to be fitted, and how: a theory, the people of a table, and the parameters that follow from the two."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, cast

import numpy as np
import pandas as pd
import xarray as xr

from estimation.arrays import Mask, Spec
from estimation.data.tables.table import Table
from estimation.errors import TheoryError, raise_all
from estimation.fits.fit import MESSAGES, Fit, Problem
from estimation.games.game import Game
from estimation.inference.elsewhere import check_constant, design_elsewhere
from estimation.inference.learning import check_heard, histories_in
from estimation.inference.marks import rests_on
from estimation.inference.posterior import natural_draws, people_table, summarised
from estimation.inference.telling import depends, without_untold_kinds
from estimation.inference.undefined import undefined_problems
from estimation.names import ROLES
from estimation.population.design import Design
from estimation.population.ensemble import Team
from estimation.population.fineness import fineness
from estimation.population.formulas import design
from estimation.population.likelihoods import population_error, thinned
from estimation.population.participants import Participants
from estimation.population.people import people
from estimation.population.structure import Structure
from estimation.theories.messages.in_role import InRole
from estimation.theories.messages.roles_apart import RolesApart
from estimation.theories.messages.theory import Theory
from estimation.theories.parameter import Parameter
from estimation.theories.priors import SHARE, believed

ALONG = {"mean": "parameter", "sd": "parameter", "share": "kind", "coefficient": "covariate", "correlation": "pair"}
"""What the draws of a population vary over, besides chains and draws."""


@dataclass(frozen=True, eq=False)
class MessageProblem(Problem):
    """A theory of messages applied to a table, people integrated out.

    The posterior's variables are the population's ``mean`` and ``sd`` (chain, draw, parameter), transformed scale,
    ``share`` (chain, draw, kind), and where the theory has them ``coefficient`` (chain, draw, covariate) and
    ``correlation`` (chain, draw, pair). Those of people are ``theta`` (sample, subject, parameter) and ``kind``.

    Parameters
    ----------
    like
        Another problem of the same theory, whose formulas are to be read as they were there: the same categories,
        centres and slopes. What was fitted to one table is so applied to another.
    heard
        Everything that these people decided and were told, if the table holds one of their roles only: senders learn
        from what they hear as receivers.
    """

    model: Theory
    table: Table
    like: MessageProblem | None = None
    heard: Table | None = None

    family: ClassVar[str] = MESSAGES
    settings: ClassVar[tuple[str, ...]] = (
        *("seed", "method", "draws", "tune", "chains", "target_accept", "cores", "accuracy", "samples"),
    )

    def __post_init__(self) -> None:
        if not (isinstance(self.model, Theory) and isinstance(self.table, Table)):
            pair = f"a {type(self.model).__name__} with a {type(self.table).__name__}"
            raise TheoryError("People do not talk:", [f"this takes a theory of messages with a Table, not {pair}"])

    @property
    def about(self) -> Spec:
        """Nothing that the model does not say."""
        return {}

    @property
    def theory(self) -> Theory:
        """The model."""
        return self.model

    def on(self, table: Table) -> MessageProblem:
        """Return the theory applied to another table, formulas read as they are for this one."""
        return self if table is self.table else MessageProblem(self.theory, table, like=self)

    def of(self, subjects: list[str]) -> MessageProblem:
        """Return the problem of some of its people, formulas read as they are for all."""
        return replace(self, table=self.table.of(subjects), like=self)

    @cached_property
    def crowd(self) -> Participants:
        """The people, in the order of `table.subjects`, and their likelihoods."""
        found = people(self.table, self.design.slopes, self.theory.remembers, self.theory.hears_all, self.heard)
        if self.like is None:
            self.theory.check_seen(histories_in(found))
        return Participants(self.theory, found, self.parameters)

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """The roles that are played."""
        return tuple(role for role in ROLES if role in self.table.roles)

    @property
    def games(self) -> list[Game]:
        """The games that are played."""
        return list(self.table.games.values())

    @cached_property
    def design(self) -> Design:
        """What differs between people, and what it depends on."""
        if self.like is not None:
            return design_elsewhere(self.theory, self.like.games, self.like.design, self.table)
        for role in self.roles:
            self.theory.check_role(role)
        self.theory.check_games(self.table.games, self.roles)
        parameters = self.theory.parameters(self.games, self.roles)
        known = {p.name for p in self.theory.parameters(self.games, ROLES)}
        priors = [name for name in self.theory.priors if name != SHARE]
        problems = [
            f"{name!r} has a {what} and is no parameter; parameters: {sorted(known)}"
            for what, given in (("formula", self.theory.formulas), ("prior", priors))
            for name in given
            if name not in known
        ]
        if problems:
            raise TheoryError(f"{self.theory.name} cannot be applied to {self.table.label}:", problems)
        held = tuple(believed(p, self.theory.priors.get(p.name, {})) for p in parameters)
        if not self.theory.formulas:
            return Design(held)
        return design(held, self.theory.formulas, self.table)

    @cached_property
    def structure(self) -> Structure:
        """The population: effects, kinds of people, and which effects matter to which kind."""
        uses = tuple(self.theory.relevant_parameters(kind, self.games, self.roles) for kind in range(self.kinds))
        factors = self.theory.share_factors if self.has_unrelated_roles else ()
        return Structure(self.design, uses, self.theory.share_weights, self.theory.correlated, factors)

    @property
    def has_unrelated_roles(self) -> bool:
        """Whether the problem falls into one for each role (`in_role`)."""
        return self.theory.unrelated and len(self.roles) > 1

    def in_role(self, role: str) -> MessageProblem:
        """Return the problem of one of several unrelated roles; formulas are read as they are for all."""
        theory = InRole(both=cast("RolesApart", self.theory), role=role)
        return MessageProblem(theory, self.table.only(role), like=self, heard=self.table)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Everything that differs between people: parameters, each followed by its slopes."""
        return self.design.effects

    @property
    def kinds(self) -> int:
        """How many kinds of people the theory knows."""
        return len(self.theory.types)

    @cached_property
    def distinct_kinds(self) -> dict[str, list[int]]:
        """Kinds of people that the data can tell apart: name → positions in `Theory.types`."""
        groups = self.theory.observationally_equivalent(self.games, self.roles)
        return {" or ".join(self.theory.types[kind] for kind in group): list(group) for group in groups}

    @cached_property
    def named_kinds(self) -> dict[str, list[int]]:
        """The distinct kinds and, where kinds are pairs, what people are in each role: name → positions."""
        return self.distinct_kinds | self.theory.kinds_by_role(self.games, self.roles)

    def draws(self, posterior: xr.Dataset) -> pd.DataFrame:
        """Return draws of the population, see `natural_draws`."""
        return natural_draws(self.parameters, posterior, self.named_kinds)

    def summary(self, posterior: xr.Dataset) -> pd.DataFrame:
        """Return one row per population quantity: typical value (natural scale), its interval, and people's spread.

        ``median``, ``low`` and ``high`` are those of the population median; ``people_low`` and ``people_high`` hold the
        middle 90 % of people at the posterior median of the population. With formulas, typical values are those at
        average columns. Kinds of people who behave alike in these games share a row.
        """
        return summarised(self.parameters, posterior, self.draws(posterior))

    def people(self, tree: xr.DataTree) -> pd.DataFrame:
        """Return one row per person: estimates (`people_table`), and what they rest on (`marks.rests_on`).

        Nothing (NaN) stands where the person's decisions cannot tell: a receiver's cost of lying.
        """
        matters = {p.name: self.matters(tree, p.name) for p in self.parameters}
        drawn, crowd = tree["people"].dataset, self.crowd.people
        estimates = people_table(self.parameters, drawn, self.named_kinds, matters)
        in_role = self.theory.kinds_by_role(self.games, self.roles)
        estimates = without_untold_kinds(estimates, in_role, self.theory, self.games, crowd)
        return estimates.join(rests_on(self.theory, self.parameters, crowd, drawn))

    def matters(self, tree: xr.DataTree, parameter: str) -> Mask:
        """Return in which draws of a person (sample, subject) decisions depend on a parameter: by kind, and by role."""
        (effect,) = (effect for effect in self.parameters if effect.name == parameter)
        kind = tree["people"].dataset["kind"].transpose("sample", "subject").to_numpy()
        return depends(effect, self.theory, self.games, self.crowd.people, kind)

    def named(self, posterior: xr.Dataset) -> xr.Dataset:
        """Return the population's draws with parameters, kinds, coefficients and correlations by name."""
        found = {name: dim for name, dim in ALONG.items() if name in posterior}
        data = {name: (("chain", "draw", dim), posterior[name].to_numpy()) for name, dim in found.items()}
        coords: dict[str, Any] = {"chain": posterior["chain"], "draw": posterior["draw"]}
        return xr.Dataset(data, coords=coords | {dim: self.labels[dim] for dim in found.values()})

    @property
    def labels(self) -> dict[str, list[str]]:
        """What lies along each dimension of the population's draws."""
        return {
            "parameter": [effect.name for effect in self.parameters],
            "kind": list(self.theory.types),
            "covariate": list(self.design.covariates.names),
            "pair": self.structure.pairs,
        }

    def integral_errors(self, flats: Any, posterior: xr.Dataset, rng: np.random.Generator) -> xr.Dataset:
        """Return how far integrals may have moved estimates, from some of the draws: all that a covariance needs."""
        some = thinned(posterior)
        return population_error(flats, self.structure.draws(some), self.named(some), rng)

    def check(self) -> None:
        """Say what cannot be fitted before anything is computed.

        Raises
        ------
        TheoryError
            If formulas do not suit the table; if people learn, by the theory, and nothing ever came out; or if the
            theory gives no number (NaN) for a decision.
        """
        check_heard(self.theory, self.crowd.people, self.heard or self.table)
        prior, frame = self.structure.prior, self.table.frame.reset_index(drop=True)
        problems = undefined_problems(self.crowd, frame, prior.centre, prior.centre_sd)
        raise_all(problems, TheoryError, f"{self.theory.name} cannot be applied to {self.table.label}:")

    def builder(self, rng: np.random.Generator, cores: int, accuracy: float = 1.0) -> Team:
        """Return the builder of this problem's nodes."""
        check_constant(self.design, self.table.label)
        return Team(self.crowd, self.structure, rng, cores, fineness(len(self.crowd), accuracy))


MessageFit = Fit[MessageProblem]
"""A fit of a theory of messages, people integrated out."""
