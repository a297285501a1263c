"""What every layout says: which columns of a file hold state, message and action, and who decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from estimation.data.cells.rows import show
from estimation.errors import DataError, did_you_mean, raise_all
from estimation.names import CHEAP_TALK
from estimation.text.shown import Shown

BOTH = "both"
"""What stands for the role where everybody sends and receives in each round."""

TRUTHS, TABLES, LISTS = ("revealed",), ("covariates",), ("app",)


@dataclass(frozen=True, kw_only=True)
class Layout(Shown):
    """Which columns of a file hold what a table of decisions needs.

    Parameters
    ----------
    state, message, action
        Columns that hold them; ``""`` where the file does not. Where receivers said in advance what they would do
        after each message, ``action`` names a column for each: ``"player.action_{message}"``.
    condition
        A column, or the name of the one condition that was played.
    role
        The column that says who sends and who receives, or ``"both"`` where everybody does both in each round. One of
        the two words below stands for everybody.
    sender, receiver
        What stands in that column for each.
    bystander
        What stands there for members of a group who decide nothing that is read.
    revealed
        Whether receivers learn the state afterwards. Theories of learning read it; others do not care.
    covariates
        Name → column of whatever else describes people.
    """

    state: str
    message: str
    action: str
    condition: str
    role: str
    sender: str = "Sender"
    receiver: str = "Receiver"
    bystander: str = ""
    revealed: bool = True
    covariates: Mapping[str, str] = field(default_factory=dict, hash=False)


def layout_from[Kind: Layout](
    kind: type[Kind], name: str, given: Any, heading: str, defaults: Mapping[str, Any]
) -> Kind:
    """Return the layout that a table ``[name]`` of a TOML file describes; `defaults` are those of the software.

    Raises
    ------
    DataError
        Listing every key that is unknown, missing or of the wrong type.
    """
    if not isinstance(given, dict):
        raise DataError(heading, [f"[{name}] must be a table, not {show(given)}"])
    whole = {**defaults, **given}
    raise_all(_problems(kind, name, whole), DataError, heading)
    told: dict[str, Any] = {key: value if key in (*TRUTHS, *TABLES) else _texts(value) for key, value in whole.items()}
    return kind(**told)


def _texts(value: Any) -> str | tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else str(value)


def _problems(kind: type[Layout], name: str, given: Mapping[str, Any]) -> list[str]:
    known = [option.name for option in fields(kind)]
    needed = [option.name for option in fields(kind) if option.default is option.default_factory is MISSING]
    problems = [
        f"key {key!r} of [{name}] is unknown; keys: {known}{did_you_mean(key, known)}"
        for key in given
        if key not in known
    ]
    problems += [f"key {key!r} of [{name}] is missing" for key in needed if key not in given]
    for key, value in given.items():
        if key in TRUTHS and not isinstance(value, bool):
            problems.append(f"{key} must be true or false, not {show(value)}")
        elif key in known and key not in (*TRUTHS, *TABLES) and not _is_text(value, may_be_list=key in LISTS):
            problems.append(f"{key} must be a text, not {show(value)}")
    covariates = given.get("covariates", {})
    if not isinstance(covariates, dict) or not all(isinstance(column, str) for column in covariates.values()):
        return [*problems, f'covariates must be a table of name = "column", not {show(covariates)}']
    problems += [
        f"covariate {covariate!r} has the name of a column that every table has; call it otherwise"
        for covariate in covariates
        if covariate in {column.name for column in CHEAP_TALK}
    ]
    return problems


def _is_text(value: Any, *, may_be_list: bool) -> bool:
    if may_be_list and isinstance(value, list):
        return bool(value) and all(isinstance(one, str) for one in value)
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)
