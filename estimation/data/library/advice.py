"""The advice-taking experiment of Leong and Zaki: its columns to ours.

The adviser is a computer behind a name, so there is no partner of flesh and blood; who advises stands in ``partner``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

JOINT, EVALUATION = "dJoint_gen1.csv", "dSocial_gen1.csv"
STOCK = {1: "up", 0: "down", -1: "down"}
COLUMNS = {"SubID": "subject", "trial_num": "period", "Advisor": "partner", "pUP": "chance_up", "rt": "response_ms"}


def read_advice_taking(paths: Mapping[str, Path]) -> pd.DataFrame:
    """Return the joint phase of Study 3, generation 1, in the standard columns; trials without an answer are left out.

    ``message`` is what the adviser (``partner``: 1, 2 or 3) recommends, ``action`` the bet, ``state`` what the stock
    did. ``chance_up`` is the probability by which the stock was drawn, which nobody was told. ``earlier_right`` and
    ``earlier_wrong`` count how often the person had seen this adviser be right and wrong in the phase before.
    """
    joint = pd.read_csv(paths[JOINT])
    answered = joint[joint["choice"].notna()]
    before = pd.read_csv(paths[EVALUATION]).dropna(subset="AdvisorCorrect")
    counts = before.groupby(["SubID", "Advisor"])["AdvisorCorrect"].agg(earlier_right="sum", seen="count")
    counts["earlier_wrong"] = counts.pop("seen") - counts["earlier_right"]
    named = answered.join(counts, on=["SubID", "Advisor"]).rename(columns=COLUMNS).assign(role="receiver")
    said = {"state": "stock_outcome", "message": "Advice", "action": "choice"}
    named = named.assign(condition="joint", **{ours: answered[theirs].map(STOCK) for ours, theirs in said.items()})
    standard = ["subject", "role", "period", "condition", *said, "partner"]
    return named[[*standard, "chance_up", "earlier_right", "earlier_wrong", "response_ms"]]


ADVICE_READERS: dict[str, Callable[[Mapping[str, Path]], pd.DataFrame]] = {"leong_advice_taking": read_advice_taking}
