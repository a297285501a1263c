"""The twin of fitting: choices of people with known weights, labelled SYNTHETIC."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from estimation.arrays import Array, Indices
from estimation.choice.likelihoods.further import missing_values
from estimation.choice.model import ChoiceModel
from estimation.choice.quantities.prediction import offer_of
from estimation.choice.quantities.scenario import every_situation
from estimation.choice.sampling.draws import Tastes
from estimation.choice.utilities.design import design_of
from estimation.counts import seed_problems
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all
from estimation.names import CHOSEN


def simulate_choices(
    model: ChoiceModel,
    situations: ChoiceTable,
    weights: Mapping[str, float] | pd.DataFrame,
    *,
    dissimilarity: Mapping[str, float] | None = None,
    allocation: Mapping[str, float] | None = None,
    scale: Mapping[str, float] | None = None,
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
        Coefficient → weight, the same for everybody; or a frame with one row per subject (its index) and one column per
        coefficient, as they enter the utility.
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
        If weights, people or further parameters are missing or unknown.
    """
    design = design_of(model, situations)
    names, kinds = design.free, model.further(situations)
    given = pd.DataFrame([dict(weights)]) if isinstance(weights, Mapping) else weights
    further = {"dissimilarity": dissimilarity or {}, "allocation": allocation or {}, "scale": scale or {}}
    problems = [f"weight of {name!r} is missing" for name in names if name not in given]
    problems += [f"there is no coefficient {name!r}; there are {list(names)}" for name in given if name not in names]
    problems += missing_values(kinds, further) + seed_problems(seed)
    if not isinstance(weights, Mapping):
        known = {str(subject) for subject in given.index}
        absent = [subject for subject in situations.subjects if subject not in known]
        problems += [f"the weights of {len(absent)} people are missing: {', '.join(absent[:3])}"] * bool(absent)
    raise_all(problems, ChoiceError, "The choices cannot be simulated:")
    own = given if isinstance(weights, Mapping) else given.set_axis(given.index.astype(str)).loc[situations.subjects]
    values = {kind.variable: np.array([[further[kind.variable][label] for label in kind.labels]]) for kind in kinds}
    tastes = Tastes(design.complete(own[list(names)].to_numpy(dtype=float)[None]), values, "")
    offer = offer_of(model, situations, every_situation(situations))
    _, share, _ = next(offer.predicted(tastes))
    chosen = drawn_rows(share[:, 0], situations.first_row, np.random.default_rng(seed))
    frame = situations.rows.assign(**{CHOSEN.name: chosen})
    called = f"simulated_{situations.name.removeprefix('simulated_')}" if name is None else name
    return ChoiceTable.from_frame(frame, outside=situations.outside, name=called, synthetic=True)


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
