"""Logits written out with `scipy`, a made-up conjoint study, and what models are refused with."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

import estimation as est


def conjoint(tasks: int = 150, seed: int = 2) -> pd.DataFrame:
    """Three motors and none, which is row 4 without attributes; utilities are -.1 price + motor, none is worth -3."""
    rng = np.random.default_rng(seed)
    rows = []
    for task in range(tasks):
        price, motor = rng.choice([15.0, 20.0, 25.0], 3), rng.choice(["EV", "Gas", "Hybrid"], 3)
        utility = -0.1 * price + pd.Series(motor).map({"EV": 0.0, "Gas": 0.8, "Hybrid": 1.0}).to_numpy()
        best = int(np.append(utility, -3.0).__add__(rng.gumbel(size=4)).argmax())
        for place in range(3):
            rows.append((task // 5, task, place + 1, price[place], motor[place], 0, int(place == best)))
        rows.append((task // 5, task, 4, np.nan, None, 1, int(best == 3)))
    return pd.DataFrame(rows, columns=["resp", "obs", "alt", "price", "motor", "no_choice", "took"])


COLUMNS = {"subject": "resp", "situation": "obs", "alternative": "alt", "chosen": "took"}
MOTORS = conjoint()


def maximum(x, situation, chosen, weight=None):
    """Maximise a logit written out with `scipy`: estimates and log likelihood."""
    weight = np.ones(len(x)) if weight is None else weight
    codes = pd.factorize(pd.Series(situation))[0]

    def loss(b):
        utility = x @ b
        total = np.zeros(codes.max() + 1)
        np.add.at(total, codes, np.exp(utility))
        return -np.sum((weight * (utility - np.log(total)[codes]))[chosen])

    found = optimize.minimize(loss, np.zeros(x.shape[1]), method="BFGS", options={"gtol": 1e-7})
    return found.x, -found.fun


def said_of(model, table) -> str:
    """Return what the model is refused with, by the mode and by the fit alike."""
    texts = []
    for run in (est.mode, est.fit):
        with pytest.raises(est.ChoiceError) as caught:
            run(model, table)
        texts.append(str(caught.value))
    assert texts[0] == texts[1]
    return texts[0]
