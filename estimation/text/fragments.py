"""Results whose tables and methods a paper takes over as LaTeX."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

WRITER = "estimation.report.fragments"
"""What writes them stands above all results, so it is found by its name when somebody asks."""


class InLatex:
    """Base of results that a paper prints."""

    def to_latex(
        self, what: str = "table", path: str | Path | None = None, *, caption: str = "", label: str = ""
    ) -> str:
        r"""Return a part of a paper as LaTeX without a preamble, and write it to a file if a path is given.

        Parameters
        ----------
        what
            ``"table"``: the estimates, or the comparison. ``"methods"``: a paragraph on what was done, with its
            sources. Of fits and comparisons also ``"priors"``, in full, and ``"checks"``, the diagnosis.
        path
            Where to write, if anywhere; the file appears only when it is complete.
        caption
            In the place of the caption of the (first) table. It says SYNTHETIC where a simulation made the data.
        label
            For ``\ref``, in the place of ``tab:estimates-level-k`` of a fit and ``tab:comparison`` of a comparison;
            priors and checks are called so instead of estimates. Further tables of a part count on: ``…-2``.

        Returns
        -------
        str
            Text for ``\input``. Its first lines, comments, name the packages that the paper has to load. A table that
            is wider than the lines of the paper is made smaller.

        Raises
        ------
        ReportError
            If there is no such part (those that there are are listed), methods are given a caption, the label is
            none of LaTeX, or the file cannot be written.
        """
        writer: Any = import_module(WRITER)
        return str(writer.fragment(self, what, path, caption, label))
