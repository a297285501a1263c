"""The vocabulary: every column and dimension once, with its meaning and unit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name, meaning, unit
        What it is called, what it means, and in what it is measured.
    kind
        ``label`` (text or integer identifiers), ``number``, ``flag`` (yes or no) or ``order`` (integers, counting up).
    """

    name: str
    meaning: str
    unit: str
    kind: str


SUBJECT = Column("subject", "the person who decides", "identifier", "label")
ROLE = Column("role", "what the person is in this decision: sender or receiver", "identifier", "label")
PERIOD = Column("period", "when in the experiment the decision was made, counted per person", "count", "order")
CONDITION = Column("condition", "the treatment: which game was played", "identifier", "label")
STATE = Column("state", "what the sender alone knows (empty where the data do not hold it)", "game units", "number")
MESSAGE = Column("message", "what the sender says about the state", "game units", "number")
ACTION = Column("action", "what the receiver does after the message", "game units", "number")
PARTNER = Column("partner", "the person on the other side, where known", "identifier", "label")
OUTCOME = Column(
    "outcome",
    "what the receiver saw afterwards, if it is not the state itself (a covariate: theories of learning read it)",
    "game units",
    "number",
)
HYPOTHETICAL = Column(
    "hypothetical",
    "whether nobody sent this message: the receiver said in advance what to do (a covariate, of the strategy method)",
    "0 or 1",
    "flag",
)

CHEAP_TALK = (SUBJECT, ROLE, PERIOD, CONDITION, STATE, MESSAGE, ACTION, PARTNER)
REQUIRED = tuple(column.name for column in CHEAP_TALK[:-1])

SENDER, RECEIVER = "sender", "receiver"
ROLES = (SENDER, RECEIVER)

SITUATION = Column("situation", "one choice: the alternatives that were offered together", "identifier", "label")
ALTERNATIVE = Column("alternative", "what could be chosen; a row means that it was available", "identifier", "label")
CHOSEN = Column("chosen", "whether this alternative was taken: once per situation", "0 or 1", "flag")
WEIGHT = Column("situation_weight", "how often the situation counts", "situations", "number")

STAGE = Column(
    "choice_stage", "1: the best of all; 2, 3, …: the best of what was left; -1: the worst of it", "number", "number"
)
WORST = -1.0

CHOICE = (SUBJECT, SITUATION, ALTERNATIVE, CHOSEN, WEIGHT, STAGE)

GAME = Column("game", "the game that was played", "identifier", "label")
PLAYER = Column("player", "which side the person took: row or column", "identifier", "label")
OPTION = Column("choice", "the option that was taken, by its label", "identifier", "label")
COUNT = Column("count", "how many chose it (1 for a choice of one person)", "choices", "number")

PLAYS = (SUBJECT, GAME, PLAYER, OPTION, COUNT)
