"""What a coefficient of a utility means, in words that a table of a paper can print."""

from __future__ import annotations

from estimation.choice.utilities.design import UtilityDesign


def meaning_of(design: UtilityDesign, name: str, reference: str) -> tuple[str, str]:
    """Return what a coefficient means, and its unit; `reference` is the alternative without a constant."""
    if name in design.constants and name == design.outside:
        return f"utility of {name} against an alternative whose terms and constant are zero", "logits"
    if name in design.constants:
        return f"utility of {name} against {reference} beyond its attributes", "logits"
    for term in (term for term in design.terms if name in term.contrasts and name in term.names):
        one, apart = term.contrasts[name], ", products with it apart" if len(term.columns) > 1 else ""
        return f"utility of {one.label} against {one.other} ({one.column}){apart}", "logits"
    return f"utility of one more unit of {design.words.get(name, name)}", "logits per unit"
