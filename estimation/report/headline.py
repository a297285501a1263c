"""The question of a report, and its answer in a few words: what the verdict says at length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from estimation.choice.problem import ChoiceFit
from estimation.choice.quantities.importance import attribute_importances
from estimation.evaluation.comparison.comparison import Comparison
from estimation.evaluation.words import undecided
from estimation.fits.fit import AnyFit
from estimation.inference.problem import MessageProblem
from estimation.text.digits import number
from estimation.text.sentences import counted, enumerated
from estimation.theories.description import Description
from estimation.theories.plays.theory import PlayTheory

TRUST, LEVELS = "TrustEmbedded", "LevelK"
TWO = "Were people guided by trust and trustworthiness, or strategically naive?"
THIRD = "Were people guided by trust and trustworthiness, strategically naive, or neither?"
OPEN = "The data do not decide."
SIDES = {
    "trust and trustworthiness": (TRUST, {TRUST, "DynamicTrust", "Mixture"}),
    "levels of reasoning": (LEVELS, {LEVELS, "LevelKLying", "CognitiveHierarchy", "Mixture"}),
}
"""Side of the question → the class that stands for it, and those in which it is still there."""
NAMED = 3  # quantities or attributes that an answer names


def theory_question(study: Comparison | AnyFit) -> str:
    """Return the question that a report on theories answers; a third theory that wins changes it."""
    theories = _theories(study)
    if isinstance(theories[0], PlayTheory):
        return "How do people play?" if len(theories) == 1 else "Which theory predicts best how people play?"
    if isinstance(study, Comparison) and _asks_for_trust(theories):
        return THIRD if _named(study) not in ("", TRUST, LEVELS) else TWO
    if len(theories) > 1:
        return "Which theory predicts best what a person does whom it has not seen?"
    return f"What does {theories[0].name} say about these people, and what does it miss?"


def theory_answer(study: Comparison | AnyFit, checks: Mapping[str, pd.DataFrame]) -> str:
    """Return the answer to `theory_question`; `checks` are predictive checks by theory."""
    if not isinstance(study, Comparison):
        return _described(study, next(iter(checks.values()), None))
    best = study.winner
    if best is None:
        return _still_open(study)
    if not _asks_for_trust([study.fits[name].theory for name in study.sound]):  # nothing is known of one that failed
        return _best_of(study)
    said = {
        TRUST: "Trust and trustworthiness describe these people better than levels of reasoning do.",
        LEVELS: "Levels of reasoning describe these people better than trust and trustworthiness do.",
    }
    return said.get(_named(study), f"Neither alone: {best} describes these people better than either theory.")


def _still_open(study: Comparison) -> str:
    """Return what is ruled out although nobody wins: a question between two sides may be answered for one of them."""
    left, sound = undecided(study.table, len(study.by_person)), study.table.index[study.table["ok"]]
    kinds, fitted = ({type(study.fits[name].theory).__name__ for name in names} for names in (left, sound))
    gone = [side for side, (one, others) in SIDES.items() if one in fitted and not others & kinds]
    if not gone or not _asks_for_trust(_theories(study)):
        return OPEN
    said = f"Neither {gone[0]} nor {gone[1]}" if len(gone) == len(SIDES) else f"Not {gone[0]}"
    return f"{said}; between {enumerated(left)} the data do not decide."


def choice_question(study: Comparison | ChoiceFit) -> str:
    """Return the question that a report on choices answers."""
    is_compared = isinstance(study, Comparison)
    return "Which model predicts best what a person chooses?" if is_compared else "What do people value?"


def choice_answer(study: Comparison | ChoiceFit) -> str:
    """Return the answer to `choice_question`."""
    if isinstance(study, Comparison):
        best = study.winner
        return OPEN if best is None else _best_of(study)
    if not study.model.is_linear:
        return ""
    table = 100 * attribute_importances(study).table.sort_values("median", ascending=False)
    parts = [f"{name} ({number(row['median'], significant=2)} %)" for name, row in table.head(NAMED).iterrows()]
    if len(parts) < 2:
        return ""
    first, *others = parts
    return f"What matters most, over the ranges that were shown, is {first}, before {enumerated(others)}."


def _best_of(study: Comparison) -> str:
    """Return whose predictions are best, of those that can be compared."""
    among = "" if len(study.sound) == len(study.fits) else " among those that passed their checks"
    return f"The best predictions{among} are those of {study.winner}."


def _theories(study: Comparison | AnyFit) -> Sequence[Description]:
    fits = study.fits.values() if isinstance(study, Comparison) else [study]
    return [fit.theory for fit in fits]


def _asks_for_trust(theories: Sequence[Description]) -> bool:
    return {TRUST, LEVELS} <= {type(theory).__name__ for theory in theories}


def _named(study: Comparison) -> str:
    """Return the class of the theory that wins; nothing if none does."""
    best = study.winner
    return "" if best is None else type(study.fits[best].theory).__name__


def _described(fit: AnyFit, checked: pd.DataFrame | None) -> str:
    """Return what one theory says of people, and how much of what they did it misses."""
    said = enumerated([_typical(str(name), row) for name, row in _leading(fit).iterrows()])
    if checked is None or not len(checked):
        return f"{_capital(said)}."
    possible = checked[checked["left_out"] == ""] if "left_out" in checked else checked  # as the section on checks
    facts, missed = counted(len(possible), "fact"), int(possible["surprising"].sum())
    return f"{_capital(said)}; the theory misses {missed or 'none'} of {facts} of the data."


def _leading(fit: AnyFit) -> pd.DataFrame:
    """Return the quantities that are a theory's own, or else the first ones or the most frequent kinds."""
    table = fit.summary
    if not isinstance(fit.problem, MessageProblem):
        return table.head(NAMED)
    own = fit.theory.own_parameters(fit.problem.games, fit.problem.roles)
    named = [parameter.name for parameter in own if parameter.name in table.index]
    kinds = table[table["symbol"] == "π"].sort_values("median", ascending=False)
    return table.loc[named].head(NAMED) if named else kinds.head(NAMED) if len(kinds) else table.head(NAMED)


def _typical(name: str, row: pd.Series) -> str:
    is_share = row["symbol"] == "π"
    middle, low, high = (number((100 if is_share else 1) * row[at], significant=2) for at in ("median", "low", "high"))
    if is_share:
        return f"{middle} % of people ({low} to {high} %) are {name.removeprefix('share of ')}"
    who = "" if name.startswith("typical ") else "typical "
    return f"{who}{name.replace('_', ' ')} is {middle} ({low} to {high})"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
