"""An option that takes a word refuses everything else by one sentence, also what Python cannot compare with a word."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import estimation as est
from estimation.allowed import is_among, word_problems

OTHERS = {
    "another word": "sideways",
    "an array": np.array(["own", "all"]),
    "a list": ["own"],
    "a mapping": {"own": 1},
    "a series": pd.Series(["own"]),
    "a number": 1,
}
TAKEN = {
    "a theory's own option": lambda word: est.LevelK(beliefs=word),
    "ties of best replies": lambda word: est.LevelK(ties=word),
    "the response": lambda word: est.TrustEmbedded(response=word),
    "the response of an equilibrium": lambda word: est.QuantalResponse(response=word),
    "habits": lambda word: est.TrustEmbedded(habits=word),
    "beliefs about a cost": lambda word: est.CostlyLying(believed_cost=word),
    "beliefs about precision": lambda word: est.QuantalResponse(believed_precision=word),
    "what components share": lambda word: est.Mixture([est.TrustEmbedded(), est.LevelK()], shared=word),
    "a game's direction": est.EstimationGame,
    "the covariance of tastes": lambda word: est.MultinomialLogit(["x"], random="all", covariance=word),
    "a distribution of tastes": lambda word: est.MultinomialLogit(["x"], random="all", distributions={"x": word}),
    "the scale of a parameter": lambda word: est.Parameter("height", "h", "how tall", "m", word, 0.0, 1.0, 1.0, "why"),
    "the method of a fit": lambda word: est.fit(est.Babbling(), TABLE, method=word),
}
TABLE = est.design({"over": est.EstimationGame(highest=5)}, people=2, decisions=2, seed=1)


@pytest.mark.parametrize("value", OTHERS.values(), ids=list(OTHERS))
@pytest.mark.parametrize("taken", TAKEN.values(), ids=list(TAKEN))
def test_whatever_is_no_word_of_an_option_is_refused_as_the_words_that_it_takes(taken, value):
    with pytest.raises(est.EstimationError, match=r"must be '.* or '.*, not "):
        taken(value)


def test_words_are_words_whoever_made_the_text_and_none_is_one_where_it_is_listed():
    assert is_among(np.str_("own"), ("own", "separate"))
    assert is_among(None, ("own", None))
    assert not is_among(None, ("own", "None"))
    assert word_problems(("own",), beliefs="mine") == ["beliefs must be 'own', not 'mine'"]
    assert word_problems(("a", "b", None), sort="c", order="a") == ["sort must be 'a', 'b' or None, not 'c'"]


FLAGS = {
    "lapses": lambda flag: est.TrustEmbedded(lapse=flag),
    "correlations": lambda flag: est.LevelK(correlated=flag),
    "correlations of a mixture": lambda flag: est.Mixture([est.TrustEmbedded(), est.LevelK()], correlated=flag),
    "correlations across roles": lambda flag: est.RolesApart(est.TrustEmbedded(), correlated=flag),
    "forgetting": lambda flag: est.AdviserLearning(forgetting=flag),
}


@pytest.mark.parametrize("flag", ["no", "off", None, 0, np.array([True]), pd.Series([False])], ids=str)
@pytest.mark.parametrize("taken", FLAGS.values(), ids=list(FLAGS))
def test_what_is_yes_or_no_is_true_or_false(taken, flag):
    with pytest.raises(est.TheoryError, match="must be True or False, not "):
        taken(flag)


def test_numbers_and_truth_values_of_numpy_are_those_of_python():
    theory = est.LevelK(max_level=np.int64(2), lapse=np.False_)
    assert theory == est.LevelK(max_level=2, lapse=False)
    assert [type(theory.max_level), type(theory.lapse)] == [int, bool]  # so that files hold them
