"""What every study hands back: frames and facts in one frozen object that can be saved, read and drawn."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import pandas as pd

from estimation.errors import StudyError
from estimation.jobs.unit import plain
from estimation.saving import write_text_whole
from estimation.sealing import sealed_json
from estimation.text.page import as_html


class Frame:
    """One of the frames of a study, as an attribute of its name."""

    def __set_name__(self, owner: type[Study], name: str) -> None:
        self._name = name

    def __get__(self, study: Study, owner: type[Study]) -> pd.DataFrame:
        return study.frames[self._name]


@dataclass(frozen=True, eq=False, repr=False)
class Study:
    """The results of a study.

    Attributes
    ----------
    label
        What was studied, with SYNTHETIC where a simulation made the data.
    facts
        Settings, seed, versions and numbers about the study as a whole, as plain data.
    frames
        Its results by name.
    table
        The most important one of them.
    """

    label: str
    facts: Mapping[str, Any]
    frames: Mapping[str, pd.DataFrame]

    kind: ClassVar[str] = "study"
    table = Frame()

    @property
    def verdict(self) -> str:
        """The result in a sentence."""
        return self.label

    def save(self, path: str | Path) -> Path:
        """Write the study to a JSON file, which appears only when it is complete.

        Raises
        ------
        StudyError
            If the folder does not exist.
        """
        frames = {name: _as_plain(frame) for name, frame in self.frames.items()}
        content = {"study": self.kind, "label": self.label, "facts": plain(self.facts), "frames": frames}
        return write_text_whole(path, sealed_json(content, indent=1), StudyError, "The study cannot be saved:")

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Self:
        """Rebuild a study from what `save` wrote."""
        frames = {name: _as_frame(given) for name, given in content["frames"].items()}
        label, facts = content["label"], content["facts"]
        own = [name for name in dir(cls) if isinstance(inspect.getattr_static(cls, name), Frame)]
        missing = [name for name in own if name not in frames]
        if missing or not isinstance(label, str) or not isinstance(facts, dict):
            raise ValueError(f"it lacks a part that studies of this kind have, or has another one {missing or ''}")
        return cls(label, facts, frames)

    def __repr__(self) -> str:
        return f"{self.verdict}\n{self.table.round(3).to_string()}"

    def _repr_html_(self) -> str:
        return as_html(self.verdict, self.table.round(3))


def _as_plain(frame: pd.DataFrame) -> dict[str, Any]:
    index = [list(row) if isinstance(row, tuple) else row for row in frame.index.tolist()]
    columns = {str(name): frame[name].tolist() for name in frame.columns}
    names = {"names": list(frame.index.names), "of_columns": frame.columns.name}
    return dict(plain({**names, "index": index, "columns": columns}))


def _as_frame(given: Mapping[str, Any]) -> pd.DataFrame:
    names = given["names"]
    if len(names) > 1:
        index: Any = pd.MultiIndex.from_tuples([tuple(row) for row in given["index"]], names=names)
    else:
        index = pd.Index(given["index"], name=names[0])
    columns = {name: pd.Series(values, index=index) for name, values in given["columns"].items()}
    return pd.DataFrame(columns, index=index).rename_axis(columns=given["of_columns"])
