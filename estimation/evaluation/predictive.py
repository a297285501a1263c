"""Does a theory make data like the ones observed? Named facts of the data against their predictive distribution."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.data.table import Table
from estimation.errors import FitError, raise_all
from estimation.evaluation.choice_predictive import choice_facts
from estimation.evaluation.play_predictive import play_facts
from estimation.fits.fit import CHOICES, MESSAGES, PLAYS, AnyFit, Fit
from estimation.games.game import Game, grid_index
from estimation.inference.pooled import with_people
from estimation.inference.posterior import drawn_populations
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.inference.simulate import play
from estimation.names import ACTION, CONDITION, MESSAGE, RECEIVER, ROLE, SENDER, STATE, SUBJECT
from estimation.theories.messages.theory import Theory

SURPRISING = 0.05  # two-sided tail probability below which a fact counts as missed

Situation = tuple[Game, pd.DataFrame]
Statistic = Callable[[Situation], float]


def predictive_check(
    fit: AnyFit | Theory, table: Table | None = None, *, draws: int = 50, seed: int = 0, who: str = "known"
) -> pd.DataFrame:
    """Compare facts of the data with what a theory or a model of choice would produce in the same situations.

    Parameters
    ----------
    fit
        A fit of a theory or of a model of choice; or a theory of messages: then with `table`, people are drawn from
        its prior (a prior predictive check).
    table
        Other decisions of people whom the fit knows, or with ``who="new"`` of anybody; those of the fit if left out.
    draws
        Number of simulated experiments.
    who
        ``"known"``: the same people decide again; ``"new"``: other people from the fitted population.

    Returns
    -------
    One row per statistic and group: role, observed, predicted (mean), low and high (90 % interval), tail (two-sided
    tail probability) and whether it is surprising (tail below 0.05).

    Raises
    ------
    FitError
        If a theory comes without a table, `who` is unknown, the table has people whom the fit does not know, or a
        table is given for a model of choice or a theory of play.
    """
    if who not in ("known", "new"):
        raise FitError("There is nothing to check:", [f"who must be 'known' or 'new', not {who!r}"])
    if table is not None and isinstance(fit, Fit) and fit.family != MESSAGES:
        advice = f"{fit.label} is checked against the choices it was fitted to; leave the table out"
        raise FitError("There is nothing to check:", [advice])
    if isinstance(fit, Fit) and fit.family == CHOICES:
        return _predicted_facts(*choice_facts(fit, draws, seed, who))
    if isinstance(fit, Fit) and fit.family == PLAYS:
        return _predicted_facts(*play_facts(fit, draws, seed, who))
    known = with_people(fit, "There is nothing to check:") if isinstance(fit, Fit) else fit
    return _experiments(known, table, draws, seed, who)


def _experiments(fit: MessageFit | Theory, table: Table | None, draws: int, seed: int, who: str) -> pd.DataFrame:
    """Return facts of the data beside those of simulated experiments, of people who talk."""
    problem = _problem(fit, table)
    if isinstance(fit, Fit) and who == "known":
        unknown = sorted(set(problem.table.subjects) - set(fit.table.subjects))
        advice = f"the fit does not know {', '.join(unknown[:5])}; use who='new'"
        raise_all([advice] if unknown else [], FitError, "There is nothing to check:")
    rng = np.random.default_rng([seed, 2])
    observed = facts(problem.table.frame, problem.table)
    replicates = []
    for _ in range(draws):
        kinds, theta = _people(fit, problem, who, rng)
        replicates.append(facts(play(problem, kinds, theta, rng, replies=False), problem.table))
    return _predicted_facts(observed, np.array([replicate["value"] for replicate in replicates]))


def facts(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return the named facts of a frame of decisions: statistic, group, role, value."""
    rows = []
    for condition, game in table.games.items():
        for role, statistics in ((SENDER, _SENDER), (RECEIVER, _RECEIVER)):
            part = frame[(frame[CONDITION.name] == condition) & (frame[ROLE.name] == role)]
            if len(part):
                rows += [(name, condition, role, fact((game, part))) for name, fact in statistics.items()]
    if set(table.roles) == {SENDER, RECEIVER}:
        rows.append(("correlation of people's exaggeration and correction", "all", "both", _person_link(frame, table)))
    return pd.DataFrame(rows, columns=["statistic", "group", "role", "value"])


def _exaggeration(situation: Situation) -> pd.Series:
    game, part = situation
    return pd.Series(game.direction * (part[MESSAGE.name] - part[STATE.name]))


def _correction(situation: Situation) -> pd.Series:
    """How far the action stays from the best reply to a message that is true, in the direction of suspicion."""
    game, part = situation
    literal = game.actions[_literal(game)[grid_index(game.messages, part[MESSAGE.name])]]
    return pd.Series(game.direction * (literal - part[ACTION.name]))


def _literal(game: Game) -> Array:
    """Return the index of the best action for each message if it is true, (message,)."""
    return np.asarray(np.argmax(game.receiver_payoff(game.actions[None, :], game.messages[:, None]), axis=1))


def _slope(x: pd.Series, y: pd.Series) -> float:
    return float(np.cov(x, y)[0, 1] / np.var(x, ddof=1)) if np.ptp(x) > 0 else np.nan


def _between(values: pd.Series, part: pd.DataFrame) -> float:
    return float(values.groupby(part[SUBJECT.name]).mean().std())


def _at_end(situation: Situation) -> float:
    game, part = situation
    end = game.messages[-1] if game.direction > 0 else game.messages[0]
    return float((part[MESSAGE.name] == end).mean())


_SENDER: dict[str, Statistic] = {
    "mean exaggeration": lambda s: float(_exaggeration(s).mean()),
    "sd of exaggeration": lambda s: float(_exaggeration(s).std()),
    "share of true messages": lambda s: float((_exaggeration(s) == 0).mean()),
    "share of messages at the far end": _at_end,
    "slope of message on state": lambda s: _slope(s[1][STATE.name], s[1][MESSAGE.name]),
    "sd of people's mean exaggeration": lambda s: _between(_exaggeration(s), s[1]),
}
_RECEIVER: dict[str, Statistic] = {
    "mean correction": lambda s: float(_correction(s).mean()),
    "sd of correction": lambda s: float(_correction(s).std()),
    "share of messages taken literally": lambda s: float((_correction(s) == 0).mean()),
    "slope of action on message": lambda s: _slope(s[1][MESSAGE.name], s[1][ACTION.name]),
    "sd of people's mean correction": lambda s: _between(_correction(s), s[1]),
}


def _person_link(frame: pd.DataFrame, table: Table) -> float:
    """Return the correlation over people of mean exaggeration as a sender and mean correction as a receiver."""
    sent: list[pd.Series] = []
    heard: list[pd.Series] = []
    for condition, game in table.games.items():
        for role, measure, found in ((SENDER, _exaggeration, sent), (RECEIVER, _correction, heard)):
            part = frame[(frame[CONDITION.name] == condition) & (frame[ROLE.name] == role)]
            found.append(measure((game, part)).groupby(part[SUBJECT.name]).mean())
    both = pd.concat([pd.concat(sent), pd.concat(heard)], axis=1, keys=["sent", "heard"]).dropna()
    return float(both["sent"].corr(both["heard"]))


def _problem(fit: MessageFit | Theory, table: Table | None) -> MessageProblem:
    if isinstance(fit, Fit):
        return fit.problem if table is None else fit.problem.on(table)
    if table is None:
        raise FitError("There is nothing to check:", ["a theory needs the table whose situations it is to play"])
    return MessageProblem(fit, table)


def _people(
    fit: MessageFit | Theory, problem: MessageProblem, who: str, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Return kinds (person,) and parameters (person, dim) of one simulated crowd."""
    if isinstance(fit, Fit) and who == "known":
        group = fit.tree["people"].dataset.isel(sample=int(rng.integers(fit.tree["people"].sizes["sample"])))
        theirs = group.sel(subject=problem.table.subjects)
        return theirs["kind"].to_numpy(), theirs["theta"].to_numpy()
    if isinstance(fit, Fit):
        return drawn_populations(fit, 1, rng, problem)[0].sample(len(problem.crowd), rng)
    return problem.structure.prior.sample(rng).sample(len(problem.crowd), rng)


def _predicted_facts(observed: pd.DataFrame, simulated: Array) -> pd.DataFrame:
    """Return facts with what was predicted; one that does not exist (how one person differs) is left out."""
    exists = observed["value"].notna().to_numpy() & ~np.isnan(simulated).all(axis=0)
    observed, simulated = observed[exists].reset_index(drop=True), simulated[:, exists]
    observed["value"] += 0.0  # no negative zero
    value, drawn = observed["value"].to_numpy(), (~np.isnan(simulated)).sum(axis=0)
    above, below = (simulated >= value).sum(axis=0) / drawn, (simulated <= value).sum(axis=0) / drawn
    low, high = np.nanquantile(simulated, [0.05, 0.95], axis=0)
    tail = np.minimum(1.0, 2 * np.minimum(above, below))
    scored = observed.rename(columns={"value": "observed"})
    return scored.assign(
        predicted=np.nanmean(simulated, axis=0) + 0.0,
        low=low + 0.0,
        high=high + 0.0,
        tail=tail,
        surprising=tail < SURPRISING,
    )
