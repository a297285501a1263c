"""Worth in money where the price of a utility is a formula: the same in another unit, and refused where it has none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import estimation as est


def choices(people: int = 40, tasks: int = 4) -> est.ChoiceTable:
    """Prices in cents of people of whom some are rich, to whom a cent matters less."""
    rng = np.random.default_rng(2)
    person, task, place = (index.ravel() for index in np.indices((people, tasks, 3)))
    price, quality = rng.uniform(100, 500, len(person)), rng.normal(size=len(person))
    rich = (person % 2).astype(float)
    utility = (-0.012 + 0.006 * rich) * price + quality + rng.gumbel(size=len(person))
    best = utility.reshape(-1, 3).argmax(axis=1)
    return est.read_choices(
        pd.DataFrame(
            {
                "subject": person,
                "situation": person * tasks + task,
                "alternative": np.array(list("abc"))[place],
                "chosen": (np.repeat(best, 3) == place).astype(int),
                "price": price,
                "quality": quality,
                "rich": rich,
            }
        )
    )


TABLE = choices()


DRAWS = 400


def answers(terms: list[str], price: str) -> list[np.ndarray]:
    """Draws of what quality is worth, and of what 50 cents off one product are."""
    fit = est.fit(est.MultinomialLogit(terms), TABLE, seed=1, draws=DRAWS, progress=False)
    market = est.scenario(TABLE)
    gain = est.surplus(fit, market.change("a", price=lambda paid: paid - 50), market, price=price)
    worth = est.willingness_to_pay(fit, price=price).draws.sel(coefficient="quality")
    return [worth.to_numpy(), gain.draws.to_numpy()]


@pytest.mark.parametrize(
    ("terms", "price", "unit"),
    [
        (["I(price / 100)", "I(price / 100):rich", "quality"], "I(price / 100)", 100),
        (["I(price / 100)", "price:rich", "quality"], "I(price / 100)", 100),
        (["I(3 + price / 10)", "price:rich", "quality"], "I(3 + price / 10)", 10),
        (["price", "I(price / 100):rich", "quality"], "price", 1),
    ],
)
def test_another_unit_of_the_price_is_another_unit_of_the_answer_and_nothing_else(terms, price, unit):
    for found, cents in zip(answers(terms, price), answers(["price", "price:rich", "quality"], "price"), strict=True):
        error = 1.25 * cents.std() * np.sqrt(2 / DRAWS)  # of a difference of medians
        assert abs(np.median(found) * unit - np.median(cents)) < 4 * error
        assert error < 0.05 * np.median(cents)


def test_a_share_of_income_is_worth_what_its_weight_says():
    worth, _ = answers(["I(price / (100 + 400 * rich))", "quality"], "I(price / (100 + 400 * rich))")
    top = est.mode(est.MultinomialLogit(["I(price / (100 + 400 * rich))", "quality"]), TABLE).coefficients
    assert np.median(worth) == pytest.approx(-top["quality"] / top["I(price / (100 + 400 * rich))"], rel=0.1)


@pytest.mark.parametrize(
    ("terms", "price", "said"),
    [
        (
            ["I(price / 100)", "I(price**2)", "quality"],
            "I(price / 100)",
            r"terms \['I\(price\*\*2\)'\] read 'price', too",
        ),
        (["np.log(price)", "quality"], "np.log(price)", "'np.log\\(price\\)' is no straight line in price"),
        (["np.minimum(price, 300)", "quality"], "np.minimum(price, 300)", "is no straight line in price"),
        (["price:rich", "price", "quality"], "price:rich", r"terms \['price'\] read 'price' or 'rich', too"),
    ],
)
def test_a_price_without_a_rate_of_exchange_is_refused(terms, price, said):
    with pytest.raises(est.ChoiceError, match=said):
        answers(terms, price)
