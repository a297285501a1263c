"""Enter every theory of communication, and a mixture, in one comparison on one real experiment.

``python benchmarks/all_theories.py DIR [sender receiver both]`` fits them side by side and keeps each fit in DIR (an
interrupted run goes on where it stopped). For each role it prints the verdict and writes into DIR what the page of the
documentation is made of: the table of `est.compare`, parameters and shares of the mixture, and the facts of the data
that the best theory does not explain. It takes about 80 minutes on two cores.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import estimation as est
from estimation.commands.demo_fits import NeededFit, collect_fits, side_by_side

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
        "fixed discount": est.FixedDiscount(),
        "honest": est.Honest(),
        "babbling": est.Babbling(),
        "mixture of trust and level-k": est.Mixture([est.TrustEmbedded(), est.LevelK()]),
    }


def wanted(table: est.Table, folder: Path, role: str) -> list[NeededFit]:
    """Return the fits of one role."""
    return [
        NeededFit(name, theory, table, folder / f"{role}-{name.replace(' ', '-')}.nc")
        for name, theory in theories().items()
    ]


def found(fits: dict[str, est.Fit]) -> dict[str, Any]:
    """Return what the fits of one role say, ready for a file."""
    study = est.compare(fits)
    best = study.table.index[0]
    return {
        "verdict": study.verdict,
        "theories": _rows(study.table),
        "mixture": _rows(fits["mixture of trust and level-k"].summary),
        "best": best,
        "facts": _rows(est.predictive_check(fits[best])),
    }


def _rows(frame: Any) -> list[dict[str, Any]]:
    return json.loads(frame.reset_index().to_json(orient="records"))  # type: ignore[no-any-return]


if __name__ == "__main__":
    folder, roles = Path(sys.argv[1]), sys.argv[2:] or ["sender", "receiver", "both"]
    folder.mkdir(parents=True, exist_ok=True)
    whole = est.load(EXPERIMENT)
    jobs = {role: wanted(whole if role == "both" else whole.only(role), folder, role) for role in roles}
    with side_by_side([job for part in jobs.values() for job in part]) as done:
        for role, part in jobs.items():
            says = found(collect_fits(part, done))
            (folder / f"theories_{role}.json").write_text(json.dumps(says, indent=1) + "\n", encoding="utf-8")
            print(says["verdict"], flush=True)
