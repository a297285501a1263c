"""Say which theory explains what people did, how sure we can be, and what to do about it.

The public names are imported when they are first used: ``import estimation as est`` is quick, and whoever takes one
road through the package does not wait for the others.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from estimation import report
    from estimation.assortment import (
        Assortment,
        AtLeast,
        AtMost,
        Decision,
        Display,
        Exactly,
        Expected,
        Frontier,
        LinearRows,
        Menu,
        NotUnimodularWarning,
        OnePrice,
        PerCategory,
        PriceWindow,
        QualityConsistent,
        Refresh,
        Requires,
        Risk,
        TailMean,
        UnderDraws,
        Unimodularity,
        WorstCase,
        price_ladder,
        total_unimodularity,
        under_draws,
    )
    from estimation.data import Entry, Source, Table, catalogue, describe, fetch, load, read_games, read_table
    from estimation.errors import (
        AssortmentError,
        ComparisonError,
        DataError,
        DatasetError,
        EstimationError,
        FitError,
        GameError,
        TheoryError,
    )
    from estimation.evaluation.comparison import Comparison, compare
    from estimation.evaluation.diagnosis import Diagnosis, diagnose
    from estimation.evaluation.predictive import predictive_check
    from estimation.games import (
        Discrete,
        EstimationGame,
        ForecastSharing,
        at_quantiles,
        beta_binomial,
        on_grid,
    )
    from estimation.inference.artifact import Fit, load_fit
    from estimation.inference.fit import fit
    from estimation.inference.simulate import design, simulate
    from estimation.theories import Babbling, LevelK, Theory, TrustEmbedded

    __version__: str

_HOMES: dict[str, tuple[str, ...]] = {
    "assortment": (
        *(
            "Assortment",
            "AtLeast",
            "AtMost",
            "Decision",
            "Display",
            "Exactly",
            "Expected",
            "Frontier",
            "LinearRows",
        ),
        *(
            "Menu",
            "NotUnimodularWarning",
            "OnePrice",
            "PerCategory",
            "PriceWindow",
            "QualityConsistent",
            "Refresh",
        ),
        *("Requires", "Risk", "TailMean", "UnderDraws", "Unimodularity", "WorstCase"),
        *("price_ladder", "total_unimodularity", "under_draws"),
    ),
    "data": (
        "Entry",
        "Source",
        "Table",
        "catalogue",
        "describe",
        "fetch",
        "load",
        "read_games",
        "read_table",
    ),
    "errors": (
        *("AssortmentError", "ComparisonError", "DataError", "DatasetError", "EstimationError", "FitError"),
        *("GameError", "TheoryError"),
    ),
    "evaluation.comparison": ("Comparison", "compare"),
    "evaluation.diagnosis": ("Diagnosis", "diagnose"),
    "evaluation.predictive": ("predictive_check",),
    "games": ("Discrete", "EstimationGame", "ForecastSharing", "at_quantiles", "beta_binomial", "on_grid"),
    "inference.artifact": ("Fit", "load_fit"),
    "inference.fit": ("fit",),
    "inference.simulate": ("design", "simulate"),
    "theories": ("Babbling", "LevelK", "Theory", "TrustEmbedded"),
}
"""Module → the public names that it gives."""

_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Assortment",
    "AssortmentError",
    "AtLeast",
    "AtMost",
    "Babbling",
    "Comparison",
    "ComparisonError",
    "DataError",
    "DatasetError",
    "Decision",
    "Diagnosis",
    "Discrete",
    "Display",
    "Entry",
    "EstimationError",
    "EstimationGame",
    "Exactly",
    "Expected",
    "Fit",
    "FitError",
    "ForecastSharing",
    "Frontier",
    "GameError",
    "LevelK",
    "LinearRows",
    "Menu",
    "NotUnimodularWarning",
    "OnePrice",
    "PerCategory",
    "PriceWindow",
    "QualityConsistent",
    "Refresh",
    "Requires",
    "Risk",
    "Source",
    "Table",
    "TailMean",
    "Theory",
    "TheoryError",
    "TrustEmbedded",
    "UnderDraws",
    "Unimodularity",
    "WorstCase",
    "__version__",
    "at_quantiles",
    "beta_binomial",
    "catalogue",
    "compare",
    "describe",
    "design",
    "diagnose",
    "fetch",
    "fit",
    "load",
    "load_fit",
    "on_grid",
    "predictive_check",
    "price_ladder",
    "read_games",
    "read_table",
    "report",
    "simulate",
    "total_unimodularity",
    "under_draws",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name == "__version__":
        from importlib.metadata import version

        return version("estimation")
    if name == "report":  # a module that can be called: `est.report(study, "report.html")`
        return import_module("estimation.report")
    if name not in _HOME_OF:
        raise AttributeError(f"module 'estimation' has no attribute {name!r}; it has {', '.join(__all__)}")
    value = getattr(import_module(f"estimation.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
