"""Pages as a reader sees them: in a real browser, on a desk and on a phone. Skipped only where there is no browser."""

from __future__ import annotations

import io

import numpy as np
import pytest
from browser import Browser, find_browser
from choice_builders import with_outside
from few_experiments import few_experiments
from PIL import Image

import estimation as est
from estimation.report.document import render

PATH = find_browser()
pytestmark = pytest.mark.skipif(PATH is None, reason="no Chromium on this machine: pages are not looked at")
WIDTHS = {"desk": 1280, "phone": 390}
PAGES = ("sound", "failed", "choices", "menus")


@pytest.fixture(scope="module")
def pages(page, failed_page, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    table = with_outside(people=15)
    fits = {
        "without quality": est.fit(est.MultinomialLogit(["price"]), table, seed=1, draws=200, chains=2),
        "with quality": est.fit(est.MultinomialLogit(["price", "quality"]), table, seed=1, draws=200, chains=2),
    }
    shop = est.Assortment([4.0, 7.0, 12.0], [1.8, 1.1, 0.7], products=["basic", "plus", "a long name " * 6])
    with few_experiments():
        made = {"sound": page, "failed": failed_page, "choices": render(fits), "menus": render(shop.frontier())}
    for name, text in made.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def browser():
    with Browser(PATH) as running:
        yield running


@pytest.mark.parametrize("width", WIDTHS.values(), ids=list(WIDTHS))
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_screen_shows_every_figure_and_complains_of_nothing(browser, pages, name, width):
    seen = browser.look(pages / f"{name}.html", width)
    assert seen.facts["width"] <= width
    assert seen.facts["outside"] == []
    assert seen.facts["images"] > 0
    assert seen.facts["broken"] == []
    assert seen.complaints == []


def test_a_dark_screen_gets_a_dark_page(browser, pages):
    light, dark = (
        np.asarray(Image.open(io.BytesIO(browser.look(pages / "sound.html", 800, dark=dark).picture)).convert("L"))
        for dark in (False, True)
    )
    assert light[5, 5] > 240
    assert dark[5, 5] < 40
