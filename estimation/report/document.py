"""Write a report: in the form that the suffix asks for, complete or not there at all."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from estimation.errors import ReportError, raise_all
from estimation.reading import no_path
from estimation.report.contents import document
from estimation.saving import destination_problems, make_folder, write_together

if TYPE_CHECKING:
    import pandas as pd

    from estimation.report.blocks import Document
    from estimation.report.contents import Study
    from estimation.report.writers.text import Written

WRITERS = {".html": "html", ".pdf": "pdf", ".tex": "latex", ".md": "markdown"}
"""Suffix → the writer of the form, which brings its libraries only when it writes."""
SUFFIXES = tuple(WRITERS)
NOT_IN_LATEX = "%#~{}\\"
"""Signs of names that are commands where LaTeX reads the address of a figure."""
NOT_WRITTEN = "The report cannot be written:"


def report(
    study: Study,
    path: str | Path,
    *,
    power: Any = None,
    price: str | None = None,
    removed: str | None = None,
    products: pd.DataFrame | None = None,
) -> Path:
    """Write a report of a fit, a comparison, or a frontier of menus.

    Whatever the form, it says the same: the question, the verdict or why there is none, data with source and caveats,
    models with the reasons for their priors, diagnosis, estimates, comparison, checks, people, what would change the
    verdict, provenance and what to cite. Numbers carry as many digits as their Monte-Carlo error allows.

    Parameters
    ----------
    study
        What ``fit`` or ``compare`` gave; several fits by name, which are compared; or what
        ``Assortment.frontier`` or ``UnderDraws.frontier`` gave.
    path
        Where to write. The suffix says in what form: ``.html`` (one file with everything inside), ``.pdf`` (accessible,
        no LaTeX needed), ``.tex`` or ``.md`` (with a folder of figures beside it). An existing file is replaced, once
        the new one is complete.
    power
        What this design could have shown, for comparisons: a study of power or model recovery, with a ``table`` (and a
        ``verdict``), or a data frame. It stands next to the comparison.
    price
        For choices, the coefficient of price: the report says what people would pay. ``"price"`` or ``"cost"`` if there
        is one of that name.
    removed
        For choices, the alternative whose withdrawal shows what is a close substitute; the one chosen most if left out.
    products
        For choices, a market as for ``scenario``: the report says who would buy what, and how shares move with prices.

    Returns
    -------
    Path
        Where the report is.

    Raises
    ------
    ReportError
        If the form is not supported, the folder does not exist, or there is nothing to report.
    """
    check_target(path)
    return write(document(study, power=power, price=price, removed=removed, products=products), path)


def write(report_: Document, path: str | Path) -> Path:
    """Write what `document` gave to a file, with the errors of `report`; return where it is."""
    check_target(path)
    target = Path(path)
    writer = import_module(f"estimation.report.writers.{WRITERS[target.suffix.lower()]}")
    folder = target.with_name(f"{target.stem}_figures")
    _keep(writer.written(report_, folder.name), target, folder)
    return target


def _keep(written: Written, target: Path, folder: Path) -> None:
    """Write a report and the figures beside it; what was there is replaced once everything is on disk.

    Figures of an earlier report in the same form that the new one does not have are removed; nothing else is touched.
    """
    wanted = {folder / name: content for name, content in written.beside.items()} | {target: written.content}
    if written.beside:
        make_folder(folder, ReportError, NOT_WRITTEN)
    try:
        write_together({path: partial(_put, content) for path, content in wanted.items()}, ReportError, NOT_WRITTEN)
    except BaseException:
        if written.beside and not any(folder.iterdir()):
            folder.rmdir()
        raise
    for form in {Path(name).suffix for name in written.beside}:
        for old in set(folder.glob(f"figure-[0-9][0-9]{form}")) - set(wanted):
            old.unlink()


def _put(content: bytes, file: Path) -> None:
    file.write_bytes(content)


def check_target(path: str | Path) -> None:
    """Raise a `ReportError` if a report cannot be written there; for a look before long work."""
    raise_all(no_path(path), ReportError, NOT_WRITTEN)
    target, problems = Path(path), []
    if target.suffix.lower() not in WRITERS:
        problems.append(f"{target.name!r} ends in {target.suffix!r}; supported are {', '.join(WRITERS)}")
    if target.suffix.lower() == ".tex" and (signs := sorted(set(target.stem) & set(NOT_IN_LATEX))):
        told = " ".join(map(repr, signs))
        problems.append(f"{target.name!r} contains {told}, by which LaTeX does not find its figures; rename it")
    problems += destination_problems(target)
    raise_all(problems, ReportError, NOT_WRITTEN)


def render(study: Study) -> str:
    """Return the report as HTML."""
    from estimation.report.writers.html import page  # noqa: PLC0415 - needed only to write

    return page(document(study))
