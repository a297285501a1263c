"""The integrated engine against the joint model on real people: twenty of the experiment of Oey and Vul."""

from __future__ import annotations

import arviz as az
import numpy as np
import pytest

import estimation as est

pytestmark = [pytest.mark.slow, pytest.mark.data]


@pytest.mark.parametrize(
    "theory", [est.TrustEmbedded(), est.LevelK(max_level=2)], ids=lambda theory: theory.name
)
@pytest.mark.parametrize("role", ["receiver", "sender"])
def test_twenty_real_people_have_the_same_population_in_both_engines(oey_table, theory, role):
    table = oey_table.only(role)
    table = table.of(table.subjects[::10][:20])
    one = est.fit(theory, table, seed=1, draws=1000, accuracy=4, progress=False)
    other = est.fit(theory, table, seed=2, method="joint", draws=1000, tune=1000, progress=False)
    for name in ("mean", "sd"):
        a, b = one.tree["posterior"].dataset[[name]], other.tree["posterior"].dataset[[name]]
        error = np.sqrt(
            az.mcse(a)[name] ** 2 + az.mcse(b)[name] ** 2 + one.tree["integration"][f"{name}_error"] ** 2
        )
        gap = np.abs(a[name].mean(("chain", "draw")) - b[name].mean(("chain", "draw")))
        assert (gap < 3 * error).all(), (name, (gap / error).values, az.rhat(b)[name].values)
