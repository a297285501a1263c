"""What a notebook shows of each public object: something short, and no text of it is read as a mark."""

from __future__ import annotations

import inspect
import re
from dataclasses import is_dataclass
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_frame

import estimation as est
from estimation.text.page import rounded, table_text

PLAIN = {"Entry"}
"""Classes whose objects people do not look at by themselves."""
HOSTILE = "<script>alert('x')</script>&"


def public_classes():
    found = {name: getattr(est, name) for name in dir(est) if inspect.isclass(getattr(est, name))}
    return {name: each for name, each in found.items() if not issubclass(each, BaseException)}


@pytest.mark.parametrize("name", sorted(public_classes()))
def test_every_public_object_shows_itself(name):
    assert name in PLAIN or hasattr(public_classes()[name], "_repr_html_")


class Tags(HTMLParser):
    """Collects the tags of a page."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, _attrs):
        self.found.append(tag)


def shown(thing):
    html = thing._repr_html_()
    tags = Tags()
    tags.feed(html)
    assert set(tags.found) <= {"p", "table", "thead", "tbody", "tr", "th", "td"}, html
    assert len(html) < 20_000
    return html


def menus():
    products = pd.Index([HOSTILE, *(f"product {number}" for number in range(30))])
    return est.Assortment(np.linspace(1, 9, 31), np.linspace(2, 0.5, 31), 1.0, products).subject_to(est.AtMost(4))


def objects():
    problem = menus()
    game = est.EstimationGame("over", highest=30)
    table = est.load("simulated_pens")
    return {
        "theory": est.TrustEmbedded(formulas={"trust": "~ age"}, priors={"trust": {"spread": 2.0}}),
        "mixture": est.Mixture([est.TrustEmbedded(), est.LevelK()]),
        "theory of play": est.NormalFormLevelK(),
        "game": game,
        "words": est.NormalForm(np.eye(2), np.eye(2)),
        "model": est.MultinomialLogit(["price"], random=["price"]),
        "problem": problem,
        "frontier": problem.frontier(),
        "menu": problem.solve(1.0),
        "constraint": est.AtMost(4),
        "scenario": est.scenario(table),
        "source": table.source,
        "ledger": est.published(),
        "parameter": est.TrustEmbedded().own_parameters([game], ("receiver",))[0],
        "distribution": est.Discrete(np.arange(1000.0), np.ones(1000)),
    }


def test_what_holds_many_numbers_prints_one_line():
    problem, plan = menus(), est.simulated_fulfilment()
    draws = est.under_draws(est.Assortment([3.0, 2.0], [1.0, 2.0], draws=np.ones((50, 1, 2))))
    things = [
        problem,
        problem.frontier(),
        draws,
        draws.frontier(),
        plan,
        plan.solve(1.0),
        est.scenario(est.load("simulated_pens")),
    ]
    for thing in things:
        assert "array(" not in repr(thing)
        assert "\n" not in repr(thing)
        assert len(repr(thing)) < 200


@pytest.mark.parametrize("name", sorted(objects()))
def test_a_display_is_short_and_holds_no_mark_but_its_own(name):
    shown(objects()[name])


def test_a_display_says_what_the_object_holds():
    html = shown(objects()["theory"])
    assert "trust-embedded" in html
    assert "trust: ~ age" in html
    assert "Management Science" in html
    assert "&lt;script&gt;" in shown(objects()["problem"])
    assert "0.0, 1.0, 2.0" not in shown(objects()["game"])
    assert "(1,000 in all)" in shown(objects()["distribution"])


def test_a_class_of_ones_own_shows_its_options():
    class Suspicious(est.TrustEmbedded):
        """Discounts <b>everything</b>."""

        level: float = 1.5

    html = shown(Suspicious(level=2.5))
    assert "Discounts &lt;b&gt;everything&lt;/b&gt;" in html
    assert "2.5" in html
    assert is_dataclass(Suspicious)


@pytest.mark.parametrize("size", [1.0, 1e7])
def test_estimates_show_digits_whatever_the_units_of_a_column(size):
    """What one more unit of a price in millions is worth was shown as 0.000."""
    frame = choice_frame(20)
    shop = est.read_choices(frame.assign(price=frame["price"] * size), name="shop")
    terms = ["price", "quality"]
    mode, fit = (
        est.mode(est.MultinomialLogit(terms), shop),
        est.fit(est.MultinomialLogit(terms), shop, draws=50, seed=1),
    )
    for shown, row, places in ((mode, mode.summary.iloc[0], 6), (fit, fit.summary.iloc[0], 3)):
        (line,) = [line for line in repr(shown).splitlines() if line.startswith(str(row.name))]
        told = [float(text) for text in line.split()[1:]]
        assert told == pytest.approx(row.tolist(), rel=0.006, abs=10.0**-places if size == 1 else 0.0)
        cells = re.findall(r"<td>(.*?)</td>", shown._repr_html_())[: len(row)]
        assert [float(cell) for cell in cells] == pytest.approx(told, rel=1e-3)


def test_rows_that_decimals_leave_keep_their_decimals():
    table = pd.DataFrame({"a": [0.12345, 0.0, 1e-9], "b": [3e-7, 0.0, np.nan], "c": [1, 2, 3]}, ["x", "nothing", "y"])
    assert table_text(table, 3) == table.round(3).to_string()
    assert rounded(table, 3).equals(table.round(3))
