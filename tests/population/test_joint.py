"""The joint model adds up the same likelihoods as the integrated engine, for every kind of population."""

from __future__ import annotations

import numpy as np
import pytest
from engine import GAMES
from scipy import special
from uncompiled import UNCOMPILED

import estimation as est
from estimation.inference.problem import MessageProblem
from estimation.population.joint import joint_model


@pytest.fixture(scope="module")
def table():
    situations = est.design(GAMES, people=4, decisions=4, seed=3)
    frame = situations.frame
    frame["country"] = np.where(frame["subject"].isin(["s1", "s2"]), "B", "A")
    frame["late"] = (frame["period"] > 4).astype(float)
    return est.Table.from_frame(frame, situations.games)


THEORIES = {
    "correlated": est.TrustEmbedded(correlated=True),
    "formula": est.TrustEmbedded(trust="~ country * late", lapse="~ country"),
    "mixture": est.Mixture([est.TrustEmbedded(), est.LevelK(max_level=1)]),
    "all of it": est.Mixture([est.TrustEmbedded(trust="~ country + late"), est.LevelK(max_level=1)], correlated=True),
}


@pytest.mark.parametrize("theory", THEORIES.values(), ids=THEORIES)
def test_the_joint_model_adds_the_likelihoods_of_people_at_their_parameters(theory, table):
    problem = MessageProblem(theory, table)
    model = joint_model(theory, problem.crowd.people, problem.structure)
    rng = np.random.default_rng(5)
    point = {name: rng.normal(0, 0.5, np.shape(value)) for name, value in model.initial_point().items()}
    outputs = [model["theta"], model.potentials[0]]
    if problem.kinds > 1:
        outputs.append(model["share"])
    compiled = model.compile_fn(model.replace_rvs_by_values(outputs), point_fn=True, mode=UNCOMPILED)
    theta, total, *share = compiled(point)
    share = share[0] if share else np.ones(1)
    terms = [
        [problem.crowd.evaluate(kind, person, row[:, None]).item() for kind in range(problem.kinds)]
        for person, row in enumerate(theta)
    ]
    expected = special.logsumexp(np.array(terms) + np.log(share), axis=1).sum()
    assert total == pytest.approx(expected, rel=1e-9)
    assert theta.shape == (4, len(problem.parameters))


def test_the_joint_models_people_have_the_means_that_the_formula_gives(table):
    theory = THEORIES["formula"]
    problem = MessageProblem(theory, table)
    model = joint_model(theory, problem.crowd.people, problem.structure)
    point = {name: np.zeros(np.shape(value)) for name, value in model.initial_point().items()}
    point |= {"mean": np.arange(1.0, 1 + len(problem.parameters)), "coefficient": np.array([0.5, -1.0, 2.0])}
    theta = model.compile_fn(model.replace_rvs_by_values([model["theta"]]), point_fn=True, mode=UNCOMPILED)
    expected = problem.design.covariates.mean(point["mean"], point["coefficient"])
    np.testing.assert_allclose(theta(point)[0], expected)
    assert np.ptp(expected[:, 0]) == pytest.approx(0.5)
