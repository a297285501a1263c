"""Every public plot in axes of three by two inches: nothing cut off, no label on another, room for the data."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure
from small_plots import flaws, public_plots, small_axes
from small_study import small_study, with_checks

import estimation as est
from estimation.drawing import HEIGHT, WIDTH, labelled

TERMS = ["ink", "nib", "lead", "price"]
FAST = ("plot_frontier", "plot_menus", "plot_tradeoff", "plot_bands")


def menus():
    rng = np.random.default_rng(61)
    u = rng.uniform(size=14)
    weight, revenue = 9 * (1 - u) / (1 - u).sum(), 10 * u**2 * rng.uniform(0.75, 1.25, 14)
    names = [f"product {place}" for place in range(14)]
    shop = est.Assortment(revenue, weight, products=names, label="shop (SYNTHETIC)").subject_to(est.AtMost(8))
    draws = weight * np.exp(0.7 * rng.normal(size=(30, 3, 14)))
    frontier, tradeoff = shop.frontier(), est.under_draws(shop, draws).frontier([0.0, 1.0, 4.0])
    return {
        "plot_frontier": lambda ax: est.plot_frontier(frontier, ax),
        "plot_menus": lambda ax: est.plot_menus(frontier, ax),
        "plot_tradeoff": lambda ax: est.plot_tradeoff(tradeoff, ax),
        "plot_bands": lambda ax: est.plot_bands(tradeoff, ax),
    }


def theories():
    study = with_checks(small_study())
    trust, levels = study.fits["trust-embedded"], study.fits["level-k"]
    plays = est.fit(est.NormalFormLevelK(3, per="choice"), est.load("arad_rubinstein_2012"), pooled=True)
    return {
        "plot_differences": lambda ax: est.plot_differences(study, ax=ax),
        "plot_behaviour": lambda ax: est.plot_behaviour(study.fits, "sender", "over", ax),
        "plot_people": lambda ax: est.plot_people(trust, "trust", ax),
        "plot_shares": lambda ax: est.plot_shares(levels, ax),
        "plot_types": lambda ax: est.plot_types(levels, ax),
        "plot_trust": lambda ax: est.plot_trust(trust, ax),
        "plot_plays": lambda ax: est.plot_plays(plays, "11-20", ax=ax),
        "Comparison.plot": study.plot,
    }


def choices():
    pens = est.load("simulated_pens")
    fit = est.fit(est.MultinomialLogit(TERMS), pens, draws=200)
    curve = est.price_curve(fit, "pencil", [1.0, 2.0, 3.0], est.scenario(pens))
    return {
        "plot_willingness_to_pay": lambda ax: est.plot_willingness_to_pay(fit, ax=ax),
        "plot_diversion": lambda ax: est.plot_diversion(fit, ax),
        "plot_importances": lambda ax: est.plot_importances(est.attribute_importances(fit), ax),
        "plot_price_curve": lambda ax: est.plot_price_curve(curve, ax=ax),
        "Substitution.plot": est.substitution({"no nests": fit}, "pencil").plot,
    }


@pytest.fixture(scope="module")
def cheap():
    return menus()


@pytest.fixture(scope="module")
def every():
    return menus() | theories() | choices()


def check(draw):
    axes = small_axes()
    assert draw(axes) is axes
    assert flaws(axes) == []


@pytest.mark.parametrize("name", FAST)
def test_plots_of_menus_look_right_in_small_axes(name, cheap):
    check(cheap[name])


@pytest.mark.slow
def test_every_public_plot_looks_right_in_small_axes(every):
    assert public_plots(est) <= set(every)
    for draw in every.values():
        check(draw)


def test_names_of_columns_are_turned_and_long_titles_broken():
    axes = small_axes()
    axes.bar(range(6), range(6))
    axes.set_xticks(range(6), [f"a long name {place}" for place in range(6)])
    labelled(axes, "", "what stands upwards", "a title that is long " * 3)
    assert flaws(axes) == []


def test_names_of_rows_are_as_small_as_their_rows_and_long_labels_broken():
    axes = small_axes()
    axes.barh(range(14), range(14))
    axes.set_yticks(range(14), [f"row {place}" for place in range(14)])
    labelled(axes, "what stands across " * 2, "what stands upwards")
    assert flaws(axes) == []


def test_what_is_cut_off_or_lies_on_other_text_is_found():
    axes = small_axes()
    axes.set_xlabel("what stands across " * 6)
    axes.set_yticks(np.linspace(0, 1, 40), [f"row {place}" for place in range(40)])
    found = " ".join(flaws(axes))
    assert "cut off at the side" in found
    assert "labels of y lie on each other" in found


def test_axes_of_the_usual_size_keep_their_letters():
    axes = est.plot_frontier(est.Assortment([3.0, 2.0], [1.0, 2.0], products=["a", "b"]).frontier())
    assert axes.xaxis.label.get_fontsize() == pytest.approx(10.0)
    assert axes.get_legend().get_texts()[0].get_fontsize() == pytest.approx(8.0)


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("names", [["trust"], ["multinomial logit with\ntastes that differ, beforehand", "afterwards"]])
def test_a_title_stands_above_a_legend_of_any_number_of_lines(names, columns):
    ax = Figure(figsize=(WIDTH, HEIGHT), layout="constrained").subplots()
    for place, name in enumerate(3 * names):
        ax.plot([0, 1], [place, place], label=name)
    labelled(ax, "across", "up", "SYNTHETIC", legend=columns)
    assert [flaw for flaw in flaws(ax) if "title" in flaw] == []
