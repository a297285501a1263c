"""Time the searches at catalogue scale, as ratios measured side by side in one run.

Run `python benchmarks/assortment_scale.py`; `--quick` divides all sizes by ten. Products are of our own
making: price 10 u^2 x, weight proportional to (1 - u) y, u uniform, scaled such that one customer in ten buys
nothing when everything is on offer.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from estimation.assortment import Assortment, AtMost, OnePrice, PerCategory, Requires, price_ladder
from estimation.assortment.ends import largest_revenue
from estimation.assortment.sales import SalesProgram

CLAIMS = []


def timed(work):
    """Return seconds and result."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def best_of(times, work):
    """Return the shortest of several times, and the last result."""
    runs = [timed(work) for _ in range(times)]
    return min(seconds for seconds, _ in runs), runs[-1][1]


def products(count, seed=2021):
    """(product,) revenue and weight."""
    rng = np.random.default_rng([seed, count])
    u, x, y = rng.uniform(0, 1, count), rng.uniform(0.75, 1.25, count), rng.uniform(0.75, 1.25, count)
    weight = (1 - u) * y
    return 10 * u**2 * x, 9 * weight / weight.sum()


def claim(text, measured, limit, unit="x", is_at_least=False):
    """Print a claim with its verdict."""
    good = measured >= limit if is_at_least else measured <= limit
    CLAIMS.append(good)
    sign = ">=" if is_at_least else "<="
    print(f"{'ok  ' if good else 'FAIL'}  {text}: {measured:.3g} {unit} (claim {sign} {limit:g})", flush=True)


def unconstrained(count):
    revenue, weight = products(count)
    problem = Assortment(revenue, weight)
    runs = [
        (timed(lambda: _sorted(revenue, weight))[0], *timed(lambda: _with_table(problem.frontier()))) for _ in range(9)
    ]  # in turns: what slows the machine down for a moment slows both
    sorting, seconds = (float(np.median([run[part] for run in runs])) for part in (0, 1))
    frontier = runs[-1][2]
    print(f"      {count:,} products: sort {sorting:.3f} s, frontier {seconds:.3f} s, {len(frontier):,} menus")
    claim(f"unconstrained frontier of {count:,} products, relative to sorting them", seconds / sorting, 5)


def _sorted(revenue, weight):
    order = np.argsort(-revenue)
    return revenue[order], weight[order]


def _with_table(frontier):
    assert len(frontier.table)
    return frontier


def single_lever(count):
    problem = Assortment(*products(count)).subject_to(AtMost(count // 10))
    seconds, menu = best_of(2, lambda: problem.solve(1.0))
    claim(f"AtMost(n / 10), one lever, {count:,} products", seconds, 2, "s")
    claim("its gap", menu.gap, 1e-9, "")


def whole_cardinality(count):
    problem = Assortment(*products(count)).subject_to(AtMost(count // 10))
    one, _ = best_of(3, lambda: problem.solve(1.0))
    seconds, frontier = timed(lambda: _with_table(problem.frontier()))
    corners = len(frontier.candidates)
    claim(f"whole cardinality frontier, {count:,} products, {corners:,} candidates, in seconds", seconds, 10, "s")
    print(f"      relative to one lever: {seconds / one:.0f} x for {corners:,} corners")


def laminar(count):
    rng = np.random.default_rng([5, count])
    fine = rng.integers(0, 400, count)
    levels = [PerCategory(fine, at_most=count // 800), PerCategory(fine // 20, at_most=count // 50), AtMost(count // 5)]
    problem = Assortment(*products(count)).subject_to(*levels)
    seconds, menu = timed(lambda: problem.solve(1.0))
    claim(f"laminar, three levels, {count:,} products", seconds, 5, "s")
    claim("its gap", menu.gap, 1e-9, "")


def precedence(count):
    rng = np.random.default_rng([6, count])
    ends = np.sort(rng.integers(0, count, (2 * count, 2)), axis=1).tolist()
    demands = [Requires(late, early) for early, late in ends if early < late]
    problem = Assortment(*products(count)).subject_to(*demands)
    seconds, menu = timed(lambda: problem.solve(1.0))
    claim(f"precedence, {len(demands):,} random demands, {count:,} products", seconds, 10, "s")
    claim("its gap", menu.gap, 1e-9, "")


def ladder(count):
    rng = np.random.default_rng([7, count])
    appeal = dict(enumerate(rng.normal(0, 1, count) - np.log(count / 10)))
    problem = price_ladder(appeal, np.linspace(0.5, 5, 10)).subject_to(AtMost(count // 20))
    seconds, menu = timed(lambda: problem.solve(1.0))
    claim(f"price ladder, {count:,} items at 10 prices", seconds, 10, "s")
    claim("its gap", menu.gap, 1e-9, "")
    assert any(isinstance(part, OnePrice) for part in problem.constraints)


def against_the_sales_program(count, interior_point):
    """Compare single shifts: HiGHS solves its program; the oracle runs Dinkelbach's iteration."""
    problem = Assortment(*products(count)).subject_to(AtMost(count // 10))
    oracle, method = problem.oracle, "interior point" if interior_point else "simplex"
    for shift in (0.0, 5.0):
        program = SalesProgram(problem, interior_point=interior_point)
        slow, plan = timed(lambda program=program, shift=shift: program.solve(shift))
        fast, (_, value) = best_of(3, lambda shift=shift: largest_revenue(problem.catalogue, oracle, shift))
        assert abs(plan.value - value) < 1e-6 * max(1.0, abs(value)), (plan.value, value)
        text = f"sales program by {method} ({slow:.2f} s), {count:,} products, shift {shift:g}, over oracle"
        claim(text, slow / fast, 100, "x", True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="divide all sizes by ten")
    scale = 10 if parser.parse_args().quick else 1
    unconstrained(1_000_000 // scale)
    single_lever(1_000_000 // scale)
    whole_cardinality(10_000 // scale)
    laminar(10_000 // scale)
    precedence(10_000 // scale)
    ladder(10_000 // scale)
    against_the_sales_program(10_000 // scale, interior_point=False)
    against_the_sales_program(100_000 // scale, interior_point=True)
    raise SystemExit(0 if all(CLAIMS) else 1)


if __name__ == "__main__":
    main()
