"""Rank theories of lies and accusations on real people: who reason about each other, who do not, both, and babblers.

``python benchmarks/accusations.py DIR [sender receiver]`` fits them to the 212 people of `oey_rational_lying`, role by
role, and keeps each fit in DIR, so that an interrupted run goes on with those that are missing. It writes
``accusations.md`` into DIR: the tables of the page of that name.
"""

from __future__ import annotations

import sys
from pathlib import Path

from advice import markdown, missed, ranking

import estimation as est

EXPERIMENT = "oey_rational_lying"
LAPSES = {"lapse": True}
"""Of all theories alike, or none of them could be compared."""
THEORIES = {
    "recursive": est.RecursiveAccusation(**LAPSES),
    "naive": est.NaiveAccusation(**LAPSES),
    "some recursive, some naive": est.Mixture([est.RecursiveAccusation(**LAPSES), est.NaiveAccusation(**LAPSES)]),
    "babbling": est.Babbling(**LAPSES),
}
NUMBERS = ["median", "low", "high", "people_low", "people_high"]


def fitted(role: str, folder: Path) -> dict[str, est.Fit]:
    """Return the fits of a role; those that are in the folder are not made again."""
    folder.mkdir(parents=True, exist_ok=True)
    table = est.load(EXPERIMENT).only(role)
    missing = {name: theory for name, theory in THEORIES.items() if not (folder / f"{name}.nc").exists()}
    if missing:
        est.fit(missing, table, path=folder, seed=1)
    return {name: est.load_fit(folder / f"{name}.nc") for name in THEORIES}


def section(role: str, fits: dict[str, est.Fit], store: Path) -> str:
    """Return what is to be said of a role."""
    study = est.compare(fits, benchmark=True, store=store)
    fails, table = missed({name: fits[name] for name in study.table.index})
    parts = [
        f"## {role.capitalize()}s",
        study.verdict,
        ranking(study),
        fails,
        f"### What {role}s do that is missed",
        table,
    ]
    for name in study.table.index[:3]:
        shown = fits[name].summary[NUMBERS].astype(float).map("{:.2f}".format)
        parts += [f"### {role.capitalize()}s: {name}", markdown(shown.reset_index(names="parameter"))]
    return "\n\n".join(parts)


if __name__ == "__main__":
    FOLDER, ROLES = Path(sys.argv[1]), sys.argv[2:] or ["sender", "receiver"]
    PARTS = [section(role, fitted(role, FOLDER / role), FOLDER / f"refits {role}") for role in ROLES]
    (FOLDER / "accusations.md").write_text("\n\n".join(PARTS) + "\n", encoding="utf-8")
