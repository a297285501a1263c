"""What a file of games says about the data besides the games: their layout, which rows count, where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from estimation.data.cells.rows import show
from estimation.data.exports.layout import layout_from
from estimation.data.exports.otree_layout import OTreeLayout
from estimation.data.exports.row_layout import DEFAULTS, RowLayout
from estimation.data.files.game_files import is_payoff_table
from estimation.data.files.selection import Selection, selection_from
from estimation.data.tables.source import KINDS, Source
from estimation.data.tables.specs import read_toml
from estimation.errors import DataError, did_you_mean, raise_all

OTREE = "otree"
LAYOUTS = (OTREE, *DEFAULTS)
PARTS = ("conditions", *LAYOUTS, "filter", "source")
TOLD = ("title", "description", "citation", "doi", "url", "licence", "redistribution", "retrieved", "caveats")
"""What ``[source]`` may say of data of one's own: a part of what a data set of the package says."""


@dataclass(frozen=True)
class About:
    """What a file of games says about the data.

    Parameters
    ----------
    layout
        Which columns hold what; None for a plain table.
    selection
        Which rows count.
    source
        Where the data come from, as keys and values of `Source`; empty if it does not say.
    """

    layout: OTreeLayout | RowLayout | None
    selection: Selection
    source: Mapping[str, Any]

    def origin(self, title: str, synthetic: bool, caveats: tuple[str, ...] = ()) -> Source:
        """Return the source; what the file is called stands for a title that it does not give."""
        told = {"title": title} | dict(self.source)
        return Source(**told | {"synthetic": synthetic, "caveats": (*told.get("caveats", ()), *caveats)})


def read_about(path: str | Path) -> About:
    """Read what a file of games says about the data.

    Raises
    ------
    DataError
        If the file cannot be read, or listing every part and key that is unknown, missing or of the wrong type.
    """
    if is_payoff_table(path):
        return About(None, Selection(), {})
    heading = f"{path} does not say how the data are to be read:"
    told = read_toml(path, DataError, heading)
    problems = [
        f"[{key}] is unknown; parts: {list(PARTS)}{did_you_mean(key, PARTS)}" for key in told if key not in PARTS
    ]
    given = [name for name in LAYOUTS if name in told]
    if len(given) > 1:
        problems.append(f"[{given[0]}] and [{given[1]}] describe one file; keep the one that fits it")
    raise_all(problems, DataError, heading)
    layout: OTreeLayout | RowLayout | None = None
    if given == [OTREE]:
        layout = layout_from(OTreeLayout, OTREE, told[OTREE], heading, {})
    elif given:
        layout = layout_from(RowLayout, given[0], told[given[0]], heading, {**DEFAULTS[given[0]], "kind": given[0]})
    return About(layout, selection_from(told.get("filter", {}), heading), _source(told.get("source", {}), heading))


def _source(given: Any, heading: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise DataError(heading, [f"[source] must be a table, not {show(given)}"])
    problems = [
        f"key {key!r} of [source] is unknown; keys: {list(TOLD)}{did_you_mean(key, TOLD)}"
        for key in given
        if key not in TOLD
    ]
    problems += [
        f"{key} of [source] must be of type {KINDS[key].__name__}, not {show(value)}"
        for key, value in given.items()
        if key in TOLD and not isinstance(value, KINDS[key])
    ]
    raise_all(problems, DataError, heading)
    return given | {"caveats": tuple(map(str, given.get("caveats", ())))}
