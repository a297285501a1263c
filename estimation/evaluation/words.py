"""A comparison in one sentence, with no more certainty and no more digits than the numbers carry."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd
from scipy import special

from estimation.text.sentences import counted, enumerated

SMALL_DIFFERENCE = 4.0  # nats: below it the normal approximation of the error is poor (Sivula et al. 2025)
CLEAR = 2.0  # standard errors, at least: `reach`
NEW = {
    "subject": "a new person",
    "game": "what is chosen in a game that was left out",
    "decision": "another decision of a known person",
    "condition": "what people do in a condition that was left out",
    "period": "what people do later from what they did earlier",
}
WHO = {"game": "game and player"}
"""What is counted, where people are not known."""
ONE_UNIT = "Evidence depends on the priors as well; more games, or choices by person, would allow a comparison."
FEWEST = 2  # sound theories without which there is nothing to compare
MANY = 100  # people from which on the error itself can be relied on (ibid.)
DIAGNOSIS_FAILED = "the diagnosis failed; see it, then sample longer or redraw the nodes"
SAME_PREDICTIONS = 0.05  # total variation: the theories would have to be told apart by 1 decision in 20


def verdict(
    table: pd.DataFrame, people: int, label: str, unit: str = "subject", doubts: Mapping[str, str] | None = None
) -> str:
    """Return who predicts better, that it cannot be told, or why no winner can be named.

    Parameters
    ----------
    table
        As `Comparison.table`: sound theories first, each group by elpd.
    people
        How many people were scored.
    unit
        One of `NEW`.
    doubts
        Theory → why its scores are not to be trusted, where ``ok`` of the table says so. Such a theory is left out of
        the verdict, and named with the reason.
    """
    reasons = {str(name): (doubts or {}).get(str(name), DIAGNOSIS_FAILED) for name in table.index[~table["ok"]]}
    sound = table[table["ok"]]
    if len(sound) < FEWEST:
        each = [f"of {name}, {reason}" for name, reason in reasons.items()]
        return f"No winner can be named in the data set {label}: {'; '.join(each)}."
    return _between(sound, people, label, unit) + _without(table, reasons)


def _between(table: pd.DataFrame, people: int, label: str, unit: str) -> str:
    """Return the verdict between theories that are all sound, best first."""
    best, *rivals = (str(name) for name in table.index)
    if people == 1:
        lead = f"the evidence for {best} is larger than for {rivals[0]}, by {-table['elpd_diff'][rivals[0]]:.1f} nats"
        return f"{_in(label)} there is one unit only, so that nothing can be left out and predicted: {lead}. {ONE_UNIT}"
    close = [name for name in rivals if not _is_behind(table, name, people)]
    if close:
        each = [f"{name} ({_lead(table, name)}: {_reason(table, name, people)})" for name in close]
        behind = _clearly_behind(table, [name for name in rivals if name not in close])
        return f"{_in(label)}, {best} cannot be told apart from {enumerated(each)}.{behind}{_small(people, unit)}"
    among = f" and {enumerated(rivals[1:])} by more" if len(rivals) > 1 else ""
    difference, error = _gap(table, rivals[0])
    return (
        f"{_in(label)}, {best} predicts {NEW[unit]} better than {rivals[0]}, by {difference} nats "
        f"(standard error {error}; {counted(people, WHO.get(unit, 'person'))}){among}.{_small(people, unit)}"
    )


def _clearly_behind(table: pd.DataFrame, names: list[str]) -> str:
    """Say whom an undecided comparison rules out nevertheless, nearest first."""
    if not names:
        return ""
    more = f", and {enumerated(names[1:])} by more" if len(names) > 1 else ""
    difference, error = _gap(table, names[0])
    return f" Clearly behind is {names[0]} ({difference} nats, standard error {error}){more}."


def _in(label: str) -> str:
    return f"In the data set {label}"


def _without(table: pd.DataFrame, reasons: Mapping[str, str]) -> str:
    """Say which theories (name → reason) the verdict is not about, and which of them seem ahead of its best one."""
    each = []
    for name, reason in reasons.items():
        lead = table["elpd_diff"][name]
        seems = f"which seems ahead of {table.index[0]} by {lead:.0f} nats, but" if round(lead) > 0 else "because"
        each.append(f"{name}, {seems} {reason}")
    return f" Left out of this verdict: {'; '.join(each)}." if each else ""


def winner(table: pd.DataFrame, people: int) -> str | None:
    """Return the theory that a comparison of so many people names, if it names one: never one that is not sound."""
    left = undecided(table, people)
    return left[0] if len(left) == 1 and table["ok"].sum() >= FEWEST else None


def undecided(table: pd.DataFrame, people: int) -> list[str]:
    """Return the sound theories that are not clearly behind the best one, which stands first."""
    sound = table[table["ok"]]
    best, others = map(str, sound.index[:1]), map(str, sound.index[1:])
    return [*best, *(name for name in others if not _is_behind(sound, name, people))]


def error_of(table: pd.DataFrame, name: str) -> float:
    """Return the standard error of a theory's difference to the best one, integrals of both included, nats."""
    return float(math.hypot(table["dse"][name], table["mc_error"][name], table["mc_error"].iloc[0]))


def agreement(winners: dict[str, str | None]) -> str:
    """Say whether comparisons by several units (unit → the theory that is named) agree."""
    named = {name for name in winners.values() if name is not None}
    units = enumerated([f"by {unit}" for unit in winners])
    if len(named) == 1 and None not in winners.values():
        return f"The comparisons {units} agree on {named.pop()}."
    each = [f"by {unit} {name or 'nobody'}" for unit, name in winners.items()]
    word = "do not agree" if len(named) > 1 else "are not all decided" if named else "name nobody"
    return f"The comparisons {units} {word}: {enumerated(each)}."


def about_habits(habits: Mapping[str, str]) -> str:
    """Say which theories (name → their option `habits`) have habits of response, if some have."""
    if set(habits.values()) <= {"none"}:
        return ""
    if len(set(habits.values())) == 1:
        return f" All theories have the same habits of response ({next(iter(habits.values()))})."
    each = enumerated([f"{name} {which}" for name, which in habits.items()])
    return f" Habits of response differ ({each}): the difference may be due to these, not to the theories."


def about_roles(name: str, gain: float, error: float, people: int, doubt: str) -> str:
    """Say how much better a theory predicts if people's roles are unrelated, nats: what sharing parameters costs."""
    if doubt:
        return f" How well {name} predicts if a person's roles are unrelated cannot be told: {doubt}."
    digits = 0 if error >= 1 else 1
    size = f"{abs(gain):.{digits}f} nats"
    start, told = (
        f" If a person's roles had nothing in common, {name} would predict",
        f"standard error {error:.{digits}f}",
    )
    if is_clear(gain, error, people):
        return (
            f"{start} {size} better ({told}): so much it costs to take people to be the same in both roles; "
            "est.sharing_costs says which parameter costs what."
        )
    if is_clear(-gain, error, people):
        return f"{start} {size} worse ({told}): what people are like in one role says something about the other."
    return f"{start} about as well ({size} {'better' if gain > 0 else 'worse'}, {told})."


def about_benchmark(table: pd.DataFrame) -> str:
    """Say how much of what can be explained the best sound theory explains; `table` has its columns ``explained``."""
    if table.empty:
        return ""
    name, row = table.index[0], table.iloc[0]
    share = f"{100 * row['explained']:.0f} % (standard error {max(100 * row['explained_se'], 0.1):.1f} %)"
    return f" Of what a flexible benchmark without a theory explains, from babbling on, {name} explains {share}."


def _is_behind(table: pd.DataFrame, name: str, people: int) -> bool:
    """Return whether a theory is clearly behind the best one."""
    return is_clear(-table["elpd_diff"][name], error_of(table, name), people)


def _reason(table: pd.DataFrame, name: str, people: int) -> str:
    """Return why a theory cannot be told apart from the best one."""
    difference = -table["elpd_diff"][name]
    if table["distance"][name] < SAME_PREDICTIONS:
        return "they expect nearly the same of a single decision"
    if is_clear(difference, table["dse"][name], people):
        return "the integrals over people are too rough to tell"
    if difference > reach(people) * error_of(table, name):
        return f"errors are not to be trusted below {SMALL_DIFFERENCE:.0f} nats"
    if difference > CLEAR * error_of(table, name):
        return f"of so few people it takes {reach(people):.1f} standard errors"
    return "the difference is within its error"


def _lead(table: pd.DataFrame, name: str) -> str:
    difference, error = _gap(table, name)
    return f"{name} is {difference} nats behind, standard error {error}"


def _gap(table: pd.DataFrame, name: str) -> tuple[str, str]:
    """Return the difference to the best theory and its error, with the digits that they carry."""
    error = error_of(table, name)
    digits, difference = 0 if error >= 1 else 1, -float(table["elpd_diff"][name])
    shown = [f"{difference:.{at}f}" for at in range(digits, 3)]  # what is below the limit is not to look as if on it
    honest = (text for text in shown if (float(text) < SMALL_DIFFERENCE) == (difference < SMALL_DIFFERENCE))
    return next(honest, shown[-1]), f"{error:.{digits}f}"


def is_clear(difference: float, error: float, people: int) -> bool:
    """Return whether a difference, nats, is large enough to be believed, and beyond its error, taken over people."""
    return bool(difference > SMALL_DIFFERENCE and difference > reach(people) * error)


def reach(people: int) -> float:
    """Return how many standard errors a difference must exceed: of few people, as many as Student's t says.

    From sixty on two will do; of five people, whose differences say little of their own spread, it takes 2.8.
    """
    return max(CLEAR, float(special.stdtrit(people - 1, 0.975))) if people > 1 else math.inf


def _small(people: int, unit: str) -> str:
    if people >= MANY:
        return ""
    return f" With {counted(people, WHO.get(unit, 'person'))} the standard errors are themselves uncertain."
