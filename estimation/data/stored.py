"""Tables in the file of a fit: their rows as a dataset, and what the manifest says about them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from estimation.arrays import Spec
from estimation.data.choices.partitions.partitions import ChoicePartitions
from estimation.data.choices.table import ChoiceTable
from estimation.data.partitions.partitions import Partitions
from estimation.data.tables.plays import PlayTable
from estimation.data.tables.source import Source
from estimation.data.tables.table import Table
from estimation.games import from_spec
from estimation.games.normal_form import NormalForm

AnyTable = Table | Partitions | PlayTable | ChoiceTable | ChoicePartitions


def to_dataset(table: AnyTable) -> xr.Dataset:
    """Return the rows of a table: those of choices as arrays, for they may be many; others as text, as they are.

    Those of people in partitions stay where they are; of choices there, the example goes with them.
    """
    if isinstance(table, ChoicePartitions):
        return _coded(table.example.frame)
    if isinstance(table, Partitions):
        return xr.Dataset()
    if isinstance(table, ChoiceTable):
        return _coded(table.frame)
    return xr.Dataset(attrs={"rows": _as_text(table.frame)})


def from_dataset(stored: xr.Dataset, about: Spec) -> AnyTable:
    """Return the table that was stored; `about` is what `data_spec` said of it."""
    if "partitions" in about:
        return Partitions.from_spec(about)
    marks: Any = {"synthetic": about["synthetic"], "caveats": tuple(about.get("caveats", ()))}
    origin = Source(title=about["source"], **marks, **about.get("origin", {}))
    told: Any = {"name": about["name"], "synthetic": about["synthetic"], "source": origin}
    if "choice_partitions" in about:
        told["name"], outside = f"{about['name']}, some choices", about["reading"]["outside"]
        return ChoicePartitions.from_spec(about, ChoiceTable.from_frame(_decoded(stored), outside=outside, **told))
    if "rows" not in stored.attrs:
        return ChoiceTable.from_frame(_decoded(stored), outside=about["outside"], selection=about["selection"], **told)
    frame, games = _from_text(stored.attrs["rows"]), about["games"]
    if all(spec["family"] == "normal-form" for spec in games.values()):
        return PlayTable.from_frame(frame, {name: NormalForm.from_spec(spec) for name, spec in games.items()}, **told)
    played = {name: from_spec(spec) for name, spec in games.items()}
    return Table.from_frame(frame, played, selection=about["selection"], **told)


def _coded(frame: pd.DataFrame) -> xr.Dataset:
    """Return columns as arrays, labels as codes into lists of labels."""
    variables: dict[str, Any] = {}
    for place, name in enumerate(frame.columns):
        values, key = frame[name], f"column{place}"
        if isinstance(values.dtype, pd.CategoricalDtype):
            labels = np.array(values.cat.categories, dtype=object).astype(str)
            variables[f"labels{place}"] = ((f"label{place}",), labels)
            values = values.cat.codes
        variables[key] = (("row",), values.to_numpy(), {"column": str(name)})
    return xr.Dataset(variables)


def _decoded(stored: xr.Dataset) -> pd.DataFrame:
    columns = {}
    for key, values in stored.data_vars.items():
        place = str(key).removeprefix("column")
        if place == key:
            continue
        content: Any = values.to_numpy()
        if f"labels{place}" in stored:
            labels = [str(label) for label in stored[f"labels{place}"].to_numpy()]
            content = pd.Categorical.from_codes(content, pd.Index(labels, dtype="str"))
        is_flag = values.attrs["column"] == "chosen"
        columns[values.attrs["column"]] = content.astype(bool) if is_flag else content
    return pd.DataFrame(columns)


def _as_text(frame: pd.DataFrame) -> str:
    """Write a frame as JSON, column by column with its type; Python writes every float so that it reads back."""
    columns = {
        name: {"type": str(frame[name].dtype), "values": frame[name].tolist()} | _categories(frame[name])
        for name in frame.columns
    }
    return json.dumps(columns, default=lambda value: None if pd.isna(value) else str(value))


def _categories(values: pd.Series) -> Spec:
    """Return the categories of a column in their order, with the first of which formulas compare the others."""
    if not isinstance(values.dtype, pd.CategoricalDtype):
        return {}
    return {"categories": values.cat.categories.tolist(), "ordered": bool(values.cat.ordered)}


def _from_text(text: str) -> pd.DataFrame:
    return pd.DataFrame({name: _column(part) for name, part in json.loads(text).items()})


def _column(part: Spec) -> pd.Series:
    """Return a column; of the categories of older files, which do not say, in the order that sorting gives."""
    if "categories" in part:
        return pd.Series(pd.Categorical(part["values"], categories=part["categories"], ordered=part["ordered"]))
    return pd.Series(part["values"], dtype=part["type"])
