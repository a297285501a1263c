"""Where a file of choices holds what: the ``[choices]`` part of a layout, or the same said by options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import pandas as pd

from estimation.data.cells.rows import column_problems
from estimation.data.choices.best_worst import read_best_worst
from estimation.data.choices.codes import code_text
from estimation.data.choices.long import HEADING, read_choices
from estimation.data.choices.offered import chosen_or_whole
from estimation.data.choices.pattern import check_attributes, fields_of, filled, found_columns, with_names
from estimation.data.choices.ranks import read_ranks
from estimation.data.choices.survey import choices_from_survey
from estimation.data.choices.table import ChoiceTable
from estimation.data.choices.wide import choices_from_wide
from estimation.data.files.csv_file import named_frame
from estimation.data.tables.specs import read_toml
from estimation.errors import DataError, did_you_mean, raise_all
from estimation.listed import listed
from estimation.names import ALTERNATIVE, SITUATION
from estimation.text.shown import Shown

PART = "choices"
MAPPINGS, LISTS = ("alternatives", "attributes"), ("covariates", "offered")
LONG, WIDE, SURVEY = "long form", "wide form", "surveys, whose rows are people"
BEST_WORST, RANKS = "best-worst tasks", "rankings"
NOT_FOR = {
    LONG: ("alternatives", "available", "names"),
    WIDE: ("alternative", "names"),
    SURVEY: ("alternative", "situation", "weight", "available"),
    BEST_WORST: ("wide", "chosen", "alternatives", "available", "names", "rank"),
    RANKS: ("wide", "chosen", "alternatives", "available", "names"),
}
"""Form of a file → the keys of a layout that say nothing about it."""


@dataclass(frozen=True)
class ChoiceLayout(Shown):
    """Which columns of a file of choices hold what, whatever its form.

    Parameters
    ----------
    wide
        How columns are named where alternatives stand side by side: ``"{attribute}.{alternative}"`` if every row is a
        choice, and with ``{task}`` if every row is a person, as in the export of a survey. Left out, every row is an
        alternative.
    chosen
        The column that says what was taken: in long form 1 or 0 (``chosen``), in wide form the alternative
        (``choice``), in a survey one column per task (``Q{task}``).
    situation, alternative, subject, weight
        The other columns, as for `read_choices`.
    outside
        The alternative that means "none of these".
    alternatives
        In wide forms, what stands in the column of choices → the alternative as the names of columns have it.
    attributes
        What stands for an attribute in the names of columns → what to call it. In long form, the columns to keep.
    covariates
        In wide forms, columns that describe the person or the choice.
    available
        In wide form, how the columns are named that say whether an alternative was available.
    names
        In a survey, how the columns are named that hold the names of attributes.
    best, worst, offered
        In best-worst tasks, as for `read_best_worst`: the columns that say what is best (``best``) and what is worst
        (``worst``), and if every row is a task those that hold what was offered.
    rank
        In rankings, the column of ranks, as for `read_ranks`.
    """

    wide: str | None = None
    chosen: str | None = None
    situation: str | None = None
    alternative: str | None = None
    subject: str | None = None
    weight: str | None = None
    outside: str | None = None
    alternatives: Mapping[str, str] = field(default_factory=dict, hash=False)
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)
    covariates: tuple[str, ...] = ()
    available: str | None = None
    names: str | None = None
    best: str | None = None
    worst: str | None = None
    offered: tuple[str, ...] = ()
    rank: str | None = None

    def __post_init__(self) -> None:
        for name in MAPPINGS:
            object.__setattr__(self, name, _mapping(getattr(self, name)))
        for name in LISTS:
            object.__setattr__(self, name, listed(getattr(self, name)))

    @classmethod
    def read(cls, path: str | Path, **further: Any) -> ChoiceLayout:
        """Return the layout that the ``[choices]`` table of a TOML file describes, with what `further` adds.

        Raises
        ------
        DataError
            If the file cannot be read, or listing every key that is unknown or of the wrong type, or said twice.
        """
        heading = f"{path} does not say where the file holds what:"
        given = read_toml(path, DataError, heading).get(PART)
        if not isinstance(given, dict):
            raise DataError(heading, [f"it has no table [{PART}], with keys such as wide, chosen and subject"])
        added = {name: value for name, value in further.items() if value}
        problems = [problem for name, value in given.items() for problem in _faults(name, value)]
        problems += [f"{name} stands in the layout already; say it once" for name in added if name in given]
        raise_all(problems, DataError, heading)
        plain = {name: _plain(value) for name, value in given.items()}
        plain |= {name: tuple(plain.get(name, ())) for name in LISTS}
        return cls(**plain | added)

    def table(
        self, data: str | Path | pd.DataFrame, *, name: str | None = None, synthetic: bool = False
    ) -> ChoiceTable:
        """Return the choices of a file, or of a frame, that has this layout, checked.

        Raises
        ------
        DataError
            If the layout contradicts itself, or listing everything that is wrong with the table.
        """
        raise_all(self._problems(), DataError, "The layout is not clear:")
        about: dict[str, Any] = {"outside": self.outside, "name": name, "synthetic": synthetic}
        if self._form == SURVEY:
            codes: dict[str, Any] = {"alternatives": self.alternatives, "attributes": self.attributes}
            who: dict[str, Any] = {"subject": self.subject, "covariates": self.covariates, "names": self.names}
            how: dict[str, Any] = {"columns": self.wide, "choice": self.chosen or "Q{task}"}
            return choices_from_survey(data, **how, **codes, **who, **about)
        ends = (self.best, self.worst, *self.offered) if self.offered else ()
        where = (self.situation or SITUATION.name, self.alternative or ALTERNATIVE.name)
        labels = (self.subject, *where, *ends, self.wide and (self.chosen or "choice"))
        frame, about["name"] = named_frame(data, name, "choices", labels)
        raise_all(column_problems(frame, (), "row", HEADING), DataError, HEADING)
        if self._form in (BEST_WORST, RANKS):
            return self._exploded(frame, about)
        return self._long(frame, about) if self.wide is None else self._wide(frame, self.wide, about)

    def _problems(self) -> list[str]:
        """Say which keys do not belong to the form of the file."""
        strange = [name for name in NOT_FOR[self._form] if getattr(self, name)]
        return [f"{name}= is not for {self._form}; leave it out" for name in strange]

    @property
    def _form(self) -> str:
        """The form of the file: a key of `NOT_FOR`."""
        if self.best or self.worst or self.offered:
            return BEST_WORST
        if self.rank:
            return RANKS
        return LONG if self.wide is None else SURVEY if "task" in fields_of(self.wide) else WIDE

    def _exploded(self, frame: pd.DataFrame, about: dict[str, Any]) -> ChoiceTable:
        """Return rankings or best-worst tasks as choices of the best of what is left."""
        roles = {"situation": self.situation, "alternative": self.alternative, "subject": self.subject}
        roles |= {"weight": self.weight, "best": self.best, "worst": self.worst, "rank": self.rank}
        named: dict[str, Any] = {role: column for role, column in roles.items() if column is not None}
        named["attributes"] = [*self.attributes.values(), *self.covariates]
        frame = with_names(frame, self.attributes)
        if self._form == RANKS:
            return read_ranks(frame, **named, **about)
        return read_best_worst(frame, **named, offered=self.offered or None, **about)

    def _long(self, frame: pd.DataFrame, about: dict[str, Any]) -> ChoiceTable:
        """Return choices with one row per alternative."""
        roles = {"situation": self.situation, "alternative": self.alternative, "chosen": self.chosen}
        named: dict[str, Any] = {role: column for role, column in roles.items() if column is not None}
        kept = [*self.attributes.values(), *self.covariates] or None
        frame = with_names(frame, self.attributes)
        return read_choices(frame, **named, subject=self.subject, weight=self.weight, attributes=kept, **about)

    def _wide(self, frame: pd.DataFrame, pattern: str, about: dict[str, Any]) -> ChoiceTable:
        """Return choices with one row each; alternatives and attributes are those of the names of columns."""
        choice = self.chosen or "choice"
        known = {"alternative": self.alternatives.values(), "attribute": self.attributes}
        there = [str(column) for column in frame.columns]
        found = found_columns(pattern, there, {name: list(words) for name, words in known.items() if words})
        check_attributes(self.attributes, found, pattern)
        labels = list(dict.fromkeys(place["alternative"] for place in found.values()))
        if not self.alternatives:
            labels = chosen_or_whole(frame, choice, labels, found)
        named = {
            column: place | {"attribute": self.attributes.get(place["attribute"], place["attribute"])}
            for column, place in found.items()
            if self.alternatives or place["alternative"] in labels
        }
        return choices_from_wide(
            frame.rename(columns={column: filled(pattern, **place) for column, place in named.items()}),
            alternatives=self.alternatives or labels,
            attributes=list(dict.fromkeys(place["attribute"] for place in named.values())),
            columns=pattern,
            choice=choice,
            available=self.available,
            subject=self.subject,
            situation=self.situation,
            weight=self.weight,
            covariates=self.covariates,
            **about,
        )


def _faults(name: str, value: object) -> list[str]:
    """Say what is wrong with one key of a layout."""
    known = {option.name: str(option.type) for option in fields(ChoiceLayout)}
    if name not in known:
        return [f"key {name!r} of [{PART}] is unknown; keys: {list(known)}{did_you_mean(name, known)}"]
    if name in MAPPINGS:
        fine = isinstance(value, (dict, list)) and all(isinstance(word, str) for word in _plain(value).values())
        return [] if fine else [f"{name} must be a list of names, or a table of code = name, not {value!r}"]
    if name in LISTS and not (isinstance(value, list) and all(isinstance(word, str) for word in value)):
        return [f"{name} must be a list of columns, not {value!r}"]
    return [] if name in LISTS or isinstance(value, str) else [f"{name} must be a text, not {value!r}"]


def _plain(value: Any) -> Any:
    """Return a list of names as names that stand for themselves; covariates are told from them by their key."""
    if isinstance(value, list):
        return {str(word): word for word in value}
    return {str(code): word for code, word in value.items()} if isinstance(value, dict) else value


def _mapping(names: Any) -> dict[str, Any]:
    """Return code → name; names that are listed, or one name, stand for themselves."""
    pairs = names.items() if isinstance(names, Mapping) else zip(listed(names), listed(names), strict=True)
    return {code_text(code): name for code, name in pairs}
