"""What people might be offered: the situations of the data or a market of one's own, with changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Indices
from estimation.choice.problem import ChoiceFit
from estimation.choice.quantities.listed import (
    HEADING,
    as_held,
    is_name,
    is_number,
    listed_products,
    new_value_problems,
)
from estimation.choice.sampling.people import weight_of_people
from estimation.data.choices.columns import sorted_labels
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all
from estimation.names import ALTERNATIVE, CHOSEN, SITUATION, STAGE, SUBJECT, WEIGHT
from estimation.text.shown import Display

SHOWN = 6  # rows of a scenario, in a notebook

KEYS = (SUBJECT.name, SITUATION.name, ALTERNATIVE.name, WEIGHT.name)


@dataclass(frozen=True, eq=False)
class Scenario:
    """Situations that people might be in, made by `scenario`; each method returns a changed copy.

    Parameters
    ----------
    frame
        One row per available alternative: ``subject, situation, alternative, weight`` and attributes.
    outside
        The alternative that means "none of these", or None.
    label
        What it is, in words.
    """

    frame: pd.DataFrame
    outside: str | None
    label: str

    def _repr_html_(self) -> str:
        situations = self.frame[SITUATION.name].nunique()
        about: dict[str, object] = {"situations": situations, "alternatives": self.alternatives}
        about |= {"outside option": self.outside} if self.outside else {}
        return Display(repr(self), about, self.frame.head(SHOWN)).html

    def __repr__(self) -> str:
        return f"Scenario: {self.label}"

    @property
    def alternatives(self) -> list[str]:
        """What is offered somewhere, in order."""
        return list(self.frame[ALTERNATIVE.name].cat.categories)

    @property
    def attributes(self) -> list[str]:
        """The columns that describe what is offered, and to whom."""
        return [name for name in self.frame.columns if name not in KEYS]

    @property
    def first_row(self) -> Indices:
        """Situation t has the rows from ``first_row[t]`` up to ``first_row[t + 1]``, (situation + 1,)."""
        codes = self.frame[SITUATION.name].cat.codes.to_numpy()
        return np.concatenate([[0], np.flatnonzero(np.diff(codes)) + 1, [len(codes)]]).astype(np.int64)

    def change(self, /, alternative: str | None = None, **attributes: float | Callable[[Any], Any]) -> Scenario:
        """Return the scenario with other attributes, for one alternative or for all but the outside option.

        Parameters
        ----------
        alternative
            Whose attributes change; everybody's if left out.
        attributes
            Column → new value, or a function of the old values: ``price=lambda price: 1.1 * price``. Numbers for
            columns of numbers, and labels for columns of labels.

        Raises
        ------
        ChoiceError
            If there is no such alternative or column, or a value is of another kind than its column.
        """
        problems = self._unknown([] if alternative is None else [alternative], attributes)
        problems += self._of_nothing(alternative, "change another alternative, or what describes people for all")
        raise_all(problems, ChoiceError, HEADING)
        label = self.frame[ALTERNATIVE.name]
        rows = (label != self.outside) if alternative is None else (label == alternative)
        old = self.frame[rows]
        new = {name: value(old[name]) if callable(value) else value for name, value in attributes.items()}
        raise_all(self._other_kinds(new, old), ChoiceError, HEADING)
        frame = self.frame.copy()
        for name, value in new.items():
            frame[name] = frame[name].astype(float if is_number(self.frame[name]) else object)
            frame.loc[rows, name] = as_held(self.frame[name], value)
        what = ", ".join(attributes)
        return replace(self, frame=frame, label=f"{self.label}, {what} of {alternative or 'everything'} changed")

    def without(self, alternatives: str | Iterable[str]) -> Scenario:
        """Return the scenario without some alternatives; situations in which nothing is left go as well.

        Raises
        ------
        ChoiceError
            If there is no such alternative, or nothing is left.
        """
        is_one = isinstance(alternatives, str) or not isinstance(alternatives, Iterable)
        gone: list[Any] = [alternatives] if is_one else list(alternatives)
        problems = self._unknown(gone)
        kept = self.frame[~self.frame[ALTERNATIVE.name].isin(gone)]
        problems += ["nothing is left to choose from"] * (len(kept) == 0)
        raise_all(problems, ChoiceError, HEADING)
        outside = None if self.outside in gone else self.outside
        return Scenario(_tidied(kept), outside, f"{self.label}, without {', '.join(gone)}")

    def adding(self, /, alternative: str, like: str | None = None, **attributes: Any) -> Scenario:
        """Return the scenario with one more alternative in every situation.

        Parameters
        ----------
        alternative
            Its name. Constants and coefficients of single alternatives do not know it: it has none of them.
        like
            An alternative whose attributes it takes over, where that one is available, except those given here.
        attributes
            Its attributes; what describes person or situation is taken from the situation.

        Raises
        ------
        ChoiceError
            If the name is taken, or attributes are missing, unknown, or of another kind than their columns.
        """
        problems = [f"alternative {alternative!r} is there already"] * (alternative in self.alternatives)
        problems += [f"the alternative needs a name, not {alternative!r}"] * (not is_name(alternative))
        problems += self._unknown([] if like is None else [like], attributes)
        problems += self._of_nothing(like, "name another alternative, or give all attributes")
        missing = [name for name in self.attributes if name not in attributes and self._differs(name)]
        problems += [f"attributes {missing} of {alternative!r} are not given"] * bool(missing and like is None)
        rows = self.frame[self.frame[ALTERNATIVE.name] == like] if like else self.frame.iloc[self.first_row[:-1]]
        known = {name: value for name, value in attributes.items() if name in self.frame}
        raise_all(problems + self._other_kinds(known, rows), ChoiceError, HEADING)
        held = {name: as_held(self.frame[name], value) for name, value in attributes.items()}
        new = rows.assign(**held).assign(**{ALTERNATIVE.name: alternative})
        frame = pd.concat([self.frame.astype({ALTERNATIVE.name: str}), new.astype({ALTERNATIVE.name: str})])
        return replace(self, frame=_tidied(frame), label=f"{self.label}, with {alternative}")

    def _other_kinds(self, values: Mapping[str, Any], rows: pd.DataFrame) -> list[str]:
        """Say which values are of another kind than their columns, or not as many as these rows."""
        return [
            problem
            for name, value in values.items()
            for problem in new_value_problems(name, self.frame[name], value, rows[name])
        ]

    def _differs(self, name: str) -> bool:
        """Return whether a column differs between the alternatives of some situation."""
        codes, _ = pd.factorize(self.frame[name])
        return bool(np.any(codes != np.repeat(codes[self.first_row[:-1]], np.diff(self.first_row))))

    def _of_nothing(self, alternative: str | None, advice: str) -> list[str]:
        """Say that the outside option has no attributes, if that is the alternative."""
        is_nothing = alternative is not None and alternative == self.outside
        return [
            f"{alternative!r} is the outside option, whose utility is zero whatever is changed: {advice}"
        ] * is_nothing

    def _unknown(self, alternatives: Iterable[str], attributes: Iterable[str] = ()) -> list[str]:
        """Say which alternatives and attributes there are not."""
        strangers = [label for label in alternatives if label not in self.alternatives]
        absent = [name for name in attributes if name not in self.attributes]
        problems = [f"alternative {label!r} is not offered; there are {self.alternatives}" for label in strangers]
        return problems + [f"there is no attribute {name!r}; there are {self.attributes}" for name in absent]


def scenario(choices: ChoiceTable, products: pd.DataFrame | None = None) -> Scenario:
    """Return what people were offered, or what they would be offered in a market.

    Parameters
    ----------
    choices
        The choices; they say who the people are.
    products
        One row per product, with ``alternative`` and the attributes that the model's terms read (a model names those
        that it misses): everybody then is in this one situation. If left out, the situations are those of the data;
        of ranks and best-worst tasks, those in which all was offered. The outside option of the data is added if it
        is not listed. People count by their weights, where each has the same in all situations.

    Raises
    ------
    ChoiceError
        If the products lack names, or have values of another kind than the data.
    """
    if not isinstance(choices, ChoiceTable):
        problem = f"choices must be a table of choices, as est.read_choices makes it, not a {type(choices).__name__}"
        raise ChoiceError(HEADING, [problem])
    data = every_situation(choices)
    frame = data.frame
    if products is None:
        return data if STAGE.name not in frame else _of_all_that_was_offered(data)
    listed = listed_products(products, choices)
    people = frame.iloc[choices.first_row[choices.first_situation[:-1]]][[SUBJECT.name, *choices.covariates]]
    everybody = people.assign(**{SITUATION.name: people[SUBJECT.name]}).assign(
        **{WEIGHT.name: weight_of_people(choices)}
    )
    known = [name for name in choices.covariates if name in listed]
    crossed = everybody.drop(columns=known).merge(listed, how="cross")
    return Scenario(_tidied(crossed), choices.outside, f"a market of {len(products)} products")


def attribute_problems(fit: ChoiceFit, offered: Scenario, name: str) -> list[str]:
    """Say why nothing follows from changes of a column: it is not there, holds labels, or no model reads it."""
    if not isinstance(name, str) or name not in offered.attributes:
        return [f"there is no attribute {name!r}; there are {offered.attributes}"]
    if not is_number(offered.frame[name]):
        return [f"{name!r} holds labels, which do not grow; compare scenarios by est.share_table"]
    read = sorted(fit.model.columns_read(fit.table))
    return [] if name in read else [f"the {fit.model.name} does not read {name!r}; it reads {read}"]


def every_situation(choices: ChoiceTable) -> Scenario:
    """Return the situations of the data, those included in which people chose the worst, or of what was left."""
    frame = choices.rows.drop(columns=[CHOSEN.name])
    if WEIGHT.name not in frame:
        frame = frame.assign(**{WEIGHT.name: 1.0})
    return Scenario(frame, choices.outside, "the situations of the data")


def _of_all_that_was_offered(data: Scenario) -> Scenario:
    first = data.frame[STAGE.name] == 1
    return replace(data, frame=_tidied(data.frame[first].drop(columns=[STAGE.name])))


def _tidied(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows situation after situation, with labels as categories that occur."""
    order = np.argsort(frame[SITUATION.name].cat.codes, kind="stable")
    tidy = frame.iloc[order].reset_index(drop=True)
    for name in (SUBJECT.name, SITUATION.name):
        tidy[name] = tidy[name].astype("category").cat.remove_unused_categories()
    labels = tidy[ALTERNATIVE.name].astype(str)
    return tidy.assign(**{ALTERNATIVE.name: pd.Categorical(labels, sorted_labels(labels.unique()))})
