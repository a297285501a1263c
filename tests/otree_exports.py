"""Exports as oTree writes them, made from simulated decisions of pairs."""

from __future__ import annotations

import numpy as np
import pandas as pd

GAMES = '[conditions.high]\nfamily = "estimation"\ndirection = "over"\nhighest = 20\n'
LAYOUT = """
[otree]
app = "talk"
role = "player.role"
sender = "Sender"
receiver = "Receiver"
state = "group.state"
message = "player.message"
action = "player.action"
condition = "session.config.treatment"
[otree.covariates]
age = "survey.1.player.age"
"""


def wide_export(people: int = 6, rounds: int = 4, seed: int = 5) -> pd.DataFrame:
    """One row per participant: pairs that meet anew every round, random roles, a survey, two codes of digits."""
    rng = np.random.default_rng(seed)
    codes = [f"{number:08d}" if number < 2 else f"p{number}abcdef" for number in range(people)]
    frame = pd.DataFrame(
        {
            "participant.id_in_session": range(1, people + 1),
            "participant.code": codes,
            "participant._is_bot": 0,
            "session.code": "abc123",
            "session.is_demo": 0,
            "session.config.treatment": "high",
        }
    )
    for round_ in range(1, rounds + 1):
        pairs = rng.permutation(people).reshape(-1, 2)
        prefix = f"talk.{round_}."
        for group, (sender, receiver) in enumerate(pairs, start=1):
            state = rng.integers(0, 15)
            message = min(20, state + rng.integers(0, 6))
            action = max(0, message - rng.integers(0, 5))
            for person, role in ((sender, "Sender"), (receiver, "Receiver")):
                frame.loc[person, prefix + "player.id_in_group"] = 1 if role == "Sender" else 2
                frame.loc[person, prefix + "player.role"] = role
                frame.loc[person, prefix + "group.id_in_subsession"] = group
                frame.loc[person, prefix + "group.state"] = float(state)
            frame.loc[sender, prefix + "player.message"] = float(message)
            frame.loc[receiver, prefix + "player.action"] = float(action)
        frame[prefix + "subsession.round_number"] = round_
    frame["survey.1.player.age"] = rng.integers(18, 60, people)
    return frame


OF_PARTICIPANTS = {
    "3": "id_in_session code label _is_bot _index_in_pages _max_page_index _current_app_name _round_number "
    "_current_page_name ip_address time_started exclude_from_data_analysis visited mturk_worker_id mturk_assignment_id "
    "payoff",
    "5": "id_in_session code label _is_bot _index_in_pages _max_page_index _current_app_name _current_page_name "
    "time_started_utc visited mturk_worker_id mturk_assignment_id payoff",
}
OF_SESSIONS = {
    "3": "code label experimenter_name mturk_HITId mturk_HITGroupId comment is_demo",
    "5": "code label mturk_HITId mturk_HITGroupId comment is_demo",
}
"""What the software says of everybody, beside the fields of apps, in two of its versions."""


def with_all_columns(wide: pd.DataFrame, version: str, app: str = "talk") -> pd.DataFrame:
    """Return the export with every column that the software adds, most of them empty, in its order."""
    known = {f"participant.{name}": wide.get(f"participant.{name}", "") for name in OF_PARTICIPANTS[version].split()}
    known |= {f"session.{name}": wide.get(f"session.{name}", "") for name in OF_SESSIONS[version].split()}
    config = {"session.config.participation_fee": 5.0, "session.config.real_world_currency_per_point": 1.0}
    fields = wide[[column for column in wide if column not in known]]
    rounds = sorted({column.split(".")[1] for column in wide if str(column).startswith(f"{app}.")})
    payoffs = {f"{app}.{number}.player.payoff": 0.0 for number in rounds}
    return pd.concat([pd.DataFrame(known | config, index=wide.index), fields.assign(**payoffs)], axis=1)


def one_app(wide: pd.DataFrame, app: str = "talk") -> pd.DataFrame:
    """Return the same export in the form of one app: a row per participant and round, columns without both."""
    fixed = [column for column in wide if str(column).startswith(("participant.", "session."))]
    parts = []
    for round_ in sorted({int(column.split(".")[1]) for column in wide if str(column).startswith(f"{app}.")}):
        prefix = f"{app}.{round_}."
        own = [column for column in wide if str(column).startswith(prefix)]
        parts.append(wide[fixed + own].rename(columns={column: column.removeprefix(prefix) for column in own}))
    return pd.concat(parts, ignore_index=True)
