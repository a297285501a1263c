"""Parts of a paper as LaTeX, without a preamble: tables, priors, checks, methods."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from estimation.assortment import Frontier, Tradeoff
from estimation.errors import ReportError
from estimation.evaluation.comparison.comparison import Comparison
from estimation.fits.fit import CHOICES
from estimation.report.estimates import estimate_tables
from estimation.report.estimates_table import AnyMode, estimates_table, table_of
from estimation.report.methods.citing import Methods
from estimation.report.methods.modes import mode_methods
from estimation.report.writers.latex import NEEDED, placed, tabular, tex
from estimation.report.writers.parts import in_parts
from estimation.report.writers.text import warned
from estimation.saving import write_text_whole
from estimation.text.table import TextTable

HEADING = "There is no such part of a paper:"
WORDS = re.compile(r"[^a-z0-9]+")
NOT_IN_LABELS = "\\{}%#&~^$,\n"
METHODS = "methods"

type Part = Callable[[], str]


@dataclass(frozen=True)
class _Named:
    """How a part of a paper is captioned and referred to."""

    caption: str  # of the first table; its own if empty
    label: str  # of the first table; further ones have their number behind it
    synthetic: bool

    def tables(self, found: Iterable[TextTable]) -> str:
        """Return tables that LaTeX places."""
        parts = [part for table in found for part in in_parts(table)]
        return "\n\n".join(self.placed(part.caption, tabular(part), at) for at, part in enumerate(parts))

    def placed(self, caption: str, body: str, at: int = 0) -> str:
        """Return one of them."""
        told = warned(self.caption if self.caption and not at else caption, synthetic=self.synthetic)
        label = f"{self.label}-{at + 1}" if at else self.label
        return placed(told, label, body)


def fragment(study: Any, what: str, path: str | Path | None = None, caption: str = "", label: str = "") -> str:
    """Return a part of a paper about a study; arguments and errors are those of `text.fragments.InLatex.to_latex`."""
    is_synthetic = "SYNTHETIC" in _label(study)
    parts = _parts(study, _Named(caption, label or f"tab:{_default_label(study, what)}", is_synthetic))
    if what not in parts:
        known = ", ".join(map(repr, parts))
        raise ReportError(HEADING, [f"{what!r} is none of {known}, which a {type(study).__name__} has"])
    if what == METHODS and (caption or label):
        raise ReportError("The LaTeX was not written:", ["a paragraph of methods has no caption and no label"])
    if wrong := sorted(set(label) & set(NOT_IN_LABELS)):
        advice = f"{label!r} contains {' '.join(map(repr, wrong))}; use letters, numbers, colons and hyphens"
        raise ReportError("The label is none of LaTeX:", [advice])
    synthetic = ["% SYNTHETIC: a simulation made the data."] if is_synthetic else []
    text = "\n".join([*synthetic, NEEDED, parts[what]()]) + "\n"
    if path is not None:
        write_text_whole(path, text, ReportError, "The LaTeX was not written:")
    return text


def _parts(study: Any, named: _Named) -> dict[str, Part]:
    """Return the parts that a study has, by name."""
    if isinstance(study, Frontier | Tradeoff):
        return _of_menus(study, named)
    if isinstance(study, Comparison):
        return _of_comparison(study, named)
    if isinstance(study, AnyMode):
        return {"table": lambda: _modes(study, named), "methods": lambda: _methods(mode_methods(study))}
    return _of_fit(study, named)


def _of_fit(fit: Any, named: _Named) -> dict[str, Part]:
    from estimation.evaluation.diagnosis import diagnose  # noqa: PLC0415 - what was computed in advance needs no ArviZ
    from estimation.report.theories.tables import diagnosis_table  # noqa: PLC0415 - as above

    return {
        "table": lambda: named.tables(_estimates(fit)) + _warning(diagnose(fit)),
        "priors": lambda: named.tables([_priors(fit)]),
        "checks": lambda: named.tables([diagnosis_table({fit.model.name: diagnose(fit)}, fit.table.label)]),
        "methods": lambda: _methods(_methods_of(fit)),
    }


def _of_comparison(study: Comparison, named: _Named) -> dict[str, Part]:
    from estimation.report.theories.tables import comparison_table, diagnosis_tables  # noqa: PLC0415 - as above

    return {
        "table": lambda: named.tables([comparison_table(study, brief=True)]),
        "priors": lambda: named.tables(_priors(fit, name) for name, fit in study.fits.items()),
        "checks": lambda: named.tables(diagnosis_tables(study.diagnoses, study.label)),
        "methods": lambda: _methods(_methods_of(study)),
    }


def _of_menus(study: Frontier | Tradeoff, named: _Named) -> dict[str, Part]:
    from estimation.report.menus.tables import decision_table, frontier_table  # noqa: PLC0415 - as above
    from estimation.report.methods.menus import menu_methods  # noqa: PLC0415 - as above

    table = decision_table(study) if isinstance(study, Tradeoff) else frontier_table(study)
    return {"table": lambda: named.tables([table]), "methods": lambda: _methods(menu_methods(study))}


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


def _modes(mode: AnyMode, named: _Named) -> str:
    """Return maximum-likelihood estimates with their errors."""
    label = table_of(mode).label
    return named.placed(
        f"Maximum-likelihood estimates, {label}", estimates_table({_name(mode): mode}).to_latex().rstrip()
    )


def _default_label(study: Any, what: str) -> str:
    """Return a short label: what the part holds, and the fit that it is about."""
    if isinstance(study, Frontier | Tradeoff):
        return "menus"
    shown = "comparison" if isinstance(study, Comparison) else "estimates"
    about = "" if isinstance(study, Comparison) else _name(study)
    kind = shown if what == "table" else f"{what} comparison" if not about else what
    return WORDS.sub("-", f"{kind} {about}".lower()).strip("-")


def _name(study: Any) -> str:
    """Return what a fit, or maximum, is of."""
    return str(study.model.name if hasattr(study, "model") else study.problem.theory.name)


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
