"""The search of the documentation: what people look for is among the first three pages, with an excerpt."""

from __future__ import annotations

import ast
import importlib
import json
from pathlib import Path

import pytest
from browser import Browser, find_browser

ROOT = Path(__file__).parents[1]
WANTED = {
    "arviz": "draws",
    "prior": "priors",
    "priors": "priors",
    "default prior": "priors",
    "change prior": "priors",
    "latex": "reports/README",
    "latex table": "api/evaluation api/report studies/README replication-package reports/README",
    "pdf report": "reports/README commands tour",
    "pandas": "draws",
    "posterior draws": "draws",
    "pymc model": "draws api/inference",
    "oTree": "your-own-file faq",
    "otree export": "your-own-file faq",
    "z-Tree": "your-own-file faq",
    "jspsych": "your-own-file faq",
    "csv columns": "your-own-file commands",
    "pareto k": "checks",
    "r-hat": "checks",
    "divergences": "checks",
    "diagnosis failed": "checks faq",
    "how long does it take": "time faq",
    "slow": "time",
    "cluster": "studies/README partitions",
    "dask": "studies/README partitions",
    "own theory": "your-own-theory",
    "custom game": "your-own-game",
    "payoff table": "games/sender-receiver",
    "level-k": "theories/level-k",
    "cognitive hierarchy": "theories/cognitive-hierarchy",
    "quantal response": "theories/quantal-response",
    "trust": "theories/trust-embedded theories/dynamic-trust",
    "lying cost": "theories/level-k-with-lying-cost theories/costly-lying",
    "rounding": "theories/habits",
    "mixture": "theories/mixture",
    "advice": "theories/advice-taking games/advice studies/advice",
    "money request": "games/money-request",
    "beauty contest": "games/beauty-contest data/beauty_contests",
    "willingness to pay": "choice/models choice/quantities api/choice",
    "wtp": "choice/models choice/quantities api/choice",
    "conjoint": "choice/conjoint",
    "nested logit": "choice/models api/choice",
    "latent class": "choice/models api/choice",
    "market simulation": "choice/conjoint",
    "assortment": "choice/assortments api/assortment",
    "elpd": "concepts faq",
    "loo": "concepts faq studies/leaving-people-out",
    "stacking weight": "concepts",
    "power": "api/studies studies/README",
    "sample size": "checks api/studies studies/README",
    "biogeme": "coming-from/biogeme",
    "hbayesdm": "coming-from/hbayesdm",
    "calibration": "studies/calibration",
    "covariates formula": "populations",
    "correlation": "populations",
    "random effects": "populations coming-from/apollo",
    "gallery": "reports/gallery",
    "plot_trust": "reports/gallery api/report",
    "replication": "replication replication-package",
    "cite": "tour faq",
    "TrustEmbedded": "theories/trust-embedded api/theories",
    "est.compare": "api/evaluation",
    "lapse": "faq priors",
    "none option": "choice/models",
    "marginal likelihood": "faq",
    "confidence interval": "faq",
    "significance": "faq",
    "heterogeneity": "populations",
    "elasticity": "choice/quantities api/choice",
    "rhat": "checks",
    "convergence": "checks",
    "excel": "your-own-file",
    "standard error": "faq coming-from/stata-and-spss api/inference",
    "standard errors": "faq coming-from/stata-and-spss",
    "seed": "faq",
    "random seed": "faq",
    "reproducible": "faq replication-package",
    "stata": "coming-from/stata-and-spss",
    "dta": "coming-from/stata-and-spss",
    "spss": "coming-from/stata-and-spss",
    "sav file": "coming-from/stata-and-spss",
    "sawtooth": "coming-from/sawtooth",
    "cbc": "coming-from/sawtooth",
    "clustered standard errors": "coming-from/stata-and-spss",
    "esttab": "coming-from/stata-and-spss",
    "part-worths": "coming-from/sawtooth choice/conjoint choice/quantities api/choice",
    "jupyter widget": "reports/interactive",
}
"""What is asked → pages of which one should be among the first three."""


@pytest.fixture(scope="module")
def made():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "docs" / "site"))
        pages, found, index = (importlib.import_module(name) for name in ("pages", "search_pages", "search_index"))
        return index.index(found.searchable(pages.written() | pages.generated(), ROOT)), index


def first_pages(made, query, count=3):
    index, module = made
    found = [index["sections"][place][0].partition(".html")[0] for place in module.ranked(index, query)]
    return found[:count]


@pytest.mark.parametrize("query", WANTED)
def test_what_people_look_for_is_among_the_first_three(made, query):
    assert set(first_pages(made, query)) & set(WANTED[query].split()), first_pages(made, query, 8)


def test_what_is_nowhere_is_not_found(made):
    assert first_pages(made, "zymurgy") == []


def test_all_words_count_more_than_one_of_them_often():
    module = importlib.import_module("search_index")
    page = "# Soup\n\n{}\n\n## Salt\n\nA pinch of salt and pepper.\n"
    found = [*module.sections("a.md", page.format("salt " * 50)), *module.sections("b.md", "# Dish\n\nsalt, pepper\n")]
    assert [found[place].url for place in module.ranked(module.index(found), "salt pepper")] == [
        "a.html#salt",
        "b.html",
    ]


def test_the_page_finds_the_same_as_these_tests_and_shows_the_words(made, tmp_path):
    if find_browser() is None:
        pytest.skip("no browser of the Chromium family is installed")
    index, module = made
    (tmp_path / "index.js").write_text(module.as_script(index), encoding="utf-8")
    (tmp_path / "search.js").write_text((ROOT / "docs/site/static/search.js").read_text(encoding="utf-8"))
    asked = json.dumps(list(WANTED))
    page = (
        "<meta charset='utf-8'><p>a</p><script src='index.js'></script><script src='search.js'></script><script>"
        f"console.log(JSON.stringify({asked}.map((q) => rankedSections(searchIndex, q).slice(0, 3))));"
        "console.log(excerptOf(searchIndex.sections[rankedSections(searchIndex, 'arviz')[0]][3], 'arviz').innerHTML);"
        "</script>"
    )
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    with Browser(find_browser()) as browser:
        said = [ast.literal_eval(text)[0]["value"] for text in browser.look(tmp_path / "page.html", 800).complaints]
    assert json.loads(said[0]) == [module.ranked(index, query)[:3] for query in WANTED]
    assert "<mark>ArviZ" in said[1]
