"""Ranks and best-worst tasks: what is read, and likelihoods against the probabilities of orders written out."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

import estimation as est
from estimation.choice.quantities.decisions import decision_likelihoods

ITEMS = ["a", "b", "c", "d"]
WORTH = {"a": 0.0, "b": 0.8, "c": -0.5, "d": 1.5}
ITEM = est.MultinomialLogit([], constants=True)
OFFERED = ["item1", "item2", "item3", "item4"]


def chance_of_best_worst(utility: dict[str, float], best: str, worst: str) -> float:
    """Return P(best) P(worst | best) from the definition."""
    left = [item for item in utility if item != best]
    first = np.exp(utility[best]) / sum(np.exp(list(utility.values())))
    return float(first * np.exp(-utility[worst]) / sum(np.exp(-utility[item]) for item in left))


def chance_of_order(utility: dict[str, float], order: tuple[str, ...]) -> float:
    """Return the product of the chances that each is the best of what is left."""
    found, left = 1.0, list(utility)
    for item in order:
        found *= np.exp(utility[item]) / sum(np.exp(utility[other]) for other in left)
        left.remove(item)
    return float(found)


def tasks(people: int = 30, each: int = 6, seed: int = 4) -> pd.DataFrame:
    """Best-worst tasks of two to four items, whose people differ in d by one logit."""
    rng, rows = np.random.default_rng(seed), []
    for person in range(people):
        worth = WORTH | {"d": WORTH["d"] + rng.normal()}
        for task in range(each):
            shown = rng.permutation(ITEMS)[: rng.integers(2, 5)].tolist()
            utility = {item: worth[item] for item in shown}
            pairs = list(permutations(shown, 2))
            chance = np.array([chance_of_best_worst(utility, *pair) for pair in pairs])
            best, worst = pairs[rng.choice(len(pairs), p=chance)]
            rows.append((person, task, *(shown + [None] * 2)[:4], best, worst))
    return pd.DataFrame(rows, columns=["person", "task", *OFFERED, "best", "worst"])


def rankings(people: int = 40, seed: int = 5) -> pd.DataFrame:
    """Ranks of two to four products with prices, of which the last may be unranked."""
    rng, rows = np.random.default_rng(seed), []
    for person in range(people):
        shown, price = ITEMS[: rng.integers(2, 5)], rng.uniform(1, 4, 4)
        utility = {item: WORTH[item] - 0.6 * price[ITEMS.index(item)] for item in shown}
        orders = list(permutations(shown))
        order = orders[rng.choice(len(orders), p=[chance_of_order(utility, order) for order in orders])]
        for item in shown:
            rank = order.index(item) + 1
            rows.append((person, item, np.nan if rank == len(shown) else rank, price[ITEMS.index(item)]))
    return pd.DataFrame(rows, columns=["situation", "alternative", "rank", "price"])


TASKS, RANKED = tasks(), rankings()


@pytest.fixture(scope="module")
def best_worst():
    return est.read_best_worst(TASKS, offered=OFFERED, subject="person", situation="task")


@pytest.fixture(scope="module")
def ranks():
    return est.read_ranks(RANKED, attributes=["price"])


def likelihood_of_tasks(weights) -> float:
    worth = dict(zip(ITEMS, [0.0, *weights], strict=True))
    rows = TASKS.itertuples()
    sets = [({item: worth[item] for item in row[3:7] if isinstance(item, str)}, row.best, row.worst) for row in rows]
    return float(sum(np.log(chance_of_best_worst(*task)) for task in sets))


def likelihood_of_ranks(weights) -> float:
    worth, price = dict(zip(ITEMS, [0.0, *weights[:3]], strict=True)), weights[3]
    total = 0.0
    for _, rows in RANKED.groupby("situation"):
        utility = {row.alternative: worth[row.alternative] + price * row.price for row in rows.itertuples()}
        order = rows.sort_values("rank", na_position="last")["alternative"]
        total += np.log(chance_of_order(utility, tuple(order)))
    return float(total)


@pytest.mark.parametrize("kind", ["best_worst", "ranks"])
def test_the_maximum_is_that_of_the_probabilities_of_orders(kind, request):
    table = request.getfixturevalue(kind)
    likelihood, size = {"best_worst": (likelihood_of_tasks, 3), "ranks": (likelihood_of_ranks, 4)}[kind]
    model = ITEM if kind == "best_worst" else est.MultinomialLogit(["price"], constants=True)
    found = est.mode(model, table)
    top = optimize.minimize(lambda weights: -likelihood(weights), np.zeros(size), method="BFGS")
    assert found.log_likelihood == pytest.approx(-top.fun, abs=1e-6)
    np.testing.assert_allclose(found.coefficients, top.x, atol=1e-4)


def test_people_may_differ_and_choices_given_a_person_multiply_to_their_orders(best_worst):
    some = best_worst.of(best_worst.subjects[:15])
    fit = est.fit(est.MultinomialLogit([], constants=True, random="all"), some, seed=1, draws=100, chains=2)
    tastes = fit.problem.tastes(fit.tree, "known", 1000, 0)
    worths = [dict(zip(ITEMS, [0.0, *row], strict=True)) for row in tastes.weights[0]]
    own = dict(zip(map(int, some.subjects), worths, strict=True))
    expected = [
        np.log(
            chance_of_best_worst({i: own[row.person][i] for i in row[3:7] if isinstance(i, str)}, row.best, row.worst)
        )
        for row in TASKS.itertuples()
        if row.person in own
    ]
    assert float(decision_likelihoods(fit)["decisions"][0, 0].sum()) == pytest.approx(sum(expected), rel=1e-9)
    middle = fit.tree["posterior"].dataset["mean"].mean(("chain", "draw")).to_numpy()
    error = fit.tree["posterior"].dataset["mean"].std(("chain", "draw")).to_numpy()
    assert (np.abs(middle - [WORTH[item] for item in "bcd"]) < 3.5 * error).all()


def test_stages_are_choices_of_the_best_of_all_and_of_the_worst_of_what_is_left(best_worst):
    frame = best_worst.frame
    sizes = TASKS[OFFERED].notna().sum(axis=1)
    assert len(best_worst) == len(TASKS) + (sizes > 2).sum()
    worst = frame[frame["choice_stage"] == -1]
    first = frame[frame["choice_stage"] == 1]
    assert worst.loc[worst["chosen"], "alternative"].tolist() == TASKS.loc[sizes > 2, "worst"].tolist()
    assert first.loc[first["chosen"], "alternative"].tolist() == TASKS["best"].tolist()
    assert set(best_worst.subjects) == {str(person) for person in range(30)}
    assert "of the worst" in repr(best_worst)
    assert est.scenario(best_worst).frame["situation"].nunique() == len(TASKS)


def test_tasks_with_one_row_per_alternative_and_rankings_with_one_row_each_are_the_same_tables(best_worst, ranks):
    long = TASKS.melt(["person", "task", "best", "worst"], OFFERED, value_name="alternative").dropna()
    long = long.assign(top=long["alternative"] == long["best"], last=long["alternative"] == long["worst"])
    again = est.read_best_worst(long, best="top", worst="last", subject="person", situation="task")
    assert again.fingerprint == best_worst.fingerprint
    wide = RANKED[RANKED.groupby("situation")["price"].transform("size") == 4].pivot_table(
        index="situation", columns="alternative", values=["rank", "price"]
    )
    wide.columns = [".".join(names) for names in wide.columns]
    found = est.read_ranks(wide.reset_index(), alternatives=ITEMS, attributes=["price"], situation="situation")
    assert len(found) == 3 * len(wide)
    assert len(est.read_ranks(RANKED, depth=1)) == 40


def test_an_item_that_is_always_worst_is_separated_and_one_that_is_never_best_is_not():
    never_best = TASKS[TASKS["best"] != "c"].assign(task=lambda rows: np.arange(len(rows)))
    est.mode(ITEM, est.read_best_worst(never_best, offered=OFFERED, subject="person", situation="task"))
    always = never_best[(never_best["worst"] == "c") | (never_best[OFFERED] != "c").all(axis=1)]
    with pytest.raises(est.ChoiceError, match="'c' was never preferred to another"):
        est.mode(ITEM, est.read_best_worst(always, offered=OFFERED, subject="person", situation="task"))


def test_choices_of_the_worst_can_be_simulated_and_found_again(best_worst):
    weights = {"b": 1.0, "c": -1.0, "d": 0.5}
    simulated = est.simulate_choices(ITEM, best_worst, weights, seed=1)
    found = est.mode(ITEM, simulated)
    assert (np.abs(found.coefficients - pd.Series(weights)) < 3.5 * found.standard_errors).all()


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (TASKS.assign(worst=TASKS["best"]), "best and worst are the same"),
        (TASKS.assign(best="e"), "one best among what was offered"),
        (TASKS.drop(columns="worst"), "'worst' is missing"),
    ],
)
def test_tasks_that_cannot_be_are_named(frame, said):
    with pytest.raises(est.DataError, match=said):
        est.read_best_worst(frame, offered=OFFERED, subject="person", situation="task")


@pytest.mark.parametrize(
    ("ranks", "said"),
    [
        ([1, 1, 2], "ties or gaps"),
        ([1, 3, np.nan], "ties or gaps"),
        (["1", "x", "2"], "has 'x'; write whole numbers from 1 on"),
    ],
)
def test_ranks_that_cannot_be_are_named(ranks, said):
    frame = pd.DataFrame({"situation": [1, 1, 1], "alternative": list("abc"), "rank": ranks})
    with pytest.raises(est.DataError, match=said):
        est.read_ranks(frame)


def test_ordinary_readers_say_that_these_are_best_worst_tasks():
    with pytest.raises(est.DataError, match="read_best_worst"):
        est.read_choices(TASKS)
    with pytest.raises(est.DataError, match="read_best_worst"):
        est.choices_from_wide(TASKS, alternatives=ITEMS, attributes=[], choice="best", subject="person")


@pytest.mark.parametrize("odd", [1j, True, [1], np.inf, pd.Timestamp("2020-01-01"), 10**400])
def test_what_is_no_number_is_no_rank(odd):
    ranks = pd.DataFrame({"situation": [1, 1], "alternative": ["a", "b"]}).assign(
        rank=pd.Series([odd, 2], dtype=object)
    )
    with pytest.raises(est.DataError, match=r"column 'rank' .* must be "):
        est.read_ranks(ranks)


@pytest.mark.parametrize("depth", [0, -1, 1.5, True, float("nan")])
def test_a_depth_that_is_no_number_of_choices_is_refused(depth):
    ranks = pd.DataFrame({"situation": [1, 1], "alternative": ["a", "b"], "rank": [2, 1]})
    with pytest.raises(est.DataError, match="depth must be a whole number of at least 1"):
        est.read_ranks(ranks, depth=depth)


@pytest.mark.parametrize("pattern", ["{attribute.__class__}", "{alternative:>999999999}", "{attribute[0]}", "{other}"])
def test_only_names_are_filled_into_the_names_of_columns(pattern):
    frame = pd.DataFrame({"rank.a": [1], "rank.b": [2], "choice": ["a"]})
    with pytest.raises(est.DataError, match=r"is none of \['attribute', 'alternative'\]"):
        est.read_ranks(frame, alternatives=["a", "b"], columns=pattern)
    with pytest.raises(est.DataError, match=r"is none of \['attribute', 'alternative'\]"):
        est.choices_from_wide(frame, alternatives=["a", "b"], attributes=["rank"], columns=pattern)


def test_rankings_without_a_column_of_their_own_are_counted_on():
    """A row per ranking is a situation each, in their order; names in a column tell them apart alike."""
    frame = pd.DataFrame({"rank.a": [1, 2], "rank.b": [2, 1], "price.a": [3.0, 1.0], "price.b": [2.0, 4.0]})
    how = {"alternatives": ["a", "b"], "attributes": ["price"]}
    found = est.read_ranks(frame, **how).frame
    named = est.read_ranks(frame.assign(task=["x", "y"]), situation="task", **how).frame
    assert found["situation"].nunique() == 2
    columns = ["alternative", "chosen", "price"]
    pd.testing.assert_frame_equal(found[columns], named[columns])
