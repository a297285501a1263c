"""Make this data set again: `python datasets/simulated_forecast_sharing/generate.py`. Same seeds, same decisions."""

from __future__ import annotations

from pathlib import Path

import estimation as est

HERE = Path(__file__).parent
CELLS = {"C_H U_H": (60, 75), "C_H U_L": (60, 25), "C_L U_H": (15, 75), "C_L U_L": (15, 25)}
PEOPLE = {  # typical value, standard deviation over people on the transformed scale
    "trust": (0.6, 1.0),
    "lying_cost": (6.0, 0.8),
    "sender_precision": (0.03, 0.3),
    "receiver_precision": (0.01, 0.3),
    "lapse": (0.03, 0.5),
}


def game(capacity_cost: float, noise_range: float) -> est.ForecastSharing:
    """Return one cell of the cost x uncertainty design."""
    prices = {"mean_demand": 250, "retail_price": 100, "wholesale_price": 75, "unit_cost": 0}
    return est.ForecastSharing(**prices, capacity_cost=capacity_cost, noise_range=noise_range, state_range=150, step=5)


if __name__ == "__main__":
    situations = est.design({name: game(*cell) for name, cell in CELLS.items()}, people=60, decisions=20, seed=2011)
    table, truth = est.simulate(est.TrustEmbedded(), situations, PEOPLE, seed=2022)
    table.frame.to_csv(HERE / "decisions.csv", index=False)
    truth.round(6).to_csv(HERE / "truth.csv", index=False)
