"""Predictions and counterfactuals: what known or new people would do in other conditions, or after another history."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from estimation.allowed import is_among, word_problems
from estimation.arrays import Array, Indices, is_real
from estimation.counts import count_problems, seed_problems
from estimation.data.tables.table import Table
from estimation.errors import FitError, raise_all
from estimation.games.game import grid_index
from estimation.inference.elsewhere import moved_within
from estimation.inference.pooled.pooled import with_people
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.inference.simulation.drawn_people import known_people, new_people
from estimation.listed import listed
from estimation.names import ACTION, MESSAGE, SENDER, SUBJECT
from estimation.population.people import Block, option_probabilities, values_at

CHOICE, FOLLOW = "choice", "follow"
RESULTS = ("scenario", "baseline", "mean", "low", "high")


def predict(
    fit: MessageFit,
    scenario: Table | None = None,
    *,
    what: str = CHOICE,
    by: str | Iterable[str] | None = (),
    people: str = "known",
    draws: int = 200,
    seed: int = 0,
    interval: float = 0.9,
) -> pd.DataFrame:
    """Return what a fit expects in the situations of a table, with the uncertainty of the posterior.

    Parameters
    ----------
    scenario
        The situations: states for senders; messages, and what came out of them, for receivers; conditions and
        covariates. What the table holds as decisions is not used. The table of the fit if left out.
    what
        ``"choice"``: the expected message or action, game units, if these are numbers. ``"follow"``: the probability
        that senders tell the truth and receivers act as is best if the message is true. Or the name of a parameter,
        such as ``"trust"``: its value at each decision, natural scale, over the draws in which it matters to the
        person's kind.
    by
        Columns of the scenario; predictions are averaged over the decisions that agree in them, be it in having no
        value there. Every decision by itself if left out.
    people
        ``"known"``: the people of the fit, by name, with what has been learnt about each. ``"new"``: other people of
        the same population.
    draws
        Number of posterior draws.
    interval
        The share of draws between ``low`` and ``high``.

    Returns
    -------
    One row per decision or group: `by` or the standard columns, ``mean``, ``low`` and ``high`` (the central interval of
    the posterior of the expectation).

    Raises
    ------
    FitError
        If an option is unknown, `interval` is not between 0 and 1, a column is missing or called like one of the
        result, or people are to be known who are not in the fit.
    TheoryError
        If the games of the scenario are not the theory's, or have parameters of which the fit says nothing.
    """
    _check_interval(interval)
    groups, values = expected(fit, scenario, what, by, people, draws, seed)
    return groups.assign(**summary_of(values, interval))


def effect(
    fit: MessageFit,
    scenario: Table,
    baseline: Table,
    *,
    what: str = CHOICE,
    by: str | Iterable[str] | None = (),
    people: str = "known",
    draws: int = 200,
    seed: int = 0,
    interval: float = 0.9,
) -> pd.DataFrame:
    """Return how predictions in one scenario differ from those in another, draw by draw for the same people.

    Parameters
    ----------
    scenario, baseline
        Two tables of the same people; see `predict`, also for the other parameters. `by` must give the same groups in
        both; averages over everything if left out.

    Returns
    -------
    One row per group: `by`; ``scenario`` and ``baseline`` (means); ``mean``, ``low`` and ``high`` of the difference.

    Raises
    ------
    FitError
        As `predict`; and if the scenarios have different people or groups.
    """
    _check_interval(interval)
    columns = columns_of(by) or (EVERYTHING,)
    options = (what, columns, people, draws, seed)
    odd = [each for each in (scenario, baseline) if not isinstance(each, Table)]
    advice = "the scenarios must be tables, as est.Table.from_frame(frame, games) makes them"
    raise_all([f"{advice}, not a {type(odd[0]).__name__}"] if odd else [], FitError, "Nothing can be compared:")
    if scenario.subjects != baseline.subjects:
        raise FitError("Nothing can be compared:", ["the scenarios have different people; name them alike in both"])
    groups, values = expected(fit, scenario, *options)
    others, base = expected(fit, baseline, *options)
    if not groups.equals(others):
        raise FitError("Nothing can be compared:", [f"the scenarios have different groups of {by!r}"])
    means = {"scenario": summary_of(values, interval)["mean"], "baseline": summary_of(base, interval)["mean"]}
    return groups.assign(**means, **summary_of(values - base, interval))


EVERYTHING = "*"
"""Stands for a column that is the same in all decisions."""


def columns_of(by: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return the columns to average by; None is none, as if it were left out."""
    return () if by is None else listed(by)


def _check_interval(interval: float) -> None:
    if not (is_real(interval) and 0 < interval < 1):
        raise FitError("Nothing can be predicted:", [f"interval must be between 0 and 1, not {interval!r}"])


def summary_of(values: Array, interval: float) -> dict[str, Array]:
    """Return mean, low and high over the draws of values (draw, row) in which there is a value."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a row without any value is NaN, as it should be
        low, high = np.nanquantile(values, [(1 - interval) / 2, (1 + interval) / 2], axis=0)
        return {"mean": np.nanmean(values, axis=0), "low": low, "high": high}


def expected(
    fit: MessageFit,
    scenario: Table | None,
    what: str,
    by: str | Iterable[str] | None,
    people: str,
    draws: int,
    seed: int,
) -> tuple[pd.DataFrame, Array]:
    """Return the groups of decisions, and the expectation in each for every draw, (draw, group); see `predict`."""
    fit = with_people(fit, "Nothing can be predicted:")
    problem = fit.problem if scenario is None else fit.problem.on(scenario)
    frame = problem.table.written.reset_index(drop=True)
    columns = [column for column in columns_of(by) if column != EVERYTHING]
    raise_all(count_problems(draws=draws) + seed_problems(seed), FitError, "Nothing can be predicted:")
    _check(fit, problem, what, columns, people)
    rng = np.random.default_rng([seed, 3])
    if people == "known":
        there = fit.tree["people"].sizes["sample"]
        drawn = known_people(fit, problem, rng.choice(there, size=draws, replace=draws > there))
    else:
        drawn = new_people(fit, problem, draws, rng)
    kinds, theta, coefficient = drawn
    values = np.full((len(kinds), len(frame)), np.nan)
    for position, person in enumerate(problem.crowd.people):
        for block in person.blocks:
            own = moved_within(theta[:, position], problem.design, coefficient, block.rows)
            values[:, block.rows] = _of_block(fit, problem, what, kinds[:, position], own, block)
    if not columns_of(by):
        return frame, values
    keys = frame[columns] if columns else pd.DataFrame({"over": ["all decisions"] * len(frame)})
    groups, number = groups_of(keys)
    inside = np.eye(len(groups))[number]
    counted = np.isfinite(values) @ inside
    means = np.where(counted > 0, np.nan_to_num(values) @ inside / np.maximum(counted, 1), np.nan)
    return groups, means


def groups_of(keys: pd.DataFrame) -> tuple[pd.DataFrame, Indices]:
    """Return rows that differ, in order, and the place of each row among them; what is missing is alike, and last."""
    number = keys.groupby(list(keys), sort=True, dropna=False, observed=True).ngroup().to_numpy()
    _, first, place = np.unique(number, return_index=True, return_inverse=True)
    return keys.iloc[first].reset_index(drop=True), place


def _of_block(fit: MessageFit, problem: MessageProblem, what: str, kinds: Any, theta: Array, block: Block) -> Array:
    """Return the expectation for one person's decisions, (draw, decision)."""
    if what not in (CHOICE, FOLLOW):
        return values_at(fit.theory, problem.parameters, what, kinds, theta, block)
    table = option_probabilities(fit.theory, problem.parameters, kinds, theta, block)
    if what == CHOICE:
        return table @ block.options
    return (table * _literal(block)).sum(axis=-1)


def _literal(block: Block) -> Array:
    """Return which options are true (senders), or the best if the message is true (receivers), (decision, option)."""
    if block.role == SENDER:
        lies = block.game.untruth[grid_index(block.game.states, block.given)]
        return np.asarray(lies == lies.min(axis=1, keepdims=True), dtype=float)
    return np.eye(len(block.options))[block.game.literal[grid_index(block.game.messages, block.given)]]


def _check(fit: MessageFit, problem: MessageProblem, what: str, columns: list[str], people: str) -> None:
    names = [p.name for p in fit.theory.parameters(fit.problem.games, fit.problem.roles)]
    problems = []
    names += [name for name in fit.theory.derived if name not in names]
    if not is_among(what, (CHOICE, FOLLOW, *names)):
        problems.append(f"what must be {CHOICE!r}, {FOLLOW!r} or one of {names}, not {what!r}")
    problems += word_problems(("known", "new"), people=people)
    words = [name for name, game in problem.table.games.items() if {MESSAGE.name, ACTION.name} & set(game.labels)]
    if what == CHOICE and words:
        problems.append(f"condition {words[0]!r}: words have no average; use what={FOLLOW!r}")
    missing = [column for column in columns if column not in list(problem.table.frame)]
    problems += [f"there is no column {column!r} to average by" for column in missing]
    problems += [f"rename column {name!r}: the result has one of that name" for name in columns if name in RESULTS]
    if people == "known" and "people" not in fit.tree:
        problems.append("draws of people in partitions are not kept; use people='new'")
    elif people == "known" and (strangers := sorted(set(problem.table.subjects) - set(fit.table.subjects))):
        problems.append(f"{SUBJECT.name} {strangers[:3]} … are not in the fit; use people='new'")
    unseen = sorted(set(problem.roles) - set(fit.problem.roles))
    if unseen:
        problems.append(f"the fit has seen no {unseen[0]}s; leave their decisions out of the scenario")
    raise_all(problems, FitError, f"{fit.label} cannot predict this:")
