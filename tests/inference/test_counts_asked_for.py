"""Numbers of draws, people and tasks, and seeds: what can be none is refused by name, wherever it is asked for."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
from advised import advised
from builders import make_table
from choice_builders import choice_table

import estimation as est
from estimation.errors import EstimationError

COUNTS = ("draws", "each", "decisions", "people", "sellers", "simulations", "starts", "tasks", "versions", "seed")
NO_COUNTS = (-1, 2.5, True, "3", None, float("nan"), 10**400)
LOGIT = est.MultinomialLogit(["price", "quality"])
PRICES = {"price": (0.0, 1.0)}
TRUTH = {"price": (1.0, 1.0), "quality": (1.0, 1.0)}
GAME = est.AdviceGame(("low", "high"), advisers=("careful", "hasty"))
MARKET = {"accuracies": {"careful": 0.8, "hasty": 0.6}, "sellers": 2, "decisions": 2, "seed": 1}
SIZE = {"people": 2, "decisions": 2, "seed": 1}
STUDY = {"simulations": 20, "seed": 1, "progress": False}


@dataclass(frozen=True)
class Made:
    """What functions are asked about."""

    table: est.Table
    fit: Any
    choices: est.ChoiceTable
    chosen: Any
    folder: Any

    @property
    def theories(self):
        return {"babbling": self.fit, "honest": est.Honest()}

    @property
    def situations(self):
        products = pd.DataFrame({"alternative": ["a", "b"], "price": 1.0, "quality": [1.0, 2.0]})
        return est.scenario(self.choices, products)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    table, choices = make_table(), choice_table()
    return Made(
        table,
        est.fit(est.Babbling(), table, draws=50, chains=1, progress=False),
        choices,
        est.fit(LOGIT, choices, draws=50, chains=1, progress=False),
        tmp_path_factory.mktemp("made"),
    )


CALLS = {
    "attribute_importances": lambda m, **asked: est.attribute_importances(m.chosen, **asked),
    "benchmark": lambda m, **asked: est.benchmark(m.table, **asked),
    "calibrate": lambda m, **asked: est.calibrate(est.Babbling(), m.table, **STUDY | asked),
    "completeness": lambda m, **asked: est.completeness({"babbling": m.fit}, **asked),
    "design": lambda m, **asked: est.design(m.table.games, **SIZE | asked),
    "design_error": lambda m, **asked: est.design_error(m.choices, LOGIT, PRICES, **asked),
    "design_power": lambda m, **asked: est.design_power(m.theories, m.table.games, **STUDY | asked),
    "diversion": lambda m, **asked: est.diversion(m.chosen, **asked),
    "effect": lambda m, **asked: est.effect(m.fit, m.table, m.table, what="follow", **asked),
    "efficient_design": lambda _, **asked: est.efficient_design(
        LOGIT, {"price": [1, 2], "quality": [1, 2]}, **{"tasks": 4} | asked
    ),
    "elasticities": lambda m, **asked: est.elasticities(m.chosen, **asked),
    "fit": lambda m, **asked: est.fit(est.Babbling(), m.table, **asked),
    "hit_rates": lambda m, **asked: est.hit_rates(m.chosen, **asked),
    "hold_out": lambda m, **asked: est.hold_out(m.choices, **asked),
    "marketplace": lambda _, **asked: est.marketplace(GAME, **MARKET | asked),
    "missed": lambda m, **asked: est.missed(m.fit, **asked),
    "mode": lambda m, **asked: est.mode(LOGIT, m.choices, **asked),
    "model_recovery": lambda m, **asked: est.model_recovery(m.theories, m.table, **STUDY | asked),
    "plot_behaviour": lambda m, **asked: est.plot_behaviour(m.fit, "sender", **asked),
    "plot_trust": lambda m, **asked: est.plot_trust(m.fit, **asked),
    "predict": lambda m, **asked: est.predict(m.fit, what="follow", **asked),
    "predictive_check": lambda m, **asked: est.predictive_check(m.fit, **asked),
    "price_curve": lambda m, **asked: est.price_curve(m.chosen, "a", [1.0, 2.0], m.situations, **asked),
    "recovery": lambda m, **asked: est.recovery(est.Babbling(), m.table, **STUDY | asked),
    "sensitivity": lambda m, **asked: est.sensitivity(m.theories, m.table, **asked),
    "share_table": lambda m, **asked: est.share_table(m.chosen, {"now": m.situations}, **asked),
    "shares": lambda m, **asked: est.shares(m.chosen, **asked),
    "simulate": lambda m, **asked: est.simulate(m.fit, **asked),
    "simulate_choice_partitions": lambda m, **asked: est.simulate_choice_partitions(
        LOGIT, m.folder, TRUTH, **{"people": 2, "choices": 2, "alternatives": 2, "seed": 1} | asked
    ),
    "simulate_choices": lambda m, **asked: est.simulate_choices(LOGIT, m.choices, {"price": 1, "quality": 1}, **asked),
    "simulate_marketplace": lambda m, **asked: est.simulate_marketplace(
        est.AdviceTaking(), GAME, m.folder, {}, **MARKET | asked
    ),
    "simulate_partitions": lambda m, **asked: est.simulate_partitions(
        est.Babbling(), m.table.games, m.folder, {}, **SIZE | asked
    ),
    "substitution": lambda m, **asked: est.substitution({"logit": m.chosen}, "a", **asked),
    "surplus": lambda m, **asked: est.surplus(m.chosen, m.situations, m.situations, **asked),
    "willingness_to_pay": lambda m, **asked: est.willingness_to_pay(m.chosen, **asked),
    "with_accuracy": lambda _, **asked: est.with_accuracy(advised(), **asked),
    "write_partitions": lambda m, **asked: est.write_partitions(m.table, m.folder, **asked),
}
ELSEWHERE = {"effect_by_partition"}
"""Asked in `test_marketplace`: it needs a fit of partitions."""


def asked_for():
    """Return which counts each public function asks for."""
    functions = {name: getattr(est, name) for name in est.__all__ if inspect.isfunction(getattr(est, name))}
    known = {name: inspect.signature(function).parameters for name, function in functions.items()}
    asked = {name: [c for c in COUNTS if c in given and given[c].annotation == "int"] for name, given in known.items()}
    return {name: counts for name, counts in asked.items() if counts}


def test_every_function_that_asks_for_a_count_is_asked_here():
    assert set(asked_for()) == {*CALLS, *ELSEWHERE}


@pytest.mark.parametrize(
    ("function", "count"), [(name, count) for name, counts in asked_for().items() if name in CALLS for count in counts]
)
def test_what_is_no_count_is_refused_by_name(made, function, count):
    for value in NO_COUNTS:
        with pytest.raises(EstimationError, match=rf"\b{count} must be (a whole number of at least|at most)"):
            CALLS[function](made, **{count: value})


@pytest.mark.parametrize("seed", [np.int64(3), 2**128 - 1])
def test_fits_take_such_seeds(made, seed):
    CALLS["fit"](made, seed=seed)


@pytest.mark.parametrize("seed", [np.int64(3), np.uint32(3), 2**127 + 3, 2**128 - 1])
def test_seeds_of_numpy_and_of_128_bits_are_seeds(made, tmp_path, seed):
    for function in ("simulate_choices", "predict", "hold_out"):
        CALLS[function](made, seed=seed)
    people = {"favourite": (0.5, 0.5), "sender_precision": (1.0, 0.5), "receiver_precision": (1.0, 0.5)}
    theory = est.Babbling(lapse=False)
    size = {"people": np.int64(8), "decisions": np.int64(1), "each": np.int64(4), "seed": seed}
    assert est.simulate_partitions(theory, made.table.games, tmp_path, people, **size).people == 8
