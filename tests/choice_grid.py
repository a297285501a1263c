"""Models of every kind with known draws, beside their utilities in loops: what quantities are compared on."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from oracles import market_loops as loops

import estimation as est
from estimation.fits.fit import Fit

DRAWS = 2
LABELS = ["1", "2", "3", "10"]
NAMES = ["001", "002", "010", "x y", "é", "7"]
NESTS = {"low": ["1", "10"], "rest": ["2", "3"]}
CROSSED = {"low": ["1", "10"], "odd": ["1", "3"]}


def frame_of(outside: str | None = "none", people: int = 6, tasks: int = 3, seed: int = 8) -> pd.DataFrame:
    """Ragged situations of people with odd names among alternatives that are numbers, with weights of people."""
    rng, rows = np.random.default_rng(seed), []
    for person in range(people):
        income, weight = float(person + 1), 0.5 + person
        for task in range(tasks):
            own = [label for place, label in enumerate(LABELS) if place != (person + task) % 5]
            own += [outside] if outside else []
            taken, source = rng.integers(len(own)), "ab"[task % 2]
            for place, label in enumerate(own):
                price, quality, size = rng.uniform(1, 4), rng.normal(), rng.uniform(1, 3)
                row = {"subject": NAMES[person], "situation": f"{person}-{task}", "alternative": label}
                row |= {"chosen": int(place == taken), "price": price, "quality": quality, "size": size}
                row |= {"brand": ["Aro", "Bora", "Cusp"][(place + task) % 3], "income": income, "source": source}
                rows.append(row | {"w": weight})
    return pd.DataFrame(rows)


TERMS: dict[str, Any] = {
    "none": lambda _: -1.0,
    "price": lambda row: row["price"],
    "quality": lambda row: row["quality"],
    "brand[T.Bora]": lambda row: float(row["brand"] == "Bora"),
    "brand[T.Cusp]": lambda row: float(row["brand"] == "Cusp"),
    "price:income": lambda row: row["price"] * row["income"],
    "np.log(size)": lambda row: math.log(row["size"]),
    "close": lambda row: float(row["alternative"] in ("1", "10")),
    "1": lambda row: float(row["alternative"] == "1"),
    "2": lambda row: float(row["alternative"] == "2"),
    "3": lambda row: float(row["alternative"] == "3"),
    "10": lambda row: float(row["alternative"] == "10"),
}
TYPICAL = {"none": 0.4, "price": -1.0, "quality": 0.8, "brand[T.Bora]": 0.5, "brand[T.Cusp]": -0.3}
TYPICAL |= {"price:income": 0.05, "close": 0.6, "1": 0.2, "2": 0.3, "3": -0.4, "10": 0.1}


@dataclass
class Case:
    """A fit with known draws, and the same in loops: ``utility(draw)`` and ``choice(draw)`` of `market_loops`."""

    fit: Any
    frame: pd.DataFrame
    weights: np.ndarray
    choices: list[Any]
    outside: str | None
    known: dict[str, float] = field(default_factory=dict)
    weight: str | None = None

    @cached_property
    def situations(self):
        """The situations of the data."""
        return loops.situations_of(self.frame, self.weight)

    def own(self, draw: int, person: str) -> dict[str, float]:
        """Return the weights of a person under a draw by coefficient."""
        place = 0 if self.weights.shape[1] == 1 else self.subjects.index(person)
        return dict(zip(self.free, self.weights[draw, place], strict=True)) | self.known

    @cached_property
    def free(self) -> list[str]:
        """The coefficients that are not known beforehand."""
        return [name for name in self.fit.problem.coefficients if name not in self.known]

    @cached_property
    def subjects(self) -> list[str]:
        """The people, in the order of the fit."""
        return self.fit.table.subjects

    def utility(self, draw: int):
        """Return the utility of a row for a person under a draw."""
        own = cache(lambda person: self.own(draw, person))

        def of(person, row):
            if row["alternative"] == self.outside:
                return 0.0
            return sum(weight * TERMS[name](row) for name, weight in own(person).items())

        return of


def fitted(model, table, posterior, coords, people=None) -> Fit:
    """Return a fit with the draws that are given: variables as (draw, …) with names of dimensions."""
    problem = model.on(table)
    data = {
        name: (("chain", "draw", *dims), np.asarray(values, dtype=float)[None])
        for name, (dims, values) in posterior.items()
    }
    used = {dim for dims, _ in posterior.values() for dim in dims}
    known = {"coefficient": list(problem.design.free), "other": list(problem.design.free)} | coords
    groups = {"/": xr.Dataset(), "posterior": xr.Dataset(data, {dim: known[dim] for dim in used})}
    if people is not None:
        own = {"coefficients": (("sample", "subject", "coefficient"), people)}
        groups["people"] = xr.Dataset(own, {"subject": table.subjects, "coefficient": problem.coefficients})
    return Fit(problem, xr.DataTree.from_dict(groups), {})


def case_of(model, *, outside="none", weight="w", differ=False, choices=None, further=None, coords=None) -> Case:
    """Return a model with three draws around `TYPICAL`; `further` are variables of the posterior, `choices` by draw."""
    frame = frame_of(outside)
    table = est.read_choices(frame, outside=outside, weight=weight)
    frame = frame if weight else frame.drop(columns="w")
    free, rng = list(model.on(table).design.free), np.random.default_rng(5)
    middle, spread = [TYPICAL[name] for name in free], [0.02 if ":" in name else 0.2 for name in free]
    weights = rng.normal(middle, spread, (DRAWS, len(table.subjects) if differ else 1, len(free)))
    if differ:
        fit = fitted(model, table, {"mean": (("coefficient",), weights.mean(axis=1))}, {}, weights)
    else:
        beside = {name: (dims, values[:DRAWS]) for name, (dims, values) in (further or {}).items()}
        posterior = {"coefficients": (("coefficient",), weights[:, 0])} | beside
        fit = fitted(model, table, posterior, coords or {})
    known = {name: float(value) for name, value in model.fixed.items()}
    return Case(fit, frame, weights, choices or [loops.logit] * DRAWS, outside, known, weight)
