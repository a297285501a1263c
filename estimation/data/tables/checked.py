"""What every table has that has been checked: where it comes from, its label, its fingerprint, and its people."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

import pandas as pd

from estimation.arrays import Mask, Spec
from estimation.data.cells.notices import look_alikes
from estimation.data.cells.rows import list_some
from estimation.data.tables.source import Source
from estimation.errors import DataError, raise_all
from estimation.names import SUBJECT


@dataclass(frozen=True, eq=False, repr=False)
class CheckedTable(ABC):
    """Rows that meet a schema; never changed, only selected from. Tables that say the same are equal.

    Parameters
    ----------
    name
        The name of the data set.
    source
        Where the data come from, and what to know about them.
    synthetic
        Whether a simulation made the data. If so, `label` says it wherever the table is named.
    fingerprint
        sha256 of all that the table says.
    selection
        What was selected from the data set, in the order of selection; empty for all of it.
    """

    name: str
    source: Source
    synthetic: bool
    fingerprint: str
    selection: tuple[str, ...]
    _frame: pd.DataFrame

    kind: ClassVar[str] = "table"

    @property
    def frame(self) -> pd.DataFrame:
        """A copy of the rows: change it freely, the table stays as it is."""
        return self._frame.copy()

    @property
    def label(self) -> str:
        """Name, selection, and SYNTHETIC where a simulation made the data: for tables and figures."""
        selected = f" [{', '.join(self.selection)}]" if self.selection else ""
        return self.name + selected + (" (SYNTHETIC)" if self.synthetic else "")

    @property
    def subjects(self) -> list[str]:
        """Everybody who decides, sorted."""
        return sorted(self._frame[SUBJECT.name].unique())

    @property
    def knows_people(self) -> bool:
        """Whether it is known who decides."""
        return bool(self.subjects)

    @property
    def caveats(self) -> tuple[str, ...]:
        """What to know before trusting a result: about the source, and what looks odd in these rows."""
        return tuple(dict.fromkeys([*self.source.caveats, *self._notices()]))

    def spec(self) -> Spec:
        """Return what a manifest says about the table, as plain data."""
        return {
            "name": self.name,
            "selection": list(self.selection),
            "source": self.source.title,
            **({"origin": self.source.told} if self.source.told else {}),
            "caveats": list(self.caveats),
            "synthetic": self.synthetic,
            "fingerprint": self.fingerprint,
        }

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, type(self)):
            return NotImplemented
        return (self.label, self.fingerprint) == (other.label, other.fingerprint)

    def __hash__(self) -> int:
        return hash((self.label, self.fingerprint))

    def __repr__(self) -> str:
        facts = self._facts()
        width = max(map(len, facts))
        return "\n".join(f"{name:<{width}}  {value}" for name, value in facts.items())

    def _repr_html_(self) -> str:
        facts = self._facts().items()
        rows = [f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in facts]
        return "<table>" + "".join(rows) + "</table>"

    def _facts(self) -> dict[str, str]:
        warning = {"SYNTHETIC": "made by a simulation, not by people"} if self.synthetic else {}
        origin = self.source.citation or self.source.title
        about = {self.kind: self.label, **warning, **self._contents()}
        return about | {"source": origin, "fingerprint": self.fingerprint[:16]}

    def _contents(self) -> dict[str, str]:
        """Return what is in the table, in a few named facts."""
        return {"people": f"{len(self.subjects):,}"}

    def _notices(self) -> list[str]:
        """Return what looks odd: labels of people that look alike."""
        return look_alikes(SUBJECT.name, self.subjects)

    def _noted(self, note: str) -> dict[str, Any]:
        """Return where a table comes from that holds some of these rows; the note says which."""
        about = {"name": self.name, "source": self.source, "synthetic": self.synthetic}
        return about | {"selection": (*self.selection, note)}

    def _rows_of(self, subjects: str | Iterable[object], did: str) -> tuple[Mask, str]:
        """Return which rows are of some people, and a note of how many; `did` says what people do who are not there.

        Raises
        ------
        DataError
            If somebody is not in the table, or nobody is named.
        """
        is_one = isinstance(subjects, str) or not isinstance(subjects, Iterable)
        wanted = {str(subject) for subject in ([subjects] if is_one else subjects)}
        unknown = [repr(name) for name in sorted(wanted - set(self.subjects))]
        problems = [f"subject {list_some(unknown, 'subjects')} {did}"] if unknown else []
        problems += [] if wanted else ["no subject is named"]
        raise_all(problems, DataError, f"Cannot select from {self.label}:")
        note = f"{len(wanted)} of {len(self.subjects)} people"
        return self._frame[SUBJECT.name].isin(wanted).to_numpy(), note


def origin_of(source: Source | None, name: str, synthetic: bool) -> dict[str, Any]:
    """Return the name, the source, which is the name if none is known, and whether either says SYNTHETIC.

    Raises
    ------
    DataError
        If the name is no text, or the source no `Source`.
    """
    problems = [f"name must be a text, not {name!r}"] * (not isinstance(name, str))
    if not isinstance(source, Source | None):
        problems.append(
            f"source must say where the data come from, as est.Source(title={str(source)!r}), not {source!r}"
        )
    raise_all(problems, DataError, "The table cannot be made:")
    origin = Source(title=name, synthetic=synthetic) if source is None else source
    return {"name": name, "source": origin, "synthetic": synthetic or origin.synthetic}
