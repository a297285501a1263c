"""The pictures of a report, each with a caption and with alternative text that says what it shows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.evaluation.comparison.comparison import Comparison
from estimation.fits.fit import AnyFit
from estimation.inference.problem import MessageFit
from estimation.names import CONDITION, PERIOD, RECEIVER
from estimation.report.picture import Picture, picture
from estimation.report.theories.figures import plot_behaviour, plot_differences
from estimation.report.theories.people import Spread, spread_of
from estimation.report.theories.people_figures import plot_people, plot_shares, plot_types, shares_of
from estimation.report.theories.predictions import averages, decisions, panels_of, what_is_shown
from estimation.report.theories.trust_figures import path_of, plot_trust, receivers_of
from estimation.report.words import UNITS
from estimation.text.digits import MIDDLE, number
from estimation.text.sentences import counted, plural


def difference_pictures(study: Comparison) -> list[Picture]:
    """Return the person-by-person comparison of the best theory with the second, and with the next other theory."""
    return [_difference(study, rival) for rival in _rivals(study)]


def behaviour_pictures(fits: Mapping[str, MessageFit]) -> list[Picture]:
    """Return what people did and what each theory expects, for each role and condition that occurs."""
    table = next(iter(fits.values())).table
    return [_behaviour(fits, role, condition) for role, condition in panels_of(table)]


def people_pictures(fits: Mapping[str, MessageFit]) -> list[Picture]:
    """Return how the theories' own parameters vary over people, and which kinds of people there are."""
    pictures = []
    for name, fit in fits.items():
        own = fit.theory.own_parameters(list(fit.table.games.values()), tuple(fit.table.roles))
        pictures += [spread_picture(fit, name, p.name, p.name.replace("_", " "), p.unit, p.meaning) for p in own]
        if len(fit.problem.distinct_kinds) > 1:
            pictures += [shares_picture(fit, name), _types(fit, name)]
    return pictures


def trust_pictures(fits: Mapping[str, MessageFit]) -> list[Picture]:
    """Return how trust moves under each theory in which it does, where there are receivers."""
    return [
        _trust(fit, name)
        for name, fit in fits.items()
        if fit.theory.learns
        and RECEIVER in fit.table.roles
        and "trust" in (*fit.theory.derived, *(parameter.name for parameter in fit.problem.parameters))
    ]


def _rivals(study: Comparison) -> list[str]:
    """Return the second sound theory, and the best one of another kind than the first if that is a further one."""
    best, *others = study.sound
    unlike = [name for name in others if type(study.fits[name].model) is not type(study.fits[best].model)]
    return list(dict.fromkeys([others[0], *unlike[:1]]))


def _difference(study: Comparison, rival: str) -> Picture:
    best = study.table.index[0]
    axes = plot_differences(study, rival)
    gap = study.pointwise[best] - study.pointwise[rival]
    better, one = int((gap > 0).sum()), UNITS.get(study.left_out, "decision")
    low, middle, high = _middle_90(gap)
    alt = (
        f"One dot per {one}, ordered. {best} predicts {better} of {counted(len(gap), one)} better than {rival}; the "
        f"middle difference is {middle} nats, and 90 % of {plural(one)} lie between {low} and {high} nats. "
        f"{study.label}."
    )
    caption = f"Right of the line {best} predicts a {one} better than {rival}."
    return picture(axes, alt, caption)


def _behaviour(fits: Mapping[str, MessageFit], role: str, condition: str) -> Picture:
    table = next(iter(fits.values())).table
    axes = plot_behaviour(fits, role, condition)
    rows = decisions(table, role, condition)
    game = table.games[condition]
    seen, did = what_is_shown(game, role)
    words = game.labels.get(seen)
    ends = averages(rows, apart=words is not None).iloc[[0, -1]].to_numpy()
    said = [repr(words[int(given)]) if words else number(given) for given, _ in ends]
    first, last = (f"{number(chosen)} at {seen} {given}" for given, (_, chosen) in zip(said, ends, strict=True))
    alt = (
        f"{len(rows):,} decisions of {role}s in condition {condition}: {did} against {seen}. The average {did} goes "
        f"from {first} to {last}. Lines show what {', '.join(fits)} expect. {table.label}."
    )
    caption = f"{role.capitalize()}s, {condition}: {did} against {seen}."
    return picture(axes, alt, caption)


def spread_picture(fit: AnyFit, name: str, parameter: str, what: str, unit: str, meaning: str = "") -> Picture:
    """Return how a parameter varies over people, who are drawn one by one."""
    spread = spread_of(fit, parameter)
    low, middle, high = _middle_90(spread.median)
    alt = (
        f"{what} of {counted(len(spread.median), 'person')} under {name}, one line each: middle person {middle}, 90 % "
        f"of people between {low} and {high} ({unit}); pooling {spread.pooling:.2f}.{_marked(spread)} "
        f"{fit.table.label}."
    )
    about = f"{what[0].upper()}{what[1:]} under {name}{f': {meaning}' if meaning else ''}"
    pooled = f"Pooling {spread.pooling:.2f} (0: decisions tell everything about a person, 1: nothing)"
    shown, everybody = len(spread.median), len(fit.table.subjects)
    whose = f" Of the {shown} of {everybody} people whose decisions depend on it." if shown < everybody else ""
    return picture(plot_people(fit, parameter), alt, f"{about}. {pooled}.{whose}{_marked(spread)}")


def _marked(spread: Spread) -> str:
    return (
        f" Hollow: {counted(int(spread.marked.sum()), 'person')} to be read with care." if spread.marked.any() else ""
    )


def shares_picture(fit: AnyFit, name: str, of: str = "people") -> Picture:
    """Return how many people are of each kind, or latent class."""
    kinds, _, middle, _ = shares_of(fit)
    parts = ", ".join(f"{kind} {number(share, significant=2)} %" for kind, share in zip(kinds, middle, strict=True))
    alt = f"Bars of the shares of {of} under {name}: {parts}. {fit.table.label}."
    return picture(plot_shares(fit), alt, f"Shares of {of} under {name}: posterior median and 90 % interval.")


def _middle_90(values: Array | pd.Series) -> list[str]:
    """Return low, middle and high of what holds the middle 90 % of people, as text."""
    return [number(value, significant=2) for value in np.quantile(values, MIDDLE)]


def _types(fit: MessageFit, name: str) -> Picture:
    likely = fit.people[list(fit.problem.distinct_kinds)]
    sure = int((likely.max(axis=1) > 0.9).sum())
    counts = likely.idxmax(axis=1).value_counts()
    parts = ", ".join(f"{kind} for {counts.get(kind, 0)}" for kind in fit.problem.distinct_kinds)
    alt = (
        f"A column per person with the probability of each kind under {name}. Most probable kind: {parts} of "
        f"{counted(len(likely), 'person')}; beyond 90 % for {sure} of them. {fit.table.label}."
    )
    caption = f"Which kind each person is under {name}; {sure} of {len(likely)} are told with more than 90 %."
    return picture(plot_types(fit), alt, caption)


def _trust(fit: MessageFit, name: str) -> Picture:
    table = receivers_of(fit)
    mean = path_of(fit, table, [CONDITION.name, PERIOD.name])
    ends = []
    for condition, path in mean.groupby(CONDITION.name):
        first, last = (number(path["mean"].iloc[place], significant=2) for place in (0, -1))
        ends.append(f"from {first} to {last} in {condition}")
    alt = (
        f"Mean trust of {counted(len(table.subjects), 'receiver')} over "
        f"{counted(mean[PERIOD.name].nunique(), 'period')} under {name}: {'; '.join(ends)}. {fit.table.label}."
    )
    return picture(plot_trust(fit), alt, f"Trust of receivers over periods under {name}.")
