"""Mixtures of normals over people: the posterior here, and that of bayesm's rhierMnlRwMixture under the same prior.

SYNTHETIC people of two kinds choose; both programs fit two components. bayesm's prior differs (means given covariances,
an inverse Wishart): its draws are weighed by the ratio of the priors, which many people make nearly even. Compared is
what names of components do not change: means, standard deviations and the correlation of tastes over everybody, the
share of the larger component, and third central moments, which one normal does not have.

``python benchmarks/taste_mixtures.py FOLDER [PEOPLE] [ITERATIONS]``; it needs R with bayesm, and keeps its draws in
FOLDER.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import logsumexp

import estimation as est
from estimation.choice.mixtures.chain import Mixture
from estimation.fits.checks import error_of_mean

TERMS, TASKS, KEEP, COMPONENTS = ["price", "quality"], 15, 5, 2
MEANS, SPREAD = np.array([[-2.0, 0.5], [-0.3, 2.5]]), np.array([0.4, 0.6])
PRECISION_OF_MEANS, V = 0.01, 0.3
"""bayesm's Amu, and the diagonal of its V: smaller than its default, which holds spreads so far from zero that draws
could not be weighed."""


def people_of_two_kinds(count: int) -> est.ChoiceTable:
    """Return choices of people of whom seven in ten watch the price."""
    rng, rows = np.random.default_rng(1), count * TASKS
    offered = pd.DataFrame(
        {
            "subject": np.repeat([f"s{n:03d}" for n in range(count)], 3 * TASKS),
            "situation": np.repeat(np.arange(rows), 3),
            "alternative": list("abc") * rows,
            "chosen": np.tile([1, 0, 0], rows),
            "price": rng.uniform(1, 4, 3 * rows).round(2),
            "quality": rng.integers(0, 3, 3 * rows),
        }
    )
    table = est.read_choices(offered, name="two kinds")
    kind = (np.arange(count) % 10 >= 7).astype(int)
    own = pd.DataFrame(MEANS[kind] + SPREAD * rng.normal(size=(count, 2)), index=table.subjects, columns=TERMS)
    return est.simulate_choices(est.MultinomialLogit(TERMS, random="all"), table, own, seed=2)


def ours(table: est.ChoiceTable) -> tuple[np.ndarray, float]:
    """Return quantities (chain, draw, quantity) and processor seconds."""
    started = time.process_time()
    fit = est.fit(est.MultinomialLogit(TERMS, random="all", components=COMPONENTS), table, seed=3, progress=False)
    seconds = time.process_time() - started
    print(est.diagnose(fit).table[["value", "passed"]], flush=True)
    post = fit.tree["posterior"].dataset
    names = ("share", "component_mean", "component_covariance")
    share, mean, covariance = (post[name].to_numpy().reshape(-1, *post[name].shape[2:]) for name in names)
    draws = zip(share, mean, np.linalg.inv(covariance), strict=True)
    found = np.array([quantities(Mixture(*draw)) for draw in draws])
    return found.reshape(post.sizes["chain"], post.sizes["draw"], -1), seconds


def quantities(mixture: Mixture) -> list[float]:
    """Return what names of components do not change."""
    mean, covariance = mixture.moments
    gap, own = mixture.shift - mean, np.linalg.inv(mixture.precision)
    third = [float(mixture.share @ (gap[:, k] ** 3 + 3 * gap[:, k] * own[:, k, k])) for k in range(len(mean))]
    sd = np.sqrt(np.diag(covariance))
    return [*mean, *sd, covariance[0, 1] / sd.prod(), mixture.share.max(), *np.cbrt(third)]


def theirs(table: est.ChoiceTable, folder: Path, iterations: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return quantities (draw, quantity) of bayesm, a quarter dropped, and the log ratio of our prior to theirs."""
    csv, out = folder / "people.csv", folder / f"bayesm_{seed}_{iterations}.csv"
    if not out.exists():
        columns = ["subject", "situation", "alternative", "chosen", *TERMS]
        table.frame[columns].assign(chosen=table.frame["chosen"].astype(int)).to_csv(csv, index=False)
        script = Path(__file__).parent / "peers" / "fit_bayesm.R"
        command = ["Rscript", script, csv, iterations, seed, out, KEEP, COMPONENTS, V]
        subprocess.run([str(word) for word in command], check=True)
    drawn = pd.read_csv(out).to_numpy()
    drawn = drawn[len(drawn) // 4 :]
    size = len(TERMS)
    parts = drawn[:, COMPONENTS:].reshape(len(drawn), COMPONENTS, size + size**2)
    mean, covariance = parts[..., :size], parts[..., size:].reshape(len(drawn), COMPONENTS, size, size)
    prior = est.MultinomialLogit(TERMS, random="all", components=COMPONENTS).on(table).hierarchy.prior
    components = zip(mean, covariance, strict=True)
    ratio = np.array([sum(log_ratio(m, c, prior) for m, c in zip(*one, strict=True)) for one in components])
    found = [
        quantities(Mixture(row[:COMPONENTS], m, np.linalg.inv(c)))
        for row, m, c in zip(drawn, mean, covariance, strict=True)
    ]
    return np.array(found), ratio


def log_ratio(mean: np.ndarray, covariance: np.ndarray, prior) -> float:
    """Return the log of our prior density of a component over bayesm's, without constants."""
    size, degrees, precision = len(mean), prior.degrees, np.linalg.inv(covariance)
    volume = np.linalg.slogdet(covariance)[1]
    here = stats.norm.logpdf(mean, prior.location, prior.shift_sd[:, 0]).sum() - (degrees + 2 * size) / 2 * volume
    here -= (degrees + size) / 2 * np.log(degrees * np.diag(precision) + 1 / prior.spread**2).sum()
    freedom = size + 3
    there = -0.5 * volume - 0.5 * PRECISION_OF_MEANS * mean @ precision @ mean
    there += -(freedom + size + 1) / 2 * volume - 0.5 * V * np.trace(precision)
    return float(here - there)


def weighed(chains: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Return means, standard deviations and errors of means over chains, by their weights, and effective weights."""
    each = []
    for found, ratio in chains:
        weight = np.exp(ratio - logsumexp(ratio))
        each.append((weight @ found, weight @ found**2, 1 / (weight**2).sum() / len(weight)))
    mean, square = (np.mean([one[part] for one in each], axis=0) for part in (0, 1))
    error = np.std([one[0] for one in each], axis=0, ddof=1) / np.sqrt(len(each))
    return mean, np.sqrt(square - mean**2), error, float(np.mean([one[2] for one in each]))


if __name__ == "__main__":
    FOLDER = Path(sys.argv[1])
    PEOPLE = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    ITERATIONS = int(sys.argv[3]) if len(sys.argv) > 3 else 20_000
    FOLDER.mkdir(parents=True, exist_ok=True)
    data = people_of_two_kinds(PEOPLE)
    own, used = ours(data)
    begun = time.perf_counter()
    mean, sd, error, even = weighed([theirs(data, FOLDER, ITERATIONS, seed) for seed in range(1, 7)])
    names = [*(f"mean of {name}" for name in TERMS), *(f"sd of {name}" for name in TERMS)]
    names += ["correlation", "larger share", *(f"root of third moment, {name}" for name in TERMS)]
    table = pd.DataFrame(
        {
            "here": own.mean(axis=(0, 1)),
            "sd here": own.std(axis=(0, 1)),
            "error": [error_of_mean(own[..., k]) for k in range(own.shape[-1])],
            "bayesm": mean,
            "sd there": sd,
            "error there": error,
        },
        index=names,
    )
    table["gap in errors"] = (table["here"] - table["bayesm"]) / np.hypot(table["error"], table["error there"])
    print(f"{PEOPLE} SYNTHETIC people, {TASKS} choices each; {used:.0f} processor seconds here")
    print(f"six chains of {ITERATIONS} iterations there; weights count as {even:.0%} of the draws")
    print(table.round(3).to_string())
    table.to_csv(FOLDER / "mixtures.csv")
