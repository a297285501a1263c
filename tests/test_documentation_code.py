"""Code on pages of the documentation: it is whole, its names exist, its theories apply. Nothing is sampled here."""

from __future__ import annotations

from functools import cache
from unittest.mock import MagicMock

import documentation_code
import numpy as np
import pytest
from advised import paid
from documentation_code import PAGES, blocks, data
from judges import judged
from needs import need_data

import estimation as est

COMPUTED = ("diagnose", "compare", "predict", "predictive_check", "missed", "sensitivity")
"""What asks a fit for something: looked at by the tests that really fit (tests/slow)."""


load = cache(est.load)
OWN_FILES = {"theories/ability-and-honesty": paid, "theories/advice-weighting": judged}
"""Pages on theories of games that no data set of the package has → SYNTHETIC people in the place of a reader's file."""


def applied(model, table, **settings):
    """Check what `fit` would check before it samples, and return something that may be asked for anything."""
    for theory in model.values() if isinstance(model, dict) else [model]:
        if isinstance(theory, est.Theory):
            theory.check_games(table.games, tuple(table.roles))
            assert theory.parameters(list(table.games.values()), tuple(table.roles))
        else:
            assert isinstance(theory, est.PlayTheory)
            assert theory.parameters(list(table.games.values()))
    assert settings.pop("seed") == 1, "what a page prints should come out again"
    assert set(settings) <= {"pooled"}
    return MagicMock()


def test_the_theory_on_the_page_is_short_and_aims_between_message_and_prior():
    first = blocks("your-own-theory")[0]
    names: dict[str, object] = {}
    exec(compile(first, "your-own-theory.md", "exec"), names)
    own, game = names["Averaging"](), est.EstimationGame(highest=10)
    values, heard = {"weight": np.array([[0.25]])}, np.array([2.0, 10.0])
    aim = own.receiver_target(game, 0, values, heard, np)
    np.testing.assert_allclose(aim[:, 0], 0.25 * heard + 0.75 * game.prior @ game.states)
    distance = own.receiver_payoff(game, 0, values, heard, np)
    np.testing.assert_allclose(distance, -game.margin * np.abs(game.actions - aim))
    trusting = est.TrustEmbedded(default_belief="prior")
    weighed = trusting.receiver_payoff(game, 0, {"trust": np.array([[0.25]])}, heard, np)
    assert not np.allclose(weighed - weighed.max(1, keepdims=True), distance - distance.max(1, keepdims=True))
    assert sum(bool(line.strip()) for line in first.splitlines()) <= 12


@pytest.mark.parametrize("page", PAGES)
def test_code_of_a_page_is_whole_and_its_theories_apply_to_its_data(page, monkeypatch):
    for name in data(page):
        need_data(name)
    monkeypatch.setattr(est, "load", load)
    monkeypatch.setattr(est, "fit", applied)
    monkeypatch.setattr(est, "read_table", lambda *_: OWN_FILES[page]())
    for name in COMPUTED:
        assert callable(getattr(est, name))
        monkeypatch.setattr(est, name, MagicMock())
    documentation_code.run(page)


@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith("theories/")])
def test_a_page_of_a_theory_fits_it_in_about_ten_lines_and_compares_it(page):
    (code,) = blocks(page)
    assert len(code.splitlines()) <= 12
    for step in (
        "est.read_table(" if page in OWN_FILES else "est.load(",
        "est.fit(",
        "est.diagnose(",
        "fit.summary",
        "est.compare(",
    ):
        assert step in code
    assert "simulated_" not in code or "# SYNTHETIC" in code


def test_a_theory_that_does_not_apply_is_found_here_too():
    with pytest.raises(est.TheoryError):
        applied(est.AdviceTaking(), load("simulated_forecast_sharing"), seed=1)
