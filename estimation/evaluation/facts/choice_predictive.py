"""Does a model of choice make choices like the ones observed? Facts of the choices against the model's predictions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.choice.problem import ChoiceFit
from estimation.choice.quantities.prediction import offer_of
from estimation.choice.quantities.scenario import scenario
from estimation.choice.quantities.simulate import drawn_rows
from estimation.data.choices.table import ChoiceTable
from estimation.names import ALTERNATIVE, CHOSEN

MOST_ALTERNATIVES = 12  # whose shares are facts one by one


def choice_facts(fit: ChoiceFit, draws: int, seed: int, who: str) -> tuple[pd.DataFrame, Array]:
    """Return facts of the choices (statistic, group, role, value), and the same in simulated choices (draw, fact).

    Facts are the share of each alternative; for each attribute that differs within situations, by how much what was
    chosen exceeds what was offered on average, and how much that differs between people.
    """
    table = fit.table
    tastes = fit.problem.tastes(fit.tree, who, draws, seed)
    offer, rng = offer_of(fit.model, table, scenario(table)), np.random.default_rng([seed, 2])
    observed = facts_of(table, table.rows[CHOSEN.name].to_numpy())
    simulated = []
    for _, share, _ in offer.predicted(tastes):
        simulated += [facts_of(table, drawn_rows(part, table.first_row, rng))["value"] for part in share.T]
    return observed, np.array(simulated)


def facts_of(table: ChoiceTable, chosen: Array) -> pd.DataFrame:
    """Return the facts of some choices in the situations of a table; `chosen` is (row,), once per situation."""
    rows, first = table.rows, table.first_row
    picked = np.flatnonzero(chosen)
    facts = []
    if len(table.alternatives) <= MOST_ALTERNATIVES:
        codes = rows[ALTERNATIVE.name].cat.codes.to_numpy()[picked]
        share = np.bincount(codes, minlength=len(table.alternatives)) / len(picked)
        facts += [("share of choices", name, "", value) for name, value in zip(table.alternatives, share, strict=True)]
    person = np.repeat(np.arange(len(table.subjects)), np.diff(table.first_situation))
    count = np.bincount(person)
    for name in _numeric(table):
        values = rows[name].to_numpy(dtype=float)
        offered = np.add.reduceat(values, first[:-1]) / np.diff(first)
        gain = values[picked] - offered
        facts.append(("what is chosen above the average offer", name, "", gain.mean()))
        if (count > 1).all() and len(count) > 2:
            own = np.bincount(person, gain) / count
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
