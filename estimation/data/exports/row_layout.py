"""Where a file with a row per decision or trial holds what is needed: ``[ztree]``, ``[jspsych]`` and ``[table]``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from estimation.data.exports.layout import Layout
from estimation.names import ACTION, CONDITION, MESSAGE, PERIOD, RECEIVER, ROLE, SENDER, STATE, SUBJECT

ZTREE, JSPSYCH, TABLE = "ztree", "jspsych", "table"
WORDS = {"sender": SENDER, "receiver": RECEIVER}
DEFAULTS: dict[str, Mapping[str, Any]] = {
    ZTREE: {"subject": "Subject", "period": "Period", "group": "Group"},
    JSPSYCH: WORDS,
    TABLE: WORDS | {column.name: column.name for column in (SUBJECT, PERIOD, ROLE, CONDITION, STATE, MESSAGE, ACTION)},
}
"""What a layout says unless it says otherwise: how the software calls its columns."""

EXAMPLES = {
    ZTREE: """[ztree]
role = "Type"
sender = 1
receiver = 2
state = "Signal"
message = "Message"
action = "Guess"
condition = "over"          # the only condition, or a column, or "treatment": the number of z-Tree's treatment""",
    JSPSYCH: """[jspsych]
subject = "run_id"
role = "receiver"           # everybody's; or a column, with sender = and receiver = what stands there
state = "response.state"    # a part of what a cell holds as JSON
message = "response.message"
action = "response.action"
condition = "over"          # the only condition, or a column
[filter]
keep = { trial_type = "html-slider-response" }""",
}
"""What a layout may look like, to be shown to whoever has none."""


@dataclass(frozen=True, kw_only=True)
class RowLayout(Layout):
    """Which columns hold what in a file with a row per decision, or per member of a group and period.

    Parameters
    ----------
    kind
        What wrote the file: ``"ztree"``, ``"jspsych"``, or ``"table"`` for any other table.
    subject
        Who decides. People of z-Tree are called session and number: ``250203_1015-3``.
    period
        When; ``""`` to count each person's decisions in the order of the file.
    group
        Who meets whom in a period: what one member entered is then known to the others. ``""`` where each row stands
        for itself.
    partner
        Who is on the other side, where a column says so and there are no groups.
    tables
        For z-Tree: the table in the file that holds all of this.
    condition, role, sender, receiver, bystander, state, message, action, revealed, covariates
        As for every layout.
    """

    kind: str = TABLE
    subject: str
    period: str = ""
    group: str = ""
    partner: str = ""
    tables: str = "subjects"
