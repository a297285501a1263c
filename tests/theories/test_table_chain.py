"""Chains of replies in games that are given by their tables, against lists, dictionaries and loops."""

from __future__ import annotations

import numpy as np
import pytest
from oracles import table_chain
from table_games import GAMES, played

import estimation as est
from estimation.theories.replies.chain import solved_chain
from estimation.theories.replies.noisy_chain import noisy_chain


def table_of(strategy, given, options):
    return [[strategy[one].get(other, 0.0) for other in options] for one in given]


@pytest.mark.parametrize("name", GAMES)
@pytest.mark.parametrize("convention", ["W", "C"])
@pytest.mark.parametrize("share", [0.0, 0.4, 1.3])
def test_every_level_does_what_the_definition_says(name, convention, share):
    """Best replies of senders and receivers agree at every level, whatever lies cost."""
    listed, game = GAMES[name], played(name)
    cost = share * game.margin
    chain = solved_chain(game, 4, convention, "min", "ignore", cost)
    senders, receivers = table_chain.chain(listed, 4, convention, cost)
    for level in range(5):
        np.testing.assert_allclose(chain.sender[level], table_of(senders[level], listed.states, listed.messages))
        np.testing.assert_allclose(chain.receiver[level], table_of(receivers[level], listed.messages, listed.actions))


@pytest.mark.parametrize("name", GAMES)
def test_noisy_levels_earn_what_the_definition_says(name):
    """Payoffs of the last level agree if everybody in mind makes mistakes and lies at a cost."""
    listed, game = GAMES[name], played(name)
    precision, cost = 2.0 / np.ptp(game.sender_table), 0.3 * game.margin
    found = noisy_chain(game, 3, "W", precision, cost)
    gains, payoffs = table_chain.noisy_chain(listed, 3, precision, game.margin, cost)
    np.testing.assert_allclose(found[0][-1], [[gains[s][m] for m in listed.messages] for s in listed.states])
    np.testing.assert_allclose(found[1][-1], [[payoffs[m][a] for a in listed.actions] for m in listed.messages])


def test_levels_that_differ_by_a_constant_are_told_to_be_one_kind():
    """Where interests conflict between two options, every second level does the same; not if lies cost."""
    game = played("deception")
    assert est.LevelK().observationally_equivalent([game], ("sender", "receiver")) == ((0, 2), (1, 3))
    assert est.LevelKLying(max_level=2).observationally_equivalent([game], ("sender",)) == ((0,), (1,), (2,))
