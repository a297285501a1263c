"""Theories are what plain data say of them, and each parameter says what it is and changes what people do."""

from __future__ import annotations

import numpy as np
import pytest
from theories_in_variants import GAMES, ROLES, games, makers, middle, responses, seen_and_options

from estimation.errors import TheoryError
from estimation.theories import THEORIES, TrustEmbedded, from_spec
from estimation.theories.beliefs.history import History
from estimation.theories.messages.likelihood import decision_log_probability


def lived(game, decisions):
    """Before each decision, a truth was heard and came out, and then half a lie: the two do not cancel."""
    low, high = game.states[0], game.states[-1]
    before, nobody = np.full(decisions, 2), np.zeros(decisions, dtype=int)
    message, outcome, expected = (
        np.array([high, high]),
        np.array([high, (low + high) / 2]),
        np.full(2, game.states.mean()),
    )
    return History(message, outcome, expected, np.full(2, high - low), nobody[:2], before, nobody)


@makers
@responses
def test_a_theory_is_the_same_after_a_trip_through_plain_data(make, response):
    theory = make(response=response, lapse=False)
    assert from_spec(theory.spec()) == theory
    assert type(theory).__name__ in str(theory)
    assert f"response={response!r}" in str(theory)


def test_unknown_theories_and_misspelt_options_are_refused():
    with pytest.raises(TheoryError, match=r"'Telepathy' is none of \['AdviceTaking'"):
        from_spec({"theory": "Telepathy"})
    with pytest.raises(TheoryError, match="None is none of"):
        from_spec({"max_level": 2})
    with pytest.raises(TheoryError, match="maxlevel"):
        from_spec({"theory": "LevelK", "maxlevel": 2})
    for theory in THEORIES.values():
        with pytest.raises(TheoryError, match="response must be 'logit', 'normal' or 'spike-logit', not 'g"):
            theory(response="guess")


@makers
@responses
@games
def test_every_parameter_says_what_it_is_and_changes_what_people_do(make, response, game):
    """No dead parameters: each moves the probabilities of one role at least, a little or (aims are grid points) far."""
    theory = make(response=response)
    values = middle(theory, game, spread=0.0)

    def tables(values):
        return [
            decision_log_probability(theory, game, role, kind, values, given_, history=lived(game, len(given_)))
            for role in ROLES
            for kind in range(len(theory.types))
            for given_, _ in [seen_and_options(game, role)]
        ]

    for parameter in theory.parameters([game], ROLES):
        assert parameter.meaning
        assert parameter.unit
        assert parameter.why
        assert parameter.scale in ("logit", "log", "identity")
        centre = parameter.transformed(values[parameter.name])
        np.testing.assert_allclose(centre, parameter.centre, atol=1e-9)
        far = [tables(values | {parameter.name: parameter.natural(centre + step)}) for step in (-2, 0.7, 2)]
        changes = [np.abs(a - b).max() for moved in far for a, b in zip(moved, tables(values), strict=True)]
        assert max(changes) > 1e-6, parameter.name


@makers
@games
@pytest.mark.parametrize("far", [-1e4, 1e4])
def test_however_far_a_climb_goes_a_choice_has_a_probability(make, game, far):
    """No parameter becomes 0, 1 or infinite by rounding, where logarithms end; warnings are errors here."""
    theory = make()
    values = middle(theory, game, spread=0.0)
    for parameter in theory.parameters([game], ROLES):
        if parameter.scale == "identity":
            continue
        there = values | {parameter.name: np.asarray(parameter.natural(np.full((1, 1, 1), far)))}
        for role in ROLES:
            given_, options = seen_and_options(game, role)
            chosen = np.arange(len(given_)) % len(options)
            for kind in range(len(theory.types)):
                history = lived(game, len(given_))
                got = decision_log_probability(theory, game, role, kind, there, given_, chosen, history=history)
                assert (got <= 1e-9).all(), (parameter.name, role, kind)


@responses
def test_parameters_are_asked_for_only_in_the_roles_that_are_played(response):
    theory = TrustEmbedded(response=response)
    width = {"logit": "precision", "normal": "error"}[response]
    for role in ROLES:
        names = [parameter.name for parameter in theory.parameters([GAMES["over"]], (role,))]
        assert f"{role}_{width}" in names
        assert len([name for name in names if name.endswith(width)]) == 1
    assert "lapse" not in [p.name for p in TrustEmbedded(lapse=False).parameters([GAMES["over"]], ROLES)]
