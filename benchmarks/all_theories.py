"""Enter every theory of communication, and a mixture, in one comparison on one real experiment.

``python benchmarks/all_theories.py DIR [sender receiver both]`` fits them side by side and keeps each fit in DIR (an
interrupted run goes on where it stopped). For each role it prints the table of `est.compare`, the shares of the
mixture, and the facts of the data that the best theory does not explain. It takes about an hour on two cores.
"""

from __future__ import annotations

import sys
from pathlib import Path

import estimation as est
from estimation.commands.demo_fits import Wanted, collected, side_by_side

EXPERIMENT = "oey_what_is_reality"


def theories() -> dict[str, est.Theory]:
    """Return every theory that can be entered for this experiment."""
    return {
        "trust": est.TrustEmbedded(),
        "level-k": est.LevelK(),
        "cognitive hierarchy": est.CognitiveHierarchy(),
        "quantal response": est.QuantalResponse(),
        "costly lying": est.CostlyLying(),
        "level-k with lying cost": est.LevelKLying(),
        "honest": est.Honest(),
        "babbling": est.Babbling(),
        "mixture of trust and level-k": est.Mixture([est.TrustEmbedded(), est.LevelK()]),
    }


def wanted(table: est.Table, folder: Path, role: str) -> list[Wanted]:
    """Return the fits of one role."""
    return [
        Wanted(name, theory, table, folder / f"{role}-{name.replace(' ', '-')}.nc")
        for name, theory in theories().items()
    ]


if __name__ == "__main__":
    folder, roles = Path(sys.argv[1]), sys.argv[2:] or ["sender", "receiver", "both"]
    folder.mkdir(parents=True, exist_ok=True)
    whole = est.load(EXPERIMENT)
    jobs = {role: wanted(whole if role == "both" else whole.only(role), folder, role) for role in roles}
    with side_by_side([job for part in jobs.values() for job in part]) as done:
        for part in jobs.values():
            fits = collected(part, done)
            for name, fit in fits.items():
                print(f"{name}: {est.diagnose(fit).verdict}")
            study = est.compare(fits)
            print(study.table.to_string(), study.verdict, sep="\n", flush=True)
            print(fits["mixture of trust and level-k"].summary.to_string(), flush=True)
            best = fits[study.table.index[0]]
            print(
                f"where {study.table.index[0]} fails:",
                est.predictive_check(best).to_string(),
                sep="\n",
                flush=True,
            )
