"""From an oTree export, one row per participant, to a table of decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from estimation.data.cells.cells import MARKS_OF_NOTHING
from estimation.data.cells.rows import column_problems
from estimation.data.exports.decisions import MACHINE, Decisions, decisions_of, rows_of, wanted_columns
from estimation.data.exports.groups import VALUES
from estimation.data.exports.layout import BOTH
from estimation.data.exports.otree_layout import CODE, PLAYED, SESSION, OTreeLayout, apps_in, looks_like_otree
from estimation.data.exports.strategy import ANY
from estimation.data.files.csv_file import read_frame
from estimation.data.files.selection import YES, Selection
from estimation.data.tables.source import Source
from estimation.data.tables.table import Table
from estimation.errors import DataError, raise_all
from estimation.games.game import Game
from estimation.names import CONDITION, PERIOD, SUBJECT
from estimation.reading import no_path
from estimation.text.sentences import counted

GROUP, ROUND = "group.id_in_subsession", "subsession.round_number"
BOT, DEMO = "participant._is_bot", "session.is_demo"
APP = "app"
"""What to write for the condition where each treatment is an app of its own."""


def read_otree(
    path: str | Path,
    games: Mapping[str, Game],
    layout: OTreeLayout,
    *,
    name: str | None = None,
    source: Source | None = None,
    synthetic: bool = False,
    subjects: Iterable[object] | None = None,
    selection: Selection | None = None,
) -> Table:
    """Read an oTree export and return it as a checked table of decisions.

    Both forms of export are read: all apps (wide; ``app.1.player.role``) and one app (``player.role``). What one member
    of a group entered is known to the whole group, so that a message may be a field of the group or of the sender; of
    fields of the player, what the member entered whose decision it is. Groups may have several receivers, and where
    nobody has a role, everybody sends and receives in each round. Rows without a decision (somebody left), bots beside
    people, and demo sessions beside others are left out; how many stands in the caveats of the table's source. An
    export of bots alone is labelled SYNTHETIC.

    Parameters
    ----------
    path
        The file, as oTree's page "Data" gives it.
    games
        The game of each condition.
    layout
        Which columns hold what.
    name, source, synthetic, subjects
        As for `read_table`.
    selection
        Which rounds count, and who is left out.

    Raises
    ------
    DataError
        If the file is no oTree export, or listing every column that is missing and everything that is wrong with what
        the columns hold.
    """
    raise_all(no_path(path), DataError, "The export cannot be read:")
    file = Path(path)
    found = otree_decisions(file, games, layout, selection or Selection())
    return found.table(games, file.stem if name is None else name, source, synthetic, subjects)


def otree_decisions(file: Path, games: Mapping[str, Game], layout: OTreeLayout, selection: Selection) -> Decisions:
    """Return the decisions in an oTree export."""
    frame = read_frame(file, as_text=True)
    frame = frame.where(~frame.isin(MARKS_OF_NOTHING), None)
    heading = f"{file} cannot be read as an oTree export:"
    raise_all(_missing(frame, layout, games), DataError, heading)
    rounds = apps_in(frame.columns)
    places: list[tuple[str, int | None]] = [(app, round_) for app in layout.apps for round_ in rounds.get(app, [None])]

    names = list(map(str, frame.columns))
    own = [match["field"] for name in names if (match := PLAYED.match(name)) and match["app"] in layout.apps]
    answers, wanted, problems = wanted_columns(layout, games, selection, [*own, *names])
    raise_all(problems, DataError, heading)
    machines, caveats, bots = _not_people(frame)
    rows = pd.concat([_of_round(frame, layout, games, wanted, *place) for place in places])
    rows[MACHINE] = rows.index.isin(machines)
    frame_of_decisions, said = decisions_of(_counted_on(rows, layout), layout, selection, answers, heading)
    caveats += _other_apps(frame, layout)
    title = f"oTree export {file.name}, app {' and '.join(layout.apps)}"
    return Decisions(frame_of_decisions, title, (*caveats, *said), bots)


def _missing(frame: pd.DataFrame, layout: OTreeLayout, games: Mapping[str, Game]) -> list[str]:
    """Say which columns are not there, and which ones might be meant."""
    if not looks_like_otree(frame.columns):
        return [f"column {CODE!r} is missing: this is no oTree export; leave [otree] out to read a plain table"]
    repeated = column_problems(frame, (), "participant", "")
    if repeated:
        return repeated
    apps, there = apps_in(frame.columns), set(map(str, frame.columns))
    unknown = [app for app in layout.apps if apps and app not in apps]
    if unknown:
        return [f"there is no app {unknown[0]!r}; the file has {sorted(apps)}"]
    if not apps and (len(layout.apps) > 1 or ROUND not in there):
        return [f"column {ROUND!r} is missing: export the app, or all apps (wide)"]
    of_one_round = [
        f"{name} = {field!r} is a column of one round, and would stand for all of them; write {match['field']!r}"
        for name in VALUES
        for field in [getattr(layout, name)]
        if (match := PLAYED.match(field))
    ]
    return of_one_round or _missing_fields(frame, layout, games)


def _missing_fields(frame: pd.DataFrame, layout: OTreeLayout, games: Mapping[str, Game]) -> list[str]:
    apps, there = apps_in(frame.columns), set(map(str, frame.columns))
    words = (layout.sender, layout.receiver, BOTH)
    in_layout = [layout.role] * (layout.role not in words)
    in_layout += [field for field in (layout.state, layout.message, layout.action) if field and ANY not in field]
    problems = []
    for app in layout.apps:
        first = apps[app][0] if apps else None
        mine = sorted(column.split(".", 2)[2] for column in there if column.startswith(f"{app}.{first}."))
        problems += [
            f"there is no field {field!r} of app {app!r}; it has {mine or sorted(there)}"
            for field in (*in_layout, GROUP, SESSION)
            if _column(frame, app, first, field) is None
        ]
        by_app = layout.condition == APP and app in games
        if layout.condition not in games and not by_app and _column(frame, app, first, layout.condition) is None:
            known = sorted(games)
            problems.append(f"condition {layout.condition!r} is neither a column nor one of the conditions {known}")
        problems += [
            f"covariate {name!r}: there is no column {column!r}"
            for name, column in layout.covariates.items()
            if _column(frame, app, first, column) is None
        ]
    return list(dict.fromkeys(problems))


def _column(frame: pd.DataFrame, app: str, round_: int | None, field: str) -> str | None:
    """Return the column that holds a field in some round, or None."""
    named = f"{app}.{round_}.{field}"
    return next((column for column in (named, field) if column in frame), None)


def _not_people(frame: pd.DataFrame) -> tuple[pd.Index, list[str], bool]:
    """Return the lines of bots and of trials, what to say about them, and whether only bots played."""
    caveats, nobody = [], pd.Series(data=False, index=frame.index)
    bots, demo = (_is_yes(frame[column]) if column in frame else nobody for column in (BOT, DEMO))
    if bots.any() and not bots.all():
        caveats.append(_left_out(frame[CODE][bots].nunique(), "bot"))
        nobody = nobody | bots
    if demo.all():
        caveats.append("Every session is a demo session: these may be trials of the software.")
    elif demo.any():
        caveats.append(_left_out(frame[CODE][demo].nunique(), "participant", " of demo sessions"))
        nobody = nobody | demo
    return frame.index[nobody], caveats, bool(bots.all())


def _left_out(count: int, noun: str, of: str = "") -> str:
    """Return the sentence that so many are left out."""
    return f"{counted(count, noun)}{of} {'is' if count == 1 else 'are'} left out."


def _is_yes(cells: pd.Series) -> pd.Series:
    return cells.fillna("").str.strip().str.lower().isin(YES)


def _of_round(
    frame: pd.DataFrame, layout: OTreeLayout, games: Mapping[str, Game], wanted: list[str], app: str, round_: int | None
) -> pd.DataFrame:
    """Return one row per participant: who, when, in which group, and what they entered."""

    def held(field: str) -> pd.Series:
        column = _column(frame, app, round_, field)
        return pd.Series(None, index=frame.index, dtype=object) if column is None else frame[column]

    rows = rows_of(held, layout, games, wanted)
    if layout.condition == APP and app in games:
        rows[CONDITION.name] = app
    group, alone = held(GROUP), pd.Series([f"line {line}" for line in frame.index], index=frame.index)
    rows["app"], rows["session"], rows["group"] = app, frame[SESSION].fillna(""), group.fillna(alone)
    rows[SUBJECT.name] = frame[CODE]
    rows[PERIOD.name] = rows["round"] = frame[ROUND] if round_ is None else str(round_)
    return rows


def _counted_on(rows: pd.DataFrame, layout: OTreeLayout) -> pd.DataFrame:
    """Return rows whose periods count on from app to app, where somebody played in several."""
    played = rows[rows[list(VALUES)].notna().any(axis=1)]
    if len(layout.apps) == 1 or played.groupby(SUBJECT.name)["app"].nunique().max() < 2:
        return rows
    numbers = rows["round"].astype(int)
    longest = numbers.groupby(rows["app"]).max()
    before, start = {}, 0
    for app in layout.apps:
        before[app], start = start, start + int(longest[app])
    return rows.assign(**{PERIOD.name: numbers + rows["app"].map(before)})


def _other_apps(frame: pd.DataFrame, layout: OTreeLayout) -> list[str]:
    """Say which apps with the same fields are not read: perhaps another treatment."""
    apps, there = apps_in(frame.columns), set(map(str, frame.columns))
    fields = [field for field in (layout.state, layout.message, layout.action) if field and ANY not in field]
    similar = []
    for app in [app for app in apps if app not in layout.apps]:
        columns = [f"{app}.{apps[app][0]}.{field}" for field in fields]
        if set(columns) <= there:
            count = int(frame[columns].notna().any(axis=1).sum())
            similar.append(f"{app!r} ({counted(count, 'participant')})")
    if not similar:
        return []
    return [f"App {' and '.join(similar)} has the same fields and is not read; list it in app = [...] if it counts."]
