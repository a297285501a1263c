"""Fit a long CSV of choices with correlated random coefficients, from import to summary; print facts as JSON."""

from __future__ import annotations

import json
import sys

from panel import facts_of, read_panel

import estimation as est

if __name__ == "__main__":
    table, model = read_panel(*sys.argv[1:3])
    fit = est.fit(model, table, progress=False, seed=int(sys.argv[3]), draws=int(sys.argv[4]))
    facts = facts_of(fit.tree["posterior"].dataset) | {
        "passed": {name: bool(row) for name, row in est.diagnose(fit).table["passed"].items()},
        "sampler": fit.manifest["sampler"],
        "summary": len(fit.summary),
    }
    print(json.dumps(facts))
