"""Habits of response: chances with rounding, exact truth and literal messages, for every theory and role alike."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from engine import trust_experiment
from theories_in_variants import roles, seen_and_options
from theories_with_habits import GAME, MAKERS, SHARES, makers, middle

import estimation as est
from estimation.theories import DynamicTrust, Honest, TrustEmbedded
from estimation.theories.beliefs.history import History
from estimation.theories.messages.likelihood import decision_log_probability
from estimation.theories.responses.habits import HABITS

ROUND = (np.arange(0, 21, 5.0), np.arange(0, 21, 10.0))
"""What is round of whole numbers from 0 to 20."""


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
    from uncompiled import UNCOMPILED

    theory, (seen, options) = make(habits="all", response=response), seen_and_options(GAME, role)
    for chosen, shape in ((None, (3, 1, 1)), (np.arange(len(seen)) * 5 % len(options), (len(seen), 1))):
        values = middle(theory, GAME, shape)
        symbols = {name: pt.tensor(name, shape=(None, *shape[1:])) for name in values}
        graph = decision_log_probability(theory, GAME, role, 0, symbols, seen, chosen, pt)
        compiled = pytensor.function([*symbols.values()], graph, mode=UNCOMPILED, on_unused_input="ignore")
        want = decision_log_probability(theory, GAME, role, 0, values, seen, chosen)
        np.testing.assert_allclose(np.broadcast_to(compiled(*values.values()), want.shape), want, atol=1e-10)


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
