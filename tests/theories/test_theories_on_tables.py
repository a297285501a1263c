"""What theories say in games that are given by their tables, and which of them refuse, with the reason."""

from __future__ import annotations

import numpy as np
import pytest
from table_games import played

import estimation as est
from estimation.theories.messages.likelihood import decision_log_probability

EVERYWHERE = [
    est.Babbling(),
    est.Honest(),
    est.Honest(habits="all"),
    est.TrustEmbedded(),
    est.TrustEmbedded(believed_trust="separate"),
    est.DynamicTrust(),
    est.LevelK(),
    est.LevelK(max_level=1, beliefs="own"),
    est.LevelKLying(),
    est.CognitiveHierarchy(max_level=2),
    est.QuantalResponse(),
    est.CostlyLying(),
]


@pytest.mark.parametrize("theory", EVERYWHERE, ids=repr)
@pytest.mark.parametrize("name", ["deception", "opposed"])
def test_theories_that_need_no_order_are_applied_to_words(theory, name):
    """Every option has a probability in each role, and they sum to one."""
    game = played(name)
    for role, given in (("sender", game.states), ("receiver", game.messages)):
        parameters = theory.parameters([game], ("sender", "receiver"))
        values = {p.name: np.array([[p.natural(np.float64(p.centre))]]) for p in parameters}
        for kind in range(len(theory.types)):
            found = np.exp(decision_log_probability(theory, game, role, kind, values, given))
            np.testing.assert_allclose(found.sum(axis=-1), 1.0, rtol=1e-9)


@pytest.mark.parametrize(
    ("theory", "part"),
    [
        (est.FixedDiscount(), "along a scale"),
        (est.TrustEmbedded(default_belief="prior"), "need a scale"),
        (est.DynamicTrust(rule="accuracy"), "needs a scale"),
        (est.LevelK(ties="max"), "direction of the sender's interest"),
        (est.LevelK(off_path="skeptical"), "direction of the sender's interest"),
        (est.Honest(response="normal"), "messages are words"),
        (est.Mixture([est.Honest(), est.FixedDiscount()]), "fixed discount: constants"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("pooled", [False, True])
def test_theories_that_need_what_a_game_lacks_say_so_before_anything_is_computed(theory, part, pooled):
    """The error names the condition, what is needed, and what to use instead."""
    table = est.design({"options": played("deception")}, 2, 1, seed=1)
    with pytest.raises(est.TheoryError, match="cannot be applied to these games") as told:
        est.fit(theory, table, pooled=pooled, progress=False)
    assert "condition 'options'" in str(told.value)
    assert part in str(told.value)


def test_trust_is_the_chance_that_a_message_is_taken_at_its_word():
    """Receivers weigh what is best if it is true with the prior; senders earn by both replies."""
    game, trust = played("opposed"), np.array([[0.7]])
    values = {"trust": trust, "lying_cost": np.array([[2.0]])}
    prior, literal = game.receiver_table @ game.prior, game.literal_table
    theory = est.TrustEmbedded()
    np.testing.assert_allclose(
        theory.receiver_payoff(game, 0, values, game.messages), 0.7 * literal + 0.3 * prior, rtol=1e-12
    )
    believed = np.array([[4.0 * (s != m) for m in range(3)] for s in range(3)])
    ignored = np.array([[0.0], [4.0], [4.0]])  # by the prior, the receiver looks where most is hidden
    np.testing.assert_allclose(
        theory.sender_payoff(game, 0, values, game.states),
        0.7 * believed + 0.3 * ignored - 2.0 * game.untruth,
        rtol=1e-12,
    )


def test_a_favourite_message_has_no_neighbours_among_words():
    """A babbler whose favourite is the first word likes all the others alike."""
    game = played("opposed")
    worth = est.Babbling().sender_payoff(game, 0, {"favourite": np.array([[0.0]])}, game.states)
    np.testing.assert_allclose(worth, np.broadcast_to([0.0, -game.margin, -game.margin], worth.shape))
