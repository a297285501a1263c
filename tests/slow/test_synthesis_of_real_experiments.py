"""Three real experiments together: receivers who estimate, in two experiments, and receivers who accuse."""

from __future__ import annotations

import numpy as np
import pytest
from needs import need_data

import estimation as est

pytestmark = pytest.mark.slow
EXPERIMENTS = {"reality": "oey_what_is_reality", "liars": "oey_liars", "lying": "oey_rational_lying"}
ESTIMATING = {"levels": est.LevelK(), "trust": est.TrustEmbedded()}
ACCUSING = {"levels": est.RecursiveAccusation(), "trust": est.NaiveAccusation()}


@pytest.fixture(scope="module")
def experiments():
    """Fits of a dozen receivers of each."""
    found = {}
    for name, data in EXPERIMENTS.items():
        need_data(data)
        table = est.load(data).only("receiver")
        some = table.of(table.subjects[:: len(table.subjects) // 12][:12])
        theories = ACCUSING if name == "lying" else ESTIMATING
        how = {"accuracy": 0.5, "seed": 1, "progress": False}
        found[name] = {theory: est.fit(model, some, **how) for theory, model in theories.items()}
    return found


def test_three_experiments_are_put_together_and_what_names_stand_for_is_told(experiments):
    """All three are sound and count; the verdict says that names stand for other theories where people accuse."""
    study = est.synthesis(experiments, ("levels", "trust"), progress=False)
    assert list(study.table.index) == list(EXPERIMENTS)
    assert study.table["decisions"].round().tolist() == [50, 100, 50]
    assert (
        "By levels, experiments do not mean the same: level-k (reality, liars) and recursive accusation (lying)."
        in (study.verdict)
    )
    assert "With 3 experiments, how far they differ rests largely on the prior." in study.verdict


def test_receivers_of_one_experiment_predict_those_of_another(experiments):
    """Trust moves between the two experiments at a loss of less than a tenth of what noise alone would cost."""
    moved = est.transfer(experiments, progress=False)
    for pair in (("reality", "liars"), ("liars", "reality")):
        row = moved.table.loc[("trust", *pair)]
        at_random = -np.log(101) * (100 if pair[1] == "liars" else 50)
        assert row["why"] == ""
        assert row["loss"] < 0.1 * (row["elpd"] + row["loss"] - at_random)
    told = moved.table.loc[("trust", "reality", "lying"), "why"]
    assert told == "two theories have this name: accusation without theory of mind and trust-embedded"
