"""What people call: fit anything to the table that it is about, read it back. Each kind loads what it needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from estimation.choice.models import ChoiceModel
from estimation.data.choices.table import ChoiceTable
from estimation.errors import FitError

if TYPE_CHECKING:
    from estimation.choice.fitted import ChoiceFit
    from estimation.data.table import Table
    from estimation.inference.artifact import Fit
    from estimation.theories.messages.theory import Theory


@overload
def fit(model: ChoiceModel, table: ChoiceTable, **settings: Any) -> ChoiceFit: ...
@overload
def fit(model: Theory, table: Table, **settings: Any) -> Fit: ...
def fit(model: Any, table: Any, **settings: Any) -> Any:
    """Fit a theory to a table of decisions, or a model of choice to a table of choices.

    Parameters
    ----------
    model, table
        A theory such as ``TrustEmbedded()`` with a `Table`; a model of choice such as ``MultinomialLogit(["price"])``
        with a `ChoiceTable`.
    settings
        ``seed``, ``draws``, ``chains``, ``path`` (where to save the fit), ``progress``, and what else the kind of model
        knows: see `estimation.inference.fit.fit` and `estimation.choice.fit.fit_choices`.

    Raises
    ------
    FitError
        If a setting makes no sense, or model and table do not belong together.
    TheoryError, ChoiceError
        If the model cannot be fitted to this table in this way.
    """
    if isinstance(model, ChoiceModel) != isinstance(table, ChoiceTable):
        problem = f"a {type(model).__name__} says nothing about a {type(table).__name__}"
        advice = "theories take a Table of decisions, models of choice a ChoiceTable of choices"
        raise FitError("The fit cannot be started:", [f"{problem}; {advice}"])
    if isinstance(model, ChoiceModel):
        return model.fit_to(table, **settings)
    from estimation.inference.fit import fit as fit_theory  # noqa: PLC0415 - the sampler is slow to import

    return fit_theory(model, table, **settings)


def load_fit(path: str | Path) -> Fit | ChoiceFit:
    """Read a fit that was saved, of whichever kind.

    Raises
    ------
    FitError
        If the file is missing, is not a fit, or holds other data than it says.
    """
    if _kind(Path(path)) == "choice":
        from estimation.choice.fitted import read_choice_fit  # noqa: PLC0415 - each kind loads only what it needs

        return read_choice_fit(path)
    from estimation.inference.artifact import load_fit as load_theory_fit  # noqa: PLC0415

    return load_theory_fit(path)


def _kind(path: Path) -> str:
    """Return which kind of fit a file says it holds; files that cannot be read are left to the reader to explain."""
    import h5py  # noqa: PLC0415 - slow to import

    try:
        with h5py.File(path) as file:
            return str(json.loads(file.attrs["manifest"]).get("kind", "theory"))
    except (OSError, KeyError, ValueError):
        return "theory"
