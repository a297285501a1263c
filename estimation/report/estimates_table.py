"""Estimates of several models side by side, standard errors in brackets beneath, as papers print them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from estimation.choice.maximum.mixed_mode import MixedMode
from estimation.choice.maximum.mode import Mode
from estimation.data.choices.partitions.partitions import ChoicePartitions
from estimation.errors import ReportError, raise_all
from estimation.inference.pooled.theory_mode import TheoryMode
from estimation.report.writers.latex import latex_row, tex
from estimation.saving import write_text_whole
from estimation.text.contrasts import in_words
from estimation.text.digits import ABSENT, EXACT, decimals, fixed, number
from estimation.text.page import as_html

AnyMode = TheoryMode | Mode | MixedMode
HEADING = "There is no table of estimates:"


@dataclass(frozen=True, eq=False, repr=False)
class EstimatesTable:
    """Estimates of several models side by side.

    Attributes
    ----------
    frame : DataFrame of text
        A column for each model. Two rows for each quantity, the second (without a name) its standard error in
        brackets; then what describes the fit.
    note
        What the brackets hold.
    """

    frame: pd.DataFrame
    note: str
    described: int  # rows at the end that describe the fit

    def __repr__(self) -> str:
        return f"{self.frame.to_string()}\n{self.note}"

    def _repr_html_(self) -> str:
        return as_html(self.note, self.frame)

    def to_latex(self, path: str | Path | None = None) -> str:
        """Return the table as a LaTeX ``tabular`` (packages booktabs and amssymb), and write it if a path is given.

        Raises
        ------
        ReportError
            If it cannot be written.
        """
        rows = [latex_row(map(tex, (str(name), *row))) + r" \\" for name, *row in self.frame.itertuples()]
        rows.insert(len(rows) - self.described, r"\midrule")
        columns = len(self.frame.columns)
        lines = [
            rf"\begin{{tabular}}{{l{'r' * columns}}}",
            r"\toprule",
            latex_row(["", *map(tex, map(str, self.frame.columns))]) + r" \\",
            r"\midrule",
            *rows,
            r"\bottomrule",
            rf"\multicolumn{{{columns + 1}}}{{l}}{{\footnotesize {tex(self.note)}}} \\",
            r"\end{tabular}",
        ]
        text = "\n".join(lines) + "\n"
        if path is not None:
            write_text_whole(path, text, ReportError, "The table of estimates was not written:")
        return text


def estimates_table(modes: Mapping[str, AnyMode]) -> EstimatesTable:
    """Return maximum-likelihood estimates of several models side by side.

    Parameters
    ----------
    modes
        Name → what `estimation.mode` returned: all of theories of messages, or all of models of choice.

    Raises
    ------
    ReportError
        If there is none, or something else.
    """
    how = f"give them by name, as in {{'trust': mode}}, not as a {type(modes).__name__}"
    raise_all([] if isinstance(modes, Mapping) else [how], ReportError, HEADING)
    raise_all([] if modes else ["there is none"], ReportError, HEADING)
    talk = isinstance(next(iter(modes.values())), TheoryMode)
    family = (TheoryMode,) if talk else (Mode, MixedMode)
    advice = f"give what est.mode returned of {'theories of messages' if talk else 'models of choice'}"
    strange = [
        f"{name!r} is a {type(one).__name__}; {advice}" for name, one in modes.items() if not isinstance(one, family)
    ]
    raise_all(strange, ReportError, HEADING)
    found = {name: _estimates(one) for name, one in modes.items()}
    described = {name: _described(one) for name, one in modes.items()}  # apart: a column may be called as they are
    rows: list[tuple[str, list[str]]] = []
    for quantity in dict.fromkeys(name for own in found.values() for name in own):
        shown = [own.get(quantity, ("", "")) for own in found.values()]
        rows += zip((quantity, ""), map(list, zip(*shown, strict=True)), strict=True)
    below = dict.fromkeys(name for own in described.values() for name in own)
    rows += [(name, [own.get(name, "") for own in described.values()]) for name in below]
    index, cells = zip(*rows, strict=True)
    told = {one.errors_in_words for one in modes.values()}
    made_up = any("SYNTHETIC" in table_of(one).label for one in modes.values())
    note = ("SYNTHETIC. " if made_up else "") + f"In brackets: standard errors, {' or '.join(sorted(told))}."
    return EstimatesTable(pd.DataFrame(cells, index=index, columns=list(modes)), note, len(below))


def table_of(mode: AnyMode) -> Any:
    """Return the data that a maximum is of."""
    return mode.problem.table if isinstance(mode, TheoryMode) else mode.table


def _words(mode: AnyMode) -> Mapping[str, str]:
    """Return what tables call those quantities whose names are the notation of formulas."""
    return mode.problem.design.words if isinstance(mode, TheoryMode) else mode.model.words(mode.table)


def _estimates(mode: AnyMode) -> dict[str, tuple[str, str]]:
    """Return estimates and, in brackets, their standard errors, by name: two digits of the error, for both."""
    found: dict[str, tuple[str, str]] = {}
    words = _words(mode)
    for name, row in ((in_words(str(quantity), words), row) for quantity, row in mode.summary.iterrows()):
        estimate, error = float(row["estimate"]), float(row["standard_error"])
        if not error > 0:
            found[name] = number(estimate), f"({ABSENT})"
            continue
        places = max(0, decimals(error, error * EXACT, significant=2))  # however small: where the column is in cents
        found[name] = fixed(estimate, places), f"({fixed(error, places)})"
    return found


def _described(mode: AnyMode) -> dict[str, str]:
    """Return what describes the fit."""
    found = {"log likelihood": fixed(mode.log_likelihood, 1)}
    if not isinstance(mode, TheoryMode):
        table = table_of(mode)
        situations = table if isinstance(table, ChoicePartitions) else table.situations  # of these none is held
        return found | {"situations": fixed(len(situations), 0)}
    table = table_of(mode)
    described = {"BIC": mode.bic, "numbers estimated": mode.numbers, "people": len(table.subjects)}
    found |= {name: fixed(value, 1 if name == "BIC" else 0) for name, value in described.items()}
    return found | {"decisions": fixed(len(table), 0)}
