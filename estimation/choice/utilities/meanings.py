"""What a coefficient of a utility means, in words that a table of a paper can print."""

from __future__ import annotations

from estimation.choice.utilities.design import UtilityDesign
from estimation.choice.utilities.terms import Term


def meaning_of(design: UtilityDesign, name: str, reference: str) -> tuple[str, str]:
    """Return what a coefficient means, and its unit; `reference` is the alternative without a constant."""
    if name in design.constants and name == design.outside:
        return f"utility of {name} against an alternative whose terms and constant are zero", "logits"
    if name in design.constants:
        return f"utility of {name} against {reference} beyond its attributes", "logits"
    for term in design.terms:
        contrast = _contrast(term, name)
        if contrast is not None:
            column, label, other = contrast
            return f"utility of {label} against {other} ({column})", "logits"
    return f"utility of one more unit of {name}", "logits per unit"


def _contrast(term: Term, name: str) -> tuple[str, str, str] | None:
    """Return the column, the label and what it is compared with, if a coefficient tells one label from another."""
    if not term.has_contrasts or len(term.levels) != 1 or tuple(term.levels) != term.columns or name not in term.names:
        return None
    (column, labels), *_ = term.levels.items()
    coefficients = {label: f"{column}[T.{label}]" for label in labels}
    left_out = [label for label, each in coefficients.items() if each not in term.names]
    found = [label for label, each in coefficients.items() if each == name]
    return (column, found[0], left_out[0]) if found and len(left_out) == 1 else None
