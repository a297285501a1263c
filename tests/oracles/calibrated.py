"""What is calibrated: every theory of talk that has a prior of its own, and every model of choice, in small designs."""

from __future__ import annotations

import numpy as np
import pandas as pd

import estimation as est

THEORIES = {
    "trust": est.TrustEmbedded(),
    "trust, correlated": est.TrustEmbedded(correlated=True),
    "level-k": est.LevelK(),
    "level-k, lying cost": est.LevelKLying(),
    "cognitive hierarchy": est.CognitiveHierarchy(),
    "quantal response": est.QuantalResponse(),
    "costly lying": est.CostlyLying(),
    "honest": est.Honest(),
    "babbling": est.Babbling(),
    "mixture": est.Mixture([est.TrustEmbedded(), est.LevelK(max_level=1)], without=["level-k: level 0"]),
}
MODELS = {
    "pooled": est.MultinomialLogit(["x0", "x1"], prior_scale=1.0),
    "nested": est.NestedLogit(["x0", "x1"], prior_scale=1.0, nests={"near": ("a", "b")}),
    "classes": est.LatentClassLogit(["x0", "x1"], prior_scale=1.5, classes=2),
    "tastes": est.MultinomialLogit(["x0", "x1"], prior_scale=1.0, random="all"),
    "independent tastes": est.MultinomialLogit(
        ["x0", "x1"], prior_scale=1.0, random={"x0": "lognormal", "x1": "normal"}, covariance="diagonal"
    ),
}


def situations(people=25, each=8, seed=1) -> est.ChoiceTable:
    """Return situations with three alternatives and two attributes; what is chosen there does not matter."""
    x = np.random.default_rng(seed).normal(size=(people * each, 3, 2))
    rows = [
        {"subject": f"s{t // each:02d}", "situation": t, "alternative": "abc"[j], "chosen": int(j == 0)}
        | {"x0": x[t, j, 0], "x1": x[t, j, 1]}
        for t in range(len(x))
        for j in range(3)
    ]
    return est.read_choices(pd.DataFrame(rows), name="situations")
