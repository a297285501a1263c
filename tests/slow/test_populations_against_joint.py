"""Populations of every kind: the integrated engine and the joint model have the same posterior."""

from __future__ import annotations

import arviz as az
import numpy as np
import pytest
from engine import GAMES, TRUST

import estimation as est

pytestmark = pytest.mark.slow


def experiment(theory, **options):
    """Receivers of two countries, early and late, simulated from a theory."""
    table = est.design(GAMES, people=24, decisions=12, seed=3, roles=("receiver",))
    frame = table.frame
    frame["country"] = np.where(frame["subject"].str[1:].astype(int) % 3 == 0, "B", "A")
    frame["late"] = (frame["period"] > 12).astype(float)
    people = {name: TRUST[name] for name in ("trust", "receiver_precision", "lapse")} | options.pop("people", {})
    people = {name: value for name, value in people.items() if theory.lapse or name != "lapse"}
    return est.simulate(theory, est.Table.from_frame(frame, table.games), people, seed=5, **options)[0]


CASES = {
    "correlated": (
        est.TrustEmbedded(correlated=True, lapse=False),
        {"correlations": {"receiver_precision, trust": 0.6}},
    ),
    "formula": (
        est.TrustEmbedded(trust="~ country * late"),
        {
            "people": {"trust: late": (-1.0, 0.3)},
            "coefficients": {"trust: country[T.B]": 1.0, "trust: country[T.B]:late": 0.5},
        },
    ),
    "mixture": (est.Mixture([est.TrustEmbedded(), est.LevelK(max_level=1)], without=["level-k: level 0"]), {}),
}


@pytest.mark.parametrize(("theory", "options"), CASES.values(), ids=CASES)
def test_the_integrated_engine_and_the_joint_model_have_the_same_posterior(theory, options):
    table = experiment(theory, **options)
    one = est.fit(theory, table, seed=1, draws=1000, accuracy=4, progress=False).tree["posterior"].dataset
    other = est.fit(theory, table, seed=2, method="joint", draws=600, tune=600, progress=False)
    other = other.tree["posterior"].dataset
    for name in one.data_vars:
        error = np.hypot(az.mcse(one[[name]])[name], az.mcse(other[[name]])[name])
        gap = np.abs(one[name].mean(("chain", "draw")) - other[name].mean(("chain", "draw")))
        assert (gap < 3.5 * error).all(), (name, gap.values, error.values)
