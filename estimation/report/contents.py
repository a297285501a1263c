"""Which report belongs to which study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from estimation.errors import ReportError, raise_all
from estimation.fits.fit import CHOICES, MESSAGES, PLAYS

if TYPE_CHECKING:
    from estimation.assortment import Frontier, Tradeoff
    from estimation.evaluation.comparison.comparison import Comparison
    from estimation.fits.fit import AnyFit
    from estimation.report.blocks import Document

    type Study = Comparison | AnyFit | Frontier | Tradeoff | Mapping[str, AnyFit]

KNOWN = "a fit, a comparison, several fits by name, or a frontier of menus"


def document(study: Study, *, power: Any = None, **options: Any) -> Document:
    """Return the report of a study of any kind, before it is written in some form; `options` are those of choices.

    Raises
    ------
    ReportError
        If it is none of the kinds that can be reported.
    """
    from estimation.assortment import Frontier, Tradeoff  # noqa: PLC0415 - each kind waits for its own libraries only

    if isinstance(study, Frontier | Tradeoff):
        from estimation.report.documents.menus import menu_document  # noqa: PLC0415

        _refuse(options, "menus")
        return menu_document(study)
    return _of_fits(_comparison(study), power, options)


def _comparison(study: Any) -> Any:
    """Return fits by name as their comparison, one fit as it is."""
    from estimation.evaluation.comparison.compare import compare  # noqa: PLC0415 - as above

    if not isinstance(study, Mapping):
        return study
    return compare(study) if len(study) != 1 else next(iter(study.values()))


def _of_fits(study: Any, power: Any, options: dict[str, Any]) -> Document:
    from estimation.evaluation.comparison.comparison import Comparison  # noqa: PLC0415 - as above

    fits = list(study.fits.values()) if isinstance(study, Comparison) else [study]
    families = {getattr(fit, "family", None) for fit in fits}
    if families == {CHOICES}:
        from estimation.report.documents.choices import choice_document  # noqa: PLC0415

        return choice_document(study, power=power, **options)
    if families in ({MESSAGES}, {PLAYS}):
        from estimation.report.documents.theories import theory_document  # noqa: PLC0415

        _refuse(options, "theories")
        return theory_document(study, power=power)
    raise ReportError("There is nothing to report:", [f"give {KNOWN}, not a {type(study).__name__}"])


def _refuse(options: Mapping[str, Any], what: str) -> None:
    """Raise an error where options that only choices have would be passed over."""
    given = [name for name, value in options.items() if value is not None]
    problems = [f"{name} is for fits of choices; reports of {what} have none, leave it out" for name in given]
    raise_all(problems, ReportError, "The report cannot be written:")
