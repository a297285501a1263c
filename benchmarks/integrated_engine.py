"""Effective draws per second of wall time: people integrated out against people sampled, in one run.

``automatic`` is what `fit` does by default (proposals around the mode, if they pass their check), ``integrated`` its
chains.

Trust-embedded senders, 48 SYNTHETIC people x 40 decisions, 31 possible messages, three parameters a person. Wall time
includes compilation. Run it alone on a quiet machine: ``python benchmarks/integrated_engine.py``.
"""

from __future__ import annotations

import time

import numpy as np

import estimation as est
from estimation.fits.checks import least_ess, worst_rhat

GAME = est.EstimationGame("over", highest=30, lie_reference=3.0)
PEOPLE = {"trust": (0.6, 0.8), "lying_cost": (0.36, 0.7), "sender_precision": (1.25, 0.3)}


def measured(table, method: str, **options: int) -> dict[str, float]:
    started = time.perf_counter()
    fit = est.fit(est.TrustEmbedded(lapse=False), table, seed=1, method=method, progress=False, **options)
    seconds = time.perf_counter() - started
    posterior = fit.tree["posterior"].dataset
    ess = least_ess(posterior, "bulk")
    if "proposals" in fit.tree:  # draws by weights repeat each other, which they do not show
        ess = min(ess, float(fit.tree["proposals"].dataset["effective"]))
    return {"seconds": seconds, "ess": ess, "ess_per_second": ess / seconds, "rhat": worst_rhat(posterior)}


if __name__ == "__main__":
    situations = est.design({"over": GAME}, people=48, decisions=40, seed=1, roles=("sender",))
    data, _ = est.simulate(est.TrustEmbedded(lapse=False), situations, PEOPLE, seed=2)
    measured(data, "automatic")  # the first fit of a process waits for libraries, which has a benchmark of its own
    routes = {
        "automatic": measured(data, "automatic"),
        "integrated": measured(data, "integrated", draws=1000, tune=300),
        "joint": measured(data, "joint", draws=300, tune=300, chains=2),
    }
    for name, row in routes.items():
        print(name.ljust(12), "  ".join(f"{key} {np.round(value, 3)}" for key, value in row.items()))
    for name in ("automatic", "integrated"):
        ratio = routes[name]["ess_per_second"] / routes["joint"]["ess_per_second"]
        print(f"{name} against joint, ratio of effective draws per second: {ratio:.0f}")
