"""The twin of fitting: choices of people with known weights, labelled SYNTHETIC."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Array, Indices, is_real
from estimation.choice.likelihoods.further import Further, missing_values
from estimation.choice.model import ChoiceModel
from estimation.choice.quantities.prediction import offer_of
from estimation.choice.quantities.scenario import every_situation
from estimation.choice.sampling.draws import Tastes
from estimation.choice.utilities.design import design_of
from estimation.counts import seed_problems
from estimation.data.cells.rows import list_some, show
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all
from estimation.names import CHOSEN

HEADING = "The choices cannot be simulated:"


def simulate_choices(
    model: ChoiceModel,
    situations: ChoiceTable,
    weights: Mapping[str, float] | pd.Series | pd.DataFrame,
    *,
    dissimilarity: Mapping[str, float] | pd.Series | None = None,
    allocation: Mapping[str, float] | pd.Series | None = None,
    scale: Mapping[str, float] | pd.Series | None = None,
    seed: int = 0,
    name: str | None = None,
) -> ChoiceTable:
    """Return what people with known weights would have chosen in the situations of a table.

    Parameters
    ----------
    model
        Its utility and nests.
    situations
        Who was offered what; what they chose is not looked at.
    weights
        Coefficient → weight, the same for everybody, as ``{"price": -1.0}`` or the ``coefficients`` of a `mode`; or a
        frame with one row per subject (its index) and one column per coefficient, as they enter the utility.
    dissimilarity
        Nest → τ, for a nested or cross-nested logit.
    allocation
        ``"alternative, nest"`` → the share of the alternative that belongs to the nest, for a cross-nested logit.
    scale
        Group → scale of its utilities against the first group's, for a heteroscedastic logit.
    seed
        Root of all randomness.
    name
        What to call the table; ``simulated_`` and the name of the situations' table if left out.

    Raises
    ------
    ChoiceError
        If weights, people or further parameters are missing, unknown, there twice, or no finite numbers.
    """
    design = design_of(model, situations)
    names, kinds = design.free, model.further(situations)
    given = _as_frame(weights)
    named = {"dissimilarity": dissimilarity, "allocation": allocation, "scale": scale}
    further = {variable: _as_mapping(variable, values) for variable, values in named.items()}
    problems = [f"weight of {name!r} is missing" for name in names if name not in given]
    problems += [f"there is no coefficient {name!r}; there are {list(names)}" for name in given if name not in names]
    problems += [f"coefficient {name!r} is there twice" for name in given.columns[given.columns.duplicated()].unique()]
    problems += missing_values(kinds, further) + _strange_values(kinds, further) + seed_problems(seed)
    own = given
    if isinstance(weights, pd.DataFrame):
        problems += _strange_people(given, situations.subjects)
        own = given[given.index.isin(situations.subjects)]
    problems += [text for name in own.columns.unique() for text in _no_numbers(own.loc[:, own.columns == name])]
    raise_all(problems, ChoiceError, HEADING)
    own = own.loc[situations.subjects] if isinstance(weights, pd.DataFrame) else own
    values = {kind.variable: np.array([[further[kind.variable][label] for label in kind.labels]]) for kind in kinds}
    tastes = Tastes(design.complete(own[list(names)].to_numpy(dtype=float)[None]), values, "")
    offer = offer_of(model, situations, every_situation(situations))
    _, share, _ = next(offer.predicted(tastes))
    chosen = drawn_rows(share[:, 0], situations.first_row, np.random.default_rng(seed))
    frame = situations.rows.assign(**{CHOSEN.name: chosen})
    called = f"simulated_{situations.name.removeprefix('simulated_')}" if name is None else name
    return ChoiceTable.from_frame(frame, outside=situations.outside, name=called, synthetic=True)


def _as_frame(weights: Any) -> pd.DataFrame:
    """Return weights with one column per coefficient, and one row per subject or one for everybody."""
    if isinstance(weights, pd.DataFrame):
        return weights.set_axis(weights.index.astype(str))
    if isinstance(weights, Mapping | pd.Series):
        pairs = list(weights.items())
        row, names = [weight for _, weight in pairs], [name for name, _ in pairs]
        return pd.DataFrame([row], ["everybody"], names, dtype=object)
    problem = f"weights must be coefficient → weight, or a frame with a row per subject, not {weights!r}"
    raise ChoiceError(HEADING, [problem])


def _as_mapping(variable: str, values: Any) -> Mapping[str, Any]:
    """Return further parameters by label."""
    if values is None:
        return {}
    if not isinstance(values, Mapping | pd.Series):
        raise ChoiceError(HEADING, [f"{variable} must be label → value, not {values!r}"])
    return {str(label): value for label, value in values.items()}


def _strange_values(kinds: Iterable[Further], further: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Say which further parameters the model does not have, and which are no positive numbers."""
    labels: dict[str, Sequence[str]] = {kind.variable: kind.labels for kind in kinds}
    pairs = [(variable, label) for variable, values in further.items() for label in values]
    unknown = [(variable, label) for variable, label in pairs if label not in labels.get(variable, ())]
    wrong = [
        f"{v}[{label!r}] must be a positive number, not {further[v][label]!r}"
        for v, label in pairs
        if not (is_real(further[v][label]) and further[v][label] > 0)
    ]
    return wrong + [f"there is no {v} of {label!r}; there are {list(labels.get(v, ()))}" for v, label in unknown]


def _strange_people(given: pd.DataFrame, subjects: Sequence[str]) -> list[str]:
    """Say whose weights are missing, or there twice."""
    known = set(given.index)
    absent = [subject for subject in subjects if subject not in known]
    twice = list(given.index[given.index.duplicated()].unique())
    problems = [f"the weights of {len(absent)} people are missing: {', '.join(absent[:3])}"] * bool(absent)
    return problems + [f"the weights of {len(twice)} people are there twice: {', '.join(twice[:3])}"] * bool(twice)


def _no_numbers(weights: pd.DataFrame) -> list[str]:
    """Say for whom a weight is no finite number; columns of one name are one weight."""
    texts = [
        f"{show(value)} for {who}" for _, held in weights.items() for who, value in held.items() if not is_real(value)
    ]
    what = f"weight of {weights.columns[0]!r} must be a finite number, not {list_some(texts, 'people')}"
    return [what] * bool(texts)


def drawn_rows(share: Array, first: Indices, rng: np.random.Generator) -> Array:
    """Return which rows are chosen, (row,), one per situation with the probabilities of its rows.

    Parameters
    ----------
    share : (row,)
    first : (situation + 1,)
        Where the rows of each situation begin.
    """
    reached = np.cumsum(share)
    before = np.concatenate([[0.0], reached])[first[:-1]]
    aim = before + rng.uniform(size=len(first) - 1) * (reached[first[1:] - 1] - before)
    row = np.clip(np.searchsorted(reached, aim, side="right"), first[:-1], first[1:] - 1)
    chosen = np.zeros(len(share), dtype=bool)
    chosen[row] = True
    return chosen
