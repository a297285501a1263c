"""Make this data set again: `python datasets/simulated_recommendations/generate.py`. Same seeds, same decisions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

import estimation as est

HERE = Path(__file__).parent
GAME = est.EstimationGame("over", highest=20, lie_reference=2.0)
FIDELITY = (0.5, 0.75, 0.95)  # how often a recommendation is the demand that then comes
SELLERS, WEEKS = 60, 24
PEOPLE = {  # typical value, standard deviation over people on the transformed scale
    "trust": (0.6, 0.8),
    "trust_gain": (0.1, 0.4),
    "trust_loss": (0.3, 0.4),
    "receiver_precision": (2.5, 0.3),
    "lapse": (0.03, 0.5),
}


def situations(seed: int) -> est.Table:
    """Return who is recommended what, and what demand then comes; stocks are placeholders."""
    rng = np.random.default_rng(seed)
    rows = []
    for seller in range(SELLERS):
        fidelity = FIDELITY[seller % len(FIDELITY)]
        demand = rng.choice(GAME.states, size=WEEKS, p=GAME.prior)
        inflated = np.minimum(demand + rng.integers(4, 13, WEEKS), GAME.states[-1])
        message = np.where(rng.random(WEEKS) < fidelity, demand, inflated)
        about = {"subject": f"seller{seller + 1:02d}", "role": "receiver", "condition": "stock"}
        rows += [
            about
            | {"period": week + 1, "state": demand[week], "message": message[week], "action": message[week]}
            | {"partner": "platform", "fidelity": fidelity}
            for week in range(WEEKS)
        ]
    return est.Table.from_frame(pd.DataFrame(rows), {"stock": GAME}, synthetic=True)


if __name__ == "__main__":
    table, truth = est.simulate(est.DynamicTrust(), situations(2024), PEOPLE, seed=2025)
    frame = table.frame
    frame["followed"] = (np.abs(frame["action"] - frame["message"]) <= 1).astype(int)
    frame.to_csv(HERE / "decisions.csv", index=False)
    truth.round(6).to_csv(HERE / "truth.csv", index=False)
