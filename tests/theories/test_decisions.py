"""From payoffs to probabilities: response rules, lapses, limits, and the same numbers on PyTensor graphs."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from builders import estimation_game, forecast_game
from hypothesis import given, strategies as st
from scipy import stats

from estimation.errors import TheoryError
from estimation.theories import (
    THEORIES,
    CognitiveHierarchy,
    CostlyLying,
    DynamicTrust,
    FixedDiscount,
    Honest,
    LevelK,
    LevelKLying,
    QuantalResponse,
    TrustEmbedded,
    from_spec,
)
from estimation.theories.beliefs.history import History
from estimation.theories.messages.accusation import Accusation
from estimation.theories.messages.likelihood import decision_log_probability, with_lapse
from estimation.theories.responses.logit import Logit
from estimation.theories.responses.response import CensoredNormal

GAMES = {
    "over": estimation_game("over", highest=12),
    "under, dear lies": estimation_game("under", 2.0, highest=12),
    "forecast, dear": forecast_game(60.0, 4.0, 6.0),
    "forecast, cheap": forecast_game(15.0, 4.0, 6.0),
}


def elsewhere(theory):
    """Theories of accusation and of advice have tests of their own, for they say nothing about other games."""
    return issubclass(theory, Accusation) or bool(theory().lacking(GAMES["over"], ("sender", "receiver")))


VARIANTS = {
    "trust-embedded, separate belief": lambda **options: TrustEmbedded("separate", **options),
    "trust-embedded, fixed belief": lambda **options: TrustEmbedded(0.4, **options),
    "trust-embedded, personal discount": lambda **options: TrustEmbedded(discount="personal", **options),
    "trust-embedded, prior": lambda **options: TrustEmbedded(default_belief="prior", **options),
    "trust-embedded, personal default": lambda **options: TrustEmbedded(
        0.4, discount="personal", default_belief="personal", **options
    ),
    "honest, errors as lies": lambda **options: Honest(errors="lie size", **options),
    "dynamic trust, counting": lambda **options: DynamicTrust(rule="counts", **options),
    "dynamic trust, comparing": lambda **options: DynamicTrust(rule="accuracy", **options),
    "fixed discount, free slope": lambda **options: FixedDiscount("free", **options),
    "level-k": lambda **options: LevelK(2, **options),
    "level-k, largest lies": lambda **options: LevelK(2, "C", "max", "literal", **options),
    "cognitive hierarchy": lambda **options: CognitiveHierarchy(3, **options),
    "cognitive hierarchy, steps redrawn": lambda **options: CognitiveHierarchy(3, "decision", **options),
    "level-k with lying cost": lambda **options: LevelKLying(2, "C", **options),
    "level-k, noisy others": lambda **options: LevelK(2, beliefs="separate", **options),
    "cognitive hierarchy, noisy others": lambda **options: CognitiveHierarchy(2, beliefs="separate", **options),
    "level-k with lying cost, others noisy as oneself": lambda response="logit", **options: LevelKLying(
        2, beliefs={"logit": "own", "normal": "separate"}[response], response=response, **options
    ),
    "level-k with lying cost, separate beliefs": lambda **options: LevelKLying(
        2, beliefs="separate", believed_cost="separate", **options
    ),
    "costly lying, separate belief": lambda **options: CostlyLying("separate", **options),
    "quantal response": lambda response="logit", **options: QuantalResponse(
        {"logit": "own", "normal": "separate"}[response], response=response, **options
    ),
}
MAKERS = {theory.name: theory for theory in THEORIES.values() if not elsewhere(theory)} | VARIANTS
SEARCHED = (
    "level-k, noisy others",
    "cognitive hierarchy",
    "level-k with lying cost",
    "costly lying",
    "quantal response",
)
"""Theories whose best options are found by search in both roles, so that normal errors have no graph."""
ROLES = ("sender", "receiver")
RESPONSES = ("logit", "normal")
games = pytest.mark.parametrize("game", GAMES.values(), ids=GAMES)
makers = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
roles = pytest.mark.parametrize("role", ROLES)
responses = pytest.mark.parametrize("response", RESPONSES)


def middle(theory, game, count=1, spread=1.0, **fixed):
    """Parameters around their prior's centre, (count, 1, 1) each."""
    rng = np.random.default_rng(3)
    values = {}
    for parameter in theory.parameters([game], ROLES):
        draw = parameter.centre + spread * parameter.centre_sd * rng.standard_normal((count, 1, 1))
        values[parameter.name] = np.asarray(parameter.natural(draw))
    return values | {name: np.full((count, 1, 1), float(value)) for name, value in fixed.items()}


def seen_and_options(game, role):
    return (game.states, game.messages) if role == "sender" else (game.messages, game.actions)


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


@games
@makers
@roles
@responses
@pytest.mark.parametrize("lapse", [True, False])
def test_the_probabilities_of_all_options_sum_to_one(game, make, role, response, lapse):
    theory = make(response=response, lapse=lapse)
    given_, options = seen_and_options(game, role)
    for kind in range(len(theory.types)):
        table = decision_log_probability(theory, game, role, kind, middle(theory, game, 4), given_)
        assert table.shape == (4, len(given_), len(options))
        np.testing.assert_allclose(np.exp(table).sum(axis=-1), 1, atol=1e-9)


@games
@makers
@roles
@responses
def test_the_probability_of_a_choice_is_the_one_in_the_table(game, make, role, response):
    theory = make(response=response)
    given_, options = seen_and_options(game, role)
    chosen = np.arange(len(given_)) * 7 % len(options)
    for kind in range(len(theory.types)):
        values = middle(theory, game, 3)
        table = decision_log_probability(theory, game, role, kind, values, given_)
        got = decision_log_probability(theory, game, role, kind, values, given_, chosen)
        np.testing.assert_allclose(got, table[:, np.arange(len(given_)), chosen], atol=1e-12)


@games
@makers
@roles
def test_without_precision_everything_is_equally_likely(game, make, role):
    theory = make(lapse=False)
    given_, options = seen_and_options(game, role)
    values = middle(theory, game, **{f"{role}_precision": 0.0})
    table = decision_log_probability(theory, game, role, len(theory.types) - 1, values, given_)
    np.testing.assert_allclose(np.exp(table), 1 / len(options))


@games
@makers
@roles
def test_with_endless_precision_only_best_options_are_chosen(game, make, role):
    theory = make(lapse=False)
    given_, options = seen_and_options(game, role)
    values = middle(theory, game, **{f"{role}_precision": 1e7})
    method = theory.sender_payoff if role == "sender" else theory.receiver_payoff
    for kind in range(len(theory.types)):
        best = np.zeros((1, len(given_), len(options)), bool)
        for now, _ in theory.kinds_at_decision(kind, values):
            payoff = method(game, now, values, given_)
            best |= payoff >= payoff.max(axis=-1, keepdims=True) - 1e-5
        table = np.exp(decision_log_probability(theory, game, role, kind, values, given_))
        np.testing.assert_allclose(table.sum(axis=-1, where=best), 1)


@games
@makers
@roles
def test_with_a_vanishing_error_only_the_option_nearest_to_the_aim_is_chosen(game, make, role):
    theory = make(response="normal", lapse=False)
    given_, options = seen_and_options(game, role)
    values = middle(theory, game, **{f"{role}_error": 1e-5, "favourite": 0.437, "trust": 0.6137})
    method = theory.sender_target if role == "sender" else theory.receiver_target
    table = np.exp(decision_log_probability(theory, game, role, 0, values, given_))
    want, clear = np.zeros((1, len(given_), len(options))), np.ones((1, len(given_)), bool)
    for now, log_share in theory.kinds_at_decision(0, values):
        aim = np.broadcast_to(method(game, now, values, given_), (1, len(given_), 1))
        distance = np.abs(options - aim)
        # aims at a border are a toss-up
        clear &= np.diff(np.sort(distance, axis=-1)[..., :2], axis=-1)[..., 0] > 1e-3
        want += np.exp(log_share) * np.eye(len(options))[np.argmin(distance, axis=-1)]
    assert clear.mean() > 0.4
    np.testing.assert_allclose(table[clear], want[clear], atol=1e-9)


@games
@makers
@roles
@responses
def test_a_person_who_never_looks_chooses_anything(game, make, role, response):
    theory = make(response=response)
    given_, options = seen_and_options(game, role)
    table = decision_log_probability(theory, game, role, 0, middle(theory, game, lapse=1.0), given_)
    np.testing.assert_allclose(np.exp(table), 1 / len(options))


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=8), st.floats(0, 20), st.floats(-1e3, 1e3), st.integers(0, 9))
def test_logit_sees_differences_of_payoffs_only(payoff, precision, constant, first):
    payoff = np.roll(np.array(payoff)[None, :], first)
    plain = Logit().log_probability(payoff, precision, np.arange(payoff.size))
    moved = Logit().log_probability(payoff + constant, precision, np.arange(payoff.size))
    np.testing.assert_allclose(plain, moved, atol=1e-9 * (1 + precision * abs(constant)))
    weight = np.exp(precision * (payoff - payoff.max()))
    np.testing.assert_allclose(np.exp(plain), weight / weight.sum(), atol=1e-12)


@given(
    st.integers(0, 2**32 - 1),
    st.floats(1e-3, 1e4),
    st.sampled_from([(1,), (4,), (1, 1), (1, 4), (3, 1), (3, 4)]),
    st.sampled_from([(1, 1), (3, 1), (3, 4), (1, 4)]),
)
def test_compiled_logit_of_what_was_chosen_equals_the_table_of_all_options(seed, scale, of_payoff, of_precision):
    rng = np.random.default_rng(seed)
    payoff = scale * rng.standard_cauchy((*of_payoff, 6))
    precision = np.exp(rng.normal(size=(*of_precision, 1)))
    rows, chosen = rng.integers(0, max(of_payoff[-1], of_precision[1]), 9), rng.integers(0, 6, 9)
    got = Logit().log_probability(payoff, precision, np.arange(6.0), chosen, rows)
    table = Logit().log_probability(*np.broadcast_arrays(payoff, precision)[:2], np.arange(6.0))
    largest = np.abs(precision * payoff).max()
    np.testing.assert_allclose(got, table[:, rows, chosen], rtol=1e-10, atol=1e-14 * largest + 1e-12)


@given(st.floats(-30, 30), st.floats(0.05, 200))
def test_a_normal_error_is_rounded_to_the_grid_and_heaped_at_its_ends(aim, error):
    grid = np.array([-10.0, -9, -7, -3, 0, 1, 2, 10])
    got = np.exp(CensoredNormal().log_probability(np.array([[aim]]), error, grid))[0]
    edges = [-np.inf, *(grid[1:] + grid[:-1]) / 2, np.inf]
    for low, high, probability in zip(edges[:-1], edges[1:], got, strict=True):
        law = stats.norm(aim, error)
        want = law.cdf(high) - law.cdf(low) if low < aim else law.sf(low) - law.sf(high)
        assert probability == pytest.approx(want, abs=1e-12)


def test_far_tails_keep_their_digits():
    """Forty standard deviations away a difference of cdfs is 0; its logarithm is about -800."""
    grid = np.arange(0, 101.0)
    got = CensoredNormal().log_probability(np.array([[10.0]]), 2.0, grid)[0]
    assert np.isfinite(got).all()
    assert got[100] == pytest.approx(stats.norm.logsf(99.5, 10, 2))
    assert got[90] == pytest.approx(stats.norm.logsf(89.5, 10, 2), rel=1e-6)


@given(st.floats(-700, 0), st.floats(0, 1), st.integers(2, 500))
def test_lapses_mix_with_an_even_chance(log_probability, lapse, options):
    got = with_lapse(log_probability, max(lapse, 1e-9), options)
    assert np.exp(got) == pytest.approx((1 - lapse) * np.exp(log_probability) + lapse / options, abs=2e-9)


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
    from pytensor.compile.mode import Mode

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
    evaluated = pytensor.function(inputs, outputs, mode=Mode("py", None), on_unused_input="ignore")
    for got, want in zip(evaluated(*arguments), expected, strict=True):
        np.testing.assert_allclose(np.broadcast_to(got, want.shape), want, atol=1e-10, rtol=1e-10)


def test_a_best_message_found_by_search_has_no_graph():
    import pytensor.tensor as pt

    theory, game = TrustEmbedded(response="normal"), GAMES["over"]
    with pytest.raises(TheoryError, match=r"use response='logit', or method='automatic'"):
        graph_and_numbers(theory, game, "sender", None)
    with pytest.raises(TheoryError, match="no joint model"):
        theory.sender_target(game, 0, {"trust": pt.scalar(), "lying_cost": pt.scalar()}, game.states, pt)


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
        with pytest.raises(TheoryError, match=r"response 'guess' is none of \['logit', 'normal', 'spike-logit'\]"):
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


@responses
def test_parameters_are_asked_for_only_in_the_roles_that_are_played(response):
    theory = TrustEmbedded(response=response)
    width = {"logit": "precision", "normal": "error"}[response]
    for role in ROLES:
        names = [parameter.name for parameter in theory.parameters([GAMES["over"]], (role,))]
        assert f"{role}_{width}" in names
        assert len([name for name in names if name.endswith(width)]) == 1
    assert "lapse" not in [p.name for p in TrustEmbedded(lapse=False).parameters([GAMES["over"]], ROLES)]
