"""What is calibrated: every theory of talk and of accusation and every model of choice, each in a small design."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from advised import advised, paid
from engine import GAMES, messages_with_outcomes
from judges import judged

import estimation as est

TALK = {
    "trust": est.TrustEmbedded(),
    "level-k": est.LevelK(),
    "level-k, lying cost": est.LevelKLying(),
    "cognitive hierarchy": est.CognitiveHierarchy(),
    "quantal response": est.QuantalResponse(),
    "costly lying": est.CostlyLying(),
    "fixed discount": est.FixedDiscount("free"),
    "honest": est.Honest(),
    "babbling": est.Babbling(),
    "mixture": est.Mixture([est.TrustEmbedded(), est.LevelK(max_level=1)], without=["level-k: level 0"]),
}
RIVALS = {
    "trust, personal discount": est.TrustEmbedded(discount="personal"),
    "trust, habits": est.TrustEmbedded(habits="all"),
    "fixed discount, habits": est.FixedDiscount("free", habits="all"),
    "noisy level-k": est.LevelK(beliefs="own"),
    "noisy level-k, lying cost": est.LevelKLying(max_level=2, beliefs="own"),
    "noise of its own, lying cost": est.LevelKLying(max_level=2, beliefs="separate"),
    "noisy cognitive hierarchy": est.CognitiveHierarchy(beliefs="own"),
    "level-k, exact or noisy": est.LevelK(response="spike-logit"),
    "honest, errors by size of lie": est.Honest(errors="lie size"),
    "mixture, habits": est.Mixture([est.TrustEmbedded(habits="all"), est.LevelKLying(max_level=1, habits="all")]),
    "trust, roles apart": est.RolesApart(est.TrustEmbedded()),
}
MOVING = {
    "dynamic trust": est.DynamicTrust(),
    "dynamic trust, counts": est.DynamicTrust(rule="counts"),
    "dynamic trust, accuracy": est.DynamicTrust(rule="accuracy"),
}
ACCUSING = {"naive accusation": est.NaiveAccusation(), "recursive accusation": est.RecursiveAccusation()}
ADVISED = {
    "advice taking": est.AdviceTaking(),
    "advice taking, log odds": est.AdviceTaking(combine="log-odds"),
    "adviser learning": est.AdviserLearning(),
    "adviser learning, log odds": est.AdviserLearning(combine="log-odds", news="apart", forgetting=True),
}
PAID = {"ability and honesty": est.AdviserMotives()}
JUDGING = {
    "advice weighting": est.AdviceWeighting(),
    "advice weighting, by record": est.AdviceWeighting(follows="record", distance=True, chooses=True),
}
RELATED = {"trust, correlated": est.TrustEmbedded(correlated=True)}
MODELS = {
    "pooled": est.MultinomialLogit(["x0", "x1"], prior_scale=1.0),
    "nested": est.NestedLogit(["x0", "x1"], prior_scale=1.0, nests={"near": ("a", "b")}),
    "classes": est.LatentClassLogit(["x0", "x1"], prior_scale=1.5, classes=2),
    "tastes": est.MultinomialLogit(["x0", "x1"], prior_scale=1.0, random="all"),
    "independent tastes": est.MultinomialLogit(
        ["x0", "x1"], prior_scale=1.0, random="all", distributions={"x0": "lognormal"}, covariance="diagonal"
    ),
}
NEWER_MODELS = {
    "cross-nested": est.CrossNestedLogit(["x0", "x1"], prior_scale=1.0, nests={"near": ("a", "b"), "far": ("b", "c")}),
    "scale by group": est.HeteroscedasticLogit(["x0", "x1"], prior_scale=1.0, scale=["old"]),
    "worth": est.MultinomialLogit(["x0", "x1"], prior_scale=1.0, wtp_space="x0"),
    "worth that differs": est.MultinomialLogit(["x0", "x1"], prior_scale=1.0, random="all", wtp_space="x0"),
    "error component": est.MultinomialLogit(
        ["x0", "x1"], prior_scale=1.0, error_components={"near": ["a", "b"]}, covariance="diagonal"
    ),
    "classes by covariate": est.LatentClassLogit(["x0", "x1"], prior_scale=1.5, classes=2, covariates=["old"]),
    "mixture of tastes": est.MultinomialLogit(["x0", "x1"], prior_scale=1.0, random="all", components=2),
    "triangular tastes": est.MultinomialLogit(
        ["x0", "x1"], prior_scale=1.0, random="all", distributions={"x0": "triangular"}
    ),
}


def situations(people=25, each=8, seed=1) -> est.ChoiceTable:
    """Return situations with three alternatives and two attributes; what is chosen there does not matter."""
    return est.read_choices(rows_of(people, each, seed), name="situations")


def situations_of_groups() -> est.ChoiceTable:
    """Return the same situations of people of whom two in five are old."""
    rows = rows_of()
    return est.read_choices(
        rows.assign(old=(rows["subject"].rank(method="dense") % 5 < 2).astype(float)), name="groups"
    )


def rows_of(people=25, each=8, seed=1) -> pd.DataFrame:
    """Return one row per alternative."""
    x = np.random.default_rng(seed).normal(size=(people * each, 3, 2))
    rows = [
        {"subject": f"s{t // each:02d}", "situation": t, "alternative": "abc"[j], "chosen": int(j == 0)}
        | {"x0": x[t, j, 0], "x1": x[t, j, 1]}
        for t in range(len(x))
        for j in range(3)
    ]
    return pd.DataFrame(rows)


def cases() -> dict[str, tuple[Any, Any]]:
    """Return name → what is calibrated, and the design."""
    accusations = {name: est.AccusationGame(name, 0.5) for name in ("over", "under")}
    talk = est.design(GAMES, people=16, decisions=8, seed=1)
    designs = (
        (TALK, talk),
        (RIVALS, talk),
        (MOVING, messages_with_outcomes(people=16, decisions=16)),
        (ACCUSING, est.design(accusations, people=16, decisions=12, seed=1)),
        (MODELS, situations()),
        (NEWER_MODELS, situations_of_groups()),
        (RELATED, talk),
        (ADVISED, advised(people=16, decisions=24, own="experience")),
        (PAID, paid(people=16, decisions=24, own="told")),
        (JUDGING, judged(people=16, decisions=16)),
    )
    return {name: (model, table) for models, table in designs for name, model in models.items()}
