"""Habits of response are there where a game's options, a theory's settings and its kinds of people allow them."""

from __future__ import annotations

import numpy as np
import pytest
from builders import estimation_game, forecast_game
from theories_in_variants import ROLES, roles, seen_and_options
from theories_with_habits import GAME, SHARES, makers, middle

import estimation as est
from estimation.commands.inputs import theory_of
from estimation.errors import TheoryError
from estimation.evaluation.words import about_habits
from estimation.games import CrawfordSobel
from estimation.games.accusation import AccusationGame
from estimation.theories import Honest, LevelK, Mixture, TrustEmbedded
from estimation.theories.messages.likelihood import decision_log_probability
from estimation.theories.responses.habits import rounding


@pytest.mark.parametrize(
    ("options", "steps"),
    [
        (np.arange(0, 101.0), [5, 10]),
        (np.arange(-60, 61.0), [5, 10]),
        (np.arange(0, 13.0), [5]),  # 0 and 10 are only two tens
        (np.arange(0, 10.0), []),
        (np.arange(1, 6.0), []),
        (np.arange(0, 101, 2.0), [10]),  # 5 is no option
        (np.arange(0, 101, 2.5), [5, 10]),
        (np.arange(0, 101, 5.0), [10]),
        (np.arange(0, 201, 20.0), [100]),
        (np.arange(0, 21) / 10, [0.5, 1]),
        (np.arange(0, 31) / 3, [1]),
    ],
)
def test_round_numbers_follow_from_the_options(options, steps):
    game = CrawfordSobel(1.0, state_values=tuple(options))
    tables = rounding(game, "receiver")
    assert len(tables) == len(steps)
    for table, step in zip(tables, steps, strict=True):
        np.testing.assert_allclose(table.sum(axis=1), 1)
        found = options[table.any(axis=0)] / step
        np.testing.assert_allclose(found, np.round(found), atol=1e-9)
        assert len(found) == np.floor(options[-1] / step + 1e-9) - np.ceil(options[0] / step - 1e-9) + 1
    names = [p.name for p in Honest(habits="rounding").parameters([game], ("receiver",))]
    assert [name for name in names if name in SHARES["receiver"]] == SHARES["receiver"][: len(steps)]


@makers
@roles
def test_where_nothing_is_round_parameters_and_chances_are_as_without_habits(make, role):
    game = estimation_game("under", highest=4)
    theory, plain = make(habits="rounding"), make()
    assert theory.parameters([game], ROLES) == plain.parameters([game], ROLES)
    seen, options = seen_and_options(game, role)
    chosen = np.arange(len(seen)) * 3 % len(options)
    values = middle(theory, game)
    for taken in (None, chosen):
        got = decision_log_probability(theory, game, role, 0, values, seen, taken)
        np.testing.assert_array_equal(got, decision_log_probability(plain, game, role, 0, values, seen, taken))


def test_nobody_says_the_truth_where_it_cannot_be_said():
    apart = CrawfordSobel(1.0, message_values=(1.5, 2.5, 3.5), action_values=(1.0, 2.0))
    assert Honest(habits="truth").parameters([apart], ROLES) == Honest().parameters([apart], ROLES)
    accusing = [p.name for p in est.RecursiveAccusation(habits="all").parameters([AccusationGame()], ROLES)]
    assert accusing[-2:] == ["sender_rounding", "sender_truth"], "0 and 1 accept and accuse: they are no messages"
    capacities = [p.name for p in Honest(habits="all").parameters([forecast_game()], ROLES)]
    assert "sender_truth" in capacities
    assert "receiver_literal" not in capacities
    both = [p.name for p in Honest(habits="truth").parameters([apart, GAME], ROLES)]
    assert "sender_truth" in both
    values = middle(Honest(habits="truth"), GAME)
    table = decision_log_probability(Honest(habits="truth"), apart, "sender", 0, values, apart.states)
    np.testing.assert_array_equal(table, decision_log_probability(Honest(), apart, "sender", 0, values, apart.states))


@pytest.mark.parametrize("response", ["logit", "normal", "spike-logit"])
def test_who_cannot_choose_what_they_saw_chooses_as_without_the_habit(response):
    game = CrawfordSobel(1.0, state_values=tuple(range(8)), action_values=(0.0, 2.0, 4.0, 6.0, 7.0))
    theory, plain = (Honest(habits=habits, response=response, lapse=False) for habits in ("truth", "none"))
    values = middle(theory, game)
    seen, options = game.messages, game.actions
    table, intended = (
        np.exp(decision_log_probability(one, game, "receiver", 0, values, seen))[0] for one in (theory, plain)
    )
    share = float(values["receiver_literal"][0, 0, 0])
    written = [
        (1 - share) * own + share * (options == what) if what in options else own
        for what, own in zip(seen, intended, strict=True)
    ]
    np.testing.assert_allclose(table, written, atol=1e-12)
    np.testing.assert_allclose(table.sum(axis=1), 1, atol=1e-9)
    rows, chosen = np.arange(40) % len(seen), np.arange(40) % len(options)
    got = decision_log_probability(theory, game, "receiver", 0, values, seen, chosen, rows=rows)
    np.testing.assert_allclose(np.exp(got)[0], table[rows, chosen], atol=1e-12)


@roles
def test_kinds_of_a_mixture_share_their_habits_unless_told_otherwise(role):
    parts = [TrustEmbedded(habits="all"), LevelK(1, habits="all")]
    mixture = Mixture(parts)
    assert mixture.habits == "all"
    names = [p.name for p in mixture.parameters([GAME], (role,))]
    assert [name for name in names if name in SHARES[role]] == SHARES[role]
    seen, values = seen_and_options(GAME, role)[0], middle(mixture, GAME)
    for kind, (part, local) in enumerate([(parts[0], 0), (parts[1], 0), (parts[1], 1)]):
        got = decision_log_probability(mixture, GAME, role, kind, values, seen)
        np.testing.assert_array_equal(got, decision_log_probability(part, GAME, role, local, values, seen))
    apart = [p.name for p in Mixture(parts, shared="nothing").parameters([GAME], (role,))]
    assert f"{SHARES[role][0]} (level-k)" in apart
    with pytest.raises(TheoryError, match="components differ in habits"):
        Mixture([TrustEmbedded(habits="all"), LevelK(1)])


def test_habits_are_an_option_like_others():
    theory = theory_of("TrustEmbedded", ["habits=all", "receiver_rounding=~ country"])
    assert theory == TrustEmbedded(habits="all", formulas={"receiver_rounding": "~ country"})
    assert est.Theory.from_spec(theory.spec()) == theory
    mixture = Mixture([TrustEmbedded(habits="truth"), Honest(habits="truth")])
    assert est.Theory.from_spec(mixture.spec()) == mixture
    with pytest.raises(TheoryError, match="habits must be '"):
        TrustEmbedded(habits="smoking")


def test_what_was_written_before_there_were_habits_has_none():
    written = TrustEmbedded().spec()
    del written["habits"]
    assert est.Theory.from_spec(written) == TrustEmbedded(habits="none")


def test_comparisons_say_who_has_habits():
    assert about_habits({"a": "none", "b": "none"}) == ""
    assert "All theories have the same habits of response (all)" in about_habits({"a": "all", "b": "all"})
    assert "differ (a all and b none): the difference may be due to these" in about_habits({"a": "all", "b": "none"})
