"""What software a file comes from, told from how it begins; and what to write so that it can be read."""

from __future__ import annotations

from pathlib import Path

from estimation.data.exports import otree_layout
from estimation.data.exports.jspsych import looks_like_json, looks_like_jspsych
from estimation.data.exports.otree_layout import apps_in, looks_like_otree
from estimation.data.exports.row_layout import EXAMPLES, JSPSYCH, ZTREE
from estimation.data.exports.ztree import looks_like_ztree
from estimation.data.files.csv_file import read_frame
from estimation.data.files.workbook import is_workbook
from estimation.errors import DataError
from estimation.reading import read_text

OTREE = "otree"
CALLED = {OTREE: "an oTree export", ZTREE: "a table file of z-Tree", JSPSYCH: "a file of trials as jsPsych keeps them"}


def kind_of(path: Path) -> str | None:
    """Return ``"otree"``, ``"ztree"``, ``"jspsych"``, or None for a table that may have come from anywhere."""
    text = "" if is_workbook(path) else read_text(path, DataError, f"{path} cannot be read as a table:")
    if looks_like_ztree(text):
        return ZTREE
    if looks_like_json(text):
        return JSPSYCH
    columns = read_frame(path, as_text=True).columns
    if looks_like_otree(columns):
        return OTREE
    return JSPSYCH if looks_like_jspsych(columns) else None


def advice(path: Path, kind: str) -> str:
    """Return what to write into the file of games so that a file can be read."""
    example = EXAMPLES.get(kind, "")
    if kind == OTREE:
        apps = apps_in(read_frame(path, as_text=True).columns)
        example = otree_layout.EXAMPLE.format(app=next(iter(apps), "my_app"))
    return (
        f"this is {CALLED[kind]}; say in the file of games where it holds what, for example as below; "
        f"`estimation layout {path.name}` proposes it:\n{example}"
    )
