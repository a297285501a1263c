"""Where an oTree export holds what a table of decisions needs: the ``[otree]`` part of a file of games."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

from estimation.data.specs import read_toml
from estimation.errors import DataError, did_you_mean, raise_all
from estimation.names import CHEAP_TALK
from estimation.text.shown import Shown

CODE, SESSION = "participant.code", "session.code"
PLAYED = re.compile(r"^(?P<app>[^.]+)\.(?P<round>\d+)\.(?P<field>(?:player|group|subsession)\..+)$")
EXAMPLE = """[otree]
app = "{app}"
role = "player.role"
sender = "Sender"
receiver = "Receiver"
state = "group.state"
message = "group.message"
action = "group.action"
condition = "session.config.treatment\""""


@dataclass(frozen=True)
class OTreeLayout(Shown):
    """Which columns of an oTree export hold what.

    Parameters
    ----------
    app
        The name of the app, as in ``app.1.player.role``.
    state, message, action
        Fields that hold them, such as ``"group.state"`` or ``"player.message"``.
    role
        The field that says who sends and who receives, such as ``"player.role"`` or ``"player.id_in_group"``.
    sender, receiver
        What stands there for each.
    condition
        A column, such as ``"session.config.treatment"``, or the name of the one condition that was played.
    revealed
        Whether receivers learn the state afterwards. Theories of learning read it; others do not care.
    covariates
        Name → column of whatever else describes people, such as ``"survey.1.player.age"``.
    """

    app: str
    state: str
    message: str
    action: str
    condition: str
    role: str = "player.role"
    sender: str = "Sender"
    receiver: str = "Receiver"
    revealed: bool = True
    covariates: Mapping[str, str] = field(default_factory=dict, hash=False)


def read_layout(path: str | Path) -> OTreeLayout | None:
    """Return the layout that the ``[otree]`` table of a TOML file describes, or None if there is none.

    Raises
    ------
    DataError
        If the file cannot be read, or listing every key that is unknown, missing or of the wrong type.
    """
    heading = f"{path} does not say where the oTree export holds what:"
    given = read_toml(path, DataError, heading).get("otree")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise DataError(heading, [f"[otree] must be a table, not {given!r}"])
    raise_all(_problems(given), DataError, heading)
    texts: dict[str, Any] = {key: str(value) for key, value in given.items() if key not in ("revealed", "covariates")}
    return OTreeLayout(**texts, **{key: given[key] for key in ("revealed", "covariates") if key in given})


def apps_in(columns: Iterable[object]) -> dict[str, list[int]]:
    """Return the apps of an export in wide form, with their rounds."""
    found: dict[str, set[int]] = {}
    for column in columns:
        match = PLAYED.match(str(column))
        if match:
            found.setdefault(match["app"], set()).add(int(match["round"]))
    return {app: sorted(rounds) for app, rounds in found.items()}


def looks_like_otree(columns: Iterable[object]) -> bool:
    """Return whether columns are named as in an oTree export."""
    return CODE in set(map(str, columns))


def advice(columns: Iterable[object]) -> str:
    """Return what to write into the file of games so that an export can be read."""
    example = EXAMPLE.format(app=next(iter(apps_in(columns)), "my_app"))
    return f"this is an oTree export; say in the file of games where it holds what, for example:\n{example}"


def _problems(given: Mapping[str, Any]) -> list[str]:
    known = [option.name for option in fields(OTreeLayout)]
    needed = [option.name for option in fields(OTreeLayout) if option.default is option.default_factory is MISSING]
    problems = [
        f"key {key!r} of [otree] is unknown; keys: {known}{did_you_mean(key, known)}"
        for key in given
        if key not in known
    ]
    problems += [f"key {key!r} of [otree] is missing" for key in needed if key not in given]
    if not isinstance(given.get("revealed", True), bool):
        problems.append(f"revealed must be true or false, not {given['revealed']!r}")
    covariates = given.get("covariates", {})
    if not isinstance(covariates, dict) or not all(isinstance(column, str) for column in covariates.values()):
        return [*problems, f'covariates must be a table of name = "column", not {covariates!r}']
    problems += [
        f"covariate {name!r} has the name of a column that every table has; call it otherwise"
        for name in covariates
        if name in {column.name for column in CHEAP_TALK}
    ]
    return problems
