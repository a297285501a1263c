"""Leave people out in four ways: exact refits, weights, folds, and the sum of conditional likelihoods that misleads.

``python benchmarks/leaving_people_out.py FOLDER`` scores real receivers (trust-embedded and level-k) and every sixth of
the households who chose electricity suppliers (weights that differ), and keeps one table of people for each in FOLDER:
exact, weights, folds, conditional, and the Pareto k of the two that are computed by weights.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

import estimation as est
from estimation.choice.quantities.decisions import decision_likelihoods
from estimation.evaluation.scores.loo import leave_people_out
from estimation.fits.checks import smoothed
from estimation.jobs.workers import processes

FOLDS, SAMPLES = 10, 2000
EVERY = 6  # of so many households one is left out: each costs a fit of all others
WEIGHTS = ["pf", "cl", "loc", "wk", "tod", "seas"]


def scores(fit: Any, conditional: Any, pool: ProcessPoolExecutor, every: int = 1) -> pd.DataFrame:
    """Return one row per person of a fit, or for one of `every` so many.

    `conditional` is log p(person | own parameters), (draw, person).
    """
    everybody = np.array(fit.table.subjects)
    fold = np.random.default_rng(0).permutation(len(everybody)) % FOLDS
    names, conditional = everybody[::every], np.asarray(conditional)[:, ::every]
    groups = {"exact": [[name] for name in names], "folds": [list(everybody[fold == k]) for k in range(FOLDS)]}
    table = pd.DataFrame(index=pd.Index(names, name="subject"))
    for column, lists in groups.items():
        found = {name: value for part in pool.map(fit.without, lists) for name, value in part.scores.items()}
        table[column] = [found[name] for name in names]
    integrated = leave_people_out({"": fit}, most_refits=0)[""]
    smooth = [smoothed(-own) for own in conditional.T]
    return table.assign(
        weights=integrated.elpd.loc[names],
        weights_k=integrated.pareto_k.loc[names],
        weights_error=integrated.error if every == 1 else np.nan,  # of everybody's total
        conditional=[special.logsumexp(own + weight) for own, (weight, _) in zip(conditional.T, smooth, strict=True)],
        conditional_k=[k for _, k in smooth],
    )


def of_talk(theory: est.Theory, pool: ProcessPoolExecutor) -> pd.DataFrame:
    """Return the scores of the receivers of one experiment."""
    table = est.load("oey_what_is_reality").only("receiver")
    fit = est.fit(theory, table, seed=1, method="importance", draws=1000, samples=SAMPLES)
    print(est.diagnose(fit).verdict, flush=True)
    people, crowd = fit.tree["people"].dataset, range(len(table.subjects))
    theta, kind = people["theta"].to_numpy(), people["kind"].to_numpy()
    own = np.empty(kind.shape)
    for person in crowd:
        for k in np.unique(kind[:, person]):
            here = kind[:, person] == k
            nodes = np.ascontiguousarray(theta[here, person].T)
            own[here, person] = fit.problem.evaluate(int(k), person, nodes)
    return scores(fit, own, pool)


def of_choices(pool: ProcessPoolExecutor) -> pd.DataFrame:
    """Return the scores of some of the households who chose among electricity suppliers."""
    table = est.load("electricity")
    fit = est.fit(est.MultinomialLogit(WEIGHTS, random="all"), table, seed=1)
    print(est.diagnose(fit).verdict, flush=True)
    decisions = decision_likelihoods(fit)["decisions"].to_numpy()[0]
    own = np.add.reduceat(decisions, table.first_situation[:-1], axis=1)
    return scores(fit, own, pool, EVERY)


def totals(table: pd.DataFrame) -> pd.DataFrame:
    """Return each way's total, and how far it is from exact refits with the standard error of that over people."""
    ways = table[["exact", "weights", "folds", "conditional"]]
    gap = ways.sub(table["exact"], axis=0)
    return pd.DataFrame(
        {
            "total": ways.sum(),
            "minus exact": gap.sum(),
            "error": np.sqrt(len(gap)) * gap.std(),
            "bad k": [0, (table["weights_k"] > 0.7).sum(), 0, (table["conditional_k"] > 0.7).sum()],
        }
    )


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    with processes(2) as workers:
        cases = {
            "trust-embedded": partial(of_talk, est.TrustEmbedded()),
            "level-k": partial(of_talk, est.LevelK()),
            "tastes-that-differ": of_choices,
        }
        for name, case in cases.items():
            file = folder / f"{name}.csv"
            if not file.exists():
                case(workers).to_csv(file)
            print(name, totals(pd.read_csv(file, index_col="subject")).round(2).to_string(), sep="\n", flush=True)
