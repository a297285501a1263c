"""Does a model of choice make choices like the ones observed? Facts of the choices against the model's predictions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.choice.problem import ChoiceFit
from estimation.choice.quantities.prediction import offer_of
from estimation.choice.quantities.scenario import every_situation
from estimation.choice.quantities.simulate import drawn_rows
from estimation.choice.sampling.people import weight_of_situations
from estimation.data.choices.table import ChoiceTable
from estimation.names import ALTERNATIVE, CHOSEN, WEIGHT

MOST_ALTERNATIVES = 12  # whose shares are facts one by one


def choice_facts(fit: ChoiceFit, draws: int, seed: int, who: str) -> tuple[pd.DataFrame, Array]:
    """Return facts of the choices (statistic, group, role, value), and the same in simulated choices (draw, fact).

    Facts are the share of each alternative; for each attribute that differs within situations, by how much what was
    chosen exceeds what was offered on average, and how much that differs between people. Situations count by their
    weights; a number of choices is simulated as so many choices.
    """
    table = fit.table
    tastes = fit.problem.tastes(fit.tree, who, draws, seed)
    offer, rng = offer_of(fit.model, table, every_situation(table)), np.random.default_rng([seed, 2])
    observed = facts_of(table, table.rows[CHOSEN.name].to_numpy(dtype=float))
    simulated = []
    for _, share, _ in offer.predicted(tastes):
        simulated += [facts_of(table, _simulated(table, part, rng))["value"] for part in share.T]
    return observed, np.array(simulated)


def _simulated(table: ChoiceTable, share: Array, rng: np.random.Generator) -> Array:
    """Return what part of each situation's choices takes each alternative, (row,), with the probabilities of rows."""
    if WEIGHT.name not in table.rows or table.is_sample_weighted:
        return drawn_rows(share, table.first_row, rng).astype(float)
    counts = np.maximum(1, weight_of_situations(table).round()).astype(np.int64)
    parts = np.split(share, table.first_row[1:-1])
    return np.concatenate([rng.multinomial(n, part / part.sum()) / n for n, part in zip(counts, parts, strict=True)])


def facts_of(table: ChoiceTable, chosen: Array) -> pd.DataFrame:
    """Return the facts of some choices in the situations of a table; `chosen` is (row,), parts that sum to one."""
    rows, first = table.rows, table.first_row
    weight = weight_of_situations(table)
    facts = []
    if len(table.alternatives) <= MOST_ALTERNATIVES:
        codes = rows[ALTERNATIVE.name].cat.codes.to_numpy()
        taken = np.bincount(codes, chosen * np.repeat(weight, np.diff(first)), minlength=len(table.alternatives))
        share = taken / weight.sum()
        facts += [("share of choices", name, "", value) for name, value in zip(table.alternatives, share, strict=True)]
    person = np.repeat(np.arange(len(table.subjects)), np.diff(table.first_situation))
    several, total = (np.diff(table.first_situation) > 1).all(), np.bincount(person, weight)
    for name in _numeric(table):
        values = rows[name].to_numpy(dtype=float)
        offered = np.add.reduceat(values, first[:-1]) / np.diff(first)
        gain = np.add.reduceat(values * chosen, first[:-1]) - offered
        facts.append(("what is chosen above the average offer", name, "", np.average(gain, weights=weight)))
        if several and len(total) > 2:
            own = np.bincount(person, gain * weight) / total
            facts.append(("sd over people of what is chosen above the offer", name, "", own.std(ddof=1)))
    return pd.DataFrame(facts, columns=["statistic", "group", "role", "value"])


def _numeric(table: ChoiceTable) -> list[str]:
    """Return attributes that are numbers and differ within situations."""
    rows, size = table.rows, np.diff(table.first_row)
    found = []
    for name in table.attributes:
        if name in table.covariates or not pd.api.types.is_numeric_dtype(rows[name].dtype):
            continue
        values = rows[name].to_numpy(dtype=float)
        first = np.repeat(values[table.first_row[:-1]], size)
        if np.isfinite(values).all() and (values != first).any():
            found.append(name)
    return found
