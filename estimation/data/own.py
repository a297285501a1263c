"""A user's own file of decisions, whatever it came from: a plain table, or an export that is described."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from estimation.data.about import About, read_about
from estimation.data.exports.decisions import Decisions
from estimation.data.exports.kinds import advice, kind_of
from estimation.data.exports.otree import otree_decisions
from estimation.data.exports.otree_layout import OTreeLayout
from estimation.data.exports.row_files import row_decisions
from estimation.data.files.by_row import by_column, one_game_a_value
from estimation.data.files.csv_file import read_frame
from estimation.data.files.game_files import NO_GAMES, OF_PYTHON, read_specs
from estimation.data.files.selection import Selection
from estimation.data.tables.specs import games_from_specs
from estimation.data.tables.table import Table
from estimation.errors import DataError, raise_all
from estimation.games.game import Game
from estimation.listed import listed
from estimation.names import PERIOD, SUBJECT
from estimation.reading import no_path


def read_own(
    path: str | Path,
    games: str | Path,
    *,
    synthetic: bool = False,
    subjects: Iterable[object] | None = None,
    rounds: str | None = None,
    leave_out: Iterable[str] = (),
    exclude: Iterable[str] = (),
) -> Table:
    """Read a file of decisions with the games, and perhaps the layout of an export, that a TOML file describes.

    Parameters
    ----------
    path
        A comma-separated table, an export of oTree, a table file of z-Tree, or trials of jsPsych (JSON or not).
    games
        A TOML file with a table per condition; or a comma-separated payoff table (see `read_games`). A table
        ``[otree]``, ``[ztree]``, ``[jspsych]`` or ``[table]`` says which columns hold what (`OTreeLayout`,
        `RowLayout`), ``[filter]`` which rows count (`Selection`), ``[source]`` what to cite: title, description,
        citation, doi, url, licence, retrieved, caveats. A parameter of a game may be a column,
        ``bias = { column = "bias" }`` (in an export, a covariate): each of its values is then a condition.
    synthetic
        Whether a simulation made the decisions.
    subjects
        Everybody who took part: each must have a decision, unless excluded by name.
    rounds, leave_out, exclude
        Which rounds count, columns that mark decisions to leave out, and people to leave out, beside what ``[filter]``
        says. All of it is counted in the caveats.

    Raises
    ------
    DataError
        If a file cannot be read, or listing everything that is wrong with it and what to change.
    """
    raise_all(no_path(path, OF_PYTHON), DataError, "The table cannot be read:")
    specs = read_specs(games)
    fixed = {condition: spec for condition, spec in specs.items() if not by_column(spec)}
    heading = NO_GAMES.format(games)
    played = games_from_specs(fixed, DataError, heading)
    about = read_about(games)
    selection = about.selection.with_options(rounds, listed(leave_out), listed(exclude))
    known: dict[str, Any] = dict.fromkeys(specs) | played
    found = _decisions(Path(path), known, about, selection)
    if len(fixed) < len(specs):
        frame, split = one_game_a_value(found.frame, specs)
        found = Decisions(frame, found.title, found.caveats, found.synthetic)
        played = games_from_specs(split, DataError, heading)
    named = None if subjects is None else [who for who in listed(subjects) if str(who).strip() not in selection.exclude]
    source = about.origin(found.title, synthetic or found.synthetic)
    return found.table(played, Path(path).stem, source, synthetic, named)


def _decisions(path: Path, games: Mapping[str, Game], about: About, selection: Selection) -> Decisions:
    if isinstance(about.layout, OTreeLayout):
        return otree_decisions(path, games, about.layout, selection)
    if about.layout is not None:
        return row_decisions(path, games, about.layout, selection)
    kind = kind_of(path)
    if kind is not None:
        raise DataError(f"{path} cannot be read as a plain table:", [advice(path, kind)])
    return _plain(path, selection)


def _plain(path: Path, selection: Selection) -> Decisions:
    """Return the rows of a table with the standard columns."""
    frame = read_frame(path)
    if frame.columns.has_duplicates:
        return Decisions(frame, path.stem, ())
    needed = [
        *selection.columns,
        *([SUBJECT.name] * bool(selection.exclude)),
        *([PERIOD.name] * bool(selection.rounds)),
    ]
    problems = [f"[filter]: there is no column {column!r}" for column in needed if column not in frame]
    raise_all(problems, DataError, f"{path} cannot be selected from:")
    if not needed:
        return Decisions(frame, path.stem, ())
    rows, caveats = selection.kept(frame)
    rows, cut = selection.decisions(rows)
    return Decisions(rows, path.stem, (*caveats, *cut))
