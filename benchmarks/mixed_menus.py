"""Menus for mixtures of logits: how much is proved, on 70 hard instances of 50 to 100 products, a minute each.

``python benchmarks/mixed_menus.py FILE.csv`` solves every instance that FILE.csv lacks and prints a summary; ``--every
7`` takes one of seven, ``--seconds`` changes the time, ``--page FILE.md`` writes the summary as a page.

The instances are of our own making, after the descriptions of two public test beds: segments that differ by one error
component for each half of the catalogue, with falling revenues and a log-normal outside option (steep, bowed); segments
that consider eleven products each (few: Sen, Atamturk and Kaminsky 2018); weights without structure (loose); utilities
that differ a lot, with and without weight on utility (tastes). Where products of a half are worth the same to all, to
count how many of each half are offered finds the optimum by enumeration: the column `exact`.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from estimation.assortment import Assortment, AtMost, UnderDraws, under_draws


@dataclass(frozen=True)
class Instance:
    """What makes an instance."""

    family: str
    products: int
    segments: int
    cap: float  # share of the products that may be offered
    lever: float = 0.0  # weight on utility, as a share of the mean revenue
    seed: int = 0

    @property
    def name(self) -> str:
        """All of it in one word."""
        parts = (self.family, self.products, self.segments, self.cap, self.lever, self.seed)
        return "-".join(str(part) for part in parts)


def instances() -> list[Instance]:
    """Return the seventy."""
    sizes = (50, 100)
    halves = product(("steep", "bowed"), sizes, (5, 10, 25), (0.1, 0.3, 1.0))
    few = product(sizes, (0.1, 0.3, 0.5), (0, 1))
    return [
        *(Instance(family, count, segments, cap) for family, count, segments, cap in halves),
        *(Instance("few", count, count, cap, seed=seed) for count, cap, seed in few),
        *(Instance("loose", count, segments, cap) for count, segments, cap in product(sizes, (10, 25), (0.1, 0.5))),
        *(Instance("tastes", count, segments, cap) for count, segments, cap in product(sizes, (10, 25), (0.1, 0.3))),
        *(Instance("tastes", count, segments, 0.2, 0.3) for count, segments in product((50, 75, 100), (10, 20))),
    ]


def numbers(made: Instance) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return revenue (product,), weights (segment, product) relative to buying nothing, and shares (segment,)."""
    count, segments = made.products, made.segments
    rng = np.random.default_rng([*made.name.encode(), made.seed])
    shares = rng.uniform(size=segments)
    if made.family in {"steep", "bowed"}:
        place = np.arange(1, count + 1)
        fall = 1 - np.log1p(place) / np.log1p(count + 1) if made.family == "steep" else 1 - np.sqrt((place - 1) / count)
        revenue = 0.2 + 0.8 * (fall - fall.min()) / np.ptp(fall)
        component = 3 * rng.normal(size=(segments, 2))
        outside = np.clip(rng.lognormal(1.0, 0.5, segments), 1.0, 5.0)
        utility = component[:, np.arange(count) * 2 // count]
        return revenue, np.exp(utility) / outside[:, None], shares / shares.sum()
    revenue = rng.uniform(1, 3, count)
    if made.family == "few":
        weights = np.full((segments, count), 1e-12)  # weights must be positive; these are none to any digit shown
        for row in weights:
            row[rng.choice(count, 11, replace=False)] = rng.uniform(0, 1, 11)
    elif made.family == "loose":
        outside = np.where(rng.permutation(segments) < segments // 2, 5.0, 1.0)
        weights = rng.uniform(0, 1, (segments, count)) / outside[:, None]
    else:
        weights = np.exp(rng.normal(-1, 1, count) + 1.5 * rng.normal(size=(segments, count)))
    return revenue, weights, shares / shares.sum()


def problem_of(made: Instance) -> UnderDraws:
    """Return the problem: one draw in which segments differ."""
    revenue, weights, shares = numbers(made)
    problem = Assortment(revenue, np.exp(shares @ np.log(weights)))
    if made.cap < 1:
        problem = problem.subject_to(AtMost(max(1, int(made.cap * made.products))))
    return under_draws(problem, weights[None], shares=shares)


def enumerated(made: Instance) -> float:
    """Return the optimum where products of a half are alike; NaN elsewhere."""
    if made.family not in {"steep", "bowed"}:
        return float("nan")
    revenue, weights, shares = numbers(made)
    half, most = -(-made.products // 2), max(1, int(made.cap * made.products))
    best = 0.0
    for first, second in product(range(half + 1), range(made.products - half + 1)):
        if first + second <= most:
            offered = np.r_[:first, half : half + second]
            total = 1 + weights[:, offered].sum(axis=1)
            best = max(best, float(shares @ ((weights[:, offered] @ revenue[offered]) / total)))
    return best


def measured(made: Instance, seconds: float) -> dict[str, object]:
    """Return one row: what local search finds and perfect information bounds, and what branch and bound proves."""
    problem = problem_of(made)
    lever = made.lever * float(problem.problem.catalogue.revenue.mean())
    before = problem.solve(lever)
    wall, processor = time.perf_counter(), time.process_time()
    after = problem.solve(lever, seconds=seconds)
    return {
        "instance": made.name,
        "objective_before": before.objective,
        "gap_before": 100 * before.gap / before.objective,
        "objective": after.objective,
        "gap": 100 * after.gap / after.objective,
        "exact": enumerated(made),
        "seconds": time.perf_counter() - wall,
        "processor_seconds": time.process_time() - processor,
    }


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per family and one for all: gaps in per cent, and time."""
    family = table["instance"].str.split("-").str[0]
    groups = [*table.groupby(family), ("all", table)]
    rows = {
        name: {
            "instances": len(part),
            "gap before, mean %": part["gap_before"].mean(),
            "gap before, most %": part["gap_before"].max(),
            "gap, mean %": part["gap"].mean(),
            "gap, most %": part["gap"].max(),
            "proved to 0.001 %": int((part["gap"] < 1e-3).sum()),
            "search was improved": int((part["objective"] > part["objective_before"] * (1 + 1e-9)).sum()),
            "off the enumerated optimum, most %": (100 * (1 - part["objective"] / part["exact"])).abs().max(),
            "processor seconds, median": part["processor_seconds"].median(),
            "processor seconds, most": part["processor_seconds"].max(),
        }
        for name, part in groups
    }
    return pd.DataFrame(rows).T


def page(table: pd.DataFrame, total: int) -> str:
    """Return the summary as a page."""
    shown = summary(table).T.round(4)
    rows = [["", *shown.columns], ["---"] * (1 + len(shown.columns))]
    rows += [
        [str(name), *("" if np.isnan(value) else f"{value:.3g}" for value in row)]
        for name, row in zip(shown.index, shown.to_numpy(), strict=True)
    ]
    body = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    most = table["processor_seconds"].max()
    return PAGE.format(count=len(table), total=total, body=body, most=most)


PAGE = """# Menus for mixtures of logits: what is proved

Choosing one menu for customers who differ is hard, and what a search finds is worth what can be proved about it. The
bound printed by `solve` without `seconds` is that of perfect information: each segment with a menu of its own. With
`seconds=`, branch and bound narrows it. `benchmarks/mixed_menus.py` makes {total} instances of 50 to 100 products, hard
ones after public test beds; {count} of them have been run so far. Gaps are what may be missed at most, in per cent of
the objective. In the families steep and bowed the optimum is known by enumeration. No run took more than {most:.0f}
seconds of one processor.

{body}
"""


def main() -> None:
    """Measure what is missing, and say what is there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--every", type=int, default=1, help="one of so many instances")
    parser.add_argument("--first", type=int, default=3, help="the number of the first of these")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--page", type=Path)
    options = parser.parse_args()
    chosen = instances()
    rows = pd.read_csv(options.file).to_dict("records") if options.file.exists() else []
    for made in chosen[options.first % options.every :: options.every]:
        if made.name not in {row["instance"] for row in rows}:
            rows.append(measured(made, options.seconds))
            pd.DataFrame(rows).to_csv(options.file, index=False)
            print(pd.DataFrame(rows[-1:]).to_string(index=False, header=len(rows) == 1), flush=True)
    table = pd.DataFrame(rows)
    print(summary(table).T.round(3).to_string())
    if options.page:
        options.page.write_text(page(table, len(chosen)), encoding="utf-8")


if __name__ == "__main__":
    main()
