"""A table of choices that has been checked: frozen, sorted, and known by its fingerprint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimation.arrays import Indices, Mask, Spec
from estimation.data.cells.notices import alike_labels
from estimation.data.choices.codes import code_text
from estimation.data.choices.columns import codes_or_numbers
from estimation.data.choices.schema import STANDARD, validate
from estimation.data.choices.stages import later_choices
from estimation.data.tables.checked import CheckedTable, origin_of
from estimation.data.tables.fingerprint import fingerprint_of_choices
from estimation.data.tables.source import Source
from estimation.errors import DataError, raise_all
from estimation.listed import listed
from estimation.names import ALTERNATIVE, CHOSEN, SITUATION, SUBJECT, WEIGHT


@dataclass(frozen=True, eq=False, repr=False)
class ChoiceTable(CheckedTable):
    """Choices among alternatives, made by `ChoiceTable.from_frame`; never changed, only selected from.

    Parameters
    ----------
    name, source, synthetic, selection
        What the data set is called, where it comes from, whether a simulation made it (`label` then says so), and what
        was selected from it, in order.
    fingerprint
        sha256 of choices, attributes, covariates and the outside option. Fits are compared only if it agrees.
    outside
        The alternative that means "none of these", with utility zero; None where people had to take something.
    """

    outside: str | None

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        *,
        outside: str | None = None,
        counts: bool = True,
        name: str = "choices",
        source: Source | None = None,
        synthetic: bool = False,
        selection: Iterable[str] = (),
    ) -> ChoiceTable:
        """Check a frame with the standard columns and return it as a table.

        Parameters
        ----------
        frame
            One row per available alternative, with the columns of `schema.validate`. It is copied.
        outside
            The alternative that means "none of these".
        counts
            Whether weights are taken as they are; otherwise they are divided by their mean over situations.
        name, source, synthetic, selection
            What to call the table, where it comes from, whether a simulation made it, and what had been selected.

        Raises
        ------
        DataError
            Listing everything that is wrong with the frame.
        """
        checked = validate(frame, outside, counts=counts)
        about = origin_of(source, name, synthetic) | {"selection": listed(selection)}
        return cls(fingerprint=fingerprint_of_choices(checked, outside), outside=outside, _frame=checked, **about)

    @property
    def rows(self) -> pd.DataFrame:
        """The rows themselves, for reading only: large tables are not copied."""
        return self._frame

    @cached_property
    def subjects(self) -> list[str]:
        """Everybody who chooses, in order."""
        return list(self._frame[SUBJECT.name].cat.categories)

    @cached_property
    def situations(self) -> list[str]:
        """Every choice that was made, in the order of the rows."""
        codes = self._frame[SITUATION.name].cat.codes.to_numpy()
        return list(self._frame[SITUATION.name].cat.categories[codes[self.first_row[:-1]]])

    @cached_property
    def alternatives(self) -> list[str]:
        """Whatever was available somewhere, in order."""
        return list(self._frame[ALTERNATIVE.name].cat.categories)

    @property
    def attributes(self) -> list[str]:
        """Columns that say something about alternatives, situations or people."""
        return [str(name) for name in self._frame.columns if name not in STANDARD]

    @cached_property
    def covariates(self) -> list[str]:
        """The attributes that are constant within every person: they describe people."""
        first = self.first_row[self.first_situation[:-1]]
        rows = np.diff(np.append(first, len(self._frame)))
        return [
            name
            for name in self.attributes
            for values in [codes_or_numbers(self._frame[name])]
            if np.array_equal(values, np.repeat(values[first], rows), equal_nan=True)
        ]

    @cached_property
    def first_row(self) -> Indices:
        """Situation t has the rows from ``first_row[t]`` up to ``first_row[t + 1]``, (situation + 1,)."""
        return _starts(self._frame[SITUATION.name].cat.codes.to_numpy())

    @cached_property
    def first_situation(self) -> Indices:
        """Person n has the situations from ``first_situation[n]`` up to ``first_situation[n + 1]``, (person + 1,)."""
        return _starts(self._frame[SUBJECT.name].cat.codes.to_numpy()[self.first_row[:-1]])

    @property
    def effective_situations(self) -> float:
        """As many situations of equal weight tell as much: (Σw)² / Σw² (Kish 1965, Survey Sampling)."""
        if WEIGHT.name not in self._frame:
            return float(len(self))
        weight = self._frame[WEIGHT.name].to_numpy()[self.first_row[:-1]]
        return float(weight.sum() ** 2 / (weight**2).sum())

    @cached_property
    def gaps(self) -> dict[str, int]:
        """Attributes with empty cells, and in how many rows; those of the outside option do not count."""
        rows = self._frame[self.attributes]
        if self.outside is not None:
            rows = rows[(self._frame[ALTERNATIVE.name] != self.outside).to_numpy()]
        return {str(name): int(count) for name, count in rows.isna().sum().items() if count}

    @property
    def is_sample_weighted(self) -> bool:
        """Whether situations have the weights of a sample (1 on average), rather than numbers of choices or none."""
        differ = WEIGHT.name in self._frame and np.ptp(self._frame[WEIGHT.name]) > 0
        return bool(differ and abs(self._total_weight - len(self)) <= 1e-6 * len(self))

    @property
    def _total_weight(self) -> float:
        return float(self._frame[WEIGHT.name].to_numpy()[self.first_row[:-1]].sum())

    @property
    def weighting(self) -> str:
        """What weights do to the information, in words; empty if there are none."""
        if WEIGHT.name not in self._frame:
            return ""
        if not self.is_sample_weighted:
            return f"Situations count {self._total_weight:,.6g} times together"
        return f"Situations are weighted, and tell as much as {self.effective_situations:,.1f} of equal weight"

    def of(self, subjects: str | Iterable[object]) -> ChoiceTable:
        """Return the choices of some people.

        Raises
        ------
        DataError
            If somebody is not in the table, or nobody is named.
        """
        rows, note = self._rows_of(subjects, "made no choice")
        return self if rows.all() else self.where(rows, note)

    def where(self, rows: Mask | pd.Series[bool], note: str) -> ChoiceTable:
        """Return some rows as a table of its own, checked again: dropping rows can leave situations without a choice.

        Parameters
        ----------
        rows : (row,) bool
            What to keep, in the order of `frame`. Weights of a sample are divided by their new mean.
        note
            What was selected, in words; it stands in the label.

        Raises
        ------
        DataError
            If what is left is no table of choices.
        """
        kept = self._frame[np.asarray(rows, dtype=bool)]
        outside = self.outside if self.outside in set(kept[ALTERNATIVE.name]) else None
        return self.from_frame(kept, outside=outside, counts=not self.is_sample_weighted, **self._noted(note))

    def without(self, alternatives: str | Iterable[str]) -> ChoiceTable:
        """Return the choices among the other alternatives: rows of these go, and situations in which one was taken.

        Under the multinomial logit such a selection estimates the same weights (McFadden 1978).

        Raises
        ------
        DataError
            If an alternative is not in the table, or too little is left.
        """
        gone = [code_text(label) for label in listed(alternatives)]
        unknown = [label for label in gone if label not in self.alternatives]
        problems = [f"{unknown} are none of the alternatives {self.alternatives}"] * bool(unknown)
        raise_all(problems, DataError, f"Cannot select from {self.label}:")
        dropped = self._frame[ALTERNATIVE.name].isin(gone).to_numpy()
        taken = np.logical_or.reduceat(dropped & self._frame[CHOSEN.name].to_numpy(), self.first_row[:-1])
        lost = np.repeat(taken, np.diff(self.first_row))
        single = np.add.reduceat((~dropped).astype(np.int64), self.first_row[:-1]) < 2
        lost |= np.repeat(single, np.diff(self.first_row))
        return self.where(~dropped & ~lost, f"without {', '.join(gone)}")

    def with_caveat(self, caveat: str) -> ChoiceTable:
        """Return the table with one more thing to know about it."""
        return replace(self, source=replace(self.source, caveats=(*self.source.caveats, caveat)))

    def spec(self) -> Spec:
        """Return what a manifest says about the table, as plain data."""
        return super().spec() | {"outside": self.outside}

    def __len__(self) -> int:
        """Return the number of choices."""
        return len(self.first_row) - 1

    def _notices(self) -> list[str]:
        return super()._notices() + alike_labels(self._frame, (SUBJECT.name, SITUATION.name))

    def _contents(self) -> dict[str, str]:
        sizes = np.diff(self.first_row)
        offered = f"{sizes.min()}" if sizes.min() == sizes.max() else f"{sizes.min()} to {sizes.max()}"
        people, gaps = set(self.covariates), self.gaps
        return {
            **super()._contents(),
            "choices": f"{len(self):,} among {offered} alternatives{later_choices(self._frame, self.first_row)}",
            "alternatives": _first(self.alternatives, 6)
            + (f" (outside option: {self.outside})" if self.outside else ""),
            "attributes": _first([name for name in self.attributes if name not in people], 30) or "none",
            "covariates": _first(self.covariates, 30) or "none",
            **({"empty cells": ", ".join(f"{name} in {count:,} rows" for name, count in gaps.items())} if gaps else {}),
            **({"weights": self.weighting} if self.weighting else {}),
        }


def _first(names: list[str], shown: int) -> str:
    return ", ".join(names[:shown]) + (f" and {len(names) - shown} more" if len(names) > shown else "")


def _starts(codes: NDArray[Any]) -> Indices:
    """Return where each run of equal codes begins, and where the last one ends."""
    return np.concatenate([[0], np.flatnonzero(np.diff(codes)) + 1, [len(codes)]]).astype(np.int64)
