"""What coefficients mean, in words: of numbers, of labels, of alternatives."""

from types import SimpleNamespace

import pandas as pd
from choice_builders import choice_frame

import estimation as est
from estimation.report.theories.people import weight_of


def table():
    frame = choice_frame(6, 4, 3)
    roasts = pd.Series(["dark", "light", "medium"] * len(frame))[: len(frame)].to_numpy()
    return est.read_choices(frame.assign(roast=roasts), name="made_up")


def test_a_label_is_told_from_the_one_that_has_no_coefficient():
    problem = est.MultinomialLogit(["price", "roast"]).on(table())
    rows = {name: (meaning, unit) for name, meaning, unit, *_ in problem.coefficient_rows()}
    assert rows["price"] == ("utility of one more unit of price", "logits per unit")
    assert rows["roast[T.light]"] == ("utility of light against dark (roast)", "logits")
    assert rows["roast[T.medium]"] == ("utility of medium against dark (roast)", "logits")


def test_figures_of_people_say_what_a_label_is_compared_with():
    fit = SimpleNamespace(problem=est.MultinomialLogit(["price", "roast"]).on(table()))
    assert weight_of(fit, "roast[T.light]") == ("utility of light against dark (roast)", "logits")
    assert weight_of(fit, "price") == ("weight of price", "logits per unit")


def test_constants_are_told_from_the_reference():
    made = table()
    problem = est.MultinomialLogit(["price"], constants=True, reference=made.alternatives[0]).on(made)
    name = made.alternatives[1]
    rows = {row[0]: row[1:3] for row in problem.coefficient_rows()}
    assert rows[name] == (f"utility of {name} against {made.alternatives[0]} beyond its attributes", "logits")
