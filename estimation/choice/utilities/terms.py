"""Terms of a utility: columns, products, indicators of alternatives, and formulas."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from estimation.arrays import Array
from estimation.choice.utilities.faults import Levels, column_faults, levels_of
from estimation.errors import ChoiceError, raise_all
from estimation.expressions import no_columns, no_part, no_ratio, read_expression
from estimation.names import ALTERNATIVE
from estimation.text.contrasts import TIMES, Contrast, contrasts_of, words_of

EACH = ALTERNATIVE.name
"""The factor that stands for one coefficient per alternative."""


@dataclass(frozen=True, eq=False)
class Term:
    """One term of a utility, as it was understood for a table.

    Parameters
    ----------
    text
        As the user wrote it.
    columns
        The columns of the table that it reads: those whose product it is, or those of the formula.
    formula
        formulaic's specification with the state of its transformations, or None.
    labels
        The alternatives for which it has a coefficient of its own; empty if the coefficient is the same for all.
    names
        Its coefficients.
    levels
        The labels of those columns that hold labels.
    without
        The alternative without a coefficient, because columns were the same for all alternatives of each situation;
        None if all have one.
    """

    text: str
    columns: tuple[str, ...]
    formula: Any
    labels: tuple[str, ...]
    names: tuple[str, ...]
    levels: Levels
    without: str | None = None

    @property
    def has_contrasts(self) -> bool:
        """Whether labels are told apart by contrasts, so that one level has no coefficient."""
        return self.formula is not None and bool(self.formula.factor_contrasts)

    @property
    def contrasts(self) -> dict[str, Contrast]:
        """Which coefficients tell one label from another, whatever the alternative."""
        return contrasts_of(self.formula) if self.has_contrasts and not self.labels else {}

    @property
    def words(self) -> dict[str, str]:
        """What tables call those coefficients whose names are the notation of formulas."""
        found = words_of(self.formula) if self.has_contrasts else {}
        labels: list[tuple[str, ...]] = [(label,) for label in self.labels] or [()]
        return {":".join((name, *of)): TIMES.join((said, *of)) for name, said in found.items() for of in labels}

    def values(self, frame: pd.DataFrame) -> list[Array]:
        """Return one column per coefficient, (row,) each.

        Raises
        ------
        ChoiceError
            If formulas cannot be evaluated, or what was constant within situations is so no longer.
        """
        bases = self._bases(frame)
        if self.without is not None:
            self._check_constant(bases, frame)
        if not self.labels:
            return bases
        alternative = frame[ALTERNATIVE.name]
        return [base * (alternative == label).to_numpy() for base in bases for label in self.labels]

    def _check_constant(self, bases: list[Array], frame: pd.DataFrame) -> None:
        """Refuse rows in which the alternative without a coefficient would need one."""
        varies = np.any([changes_within(base, frame) for base in bases], axis=0)
        where = f"{frame['situation'].iloc[int(varies.argmax())]!r}"
        problem = (
            f"{self.text!r} has no coefficient for {self.without!r}, because it was the same for all alternatives of "
            f"each situation in the data of the model; it differs between those of situation {where}"
        )
        raise_all([problem] * bool(varies.any()), ChoiceError, "The terms have no values:")

    def _bases(self, frame: pd.DataFrame) -> list[Array]:
        return [_product(frame, self.columns)] if self.formula is None else evaluated(self.formula, frame)


def read_term(text: str, frame: pd.DataFrame, alternatives: Iterable[str], reference: str | None) -> Term:
    """Return a term as it is to be understood for the rows of a table.

    Parameters
    ----------
    text
        For example ``"price"``, ``"income:train"``, ``"time:alternative"`` or ``"np.log(price)"``.
    frame
        The rows but those of the outside option, with ``situation`` and ``alternative``.
    alternatives
        Those that may have coefficients of their own: all but the outside option.
    reference
        The one without, where a column is constant within situations; None if the outside option is the reference.

    Raises
    ------
    ChoiceError
        If the term cannot be evaluated.
    """
    factors = _split(text)
    known = [str(label) for label in alternatives]
    indicators = [factor for factor in factors if factor in known and factor not in frame]
    plain = [factor for factor in factors if factor not in indicators and factor != EACH]
    if all(_is_number_column(frame, factor) for factor in plain):
        formula, columns = None, tuple(plain)
        bases = [(":".join(plain), _product(frame, plain))]
    else:
        formula = _understood(":".join(plain), frame)
        columns = tuple(map(str, formula.required_variables))
        gaps = [name for name in columns if frame[name].isna().any()]
        raise_all(column_faults(gaps, {}, frame, None), ChoiceError, "A term cannot be read:")
        bases = list(zip(formula.column_names[1:], evaluated(formula, frame), strict=True))
    labels: tuple[str, ...] = ()
    without = None
    if len(indicators) > 1:
        raise ChoiceError("A term cannot be read:", [f"{text!r} names two alternatives; a row has only one"])
    if indicators:
        labels = tuple(indicators)
    elif EACH in factors:
        constant = not any(changes_within(values, frame).any() for _, values in bases)
        without = reference if constant and reference in known else None
        labels = tuple(label for label in known if label != without)
    names = [":".join(filter(None, (name, label))) for name, _ in bases for label in (labels or ("",))]
    return Term(text, columns, formula, labels, tuple(names), levels_of(columns, frame), without)


def evaluated(formula: Any, frame: pd.DataFrame) -> list[Array]:
    """Return the columns of a formula but its intercept, (row,) each.

    Raises
    ------
    ChoiceError
        If a factor has a level that its rows did not have, or a value outside of what a spline knows.
    """
    from formulaic.errors import DataMismatchWarning  # noqa: PLC0415 - needed for formulas only

    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):  # what is not finite is named afterwards
            warnings.simplefilter("error", DataMismatchWarning)
            matrix = formula.get_model_matrix(_plain(frame))
    except Exception as problem:  # evaluation raises whatever happens inside
        what = f"{formula.formula}: {str(problem).splitlines()[0]}"
        raise ChoiceError("A term has no values for these rows:", [what]) from problem
    return [np.asarray(matrix.iloc[:, place], dtype=float) for place in range(1, matrix.shape[1])]


def changes_within(values: NDArray[Any], frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows differ in a column from the row before, of the same situation, (row,)."""
    situation = frame["situation"].to_numpy()
    changes = np.zeros(len(frame), dtype=bool)
    changes[1:] = (situation[1:] == situation[:-1]) & (values[1:] != values[:-1])
    return changes


def _understood(expression: str, frame: pd.DataFrame) -> Any:
    """Return formulaic's specification of an expression; the intercept makes it code categories by contrasts."""
    import formulaic  # noqa: PLC0415 - needed for formulas only

    heading, rows = "A term cannot be read:", _plain(frame)
    names, problems = read_expression(expression)
    there = [name for name in rows.columns if name not in ("subject", "alternative")]
    problems += [f"{expression!r}: {problem}" for problem in no_columns(names - set(rows.columns), there)]
    problems += [f"{expression!r}: {problem}" for problem in ([] if problems else no_ratio(expression))]
    raise_all(problems, ChoiceError, heading)
    try:
        with np.errstate(all="ignore"):
            matrix = formulaic.model_matrix(f"1 + {expression}", rows, na_action="ignore", context={})
    except Exception as problem:  # formulaic's parser and its evaluation raise whatever happens inside
        what = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        raise ChoiceError(heading, [f"{expression!r}: {what}; the table has {there}"]) from problem
    spec = matrix.model_spec
    problems = [f"{expression!r}: {problem}" for problem in no_part(names, spec.required_variables)]
    if len(spec.column_names) < 2 or spec.column_names[0] != "Intercept":
        problems.append(f"{expression!r}: name at least one column, and leave '- 1' and '0 +' out")
    raise_all(problems, ChoiceError, heading)
    return spec


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with labels and numbers as formulaic takes them, and not as databases hold them."""
    held = frame.drop(columns=["situation", "chosen"], errors="ignore")
    stored = [name for name in held if isinstance(held[name].dtype, pd.ArrowDtype) or _has_marks(held[name].dtype)]
    if not stored:
        return held
    numbers = {name: pd.api.types.is_numeric_dtype(held[name].dtype) for name in stored}
    return held.astype({name: float if is_number else object for name, is_number in numbers.items()})


def _has_marks(dtype: Any) -> bool:
    """Return whether cells without a value are marked by pandas' own sign for it, in numbers or in text."""
    return isinstance(dtype, pd.api.extensions.ExtensionDtype) and dtype.na_value is pd.NA


def _product(frame: pd.DataFrame, columns: Iterable[str]) -> Array:
    values = np.ones(len(frame))
    for column in columns:
        values = values * frame[column].to_numpy(dtype=float)
    return values


def _is_number_column(frame: pd.DataFrame, name: str) -> bool:
    return name in frame and pd.api.types.is_numeric_dtype(frame[name].dtype) and name != "chosen"


def _split(text: str) -> list[str]:
    """Return the factors of a product, colons inside brackets or quotes left alone."""
    factors, depth, quote = [""], 0, ""
    for letter in text:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "`'\"":
            quote = letter
        else:
            depth += (letter in "([{") - (letter in ")]}")
        if letter == ":" and depth == 0 and not quote:
            factors.append("")
        else:
            factors[-1] += letter
    return [factor.strip() for factor in factors]
