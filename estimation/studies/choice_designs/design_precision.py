"""How well a choice experiment would tell what people would pay: how many people, and how many tasks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from estimation.arrays import Array, is_real
from estimation.choice.likelihoods.arrays import ChoiceArrays
from estimation.choice.model import ChoiceModel
from estimation.choice.quantities.simulate import simulate_choices
from estimation.choice.utilities.design import arrays_of
from estimation.counts import count_problems
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, StudyError, raise_all
from estimation.inference.mode import mode
from estimation.studies.choice_designs.choice_design import ChoiceDesign
from estimation.studies.choice_designs.choice_information import as_one_logit, informations, normal_points
from estimation.text.page import as_html
from estimation.text.sentences import per_cent

HEADING = "The precision of the design is not known:"
PEOPLE, TASKS = (50, 100, 200, 400, 800), (4, 8, 12, 16)
POINTS = 256
"""People who stand for all, where they differ."""


@dataclass(frozen=True, eq=False, repr=False)
class DesignPrecision:
    """How well willingness to pay would be known, made by `design_precision`.

    Attributes
    ----------
    worth
        Coefficient → the willingness to pay that is supposed.
    per_person
        Coefficient → standard error of willingness to pay times the square root of the number of people.
    level
        Of the intervals.
    design, model, weights, price, spread, tasks
        What it was made of.
    """

    worth: pd.Series
    per_person: pd.Series
    level: float
    design: ChoiceDesign
    model: ChoiceModel
    weights: pd.Series
    price: str
    spread: pd.Series
    tasks: int | None = None

    def width(self, people: int) -> pd.Series:
        """Return the width of the interval of willingness to pay, in units of price, from so many people."""
        return self.per_person.mul(2 * self._reach / float(np.sqrt(people)))

    def people_for(self, width: float | Mapping[str, float]) -> pd.Series:
        """Return how many people it takes until intervals are no wider than this, in units of price.

        Parameters
        ----------
        width
            One width for all attributes, or attribute → width.

        Raises
        ------
        StudyError
            If a width is not positive, or of no coefficient.
        """
        wanted = pd.Series(dict(width) if isinstance(width, Mapping) else dict.fromkeys(self.worth.index, width))
        problems = [f"{name!r} is none of {list(self.worth.index)}" for name in wanted.index if name not in self.worth]
        problems += [f"widths must be positive, not {value}" for value in wanted if not value > 0]
        raise_all(problems, StudyError, HEADING)
        needed = (2 * self._reach * self.per_person[wanted.index] / wanted).to_numpy() ** 2
        return pd.Series(np.maximum(np.ceil(needed - 1e-9), 1).astype(int), wanted.index)

    def by_tasks(self, width: float | Mapping[str, float], tasks: Iterable[int] = TASKS) -> pd.DataFrame:
        """Return how many people it takes if each answers so many tasks: numbers of tasks in rows, coefficients across.

        Raises
        ------
        StudyError
            As `people_for`.
        """
        about: dict[str, Any] = {"price": self.price, "spread": self.spread.to_dict(), "level": self.level}
        found = {count: design_precision(self.design, self.weights, tasks=count, **about) for count in tasks}
        rows = {count: precision.people_for(width) for count, precision in found.items()}
        return pd.DataFrame(rows).T.rename_axis("tasks")

    @property
    def table(self) -> pd.DataFrame:
        """Widths of intervals by number of people, beside what is supposed."""
        widths = {f"{count:,} people": self.width(count) for count in PEOPLE}
        return pd.DataFrame({"worth": self.worth, **widths}).rename_axis("coefficient")

    def simulated(self, people: int, repeats: int = 100, *, seed: int = 0) -> pd.DataFrame:
        """Return what maximum likelihood finds in simulated experiments: the other road to the same numbers.

        Parameters
        ----------
        people
            In each experiment.
        repeats
            Experiments.
        seed
            Root of all randomness.

        Returns
        -------
        DataFrame
            One row per coefficient: ``worth`` that was supposed; the ``median`` of its estimates; the ``width`` between
            the quantiles of estimates that an interval of this level spans; and how many experiments were ``refused``
            because their choices cannot tell the weights.

        Raises
        ------
        StudyError
            If people differ, whose weights maximum likelihood of one logit does not estimate; people answer another
            number of tasks than the design has; or all are refused.
        """
        problem = "people differ; simulate choices and fit the hierarchical model (estimation.simulate_choices)"
        other = f"people answer {self.tasks} tasks, and the design has another number; make a design of so many"
        there = len(self.design.for_people(1))
        problems = [problem] * bool(self.spread.any()) + [other] * (self.tasks not in (None, there))
        raise_all(problems, StudyError, HEADING)
        asked, found, refused = self.design.for_people(people), [], 0
        model = as_one_logit(self.model, HEADING)
        weights = {str(name): float(weight) for name, weight in self.weights.items()}
        for repeat in range(repeats):
            made = simulate_choices(model, asked, weights, seed=int(seed * 1_000_003 + repeat))
            try:
                best = mode(model, made).coefficients
            except ChoiceError:
                refused += 1
                continue
            found.append(-best.drop(self.price) / best[self.price])
        raise_all(["no experiment could be estimated; take more people"] * (not found), StudyError, HEADING)
        estimates = pd.DataFrame(found)[list(self.worth.index)]
        low, middle, high = (estimates.quantile(at) for at in ((1 - self.level) / 2, 0.5, (1 + self.level) / 2))
        columns = {"worth": self.worth, "median": middle, "width": high - low, "refused": refused}
        return pd.DataFrame(columns).rename_axis("coefficient")

    def __repr__(self) -> str:
        return f"{self._head}\n{self.table.round(3).to_string()}"

    def _repr_html_(self) -> str:
        return as_html(self._head, self.table.round(3))

    @property
    def _reach(self) -> float:
        return float(stats.norm.ppf((1 + self.level) / 2))

    @property
    def _head(self) -> str:
        return f"Width of {per_cent(self.level)} intervals of willingness to pay, in units of {self.price}"


def design_precision(
    design: ChoiceDesign,
    weights: Mapping[str, float] | pd.Series,
    *,
    price: str = "price",
    spread: Mapping[str, float] | None = None,
    tasks: int | None = None,
    level: float = 0.9,
) -> DesignPrecision:
    """Return how well willingness to pay would be known from a design, by the information matrix.

    Standard errors follow by the delta method, and hold for many people. Where tastes differ, what is estimated is the
    ratio of mean weights, and the covariance of their estimates is that of generalised least squares: with Σ the
    covariance of tastes and I the information of one person's tasks at the person's own weights, the inverse of the
    mean of (Σ + I⁻¹)⁻¹. More tasks of each person then help less and less.

    Parameters
    ----------
    design
        What `efficient_design` gave; people get its versions in turn.
    weights
        Coefficient → weight that is supposed; the mean where tastes differ.
    price
        The coefficient of price.
    spread
        Coefficient → standard deviation of tastes over people; zero for what is not named.
    tasks
        Answers of each person, if other than the design has: each tells what a task of the design tells on average.
    level
        Of the intervals.

    Raises
    ------
    StudyError
        Listing weights that are missing or unknown, a price without weight, or a design that cannot tell them; or if
        choices are no mixture of logits, such as those of nests.
    """
    problem = f"choices of a {design.model.name} are no mixture of logits, whose information this is"
    raise_all([] if design.model.is_mixture_of_logits else [problem], StudyError, HEADING)
    table = design.for_people(int(design.frame["version"].nunique()))
    arrays = arrays_of(as_one_logit(design.model, HEADING), table)
    names = arrays.attributes
    weights, sds = dict(weights), dict(spread or {})
    problems = [f"the weight of {name!r} is missing" for name in names if name not in weights]
    strangers = [name for name in [*weights, *sds] if name not in names]
    problems += [f"there is no coefficient {name!r}; there are {list(names)}" for name in strangers]
    problems += [f"price {price!r} is none of the coefficients {list(names)}"] * (price not in names)
    problems += [f"the weight of {price!r} must not be zero"] * bool(weights.get(price, 1.0) == 0)
    problems += [f"level must lie between 0 and 1, not {level!r}"] * (not (is_real(level) and 0 < level < 1))
    problems += [] if tasks is None else count_problems(tasks=tasks)
    raise_all(problems, StudyError, HEADING)
    mean = pd.Series({name: float(weights[name]) for name in names})
    spreads = pd.Series({name: float(sds.get(name, 0.0)) for name in names})
    covariance = _covariance(arrays, table, mean, spreads, tasks)
    others = [name for name in names if name != price]
    worth = -mean[others] / mean[price]
    errors = {}
    for name in others:
        gradient = (-(mean.index == name).astype(float) - (mean.index == price) * worth[name]) / mean[price]
        errors[name] = float(np.sqrt(gradient @ covariance @ gradient))
    return DesignPrecision(worth, pd.Series(errors), level, design, design.model, mean, price, spreads, tasks)


def _covariance(arrays: ChoiceArrays, table: ChoiceTable, mean: pd.Series, sd: pd.Series, tasks: int | None) -> Array:
    """Return the covariance of estimated mean weights from one person, (coefficient, coefficient)."""
    people = len(table.subjects)
    each = 1.0 if tasks is None else tasks / (len(table) / people)
    whole = informations(arrays, mean.to_numpy()[None])[0] * each / people
    if sd.any():
        own = mean.to_numpy() + sd.to_numpy() * normal_points(POINTS, len(mean))
        tastes = np.diag(sd.to_numpy() ** 2)
        parts = []
        for person in range(people):
            told = informations(arrays.of_people([person]), own) * each
            parts.append(np.linalg.solve(np.eye(len(mean)) + told @ tastes, told).mean(axis=0))
        whole = np.mean(parts, axis=0)
    height = np.linalg.slogdet(whole)
    problem = "the design does not tell all coefficients; show more tasks or alternatives"
    raise_all([problem] * (not (height[0] > 0 and np.linalg.cond(whole) < 1e12)), StudyError, HEADING)
    return np.asarray(np.linalg.inv(whole))
