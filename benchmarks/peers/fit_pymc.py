"""The same hierarchical logit under the same prior, written in PyMC and drawn by nutpie; print facts as JSON.

An independent road to the posterior of `fit_estimation.py`: nothing of the sampler, of people's likelihoods or of the
density of populations is shared, only the design and the scales of the prior. People's tastes are standardised; the
covariance is spreads and a root of the correlations whose rows are normalised, and Huang and Wand's density (2013,
eq. 4) is written for those.
"""

from __future__ import annotations

import json
import sys

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from panel import facts_of, read_panel

from estimation.choice.hierarchy.problem import DEGREES, MixedLogit

TARGET = 0.9


def hierarchical(problem: MixedLogit) -> pm.Model:
    """Return the model; everybody differs in everything, situations have any number of alternatives."""
    choices, size, people = problem.choices, len(problem.random), problem.choices.people
    counts = np.diff(choices.first_row)
    situation = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(situation)) - choices.first_row[situation]
    person = np.repeat(np.arange(people), np.diff(choices.first_situation))
    x = np.zeros((len(counts), counts.max(), size))
    x[situation, place] = choices.x[:, list(problem.random)]
    absent = np.where(np.arange(counts.max()) < counts[:, None], 0.0, -1e3)
    chosen = choices.chosen - choices.first_row[:-1]
    with pm.Model() as model:
        mean = pm.Normal("mean", problem.prior.location, problem.prior.shift_sd[:, 0], shape=size)
        log_sd = pm.Flat("log_sd", shape=size)
        rows, columns = np.tril_indices(size, -1)
        below = pm.Flat("below", shape=len(rows))
        root = pt.set_subtensor(pt.eye(size)[rows, columns], below)
        length = pt.sqrt((root**2).sum(axis=1))
        root = root / length[:, None]
        sd = pm.Deterministic("sd", problem.prior.spread * pt.exp(log_sd))
        pm.Potential("covariance", _log_prior(problem, sd, root, length))
        taste = mean + (pm.Normal("white", shape=(people, size)) @ root.T) * sd
        utility = (x * taste[person][:, None, :]).sum(axis=-1) + absent
        top = utility.max(axis=1, keepdims=True)
        total = pt.log(pt.exp(utility - top).sum(axis=1)) + top[:, 0]
        pm.Potential("choices", (utility[np.arange(len(chosen)), chosen] - total).sum())
    return model


def _log_prior(problem: MixedLogit, sd: pt.TensorVariable, root: pt.TensorVariable, length: pt.TensorVariable):
    """Return Huang and Wand's log density of log spreads and of the rows of the root before they were normalised.

    dΣ = 2^d Π s_k^(d+1) d log s_k dR, and dR = Π_{k>1} length_k^-(d+1) d(rows), for the root's diagonal is 1 / length.
    """
    size = len(problem.random)
    inverse = pt.linalg.solve_triangular(root, pt.eye(size), lower=True)
    inner = DEGREES * (inverse**2).sum(axis=0) / sd**2 + 1 / problem.prior.spread**2
    determinant = 2 * pt.log(sd).sum() - 2 * pt.log(length).sum()
    density = -(DEGREES + 2 * size) / 2 * determinant - (DEGREES + size) / 2 * pt.log(inner).sum()
    return density + (size + 1) * (pt.log(sd).sum() - pt.log(length).sum())


if __name__ == "__main__":
    import nutpie

    table, model = read_panel(*sys.argv[1:3])
    problem = model.hierarchy(table)
    compiled = nutpie.compile_pymc_model(hierarchical(problem))
    settings = {"draws": int(sys.argv[4]), "tune": 600, "chains": 2, "cores": 1, "target_accept": TARGET}
    found = nutpie.sample(compiled, seed=int(sys.argv[3]), progress_bar=False, **settings)
    posterior = found["posterior"].dataset[["mean", "sd"]]
    facts = facts_of(posterior) | {"divergences": int(found["sample_stats"]["diverging"].sum())}
    print(json.dumps(facts))
