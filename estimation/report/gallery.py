"""The pictures of a report, each with a caption and with alternative text that says what it shows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from estimation.evaluation.comparison import Comparison
from estimation.inference.artifact import Fit
from estimation.names import SENDER
from estimation.report import figures
from estimation.report.digits import number
from estimation.report.drawing import Picture, picture
from estimation.report.predictions import averages, decisions
from estimation.theories.parameter import Parameter


def difference_pictures(study: Comparison) -> list[Picture]:
    """Return the person-by-person comparison of the best theory with the second, and with the next other theory."""
    return [_difference(study, rival) for rival in _rivals(study)]


def behaviour_pictures(fits: Mapping[str, Fit]) -> list[Picture]:
    """Return what people did and what each theory expects, for each role and condition that occurs."""
    table = next(iter(fits.values())).table
    found = table.frame[["role", "condition"]].drop_duplicates().itertuples(index=False)
    met = {(str(role), str(condition)) for role, condition in found}
    ordered = [
        (role, condition)
        for role in table.roles
        for condition in table.conditions
        if (role, condition) in met
    ]
    return [_behaviour(fits, role, condition) for role, condition in ordered]


def people_pictures(fits: Mapping[str, Fit]) -> list[Picture]:
    """Return how the theories' own parameters vary over people, and the shares of kinds of people."""
    pictures = []
    for name, fit in fits.items():
        own = fit.theory.own_parameters(list(fit.table.games.values()), tuple(fit.table.roles))
        pictures += [_people(fit, name, parameter) for parameter in own]
        if len(fit.theory.types) > 1:
            pictures.append(_shares(fit, name))
    return pictures


def _rivals(study: Comparison) -> list[str]:
    """Return the second theory, and the best one of another kind than the winner if that is a further one."""
    best, *others = study.table.index
    kind = type(study.fits[best].theory)
    unlike = [name for name in others if type(study.fits[name].theory) is not kind]
    return list(dict.fromkeys([others[0], *unlike[:1]]))


def _difference(study: Comparison, rival: str) -> Picture:
    best = study.table.index[0]
    axes = figures.elpd_differences(study, rival=rival)
    gap = study.pointwise[best] - study.pointwise[rival]
    better, people = int((gap > 0).sum()), len(gap)
    low, middle, high = (number(value, significant=2) for value in np.quantile(gap, [0.05, 0.5, 0.95]))
    alt = (
        f"One dot per person, ordered. {best} predicts {better} of {people} people better than {rival}; the middle "
        f"person's difference is {middle} nats, and 90 % of people lie between {low} and {high} nats. {study.label}."
    )
    caption = f"Right of the line {best} predicts a person better than {rival}."
    return picture(axes, alt, caption)


def _behaviour(fits: Mapping[str, Fit], role: str, condition: str) -> Picture:
    table = next(iter(fits.values())).table
    axes = figures.behaviour(fits, role, condition)
    rows = decisions(table, role, condition)
    ends = averages(rows).iloc[[0, -1]].to_numpy()
    seen, did = ("state", "message") if role == SENDER else ("message", "action")
    first, last = (f"{number(chosen)} at {seen} {number(given)}" for given, chosen in ends)
    alt = (
        f"{len(rows):,} decisions of {role}s in condition {condition}: {did} against {seen}. The average {did} goes "
        f"from {first} to {last}. Lines show what {', '.join(fits)} expect. {table.label}."
    )
    caption = f"{role.capitalize()}s, {condition}: {did} against {seen}."
    return picture(axes, alt, caption)


def _people(fit: Fit, name: str, parameter: Parameter) -> Picture:
    axes = figures.people(fit, parameter)
    values = figures.medians(fit, parameter)
    low, middle, high = (number(value, significant=2) for value in np.quantile(values, [0.05, 0.5, 0.95]))
    what = parameter.name.replace("_", " ")
    alt = (
        f"Histogram of {what} of {len(values)} people under {name}: middle person {middle}, 90 % of people between "
        f"{low} and {high} ({parameter.unit}). {fit.table.label}."
    )
    caption = f"{what.capitalize()} under {name}: {parameter.meaning}."
    return picture(axes, alt, caption)


def _shares(fit: Fit, name: str) -> Picture:
    axes = figures.shares(fit)
    middle = 100 * fit.tree["posterior"].dataset["share"].median(["chain", "draw"])
    named = zip(fit.theory.types, middle.to_numpy(), strict=True)
    parts = ", ".join(f"{kind} {number(share, significant=2)} %" for kind, share in named)
    alt = f"Bars of the shares of people under {name}: {parts}. {fit.table.label}."
    caption = f"Shares of people under {name}: posterior median and 90 % interval."
    return picture(axes, alt, caption)
