"""Habits of response: rounding, the exact truth and the literal message, for every theory and role alike."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from builders import estimation_game, forecast_game
from engine import trust_experiment

import estimation as est
from estimation.commands.inputs import theory_of
from estimation.errors import TheoryError
from estimation.evaluation.words import about_habits
from estimation.games import CrawfordSobel
from estimation.games.accusation import AccusationGame
from estimation.theories import (
    THEORIES,
    AdviceTaking,
    AdviceWeighting,
    CognitiveHierarchy,
    DynamicTrust,
    Honest,
    LevelK,
    Mixture,
    QuantalResponse,
    TrustEmbedded,
)
from estimation.theories.beliefs.history import History
from estimation.theories.messages.accusation import Accusation
from estimation.theories.messages.likelihood import decision_log_probability
from estimation.theories.responses.habits import HABITS, rounding

ROLES = ("sender", "receiver")
GAME = estimation_game("over", highest=20)
ROUND = (np.arange(0, 21, 5.0), np.arange(0, 21, 10.0))
"""What is round of whole numbers from 0 to 20."""
SHARES = {
    "sender": ["sender_rounding", "sender_tens", "sender_truth"],
    "receiver": ["receiver_rounding", "receiver_tens", "receiver_literal"],
}
MAKERS = {
    theory.name: (lambda theory=theory, **options: theory(**options))
    for theory in THEORIES.values()
    if not issubclass(theory, Accusation | AdviceTaking | AdviceWeighting)
} | {
    "cognitive hierarchy, steps redrawn": lambda **options: CognitiveHierarchy(2, "decision", **options),
    "quantal response": lambda response="logit", **options: QuantalResponse(
        {"logit": "own", "normal": "separate"}[response], response=response, **options
    ),
}
makers = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
roles = pytest.mark.parametrize("role", ROLES)


def middle(theory, game, shape=(3, 1, 1), seed=1, **fixed):
    """Parameters around their prior's centre."""
    rng = np.random.default_rng(seed)
    drawn = {
        p.name: p.natural(p.centre + 0.5 * p.centre_sd * rng.standard_normal(shape))
        for p in theory.parameters([game], ROLES)
    }
    return drawn | {name: np.full(shape, float(value)) for name, value in fixed.items()}


def seen_and_options(game, role):
    return (game.states, game.messages) if role == "sender" else (game.messages, game.actions)


def nearest(option, numbers):
    """The round numbers to which an option may go."""
    away = np.abs(numbers - option)
    return list(numbers[away == away.min()])


def written_out(plain, values, role, seen, options):
    """The definition, sum by sum, for one person: chances of intended choices (seen, option) to those of choices."""
    rounds, tens, same, lapse = (float(values[name][0, 0, 0]) for name in (*SHARES[role], "lapse"))
    result = np.zeros_like(plain)
    for row, what in enumerate(seen):
        for mine, option in enumerate(options):
            for share, numbers in ((1 - tens, ROUND[0]), (tens, ROUND[1])):
                for number in nearest(option, numbers):
                    where = list(options).index(number)
                    result[row, where] += rounds * share * plain[row, mine] / len(nearest(option, numbers))
            result[row, mine] += (1 - rounds) * plain[row, mine]
        result[row] = (1 - same) * result[row] + same * (options == what)
    return (1 - lapse) * result + lapse / len(options)


DEAR = (est.CostlyLying.name,)  # ten seconds of equilibria; others of its kind stay
PARAMS = [pytest.param(make, id=name, marks=pytest.mark.slow if name in DEAR else ()) for name, make in MAKERS.items()]


@pytest.mark.parametrize("make", PARAMS)
@roles
@pytest.mark.parametrize("response", ["logit", "normal"])
def test_chances_are_those_of_the_definition_and_sum_to_one(make, role, response):
    theory, plain = make(habits="all", response=response), make(lapse=False, response=response)
    seen, options = seen_and_options(GAME, role)
    for kind in range(len(theory.types)):
        values = middle(theory, GAME, (1, 1, 1))
        table = np.exp(decision_log_probability(theory, GAME, role, kind, values, seen))[0]
        intended = np.exp(decision_log_probability(plain, GAME, role, kind, values, seen))[0]
        np.testing.assert_allclose(table.sum(axis=-1), 1, atol=1e-9)
        np.testing.assert_allclose(table, written_out(intended, values, role, seen, options), atol=1e-10)


@makers
@roles
@pytest.mark.parametrize("response", ["logit", "normal"])
def test_the_chance_of_a_choice_is_the_one_in_the_table(make, role, response):
    seen, options = seen_and_options(GAME, role)
    rng = np.random.default_rng(2)
    rows, chosen = rng.integers(0, len(seen), 60), rng.integers(0, len(options), 60)
    for habits, lapse in itertools.product(HABITS, (True, False)):
        theory = make(habits=habits, lapse=lapse, response=response)
        for kind in range(len(theory.types)):
            values = middle(theory, GAME)
            table = decision_log_probability(theory, GAME, role, kind, values, seen)
            got = decision_log_probability(theory, GAME, role, kind, values, seen, chosen, rows=rows)
            np.testing.assert_allclose(got, table[:, rows, chosen], atol=1e-10)


@makers
@roles
def test_shares_may_vary_from_decision_to_decision(make, role):
    theory = make(habits="all")
    seen, options = seen_and_options(GAME, role)
    chosen = np.arange(len(seen)) * 5 % len(options)
    values = middle(theory, GAME, (3, len(seen), 1))
    table = decision_log_probability(theory, GAME, role, 0, values, seen)
    got = decision_log_probability(theory, GAME, role, 0, values, seen, chosen)
    np.testing.assert_allclose(got, table[:, np.arange(len(seen)), chosen], atol=1e-10)


@pytest.mark.parametrize(
    ("make", "role", "response"),
    [
        (TrustEmbedded, "sender", "logit"),
        (TrustEmbedded, "receiver", "logit"),
        (TrustEmbedded, "receiver", "normal"),
        (Honest, "sender", "normal"),
        (MAKERS["cognitive hierarchy, steps redrawn"], "receiver", "logit"),
    ],
)
def test_graphs_give_the_same_numbers_as_arrays(make, role, response):
    import pytensor
    import pytensor.tensor as pt

    theory, (seen, options) = make(habits="all", response=response), seen_and_options(GAME, role)
    for chosen, shape in ((None, (3, 1, 1)), (np.arange(len(seen)) * 5 % len(options), (len(seen), 1))):
        values = middle(theory, GAME, shape)
        symbols = {name: pt.tensor(name, shape=(None, *shape[1:])) for name in values}
        graph = decision_log_probability(theory, GAME, role, 0, symbols, seen, chosen, pt)
        compiled = pytensor.function([*symbols.values()], graph, mode="FAST_COMPILE", on_unused_input="ignore")
        want = decision_log_probability(theory, GAME, role, 0, values, seen, chosen)
        np.testing.assert_allclose(np.broadcast_to(compiled(*values.values()), want.shape), want, atol=1e-10)


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


@roles
def test_at_their_limits_habits_are_nothing_or_everything(role):
    theory, (seen, options) = TrustEmbedded(habits="all", lapse=False), seen_and_options(GAME, role)

    def table(rounds, tens, same):
        shares = dict(zip(SHARES[role], (rounds, tens, same), strict=True))
        return np.exp(decision_log_probability(theory, GAME, role, 0, middle(theory, GAME, **shares), seen))

    plain = decision_log_probability(TrustEmbedded(lapse=False), GAME, role, 0, middle(theory, GAME), seen)
    np.testing.assert_allclose(table(0, 0.5, 0), np.exp(plain), atol=1e-12)
    np.testing.assert_allclose(table(1, 0, 0)[..., np.isin(options, ROUND[0])].sum(axis=-1), 1)
    np.testing.assert_allclose(table(1, 1, 0)[..., np.isin(options, ROUND[1])].sum(axis=-1), 1)
    np.testing.assert_allclose(table(0.5, 0.5, 1), np.broadcast_to(np.eye(len(options)), (3, 21, 21)), atol=1e-9)


def test_what_is_next_to_impossible_keeps_a_logarithm_without_lapses():
    theory = Honest(habits="all", lapse=False)
    values = middle(theory, GAME, sender_precision=1e4, sender_rounding=1.0, sender_truth=1.0)
    got = decision_log_probability(theory, GAME, "sender", 0, values, GAME.states, np.full(21, 17))
    assert np.isfinite(got).all()
    np.testing.assert_allclose(got[:, 17], 0, atol=1e-12)


def test_people_who_learn_have_habits_too():
    game, theory = GAME, DynamicTrust(habits="all")
    told, nobody = np.array([20.0, 20.0, 5.0]), np.zeros(3, int)
    history = History(
        told, np.array([20.0, 10.0, 5.0]), np.full(3, 10.0), np.full(3, 20.0), nobody, np.arange(3), nobody
    )
    values, chosen = middle(theory, game), np.array([10, 15, 5])
    table = decision_log_probability(theory, game, "receiver", 0, values, told, history=history)
    got = decision_log_probability(theory, game, "receiver", 0, values, told, chosen, history=history)
    np.testing.assert_allclose(got, table[:, np.arange(3), chosen], atol=1e-10)


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
    with pytest.raises(TheoryError, match="habits must be one of"):
        TrustEmbedded(habits="smoking")


def test_what_was_written_before_there_were_habits_has_none():
    written = TrustEmbedded().spec()
    del written["habits"]
    assert est.Theory.from_spec(written) == TrustEmbedded(habits="none")


def test_comparisons_say_who_has_habits():
    assert about_habits({"a": "none", "b": "none"}) == ""
    assert "All theories have the same habits of response (all)" in about_habits({"a": "all", "b": "all"})
    assert "differ (a all and b none): the difference may be due to these" in about_habits({"a": "all", "b": "none"})


PEOPLE = {
    "trust": (0.6, 1.0),
    "receiver_precision": (1.0, 0.4),
    "receiver_rounding": (0.4, 1.0),
    "receiver_tens": (0.4, 0.5),
    "receiver_literal": (0.15, 0.8),
    "lapse": (0.04, 0.5),
}


def test_a_fit_finds_habits_again():
    situations, _ = trust_experiment(24, 40, seed=3, roles=("receiver",))
    theory = TrustEmbedded(habits="all")
    table, _ = est.simulate(theory, situations, PEOPLE, seed=4)
    fit = est.fit(theory, table, seed=5, method="importance", accuracy=0.5, progress=False, cores=1)
    assert est.diagnose(fit).ok
    for parameter in fit.problem.parameters:
        drawn = fit.posterior["mean"].sel(parameter=parameter.name)
        typical, _ = PEOPLE[parameter.name]
        assert abs(float(drawn.mean()) - parameter.transformed(typical)) < 3.5 * float(drawn.std()), parameter.name
