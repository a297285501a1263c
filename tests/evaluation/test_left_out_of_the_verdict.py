"""A theory whose fit or scores failed does not block the verdict between others, and is never named."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import estimation as est
from estimation.evaluation.comparison.comparison import Comparison
from estimation.evaluation.scores.loo import LeaveOneOut
from estimation.evaluation.scores.scored import comparison_table, ranked
from estimation.fits.fit import CHOICES

PEOPLE = [f"s{number}" for number in range(120)]
RANKED = {"trust": 30.0, "level-k": 0.0, "babbling": -60.0}  # elpd, nats
REASON = "refits did not pass their checks; sample longer"


def study(failed=(), theories=tuple(RANKED)):
    """Return a comparison of theories, of which some failed, whose scores of people are made up."""
    rng, whose, scores = np.random.default_rng(4), pd.Series(PEOPLE, index=PEOPLE), {}
    for name, total in RANKED.items():
        score = rng.normal(scale=0.3, size=len(PEOPLE))
        elpd = pd.Series(score - score.mean() + total / len(PEOPLE), index=PEOPLE)
        scores[name] = LeaveOneOut(elpd, 0.0 * elpd, (), 0.7, 0.0, name not in failed, whose)
    scores = {name: scores[name] for name in theories}
    diagnoses = dict.fromkeys(scores, SimpleNamespace(comparable=True, ok=True))
    fit = SimpleNamespace(family=CHOICES, table=SimpleNamespace(subjects=PEOPLE, knows_people=True))
    pointwise = pd.DataFrame({name: scores[name].elpd for name in ranked(scores, diagnoses)})
    table = comparison_table(pointwise, scores, diagnoses, dict.fromkeys(scores, 0.2))
    return Comparison(table, pointwise, dict.fromkeys(pointwise, fit), diagnoses, scores, "made up")


@pytest.mark.parametrize("failed", RANKED)
def test_it_stands_last_and_the_verdict_is_that_between_the_others(failed):
    rest = [name for name in RANKED if name != failed]
    found, alone = study([failed]), study(theories=rest)
    assert list(found.table.index) == [*rest, failed]
    assert found.sound == rest
    pd.testing.assert_frame_equal(found.table.loc[rest], alone.table)
    assert found.winner == alone.winner == rest[0]
    pd.testing.assert_frame_equal(found.better, alone.better)
    lead = f"which seems ahead of level-k by 30 nats, but {REASON}"
    said = lead if failed == "trust" else f"because {REASON}"
    assert found.verdict == f"{alone.verdict} Left out of this verdict: {failed}, {said}."


def test_differences_are_to_the_best_sound_theory_and_weights_theirs():
    table = study(["trust"]).table
    assert table["elpd_diff"].tolist() == pytest.approx([0.0, -60.0, 30.0])
    assert table["weight"].iloc[:2].sum() == pytest.approx(1)
    assert np.isnan(table["weight"]["trust"])


def test_frequencies_are_those_of_sound_theories():
    found = study(["trust"]).frequencies
    assert set(found.table.index) == {"level-k", "babbling"}
    assert found.verdict.endswith("Left out, because scores are not sound: trust.")
    with pytest.raises(est.ComparisonError, match=r"of trust, refits did not pass"):
        _ = study(["trust", "level-k"]).frequencies


@pytest.mark.parametrize("sound", list(itertools.product([True, False], repeat=3)))
def test_whoever_failed_is_never_named_and_one_sound_theory_is_no_comparison(sound):
    found = study([name for name, fine in zip(RANKED, sound, strict=True) if not fine])
    named, text = found.winner, found.verdict
    assert named == (next(name for name, fine in zip(RANKED, sound, strict=True) if fine) if sum(sound) > 1 else None)
    assert text.startswith("No winner can be named" if named is None else f"In the data set made up, {named} predicts")
    for name, fine in zip(RANKED, sound, strict=True):
        assert fine or f"{name}, " in text
    assert found.table["elpd_diff"].iloc[0] == 0
    assert len(found.better) == max(0, sum(sound) - 1)
