"""What menus do under each draw of a posterior."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from estimation.arrays import Array, Mask
from estimation.assortment.catalogue import SHOWN, Catalogue
from estimation.assortment.given import as_numbers
from estimation.errors import AssortmentError, raise_all

HEADING = "The draws cannot be read:"


@dataclass(frozen=True, eq=False)
class Draws:
    """Products with the weights of each person in each draw.

    People differ, and that is no uncertainty: within a draw their choices are averaged. Draws say what is
    not known, and that is where risk is.
    """

    catalogue: Catalogue  # only labels and revenues are used
    weights: Array  # (draw, person, product) exp(utility) relative to buying nothing
    shares: Array  # (person,) how much of the demand each person stands for; they sum to one
    parts: Array  # (draw,) how probable each draw is; they sum to one

    def __len__(self) -> int:
        return len(self.weights)

    @cached_property
    def logits(self) -> Array:
        """(logit, product) the weights of every person in every draw: each is a multinomial logit."""
        return self.weights.reshape(-1, self.weights.shape[-1])

    @cached_property
    def probability(self) -> Array:
        """(logit,) the part of each logit in the mixture."""
        return np.outer(self.parts, self.shares).ravel()

    @property
    def is_one_logit_each(self) -> bool:
        """Whether each draw is a single logit, for which the exact theory holds."""
        return len(self.shares) == 1

    @cached_property
    def are_alike(self) -> bool:
        """Whether all draws are equally probable."""
        return bool(np.ptp(self.parts) == 0.0)

    @cached_property
    def average(self) -> Array:
        """(product,) weights of a customer with the mean utilities over people and draws."""
        return np.asarray(np.exp(self.probability @ np.log(self.logits)))

    def single(self, weight: Array) -> Catalogue:
        """Give the products with one set of weights (product,)."""
        return Catalogue(self.catalogue.products, self.catalogue.revenue, weight, self.catalogue.label)

    def over_people(self, values: Array) -> Array:
        """(draw, …) average over people of (logit, …)."""
        by_draw = values.reshape(len(self), len(self.shares), *values.shape[1:])
        return np.asarray(np.einsum("dp...,p->d...", by_draw, self.shares))

    def mean(self, values: Array | Mask) -> Array:
        """Average over draws of (draw, …)."""
        return np.asarray(values.mean(axis=0) if self.are_alike else np.tensordot(self.parts, values, 1))

    def quantiles(self, values: Array, levels: Sequence[float]) -> Array:
        """(level, …) quantiles over draws of (draw, …)."""
        weighted: dict[str, Any] = {}
        if not self.are_alike:
            weighted = {"weights": self.parts, "method": "inverted_cdf"}
        return np.asarray(np.quantile(values, levels, axis=0, **weighted))

    def summed(self, risk: Callable[..., Array], values: Array) -> Array:
        """(menu,) a risk of (draw, menu) objectives; it is told of the draws' probabilities where they differ."""
        return risk(values) if self.are_alike else risk(values, self.parts)

    def measures(self, menus: Mask) -> tuple[Array, Array, Array]:
        """(draw, menu) expected revenue, utility and probability of no purchase of menus (menu, product)."""
        revenue, utility, none = self._of_logits(menus)
        return self.over_people(revenue), self.over_people(utility), self.over_people(none)

    def objective(self, menus: Mask, utility_weight: float) -> Array:
        """(draw, menu) revenue plus utility_weight times utility."""
        return self.over_people(self.logit_objective(menus, utility_weight))

    def logit_objective(self, menus: Mask, utility_weight: float) -> Array:
        """(logit, menu) revenue plus utility_weight times utility of each person in each draw."""
        revenue, utility, _ = self._of_logits(menus)
        return revenue + utility_weight * utility

    def _of_logits(self, menus: Mask) -> tuple[Array, Array, Array]:
        offered = menus.T.astype(np.float64)
        total = 1.0 + self.logits @ offered
        proceeds = (self.logits * self.catalogue.revenue) @ offered
        return proceeds / total, np.log(total), 1.0 / total


def make_draws(
    catalogue: Catalogue, weights: object, outside_weight: object, shares: object, draw_weights: object = None
) -> Draws:
    """Check the draws, all at once.

    Raises
    ------
    AssortmentError
        Shapes do not fit the products, or weights are not finite and positive; every problem is listed.
    """
    raise_all(catalogue.frame_problems(weights, "weights"), AssortmentError, HEADING)
    table, outside = _numbers(weights=catalogue.in_order(weights), outside_weight=outside_weight)
    table = table[:, None, :] if table.ndim == 2 else table
    people = np.ones(table.shape[1:2]) if shares is None else shares
    parts = np.ones(table.shape[:1]) if draw_weights is None else draw_weights
    people, parts = _numbers(shares=people, draw_weights=parts)
    problems = _shape_problems(catalogue, table, outside, people, parts) or _value_problems(catalogue, table)
    if not np.all(np.isfinite(outside) & (outside > 0)):
        problems.append("outside_weight must be finite and > 0 in every draw")
    for name, given in (("shares", people), ("draw_weights", parts)):
        if not (np.all(np.isfinite(given) & (given >= 0)) and given.sum() > 0):
            problems.append(f"{name} must be finite and >= 0, and not all zero")
    raise_all(problems, AssortmentError, HEADING)
    outside = outside.reshape(*outside.shape, *[1] * (3 - outside.ndim))
    table, used = table / outside, parts > 0  # draws that are impossible would only cost time
    return Draws(catalogue, table[used], people / people.sum(), parts[used] / parts.sum())


def _numbers(**given: object) -> list[Array]:
    """Return each as an array of numbers, or complain about those that are none."""
    found = {name: as_numbers(value) for name, value in given.items()}
    problems = [f"{name} must be numbers in rows of one length, not {given[name]!r}" for name in found]
    strange = [problem for problem, numbers in zip(problems, found.values(), strict=True) if numbers is None]
    raise_all(strange, AssortmentError, HEADING)
    return [numbers for numbers in found.values() if numbers is not None]


def _shape_problems(catalogue: Catalogue, table: Array, outside: Array, people: Array, parts: Array) -> list[str]:
    if table.ndim != 3 or table.shape[2] != len(catalogue) or not table.size:
        width = len(catalogue)
        return [
            f"weights have shape {table.shape}; give (draw, product) or (draw, person, product) with {width} products"
        ]
    problems = []
    if outside.shape not in {(), table.shape[:1], table.shape[:2]}:
        problems.append(
            f"outside_weight has shape {outside.shape}; give one number, one per draw: {len(table)}, or one per "
            f"draw and person: {table.shape[:2]}"
        )
    if people.shape != table.shape[1:2]:
        problems.append(f"shares have shape {people.shape}; give one per person: {table.shape[1]}")
    if parts.shape != table.shape[:1]:
        problems.append(f"draw_weights have shape {parts.shape}; give one per draw: {len(table)}")
    return problems


def _value_problems(catalogue: Catalogue, table: Array) -> list[str]:
    bad = np.argwhere(~(np.isfinite(table) & (table > 0)))
    named = table.shape[1] > 1
    problems = [
        f"draw {draw}{f', person {person}' * named}, product {catalogue.products[place]!r}: weight is "
        f"{table[draw, person, place]}; it must be finite and > 0"
        for draw, person, place in bad[:SHOWN]
    ]
    return problems + ([f"{len(bad) - SHOWN} more weights like these"] if len(bad) > SHOWN else [])
