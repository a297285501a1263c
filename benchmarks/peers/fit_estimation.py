"""Fit a long CSV of choices with correlated random coefficients, from import to summary; print facts as JSON."""

from __future__ import annotations

import json
import sys

import pandas as pd

import estimation as est
from estimation.fits.checks import error_of_mean, least_ess, worst_rhat

if __name__ == "__main__":
    frame = pd.read_csv(sys.argv[1], dtype={"alternative": str})
    outside = None if sys.argv[2] == "None" else sys.argv[2]
    standard = ("subject", "situation", "alternative", "chosen")
    terms = [str(name) for name in frame.columns if name not in standard]
    table = est.read_choices(frame, outside=outside, name="benchmark")
    size = {"seed": int(sys.argv[3]), "draws": int(sys.argv[4])}
    fit = est.fit(est.MultinomialLogit(terms, random="all"), table, progress=False, **size)
    posterior = fit.tree["posterior"].dataset
    both = [posterior[name].to_numpy() for name in ("mean", "sd")]
    facts = {
        "ess": least_ess(posterior[["mean"]], "bulk"),
        "ess_spreads": least_ess(posterior[["sd"]], "bulk"),
        "rhat": worst_rhat(posterior),
        "means": posterior["mean"].mean(("chain", "draw")).to_numpy().tolist(),
        "spreads": posterior["sd"].mean(("chain", "draw")).to_numpy().tolist(),
        "errors": [[error_of_mean(draws[..., k]) for k in range(draws.shape[-1])] for draws in both],
        "passed": {name: bool(row) for name, row in est.diagnose(fit).table["passed"].items()},
        "sampler": fit.manifest["sampler"],
        "summary": len(fit.summary),
    }
    print(json.dumps(facts))
