"""Which coefficients differ between people, and by which distribution."""

from __future__ import annotations

from estimation.choice.design import Design
from estimation.choice.models import ChoiceModel, MultinomialLogit
from estimation.errors import ChoiceError, raise_all

FIXED, NORMAL = "fixed", "normal"


def distributions_of(model: ChoiceModel, design: Design) -> tuple[str, ...]:
    """Return the distribution of each coefficient over people: ``fixed``, ``normal``, ``lognormal`` or ``-lognormal``.

    Raises
    ------
    ChoiceError
        If the model names coefficients or terms that its utility does not have.
    """
    if not isinstance(model, MultinomialLogit) or not model.hierarchical:
        return (FIXED,) * len(design.names)
    named = design.names if model.random == "all" else tuple(model.random or ())
    unknown = [name for name in (*named, *model.distributions) if not design.of_term(name)]
    raise_all(
        [
            f"{name!r} is neither a term nor a coefficient; there are {list(design.names)}"
            for name in dict.fromkeys(unknown)
        ],
        ChoiceError,
        "The random coefficients are not clear:",
    )
    random = {coefficient for name in named for coefficient in design.of_term(name)}
    kinds = {coefficient: NORMAL if coefficient in random else FIXED for coefficient in design.names}
    for name, kind in model.distributions.items():
        kinds |= dict.fromkeys(design.of_term(name), kind)
    return tuple(kinds[coefficient] for coefficient in design.names)
