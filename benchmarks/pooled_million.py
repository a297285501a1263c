"""The pooled multinomial logit on a million choices: posterior within five minutes and eight gigabytes.

Simulated (SYNTHETIC): 1,000,000 situations x 10 alternatives x 10 attributes. A number as argument takes fewer
situations: `python benchmarks/pooled_million.py 100000`.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import pandas as pd

import estimation as est

ALTERNATIVES, ATTRIBUTES = 10, 10


def simulated(situations: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Return choices in long form and the weights behind them."""
    rng = np.random.default_rng(1)
    truth = rng.normal(0, 0.5, ATTRIBUTES)
    x = rng.standard_normal((situations, ALTERNATIVES, ATTRIBUTES))
    choice = (x @ truth + rng.gumbel(size=(situations, ALTERNATIVES))).argmax(axis=1)
    frame = pd.DataFrame(x.reshape(-1, ATTRIBUTES), columns=[f"x{k}" for k in range(ATTRIBUTES)], copy=False)
    frame["situation"] = np.repeat(np.arange(situations), ALTERNATIVES)
    frame["alternative"] = np.tile(np.arange(ALTERNATIVES), situations)
    frame["chosen"] = frame["alternative"].to_numpy() == np.repeat(choice, ALTERNATIVES)
    return frame, truth


if __name__ == "__main__":
    situations = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    frame, truth = simulated(situations)
    started = time.perf_counter()
    choices = est.read_choices(frame, name="simulated_million", synthetic=True)
    read = time.perf_counter()
    fit = est.fit(est.MultinomialLogit([f"x{k}" for k in range(ATTRIBUTES)]), choices, seed=1)
    fitted = time.perf_counter()
    verdict = est.diagnose(fit)
    ended = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    z = (fit.summary["mean"].to_numpy() - truth) / fit.summary["sd"].to_numpy()
    print(
        f"{situations:,} situations: read {read - started:.1f} s, fitted {fitted - read:.1f} s,"
        f" checked {ended - fitted:.1f} s"
    )
    print(f"peak memory {memory:.1f} GiB, data included; {verdict.verdict}")
    print(f"largest |z| of the ten weights against the truth: {np.abs(z).max():.1f}; {fit.manifest['sampler']}")
