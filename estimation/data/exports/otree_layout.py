"""Where an oTree export holds what a table of decisions needs: the ``[otree]`` part of a file of games."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from estimation.data.exports.layout import Layout

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


@dataclass(frozen=True, kw_only=True)
class OTreeLayout(Layout):
    """Which columns of an oTree export hold what.

    Parameters
    ----------
    app
        The name of the app, as in ``app.1.player.role``; or several where each treatment is an app of its own, in the
        order in which they were played. With ``condition = "app"`` their names are the conditions.
    state, message, action
        Fields that hold them, such as ``"group.state"`` or ``"player.message"``; of a field of the player, what the
        member entered whose decision it is. With ``action = "player.action_{message}"`` there is one for each message.
    role
        The field that says who sends and who receives, such as ``"player.role"`` or ``"player.id_in_group"``.
    condition, sender, receiver, bystander, revealed, covariates
        As for every layout: condition such as ``"session.config.treatment"``, covariates such as
        ``{"age": "survey.1.player.age"}``.
    """

    app: str | tuple[str, ...]
    role: str = "player.role"

    @property
    def apps(self) -> tuple[str, ...]:
        """The names of the apps, in order."""
        return (self.app,) if isinstance(self.app, str) else tuple(self.app)


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
