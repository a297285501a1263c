"""What is given to the wrong door, or in another form, is told in one sentence at once."""

from __future__ import annotations

import inspect

import numpy as np
import pandas as pd
import pytest

import estimation as est


@pytest.fixture(scope="module")
def table():
    return est.load("simulated_forecast_sharing").only("receiver")


WRONG = {
    "swapped": (lambda t: est.fit(t, est.TrustEmbedded()), "swapped; the model comes first"),
    "a class": (lambda t: est.fit(est.TrustEmbedded, t), r"is a class; build the model: TrustEmbedded\(\)"),
    "a frame": (lambda t: est.fit(est.TrustEmbedded(), t.frame), "make a table of it: est.Table.from_frame"),
    "another family": (lambda t: est.fit(est.MultinomialLogit(["price"]), t), "says nothing about a Table"),
    "a misspelt prior": (lambda t: est.fit(est.TrustEmbedded(priors={"trsut": {"centre": 0.0}}), t), "'trsut'"),
    "estimates in a list": (lambda _: est.estimates_table([1]), "give them by name"),
    "estimates of one": (lambda _: est.likelihood_table(7), "by name, as in {'trust': mode}, not as a int"),
    "theories in a list": (lambda t: est.sensitivity([est.TrustEmbedded()], t), "give theories by name.*not as a list"),
    "no comparison": (lambda _: est.plot_differences({}), "give what est.compare returned, not a dict"),
    "a data set without a name": (lambda _: est.load(None), "None is none of"),
    "a file without a name": (lambda _: est.load_fit(None), "give the path of a file, not None"),
    "a game without a condition": (
        lambda t: est.Table.from_frame(t.frame, t.games["C_H U_H"]),
        "{condition: game}, not",
    ),
    "games in a list": (lambda t: est.Table.from_frame(t.frame, [t.games["C_H U_H"]]), "{condition: game}, not list"),
    "a design of a game": (lambda t: est.design(t.games["C_H U_H"], 4, 4, seed=1), "{condition: game}, not Fore"),
    "roles in an array": (lambda t: t.only(np.array(["sender"])), "no decision has role array"),
    "fits in a list": (lambda _: est.compare([1, 2]), "give the fits by name"),
    "numbers for fits": (lambda _: est.compare({"one": 1, "two": 2}), "'one' is none; .*not a int"),
    "a theory for a fit": (lambda _: est.diagnose(est.TrustEmbedded()), "give a fit, as est.fit makes it"),
    "nothing to leave out of": (lambda t: est.leave_out(t, ["s01"]), "give a fit, as est.fit makes it"),
    "priors as a list": (lambda _: est.TrustEmbedded(priors=[("trust", 1.0)]), "given by parameter"),
    "a prior as a number": (lambda _: est.TrustEmbedded(priors={"trust": 2.0}), "given by its parts"),
    "a part of no prior": (lambda _: est.TrustEmbedded(priors={"trust": {"mean": 0}}), r"has \['mean'\]"),
    "a prior in words": (lambda _: est.TrustEmbedded(priors={"trust": {"centre": "low"}}), "must be a number"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_does_not_fit_is_told_in_one_sentence_that_says_what_to_do(what, table):
    call, sentence = WRONG[what]
    with pytest.raises(est.EstimationError) as caught:
        call(table)
    text = str(caught.value).replace("\n", " ")
    assert pd.Series([text]).str.contains(sentence, regex=True).all(), text


@pytest.mark.parametrize("door", [est.fit, est.mode, est.compare, est.load_fit, est.leave_out])
def test_options_of_the_doors_are_named_typed_and_have_defaults(door):
    options = inspect.signature(door).parameters.values()
    assert all(option.annotation is not inspect.Parameter.empty for option in options)
    loose = [o.name for o in options if o.kind is o.VAR_KEYWORD and door is not est.leave_out]
    assert loose == []
