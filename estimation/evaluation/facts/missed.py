"""What a theory misses of what people did, by what it costs, and which habit it goes with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from estimation.counts import seed_problems
from estimation.errors import FitError, raise_all
from estimation.evaluation.facts.averaged import BETWEEN, DRIFT, FACTS, advised_tilts, choices_of, habits_of
from estimation.evaluation.facts.predictive import predictive_check
from estimation.evaluation.facts.tilts import Tilted, personal, tilted
from estimation.evaluation.words import is_clear
from estimation.fits.fit import MESSAGES, AnyFit
from estimation.inference.pooled.pooled import with_people

FACT, HABIT = "fact", "habit"
COLUMNS = ("statistic", "group", "role", "observed", "predicted", "cost", "se", "because")
WORTH = 0.25
"""Of what is missed of a fact: a habit that explains less is not named."""


def missed(fit: AnyFit, checked: pd.DataFrame | None = None, *, seed: int = 0) -> pd.DataFrame:
    """Say what a theory misses, what each costs in log score, and which habit of people it goes with.

    Costs are exponential tilts of the theory's predictions (`evaluation.facts.tilts`): by how many nats people left out
    would be predicted better if the theory had just this right. They are lower bounds, and overlap.

    Parameters
    ----------
    fit
        A fit of a theory of messages.
    checked
        The facts as `predictive_check(fit)` returned them; computed if left out.
    seed
        Of the draws.

    Returns
    -------
    One row for each fact that is missed, and for each habit that costs more than 4 nats and two standard errors; the
    costly first. ``what`` (``"fact"`` or ``"habit"``), ``statistic``, ``group`` (condition), ``role``; ``observed`` and
    ``predicted``; ``cost`` and ``se``, nats (missing for the correlation of both roles); ``because``, a sentence about
    the habit that goes with most of what is missed of a fact.

    Raises
    ------
    FitError
        If the fit is not of a theory of messages.
    """
    if fit.family != MESSAGES:
        raise FitError("Costs cannot be told:", [f"{fit.label} is no fit of people who talk"])
    raise_all(seed_problems(seed), FitError, "Costs cannot be told:")
    fit = with_people(fit, "Costs cannot be told:")
    checked = predictive_check(fit, seed=seed) if checked is None else checked
    wrong = checked[checked["surprising"]]
    rows = []
    for condition in fit.table.conditions:
        for role in fit.table.roles:
            here = wrong[(wrong["group"] == condition) & (wrong["role"] == role)]
            rows += _of_group(fit, role, condition, here, seed)
    among = ~wrong["role"].isin(fit.table.roles)
    rows += [_row(FACT, row) for row in wrong[among].to_dict("records")]
    return pd.DataFrame(rows, columns=["what", *COLUMNS]).sort_values("cost", ascending=False, ignore_index=True)


def _of_group(fit: AnyFit, role: str, condition: str, wrong: pd.DataFrame, seed: int) -> list[dict[str, Any]]:
    """Return the rows of a role and condition; `wrong` holds the facts that are missed there."""
    people = choices_of(fit, role, condition, seed)
    if not people:
        return []
    known = {**FACTS, **advised_tilts(fit.table, role, condition)}
    facts = {name: known[name] for name in wrong["statistic"].astype(str) if name in known}
    habits = {name: tilted(people, tilt, facts) for name, tilt in habits_of(people[0].block).items()}
    rows = []
    for fact in wrong.to_dict("records"):
        row, name = _row(FACT, fact), fact["statistic"]
        if name in facts:
            found = tilted(people, facts[name], {})
            row |= {"cost": found.cost, "se": found.se, "because": _because(found, name, habits)}
        elif name in BETWEEN:
            row["cost"], row["se"] = personal(people, BETWEEN[name])
        rows.append(row)
    where = {"group": condition, "role": role}
    clear = {name: found._asdict() for name, found in habits.items() if is_clear(found.cost, found.se, len(people))}
    return rows + [_row(HABIT, {"statistic": name} | where | found) for name, found in clear.items()]


def _row(what: str, found: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a row; what is not known is missing."""
    blank = {"cost": float("nan"), "se": float("nan"), "because": ""}
    return {"what": what} | {name: found.get(name, blank.get(name)) for name in COLUMNS}


def _because(found: Tilted, fact: str, habits: Mapping[str, Tilted]) -> str:
    """Say which habit moves the theory towards the fact by most of what is missed."""
    gap = found.observed - found.predicted
    others = {name: one for name, one in habits.items() if gap and not fact.endswith(name)}
    shares = {name: one.moved.get(fact, 0.0) / gap for name, one in others.items()}
    name = max(shares, key=lambda each: shares[each], default="")
    if not name or shares[name] < WORTH:
        return "no habit among those looked at explains as much as a quarter of what is missed"
    more = "more" if habits[name].observed > habits[name].predicted else "less"
    often = "" if name == DRIFT else f", {more} common than expected"
    return f"{100 * min(shares[name], 1.0):.0f} % of it goes with {name}{often}"
