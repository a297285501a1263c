"""Small fits whose flaw is known, and sound ones: recipes, not data. Each bad one says what has to be told of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from choice_builders import choice_frame, choice_table
from engine import GAMES, trust_experiment
from play_builders import simulated

import estimation as est

Recipe = Callable[[], tuple[Any, Any, dict[str, Any]]]
QUICK = {"draws": 200, "chains": 4, "seed": 1}
TALK = {"accuracy": 0.5, "progress": False, **QUICK}
PRICE, BOTH = ["price"], ["price", "quality"]
TYPES = est.NormalForm([[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]])
MATCHING = est.NormalForm([[2.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 2.0]])


def choices(model, people=20, situations=4, seed=3, change=lambda frame: frame, **settings) -> Recipe:
    """Choices of people who like quality and cheapness, after a change to the frame."""
    return lambda: (model, est.read_choices(change(choice_frame(people, situations, seed))), QUICK | settings)


def plays(theory, games, people=40, precision=1.0, seed=1, **settings) -> Recipe:
    def made():
        table = simulated(est.LogitEquilibrium(), games, people, {"precision": precision}, seed)
        return theory, table, QUICK | {"pooled": True} | settings

    return made


def talk(
    theory, people=12, decisions=12, seed=1, roles=("receiver",), change=lambda frame: frame, **settings
) -> Recipe:
    def made():
        table, _ = trust_experiment(people, decisions, seed, roles)
        changed = est.Table.from_frame(change(table.frame.copy()), GAMES, name="simulated", synthetic=True)
        return theory, changed, TALK | settings

    return made


def chosen(frame, which):
    """Let people choose the alternative for which `which` (row by row) is largest in its situation."""
    best = which(frame).groupby(frame["situation"]).transform("max") == which(frame)
    return frame.assign(chosen=(best & ~frame.assign(best=best).duplicated(["situation", "best"])).astype(int))


def at_random(frame):
    frame["action"] = np.random.default_rng(9).integers(0, 21, len(frame)).astype(float)
    return frame


def sure(frame):
    return chosen(frame, lambda f: -f["price"])


def with_column(**columns):
    return lambda frame: frame.assign(**{name: made(frame) for name, made in columns.items()})


DIFFER = est.MultinomialLogit(BOTH, random="all")
BAD: dict[str, tuple[Recipe, str]] = {
    "price decides every choice": (choices(est.MultinomialLogit(PRICE), change=sure), "separation"),
    "price decides, people differ": (choices(est.MultinomialLogit(PRICE, random="all"), change=sure), "separation"),
    "price decides, classes": (choices(est.LatentClassLogit(PRICE, classes=2), change=sure), "separation"),
    "a term twice": (
        choices(est.MultinomialLogit(["price", "same"]), change=with_column(same=lambda f: 2 * f["price"] + 1)),
        "depend on each other",
    ),
    "three terms, one the sum of two": (
        choices(est.MultinomialLogit([*BOTH, "sum"]), change=with_column(sum=lambda f: f["price"] + f["quality"])),
        "depend on each other",
    ),
    "what is the same for all alternatives": (choices(est.MultinomialLogit(["price", "income"])), "it cancels"),
    "a column of ones": (
        choices(est.MultinomialLogit(["price", "one"]), change=with_column(one=lambda _: 1.0)),
        "it cancels",
    ),
    "an alternative that nobody chose": (
        choices(
            est.MultinomialLogit(PRICE, constants=True),
            change=lambda f: chosen(f, lambda g: (g["alternative"] != "b") + g["quality"] / 100),
        ),
        "never chosen",
    ),
    "an alternative that everybody chose": (
        choices(
            est.MultinomialLogit(PRICE, constants=True),
            change=lambda f: chosen(f, lambda g: (g["alternative"] == "a") * 1.0),
        ),
        "never chosen",
    ),
    "one decision": (choices(est.MultinomialLogit(BOTH), people=1, situations=1), "separation|depend"),
    "two decisions, two terms": (choices(est.MultinomialLogit(BOTH), people=1, situations=2), "separation|depend"),
    "one person, whose tastes differ from nobody's": (choices(DIFFER, people=1, situations=12), "one person"),
    "more classes than people": (choices(est.LatentClassLogit(PRICE, classes=4), people=3), "4 classes of 3 people"),
    "a nest of one": (lambda: (est.NestedLogit(PRICE, nests={"alone": ["a"]}), choice_table(20), QUICK), "alone"),
    "draws too few to judge": (choices(est.MultinomialLogit(PRICE), draws=50), "ESS"),
    "two classes of people who are all alike": (choices(est.LatentClassLogit(PRICE, classes=2), 60, 8), "more classes"),
    "the same theory twice": (
        lambda: (est.Mixture([est.TrustEmbedded(), est.TrustEmbedded()]), trust_experiment(4, 4)[0], TALK),
        "once more",
    ),
    "a mark that no chosen alternative has": (
        choices(
            est.MultinomialLogit(["price", "mark"]),
            change=with_column(mark=lambda f: ((f["alternative"] == "c") & (f["chosen"] == 0)) * 1.0),
        ),
        "separation",
    ),
    "price decides every choice, in nests": (
        choices(est.NestedLogit(PRICE, nests={"first": ["a", "b"]}), change=sure),
        "separation",
    ),
    "price decides every choice, in cents": (
        choices(est.MultinomialLogit(PRICE), change=lambda f: sure(f).assign(price=100 * f["price"])),
        "separation",
    ),
}
GOOD: dict[str, Recipe] = {
    **{f"price alone, {people} people": choices(est.MultinomialLogit(PRICE), people) for people in (8, 20, 60)},
    **{f"price and quality, {people} people": choices(est.MultinomialLogit(BOTH), people) for people in (12, 30, 60)},
    "constants": choices(est.MultinomialLogit(BOTH, constants=True), 40),
    "prices in cents": choices(est.MultinomialLogit(BOTH), 30, change=lambda f: f.assign(price=100 * f["price"])),
    "prices in millions": choices(est.MultinomialLogit(BOTH), 30, change=lambda f: f.assign(price=f["price"] / 1e6)),
    "no taste at all": choices(
        est.MultinomialLogit(BOTH),
        40,
        change=lambda f: f.assign(price=f["price"].sample(frac=1, random_state=1).to_numpy()),
    ),
    "people differ, 30 people": choices(DIFFER, 30, 8),
    "people differ in price": choices(est.MultinomialLogit(BOTH, random=PRICE), 30, 8, seed=4),
    "nests": choices(est.NestedLogit(BOTH, nests={"first": ["a", "b"]}), 60),
    **{
        f"logit equilibrium, precision {p}": plays(est.LogitEquilibrium(), {"pd": TYPES}, precision=p)
        for p in (0.3, 1.0, 3.0)
    },
    "logit equilibrium of a coordination game": plays(est.LogitEquilibrium(), {"matching": MATCHING}, precision=0.8),
    "trust of receivers": talk(est.TrustEmbedded()),
    "honest receivers": talk(est.Honest(), people=8),
    "babbling": talk(est.Babbling(), people=8),
}


def judged(recipe: Recipe) -> tuple[bool, str]:
    """Return whether a fit is made and all of its checks pass, and what is said of it."""
    try:
        model, table, settings = recipe()
        diagnosis = est.diagnose(est.fit(model, table, **settings))
    except est.EstimationError as refusal:
        return False, str(refusal)
    return diagnosis.ok, diagnosis.verdict


def listing() -> pd.DataFrame:
    """Return what is said of every fit, one row each."""
    rows = [("bad", name, *judged(recipe), reason) for name, (recipe, reason) in BAD.items()]
    rows += [("good", name, *judged(recipe), "") for name, recipe in GOOD.items()]
    return pd.DataFrame(rows, columns=["kind", "fit", "ok", "verdict", "reason"])
