"""Simulate tables: the twin of `fit`. Whatever can be fitted can be simulated, and passes the same schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Array
from estimation.counts import count_problems, seed_problems
from estimation.data.tables.joint_choices import settled
from estimation.data.tables.schema import games_problems
from estimation.data.tables.source import Source
from estimation.data.tables.table import Table
from estimation.errors import DataError, TheoryError, raise_all
from estimation.fits.fit import Fit
from estimation.games.game import Game, grid_index
from estimation.inference.elsewhere import check_constant
from estimation.inference.pooled.pooled import with_people
from estimation.inference.posterior import drawn_populations
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.inference.simulation.heard import heard, met_anew
from estimation.inference.simulation.stated import stated_population
from estimation.inference.undefined import ADVICE
from estimation.names import ACTION, CONDITION, MESSAGE, PARTNER, PERIOD, RECEIVER, ROLE, ROLES, SENDER, STATE, SUBJECT
from estimation.population.memory import histories_of
from estimation.population.normal import Population
from estimation.population.people import Block, option_probabilities
from estimation.theories.messages.theory import Theory

NOTHING = "There is nothing to simulate:"
MOST = 10_000_000  # decisions of a table that is made at once


def design(
    games: Mapping[str, Game], people: int, decisions: int, seed: int, roles: tuple[str, ...] = (SENDER, RECEIVER)
) -> Table:
    """Return an experiment without behaviour: who meets what. Fill it with `simulate`.

    People are spread over the conditions in turn. With both roles, a person sends in odd and receives in even
    periods, and receives what the next person of the same condition sent in the period before. Messages and actions
    are placeholders (truth and the best reply to it); receivers without senders get messages drawn like states.

    Parameters
    ----------
    games
        Condition → game.
    people, decisions
        Number of people, and of decisions that each makes in each role.

    Raises
    ------
    DataError
        If games are not given by condition, a number is none that can be, there are more decisions than a table holds,
        a role is unknown, or a condition would have nobody, or with both roles one person only, who would be their own
        partner.
    """
    problems = games_problems(games) + _design_problems(people, decisions, seed, roles)
    problems = problems or loner_problems(people, len(games), roles)
    raise_all(problems, DataError, "No such experiment can be designed:")
    rng = np.random.default_rng(seed)
    names, width = sorted(games), len(str(people))
    subjects = [f"s{number:0{width}d}" for number in range(1, people + 1)]
    rows: list[dict[str, Any]] = []
    for start, condition in enumerate(names):
        game, members = games[condition], subjects[start :: len(names)]
        for place, subject in enumerate(members):
            states = rng.choice(game.states, size=decisions, p=game.prior)
            partner = members[(place - 1) % len(members)]
            base = {SUBJECT.name: subject, CONDITION.name: condition}
            for turn, state in enumerate(states):
                message = game.messages[game.truth[grid_index(game.states, state)]]
                if SENDER in roles:
                    sent = {ROLE.name: SENDER, PERIOD.name: 2 * turn + 1, STATE.name: state, MESSAGE.name: message}
                    rows.append(base | sent | {ACTION.name: np.nan, PARTNER.name: partner})
                if RECEIVER in roles:
                    best = game.actions[game.literal[grid_index(game.messages, message)]]
                    heard = {ROLE.name: RECEIVER, PERIOD.name: 2 * turn + 2, STATE.name: np.nan, MESSAGE.name: message}
                    heard_from = members[(place + 1) % len(members)] if SENDER in roles else None
                    rows.append(base | heard | {ACTION.name: best, PARTNER.name: heard_from})
    frame = pd.DataFrame(rows)
    source = Source(title="a design without behaviour", synthetic=True)
    return Table.from_frame(frame, games, name="design", source=source, synthetic=True)


def _design_problems(people: object, decisions: object, seed: object, roles: object) -> list[str]:
    """Say which numbers are none that can be, how many decisions are too many, and which roles nobody has."""
    problems = count_problems(most=MOST, people=people, decisions=decisions) + seed_problems(seed)
    if not problems and people * decisions > MOST:  # type: ignore[operator]
        problems.append(f"people times decisions must be at most {MOST:,}; simulate several smaller tables")
    if isinstance(roles, str) or not roles or not set(roles) <= set(ROLES):  # type: ignore[call-overload]
        problems.append(f"roles must be some of {ROLES}, as in roles=({SENDER!r},), not {roles!r}")
    return problems


def loner_problems(people: int, conditions: int, roles: tuple[str, ...]) -> list[str]:
    """Say whether conditions have too few people: somebody to decide, or to send to and to receive from."""
    least = 2 if len(set(roles)) == len(ROLES) else 1
    if people >= least * conditions:
        return []
    each = "two people in each condition, or somebody is their own partner" if least > 1 else "somebody in each"
    return [f"people must be at least {least * conditions} with {conditions} conditions: {each}"]


def simulate(
    theory: Theory | MessageFit,
    table: Table | None = None,
    population: Mapping[str, tuple[float, float]] | None = None,
    *,
    shares: Mapping[str, float] | None = None,
    coefficients: Mapping[str, float] | None = None,
    correlations: Mapping[str, float] | None = None,
    seed: int,
    name: str | None = None,
) -> tuple[Table, pd.DataFrame]:
    """Let people decide as a theory says, in the situations of a table.

    Senders meet the states of the table. A receiver hears what the partner sent in the period before, if the table
    names one who did in the same game (or to the other audience of it); otherwise the message of the table. What the
    sender saw comes out where the table has a state in the receiver's row, or in all if it has none for any receiver.

    Parameters
    ----------
    theory
        A theory, or a fit: then population and people are drawn from its posterior for new people.
    table
        The situations; those of the fit if left out.
    population
        Parameter → (typical value on the natural scale, standard deviation over people on the transformed scale); and
        slope → (mean, standard deviation), where formulas have columns that vary within people.
    coefficients
        Column of a formula, such as ``"trust: country[T.B]"`` → its coefficient on the transformed scale.
    correlations
        Pair of parameters, such as ``"lying_cost, trust"`` → their correlation over people; zero if left out.
    shares
        Kind of people → share, which add up to one; equal if left out.

    Returns
    -------
    The simulated table, labelled as synthetic, and the truth: one row per person with kind and natural parameters.

    Raises
    ------
    TheoryError
        If a parameter or kind is missing or unknown, or the table is, a number cannot be, or the seed is no whole one.
    """
    raise_all(seed_problems(seed), TheoryError, NOTHING)
    rng = np.random.default_rng(seed)
    if isinstance(theory, Fit):
        fit = with_people(theory, NOTHING)
        problem = fit.problem if table is None else fit.problem.on(table)
        crowd_population = drawn_populations(fit, 1, rng, problem)[0]
    elif table is None:
        raise TheoryError(NOTHING, ["give a table of situations, for example from est.design"])
    else:
        problem = MessageProblem(theory, table)
        crowd_population = stated_population(problem, population or {}, shares, coefficients, correlations)
    return simulated(problem, crowd_population, rng, name)


def simulated(
    problem: MessageProblem, population: Population, rng: np.random.Generator, name: str | None = None
) -> tuple[Table, pd.DataFrame]:
    """Return what people drawn from a population decide in the situations of a problem, and who they are."""
    kinds, theta = population.sample(len(problem.crowd), rng)
    frame = play(problem, kinds, theta, rng)
    label = name or f"simulated_{problem.theory.name}"
    origin = Source(title=f"simulated from {problem.theory}", synthetic=True)
    table = Table.from_frame(frame, problem.table.games, name=label, source=origin, synthetic=True)
    return table, _truth(problem, kinds, theta)


def play(
    problem: MessageProblem, kinds: Array, theta: Array, rng: np.random.Generator, replies: bool = True
) -> pd.DataFrame:
    """Return the decisions of people with given kinds (person,) and parameters (person, dim), as a frame.

    With `replies`, receivers hear the new messages of their partners, and people who learn learn from what they hear;
    otherwise messages, and what people have seen, are those of the table.

    Raises
    ------
    TheoryError
        If what was constant for each person in the data of a fit varies within people here.
    """
    check_constant(problem.design, problem.table.label)
    frame, games = problem.table.frame.reset_index(drop=True), problem.table.games
    replies = replies and len(problem.roles) > 1  # nobody hears anything new where nobody sends or nobody receives
    raise_all(met_anew(problem) if replies else [], TheoryError, f"{problem.theory} cannot be simulated:")
    learn = replies and problem.theory.remembers
    for rows in _turns(frame) if learn else [np.ones(len(frame), dtype=bool)]:
        for role in (SENDER, RECEIVER):
            if role == RECEIVER and replies:
                frame = heard(frame, games)
            histories = histories_of(frame, games, problem.theory.hears_all) if learn else {}
            column, given = (MESSAGE, STATE) if role == SENDER else (ACTION, MESSAGE)
            chosen, seen = frame[column.name].to_numpy(float, copy=True), frame[given.name].to_numpy(float)
            for position, person in enumerate(problem.crowd.people):
                for block in (block.at(rows[block.rows]) for block in person.blocks if block.role == role):
                    now = block.after(histories[person.subject]) if learn and len(block.rows) else block
                    crowd = int(kinds[position]), theta[position]
                    chosen[now.rows] = _choices(problem, replace(now, given=seen[now.rows]), *crowd, rng)
            frame[column.name] = chosen
            frame = settled(frame, games)
    return frame


def _turns(frame: pd.DataFrame) -> Iterator[Array]:
    """Yield the rows of one period after another (a mask): what people learn in one matters in the next."""
    period = frame[PERIOD.name].to_numpy()
    return (period == now for now in np.unique(period))


def _choices(problem: MessageProblem, block: Block, kind: int, theta: Array, rng: np.random.Generator) -> Array:
    table = option_probabilities(problem.theory, problem.parameters, np.array([kind]), theta[None, :], block)
    lost = block.given[np.isnan(table[0]).any(axis=-1)]
    column = STATE if block.role == SENDER else MESSAGE
    where = [f"condition {block.condition!r}, {column.name} {value:g}" for value in np.unique(lost)]
    problems = [f"no number (NaN) for what {block.role}s do in {one}; {ADVICE}" for one in where]
    raise_all(problems, TheoryError, f"{problem.theory} cannot be simulated:")
    with np.errstate(divide="ignore"):  # what is never chosen
        chosen = np.argmax(np.log(table[0]) + rng.gumbel(size=table[0].shape), axis=-1)
    return np.asarray(block.options[chosen])


def _truth(problem: MessageProblem, kinds: Array, theta: Array) -> pd.DataFrame:
    columns: dict[str, Any] = {SUBJECT.name: problem.table.subjects, "kind": [problem.theory.types[k] for k in kinds]}
    columns |= {p.name: p.natural(theta[:, index]) for index, p in enumerate(problem.parameters)}
    return pd.DataFrame(columns)
