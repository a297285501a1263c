"""Parts of a paper as LaTeX, without a preamble: tables, priors, checks, methods."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from estimation.assortment import Frontier, Tradeoff
from estimation.errors import ReportError
from estimation.evaluation.comparison.comparison import Comparison
from estimation.fits.fit import CHOICES
from estimation.report.estimates import estimate_tables
from estimation.report.estimates_table import AnyMode, estimates_table
from estimation.report.methods.citing import Methods
from estimation.report.methods.modes import mode_methods
from estimation.report.writers.latex import tabular, tex
from estimation.saving import write_text_whole
from estimation.text.table import TextTable

HEADING = "There is no such part of a paper:"
PACKAGES = (
    r"\usepackage[T1]{fontenc}",
    r"\usepackage[utf8]{inputenc}",
    r"\usepackage{amssymb,array,booktabs,textcomp}",
)
NEEDED = "% The paper loads, before its \\begin{document}:"
WORDS = re.compile(r"[^a-z0-9]+")

type Part = Callable[[], str]


def fragment(study: Any, what: str, path: str | Path | None = None) -> str:
    """Return a part of a paper about a study; arguments and errors are those of `text.fragments.InLatex.to_latex`."""
    parts = _parts(study)
    if what not in parts:
        known = ", ".join(map(repr, parts))
        raise ReportError(HEADING, [f"{what!r} is none of {known}, which a {type(study).__name__} has"])
    packages = [f"%   {package}" for package in PACKAGES]
    synthetic = ["% SYNTHETIC: a simulation made the data."] if "SYNTHETIC" in _label(study) else []
    text = "\n".join([*synthetic, NEEDED, *packages, parts[what]()]) + "\n"
    if path is not None:
        write_text_whole(path, text, ReportError, "The LaTeX was not written:")
    return text


def _parts(study: Any) -> dict[str, Part]:
    """Return the parts that a study has, by name."""
    if isinstance(study, Frontier | Tradeoff):
        return _of_menus(study)
    if isinstance(study, Comparison):
        return _of_comparison(study)
    if isinstance(study, AnyMode):
        return {"table": lambda: _modes(study), "methods": lambda: _methods(mode_methods(study))}
    return _of_fit(study)


def _of_fit(fit: Any) -> dict[str, Part]:
    from estimation.evaluation.diagnosis import diagnose  # noqa: PLC0415 - what was computed in advance needs no ArviZ
    from estimation.report.theories.tables import diagnosis_table  # noqa: PLC0415 - as above

    return {
        "table": lambda: _tables(_estimates(fit)) + _warning(diagnose(fit)),
        "priors": lambda: _tables([_priors(fit)]),
        "checks": lambda: _tables([diagnosis_table({fit.model.name: diagnose(fit)}, fit.table.label)]),
        "methods": lambda: _methods(_methods_of(fit)),
    }


def _of_comparison(study: Comparison) -> dict[str, Part]:
    from estimation.report.theories.tables import comparison_table, diagnosis_tables  # noqa: PLC0415 - as above

    return {
        "table": lambda: _tables([comparison_table(study)]),
        "priors": lambda: _tables(_priors(fit, name) for name, fit in study.fits.items()),
        "checks": lambda: _tables(diagnosis_tables(study.diagnoses, study.label)),
        "methods": lambda: _methods(_methods_of(study)),
    }


def _of_menus(study: Frontier | Tradeoff) -> dict[str, Part]:
    from estimation.report.menus.tables import decision_table, frontier_table  # noqa: PLC0415 - as above
    from estimation.report.methods.menus import menu_methods  # noqa: PLC0415 - as above

    table = decision_table(study) if isinstance(study, Tradeoff) else frontier_table(study)
    return {"table": lambda: _tables([table]), "methods": lambda: _methods(menu_methods(study))}


def _estimates(fit: Any) -> list[TextTable]:
    from estimation.report.choices.tables import choice_estimate_tables  # noqa: PLC0415 - as above

    return choice_estimate_tables(fit) if fit.family == CHOICES else estimate_tables(fit)


def _priors(fit: Any, name: str = "") -> TextTable:
    from estimation.report.choices.tables import choice_model_table  # noqa: PLC0415 - as above
    from estimation.report.priors.tables import prior_table  # noqa: PLC0415 - as above

    return (choice_model_table if fit.family == CHOICES else prior_table)(fit, name)


def _methods_of(study: Any) -> Methods:
    from estimation.report.methods.choices import choice_methods  # noqa: PLC0415 - as above
    from estimation.report.methods.theories import theory_methods  # noqa: PLC0415 - as above

    first = next(iter(study.fits.values())) if isinstance(study, Comparison) else study
    write = choice_methods if first.family == CHOICES else theory_methods
    return write(study, checks=False)


def _modes(mode: AnyMode) -> str:
    """Return maximum-likelihood estimates with their errors."""
    label = mode.table.label if hasattr(mode, "table") else mode.problem.table.label
    name = mode.model.name if hasattr(mode, "model") else mode.problem.theory.name
    return _float(f"Maximum-likelihood estimates, {label}", estimates_table({name: mode}).to_latex().rstrip())


def _tables(tables: Iterable[TextTable]) -> str:
    return "\n\n".join(_float(table.caption, tabular(table)) for table in tables)


def _float(caption: str, body: str) -> str:
    """Return a table that LaTeX places, with a label made of its caption."""
    label = WORDS.sub("-", caption.lower()).strip("-")
    lines = [r"\begin{table}[htbp]", r"\centering", rf"\caption{{{tex(caption)}}}", rf"\label{{tab:{label}}}"]
    return "\n".join([*lines, r"\scriptsize\setlength{\tabcolsep}{3pt}", body, r"\end{table}"])


def _warning(diagnosis: Any) -> str:
    """Return what stands beneath numbers that are not to be used; nothing if they are."""
    return "" if diagnosis.ok else f"\n\n\\emph{{{tex(diagnosis.verdict)}}}"


def _methods(methods: Methods) -> str:
    """Return the paragraph, and its sources in full as comments: a paper has a bibliography of its own."""
    sources = [f"%   {' '.join(source.split())}" for source in methods.references]
    return "\n".join(["% Sources, in full, for the bibliography:", *sources, tex(methods.text)])


def _label(study: Any) -> str:
    if isinstance(study, Frontier | Tradeoff):
        frontier = study.at_the_mean if isinstance(study, Tradeoff) else study
        return str(frontier.path.catalogue.label)
    if isinstance(study, Comparison):
        return study.label
    return str((study if hasattr(study, "table") else study.problem).table.label)
