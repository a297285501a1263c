"""Results whose tables and methods a paper takes over as LaTeX."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

WRITER = "estimation.report.fragments"
"""What writes them stands above all results, so it is found by its name when somebody asks."""


class InLatex:
    """Base of results that a paper prints."""

    def to_latex(self, what: str = "table", path: str | Path | None = None) -> str:
        r"""Return a part of a paper as LaTeX without a preamble, and write it to a file if a path is given.

        Parameters
        ----------
        what
            ``"table"``: the estimates, or the comparison. ``"methods"``: a paragraph on what was done, with its
            sources. Of fits and comparisons also ``"priors"``, in full, and ``"checks"``, the diagnosis.
        path
            Where to write, if anywhere; the file appears only when it is complete.

        Returns
        -------
        str
            Text for ``\input``. Its first lines, comments, name the packages that the paper has to load.

        Raises
        ------
        ReportError
            If there is no such part (those that there are are listed), or the file cannot be written.
        """
        writer: Any = import_module(WRITER)
        return str(writer.fragment(self, what, path))
