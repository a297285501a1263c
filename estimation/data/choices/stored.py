"""A table of choices as plain arrays with names, for the file of a fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from estimation.data.choices.table import ChoiceTable
from estimation.data.source import Source


def table_to_dataset(table: ChoiceTable) -> xr.Dataset:
    """Return the rows of a table, labels as codes into lists of labels."""
    variables: dict[str, Any] = {}
    frame = table.frame
    for place, name in enumerate(frame.columns):
        values, key = frame[name], f"column{place}"
        if isinstance(values.dtype, pd.CategoricalDtype):
            labels = np.array(values.cat.categories, dtype=object).astype(str)
            variables[f"labels{place}"] = ((f"label{place}",), labels)
            values = values.cat.codes
        variables[key] = (("row",), values.to_numpy(), {"column": str(name)})
    return xr.Dataset(variables)


def table_from_dataset(stored: xr.Dataset, about: Mapping[str, Any]) -> ChoiceTable:
    """Return the table that was stored; `about` is the manifest's part on the data."""
    columns = {}
    for key, values in stored.data_vars.items():
        place = str(key).removeprefix("column")
        if place == key:
            continue
        content: Any = values.to_numpy()
        if f"labels{place}" in stored:
            labels = [str(label) for label in stored[f"labels{place}"].to_numpy()]
            content = pd.Categorical.from_codes(content, pd.Index(labels, dtype="str"))
        columns[values.attrs["column"]] = (
            content.astype(bool) if values.attrs["column"] == "chosen" else content
        )
    return ChoiceTable.from_frame(
        pd.DataFrame(columns),
        outside=about["outside"],
        name=about["name"],
        source=Source(
            title=about["source"], synthetic=about["synthetic"], caveats=tuple(about.get("caveats", ()))
        ),
        synthetic=about["synthetic"],
        selection=about["selection"],
    )


def data_spec(table: ChoiceTable) -> dict[str, Any]:
    """Return what a manifest says about a table, as plain data."""
    return {
        "name": table.name,
        "selection": list(table.selection),
        "source": table.source.title,
        "caveats": list(table.source.caveats),
        "synthetic": table.synthetic,
        "outside": table.outside,
        "fingerprint": table.fingerprint,
    }
