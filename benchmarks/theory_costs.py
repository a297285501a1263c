"""What each theory costs: processor time of a fit, as a multiple of that of trust-embedded on the same decisions.

``python benchmarks/theory_costs.py`` prints the table of docs/time.md: SYNTHETIC decisions, senders and receivers
apart. Ratios depend on the design, hardly on the machine. Theories that tabulate equilibria pay once a game.
"""

from __future__ import annotations

import time
import warnings

import estimation as est

PEOPLE = 30
THEORIES = {
    "honest": est.Honest(),
    "babbling": est.Babbling(),
    "fixed discount": est.FixedDiscount(),
    "trust-embedded": est.TrustEmbedded(),
    "trust-embedded, personal discount": est.TrustEmbedded(discount="personal"),
    "trust-embedded, habits": est.TrustEmbedded(habits="all"),
    "level-k": est.LevelK(),
    "level-k, others err": est.LevelK(beliefs="own"),
    "level-k with lying cost": est.LevelKLying(),
    "level-k with lying cost, others err": est.LevelKLying(beliefs="own"),
    "level-k with lying cost, others err, habits": est.LevelKLying(beliefs="own", habits="all"),
    "cognitive hierarchy": est.CognitiveHierarchy(),
    "quantal response": est.QuantalResponse(),
    "costly lying": est.CostlyLying(),
    "mixture of trust-embedded and level-k": est.Mixture([est.TrustEmbedded(), est.LevelK()]),
}


def cost(theory, table):
    """Return the processor time of a fit, seconds."""
    start = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        est.fit(theory, table, seed=1, cores=1, progress=False)
    return time.process_time() - start


def main():
    whole = est.load("simulated_forecast_sharing")
    tables = {role: whole.only(role) for role in ("sender", "receiver")}
    tables = {role: table.of(table.frame["subject"].unique()[:PEOPLE]) for role, table in tables.items()}
    for table in tables.values():  # what is loaded and compiled once
        cost(est.TrustEmbedded(), table)
    spent = {name: [cost(theory, table) for table in tables.values()] for name, theory in THEORIES.items()}
    print(f"| theory | {' | '.join(f'{role}s' for role in tables)} |\n| --- | --- | --- |")
    for name, seconds in spent.items():
        shares = [second / own for second, own in zip(seconds, spent["trust-embedded"], strict=True)]
        print(f"| {name} | {' | '.join(f'{share:.1f}' for share in shares)} |", flush=True)


if __name__ == "__main__":
    main()
