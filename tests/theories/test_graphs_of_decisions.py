"""The same log probabilities on PyTensor graphs as in arrays, or a word on why there is no graph."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from theories_in_variants import GAMES, MAKERS, RESPONSES, ROLES, middle, seen_and_options

from estimation.errors import TheoryError
from estimation.theories import TrustEmbedded
from estimation.theories.messages.likelihood import decision_log_probability

SEARCHED = (
    "level-k, noisy others",
    "cognitive hierarchy",
    "level-k with lying cost",
    "costly lying",
    "quantal response",
)
"""Theories whose best options are found by search in both roles, so that normal errors have no graph."""


def graph_and_numbers(theory, game, role, chosen):
    """Log probabilities of every kind, once as graphs of symbolic parameters and once as numbers."""
    import pytensor.tensor as pt

    given_, _ = seen_and_options(game, role)
    if chosen is None:
        values = middle(theory, game, 3)
        symbols = {name: pt.tensor(name, shape=(None, 1, 1)) for name in values}
    else:
        values = {name: np.broadcast_to(v[0], (len(given_), 1)) for name, v in middle(theory, game).items()}
        symbols = {name: pt.tensor(name, shape=(None, 1)) for name in values}
    kinds = range(len(theory.types))
    graphs = [decision_log_probability(theory, game, role, k, symbols, given_, chosen, pt) for k in kinds]
    numbers = [decision_log_probability(theory, game, role, k, values, given_, chosen) for k in kinds]
    return symbols, values, graphs, numbers


CASES = [
    (name, role, response)
    for name, role, response in itertools.product(MAKERS, ROLES, RESPONSES)
    if response == "logit" or not (name.startswith(SEARCHED) or ("trust" in name and role == "sender"))
]


ONE_OF_EACH = ["over", "forecast, dear"]


@pytest.mark.parametrize("which", [ONE_OF_EACH, pytest.param(list(GAMES), marks=pytest.mark.slow)], ids=len)
@pytest.mark.parametrize(("name", "role", "response"), CASES, ids=map(", ".join, CASES))
def test_graphs_give_the_same_numbers_as_arrays(name, role, response, which):
    """One function per case over a game of each family, with every option and with chosen ones; nothing is compiled."""
    import pytensor
    from uncompiled import UNCOMPILED

    theory = MAKERS[name](response=response)
    inputs, arguments, outputs, expected = [], [], [], []
    for game in map(GAMES.get, which):
        seen, options = seen_and_options(game, role)
        for chosen in (None, np.arange(len(seen)) * 5 % len(options)):
            symbols, values, graphs, numbers = graph_and_numbers(theory, game, role, chosen)
            inputs += symbols.values()
            arguments += [values[name] for name in symbols]
            outputs += graphs
            expected += numbers
    evaluated = pytensor.function(inputs, outputs, mode=UNCOMPILED, on_unused_input="ignore")
    for got, want in zip(evaluated(*arguments), expected, strict=True):
        np.testing.assert_allclose(np.broadcast_to(got, want.shape), want, atol=1e-10, rtol=1e-10)


def test_a_best_message_found_by_search_has_no_graph():
    import pytensor.tensor as pt

    theory, game = TrustEmbedded(response="normal"), GAMES["over"]
    with pytest.raises(TheoryError, match=r"use response='logit', or method='automatic'"):
        graph_and_numbers(theory, game, "sender", None)
    with pytest.raises(TheoryError, match="no joint model"):
        theory.sender_target(game, 0, {"trust": pt.scalar(), "lying_cost": pt.scalar()}, game.states, pt)
