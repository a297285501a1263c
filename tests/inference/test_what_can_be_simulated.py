"""What can be simulated passes the schema and is labelled; what cannot is refused, with everything that is missing."""

from __future__ import annotations

import pytest

import estimation as est
from estimation.inference.problem import MessageProblem

GAMES_OF_TWO = {
    "estimation": est.EstimationGame("under", highest=12),
    "forecast": est.ForecastSharing(250, 100, 75, 0, 60, state_range=60, noise_range=30, step=10),
}


def _parameters(theory, table):
    return theory.parameters(list(table.games.values()), ("sender", "receiver"))


@pytest.mark.parametrize("theory", [est.TrustEmbedded(), est.LevelK(), est.Babbling()], ids=lambda theory: theory.name)
def test_what_can_be_simulated_passes_the_schema_and_is_labelled(theory):
    situations = est.design(GAMES_OF_TWO, people=4, decisions=3, seed=1)
    population = {p.name: (float(p.natural(p.centre)), 0.5) for p in _parameters(theory, situations)}
    table, truth = est.simulate(theory, situations, population, seed=2)
    assert table.synthetic
    assert "SYNTHETIC" in table.label
    assert list(truth["subject"]) == table.subjects


def test_a_simulation_without_its_parameters_says_which_are_missing():
    situations = est.design(GAMES_OF_TWO, people=4, decisions=3, seed=1)
    with pytest.raises(est.TheoryError) as caught:
        est.simulate(est.TrustEmbedded(), situations, {"trust": (0.5, 1), "cunning": (1, 1)}, seed=1)
    assert len(caught.value.problems) == 5
    with pytest.raises(est.TheoryError, match="give a table of situations, for example"):
        est.simulate(est.TrustEmbedded(), population={"trust": (0.5, 1)}, seed=1)


def test_correlations_that_nobody_can_have_are_refused():
    """Of .9, .9 and -.9 between three numbers one is wrong: the matrix has a negative eigenvalue."""
    situations = est.design(GAMES_OF_TWO, people=4, decisions=3, seed=1, roles=("receiver",))
    problem = MessageProblem(est.TrustEmbedded(correlated=True), situations)
    population = {p.name: (float(p.natural(p.centre)), 0.5) for p in problem.parameters}
    pairs = dict(zip(problem.structure.pairs, (0.9, 0.9, -0.9), strict=True))
    with pytest.raises(est.TheoryError, match="the correlations contradict each other"):
        est.simulate(problem.theory, situations, population, correlations=pairs, seed=2)
