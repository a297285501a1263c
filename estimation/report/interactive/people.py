"""People one by one as data of a view: their decisions, what each theory expects of them, and how probable it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from estimation.arrays import Array, Indices
from estimation.choice.sampling.draws import spread
from estimation.data.tables.table import Table
from estimation.evaluation.comparison.compare import compare
from estimation.evaluation.comparison.comparison import Comparison
from estimation.evaluation.words import FEWEST
from estimation.inference.pooled.pooled import with_people
from estimation.inference.problem import MessageFit
from estimation.inference.simulation.predict import CHOICE, FOLLOW, predict
from estimation.names import CONDITION, PERIOD, RECEIVER, ROLE, SENDER
from estimation.report.called import name_of
from estimation.report.interactive.pack import plain
from estimation.report.interactive.view import PEOPLE, View
from estimation.report.theories.predictions import decisions, panels_of, shows_shares, what_is_shown
from estimation.text.digits import ABSENT, fixed, number
from estimation.text.table import TextTable

TITLE = "What each person did, and what each theory expects"
HEADING = "There are no people to show:"
DRAWS = 60  # of the posterior, behind what is expected
MOST = 150_000  # numbers of decisions in a page
DIGITS = 4  # of what is expected
UNTOLD = f"{ABSENT} stands where nothing that the person decided depends on it, such as a receiver's cost of lying."
PLAIN = {SENDER: "message is true", RECEIVER: "message is taken literally"}
"""What is drawn, yes or no, of people whose choices are words."""
ABOUT = ("rests_on", "follows", "mark")
"""Columns of ``fit.people`` that are no parameters."""


def people_view(study: Any, *, draws: int = DRAWS, most_people: int | None = None, seed: int = 0) -> View:
    """Return each person's decisions beside what each theory expects, and how probable the theory or kind is.

    Parameters
    ----------
    study
        A fit, several by name, or their comparison.
    draws, seed
        Posterior draws behind what is expected.
    most_people
        How many people are in the page at most, evenly; as many as make 150,000 numbers if left out.

    Raises
    ------
    FitError
        If a fit is not of people who talk.
    """
    comparison = study if isinstance(study, Comparison) else None
    if isinstance(study, Mapping):
        comparison = compare(study, roles_apart=False, progress=False) if len(study) > 1 else None
    fits = comparison.fits if comparison else study if isinstance(study, Mapping) else {name_of(study): study}
    fits = {str(name): with_people(fit, HEADING) for name, fit in fits.items()}
    table = next(iter(fits.values())).table
    shown = _shown(table, len(fits), most_people)
    inside = {table.subjects[place] for place in shown}
    rows = _rows(table)
    rows = rows[rows["subject"].isin(inside)]
    expected = [_expected(fit, draws, seed)[rows["row"]] for fit in fits.values()]
    columns = list(_columns(fits, comparison, table.subjects))
    data = {
        "kind": PEOPLE,
        "theories": list(fits),
        "persons": _persons(rows, fits),
        "panels": [
            _panel(table, *panel, rows[rows["panel"] == place], [e[rows["panel"] == place] for e in expected])
            for place, panel in enumerate(panels_of(table))
        ],
        "columns": [
            {"name": name, "values": plain(values[shown], DIGITS), "texts": [texts[place] for place in shown]}
            for name, values, texts in columns
        ],
        "decisions": {
            **{name: plain(rows[name]) for name in ("period", "given", "chosen")},
            "panel": rows["panel"].tolist(),
            "expected": [plain(values, DIGITS) for values in expected],
        },
    }
    notes = [f"Expected is the mean of {draws} draws of the posterior, given everything that the person did."]
    if len(shown) < len(table.subjects):
        notes.append(f"{len(shown):,} of {len(table.subjects):,} people are in this page, evenly.")
    if any(np.isnan(values).any() for _, values, _ in columns):
        notes.append(UNTOLD)
    return View(PEOPLE, TITLE, table.label, data, (_table(columns, table.subjects),), tuple(notes))


def _rows(table: Table) -> pd.DataFrame:
    """Return every decision, by person, role and condition and in time: what was seen and done, and its row."""
    parts = [decisions(table, *panel).assign(panel=place) for place, panel in enumerate(panels_of(table))]
    rows = pd.concat(parts)
    rank = {subject: place for place, subject in enumerate(table.subjects)}
    found = {"row": table.frame.index.get_indexer(rows.index), "period": table.frame.loc[rows.index, PERIOD.name]}
    rows = rows.assign(**found, subject=rows["subject"].astype(str))
    return rows.assign(rank=rows["subject"].map(rank)).sort_values(["rank", "panel", "period"], kind="stable")


def _panel(table: Table, role: str, condition: str, rows: pd.DataFrame, expected: Sequence[Array]) -> dict[str, Any]:
    """Return the title, the names of axes and their ends, the same for all people, of a role and condition."""
    game = table.games[condition]
    across, up = what_is_shown(game, role)
    grid, words = (game.states if role == SENDER else game.messages), game.labels.get(across)
    is_share = shows_shares(game, role)
    seen = "period" if is_share else "given"  # words have no order: they are drawn as they came
    tall = np.concatenate([rows["chosen"], *expected]) if len(rows) else np.zeros(1)
    return {
        "title": f"{role}s, {condition}",
        "across": across,
        "up": PLAIN[role] if is_share else up,
        "shares": is_share,
        "ends": plain([rows[seen].min(), rows[seen].max()]),
        "tops": [0.0, 1.0] if is_share else plain([np.nanmin(tall), np.nanmax(tall)], DIGITS),
        "words": {f"{value:g}": word for value, word in zip(grid, words, strict=True)} if words else {},
    }


def _expected(fit: MessageFit, draws: int, seed: int) -> Array:
    """Return what a fit expects of each decision of its table, in the order of the table; of words, of the plain one.

    Where some games have words, and others numbers, nothing is said of those with numbers.
    """
    table = fit.table
    shares = {panel: shows_shares(table.games[panel[1]], panel[0]) for panel in panels_of(table)}
    what = FOLLOW if any(shares.values()) else CHOICE
    found = predict(fit, what=what, draws=draws, seed=seed)["mean"].to_numpy(dtype=float)
    frame = table.frame
    said = [
        shares[role, condition] == (what == FOLLOW)
        for role, condition in frame[[ROLE.name, CONDITION.name]].astype(str).to_numpy()
    ]
    return np.where(said, found, np.nan)


def _shown(table: Table, theories: int, most_people: int | None) -> Indices:
    """Return which people are in the page."""
    each = len(table.frame) / max(1, len(table.subjects)) * (4 + theories)
    return spread(len(table.subjects), max(1, min(most_people or len(table.subjects), int(MOST / each))))


def _persons(rows: pd.DataFrame, fits: Mapping[str, MessageFit]) -> list[dict[str, Any]]:
    """Return each person's name, where their decisions stand, and what to know of them."""
    subjects = rows["subject"].to_numpy()
    names = list(dict.fromkeys(subjects))
    ends = np.searchsorted(rows["rank"].to_numpy(), rows["rank"].drop_duplicates().to_numpy(), side="right").tolist()
    return [
        {"name": name, "rows": [start, end], "notes": _marks(name, fits)}
        for name, start, end in zip(names, [0, *ends[:-1]], ends, strict=True)
    ]


def _marks(subject: str, fits: Mapping[str, MessageFit]) -> list[str]:
    """Return why a person's estimates are to be read with care, by theory."""
    marks = {name: str(fit.people.loc[subject, "mark"]) for name, fit in fits.items()}
    return [f"{name}: {mark}" for name, mark in marks.items() if mark]


def _columns(
    fits: Mapping[str, MessageFit], comparison: Comparison | None, subjects: list[str]
) -> Iterator[tuple[str, Array, list[str]]]:
    """Yield what is known of each person, by name: values and texts, what tells theories apart first."""
    if comparison is not None:
        yield from _of_comparison(comparison, subjects)
    several = len(fits) > 1
    for name, fit in fits.items():
        people, kinds = fit.people.loc[subjects], list(fit.problem.distinct_kinds)
        of = f" ({name})" if several else ""
        for kind in kinds if len(kinds) > 1 else []:
            yield _chances(f"probability of {kind}{of}", people[kind])
        for parameter in [column for column in people if column not in (*kinds, *ABOUT)]:
            values = people[parameter].to_numpy(dtype=float)
            yield f"{str(parameter).replace('_', ' ')}{of}", values, [number(value) for value in values]


def _of_comparison(comparison: Comparison, subjects: list[str]) -> Iterator[tuple[str, Array, list[str]]]:
    if comparison.left_out == "subject" and len(comparison.sound) >= FEWEST:
        chances = comparison.frequencies.people.loc[subjects]
        for theory in chances:
            yield _chances(f"probability of following {theory}", chances[theory])
    scores = comparison.by_person.loc[subjects]
    for theory in comparison.table.index:
        values = scores[theory].to_numpy(dtype=float)
        yield f"score of {theory} (elpd, nats)", values, [number(value) for value in values]


def _chances(name: str, values: pd.Series) -> tuple[str, Array, list[str]]:
    return name, values.to_numpy(dtype=float), [f"{fixed(100 * value, 0)}\N{NO-BREAK SPACE}%" for value in values]


def _table(columns: list[tuple[str, Array, list[str]]], subjects: list[str]) -> TextTable:
    """Return the same for readers without scripts: a row per person."""
    rows = tuple((subject, *(texts[place] for _, _, texts in columns)) for place, subject in enumerate(subjects))
    head = ("person", *(name for name, _, _ in columns))
    return TextTable("What is known of each person", head, rows, tuple(range(1, len(head))))
