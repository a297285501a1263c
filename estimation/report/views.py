"""From a result to something that moves: one function, whatever the result is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from estimation.counts import count_problems, seed_problems
from estimation.errors import ReportError, raise_all
from estimation.fits.fit import CHOICES, MESSAGES, Fit
from estimation.report.writers.interactive import Interactive

if TYPE_CHECKING:
    from estimation.assortment import Frontier, Tradeoff
    from estimation.evaluation.comparison.comparison import Comparison
    from estimation.report.interactive.view import View

    type Moving = Frontier | Tradeoff | Comparison | Fit[Any] | Mapping[str, Fit[Any]]

HEADING = "There is nothing to move:"
KNOWN = "a frontier of menus, a fit of choices with products, or fits of theories of messages"


def interactive(study: Moving, products: pd.DataFrame | None = None, **options: Any) -> Interactive:
    """Make something that moves: a lever over menus, a market with sliders, or people one by one.

    The result is a page that needs nothing but a browser (``.save("page.html")``), shows itself in a notebook, and is
    a widget with the extra ``estimation[widgets]`` (``.widget()``). Numbers are computed in the browser from what the
    page holds, and agree with Python's.

    Parameters
    ----------
    study
        What ``Assortment.frontier`` or ``UnderDraws.frontier`` gave: the lever moves through the menus. A fit of
        choices, with `products`: sliders move prices and attributes. A fit of a theory of messages, several by name, or
        their comparison: each person's decisions, what each theory expects, and how probable each theory or kind is.
    products
        For a fit of choices, the market: one row per product, with ``alternative`` and the attributes.
    options
        Of menus: ``price_coefficient`` (utility lost per unit of money, > 0: surplus in money). Of markets: ``price``
        (the column of prices), ``levels`` (column → places of its slider), ``people`` (``"known"`` or ``"new"``),
        ``draws`` and ``most_people`` (how many are in the page), ``seed``. Of people: ``draws``, ``seed``,
        ``most_people``.

    Returns
    -------
    Interactive
        To be shown, saved, or used as a widget.

    Raises
    ------
    ReportError
        If nothing of it can be moved, or an option is unknown.
    ChoiceError, FitError
        If the products do not fit the model, or the model or theory cannot be shown so.
    """
    view = _view_of(study, products, options)
    return Interactive(replace(view, warnings=tuple(_warnings(study))))


def _view_of(study: Moving, products: pd.DataFrame | None, options: Mapping[str, Any]) -> View:
    from estimation.assortment import Frontier, Tradeoff  # noqa: PLC0415 - each kind waits for its own libraries only

    family = None if isinstance(study, Frontier | Tradeoff) else _family(study)
    if family == CHOICES:
        return _market(study, products, options)
    problems = ["products are for fits of choices; leave them out"] * (products is not None)
    raise_all(problems, ReportError, HEADING)
    if family is None:
        from estimation.report.interactive.lever import lever_view  # noqa: PLC0415

        _check(options, ("price_coefficient",), "menus")
        return lever_view(study, **options)  # type: ignore[arg-type]
    from estimation.report.interactive.people import people_view  # noqa: PLC0415

    _check(options, ("draws", "most_people", "seed"), "people")
    return people_view(study, **options)


def _warnings(study: Any) -> list[str]:
    """Return what failed in the diagnosis of a fit, or of each fit of a comparison."""
    from estimation.assortment import Frontier, Tradeoff  # noqa: PLC0415 - as above

    if isinstance(study, Frontier | Tradeoff):
        return []
    from estimation.evaluation.comparison.comparison import Comparison  # noqa: PLC0415
    from estimation.evaluation.diagnosis import diagnose  # noqa: PLC0415

    fits = study if isinstance(study, Mapping) else {"": study}
    found = study.diagnoses if isinstance(study, Comparison) else {name: diagnose(fit) for name, fit in fits.items()}
    return [each.verdict for each in found.values() if not each.ok]


def _market(study: Any, products: pd.DataFrame | None, options: Mapping[str, Any]) -> View:
    from estimation.report.interactive.market import market_view  # noqa: PLC0415

    problems = ["say what is offered: products=, one row per product"] * (products is None)
    problems += ["give one fit of choices, not several"] * (not isinstance(study, Fit))
    raise_all(problems, ReportError, HEADING)
    assert products is not None
    _check(options, ("price", "levels", "people", "draws", "most_people", "seed"), "markets")
    return market_view(study, products, **options)


def _family(study: Any) -> str:
    """Return what fits are about."""
    from estimation.evaluation.comparison.comparison import Comparison  # noqa: PLC0415

    fits = study.fits if isinstance(study, Comparison) else study if isinstance(study, Mapping) else {"": study}
    families = {getattr(fit, "family", None) for fit in fits.values()}
    found = next(iter(families)) if len(families) == 1 else None
    if found not in (CHOICES, MESSAGES):
        what = f"a fit of {found}" if found else f"a {type(study).__name__}"
        raise ReportError(HEADING, [f"give {KNOWN}, not {what}"])
    return str(found)


def _check(options: Mapping[str, Any], known: tuple[str, ...], what: str) -> None:
    unknown = [name for name in options if name not in known]
    problems = [f"{name!r} is no option of {what}; there are {', '.join(known)}" for name in unknown]
    counts = {name: options[name] for name in ("draws", "most_people") if options.get(name) is not None}
    problems += count_problems(**counts) + seed_problems(options.get("seed", 0))
    raise_all(problems, ReportError, HEADING)
