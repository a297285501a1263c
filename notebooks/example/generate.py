"""Make the example export again: `python notebooks/example/generate.py`. SYNTHETIC: oTree bots, no people.

Twenty-four simulated people play twenty rounds in pairs that meet anew, with random roles. They are trust-embedded
people; the file has the columns that oTree's page "Data" gives for all apps (wide).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

import estimation as est

HERE = Path(__file__).parent
PEOPLE, ROUNDS, APP = 24, 20, "talk"
POPULATION = {  # typical value, standard deviation over people on the transformed scale
    "trust": (0.6, 1.0),
    "lying_cost": (1.0, 0.8),
    "sender_precision": (2.5, 0.3),
    "receiver_precision": (2.5, 0.3),
    "lapse": (0.03, 0.5),
}


def meetings(rng: np.random.Generator) -> pd.DataFrame:
    """Return who met whom in each round, who sent, and what the sender saw."""
    game = est.read_games(HERE / "games.toml")["chat"]
    rows = []
    for round_ in range(1, ROUNDS + 1):
        for group, (sender, receiver) in enumerate(rng.permutation(PEOPLE).reshape(-1, 2), start=1):
            state = rng.choice(game.states, p=game.prior)
            rows.append({"round": round_, "group": group, "sender": sender, "receiver": receiver, "state": state})
    return pd.DataFrame(rows)


def situations(met: pd.DataFrame) -> est.Table:
    """Return the meetings as a table without behaviour: a receiver hears what the partner sent one period before."""
    about = {"condition": "chat", "state": met["state"], "message": met["state"]}
    sends = met.assign(**about, subject=met["sender"], role="sender", period=2 * met["round"] - 1)
    hears = met.assign(**about, subject=met["receiver"], role="receiver", period=2 * met["round"])
    frame = pd.concat([sends.assign(partner=met["receiver"]), hears.assign(partner=met["sender"])])
    frame["action"] = frame["state"].where(frame["role"] == "receiver")
    for person in ("subject", "partner"):
        frame[person] = frame[person].map("p{:02d}".format)
    return est.Table.from_frame(frame, est.read_games(HERE / "games.toml"), synthetic=True)


def wide(met: pd.DataFrame, played: pd.DataFrame) -> pd.DataFrame:
    """Return one row per participant, as oTree writes them."""
    codes = [f"p{number:02d}" for number in range(PEOPLE)]
    columns = {
        "participant.id_in_session": range(1, PEOPLE + 1),
        "participant.code": codes,
        "participant._is_bot": 1,
        "session.code": "example1",
        "session.is_demo": 0,
    }
    chosen = played.set_index(["subject", "period"])
    for round_, groups in met.groupby("round"):
        for member, (name, role) in enumerate((("sender", "Sender"), ("receiver", "Receiver")), start=1):
            for row in groups.itertuples():
                person, period = getattr(row, name), 2 * round_ - (role == "Sender")
                decision = chosen.loc[(codes[person], period)]
                held = {
                    "player.id_in_group": member,
                    "player.role": role,
                    "player.message": decision["message"] if role == "Sender" else None,
                    "player.action": decision["action"] if role == "Receiver" else None,
                    "group.id_in_subsession": row.group,
                    "group.state": row.state,
                }
                for field, value in held.items():
                    columns.setdefault(f"{APP}.{round_}.{field}", [None] * PEOPLE)[person] = value
    return pd.DataFrame(columns).convert_dtypes()


if __name__ == "__main__":
    met = meetings(np.random.default_rng(2026))
    table, _ = est.simulate(est.TrustEmbedded(), situations(met), POPULATION, seed=2027)
    wide(met, table.frame).to_csv(HERE / "all_apps_wide.csv", index=False)
