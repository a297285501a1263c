"""Rank theories of lies and accusations on real people: who reason about each other, who do not, and who hear nothing.

``python benchmarks/accusations.py DIR`` fits them to the 212 people of `oey_rational_lying` in both roles, in the form
that was published: people all alike, one precision for both roles, no lapses. It writes ``accusations.md`` into DIR:
the tables of the page of that name. It takes about a minute of a slow core.
"""

from __future__ import annotations

import sys
from pathlib import Path

from advice import markdown, ranking

import estimation as est

EXPERIMENT = "oey_rational_lying"
AS_PUBLISHED = {"pooled": True, "equal": {"receiver_precision": "sender_precision"}}
THEORIES = {
    "recursive": est.RecursiveAccusation(),
    "naive": est.NaiveAccusation(),
    "babbling": est.Babbling(lapse=False),
}


def numbers(fit: est.Fit) -> str:
    """Return the estimates of a fit."""
    return markdown(fit.summary[["median", "low", "high"]].astype(float).map("{:.2f}".format).reset_index())


if __name__ == "__main__":
    FITS = est.fit(THEORIES, est.load(EXPERIMENT), seed=1, **AS_PUBLISHED)
    STUDY = est.compare(FITS, roles_apart=False)
    PARTS = ["## People all alike", STUDY.verdict, ranking(STUDY)]
    PARTS += [f"### Estimates: {name}\n\n{est.diagnose(fit).verdict}\n\n{numbers(fit)}" for name, fit in FITS.items()]
    Path(sys.argv[1], "accusations.md").write_text("\n\n".join(PARTS) + "\n", encoding="utf-8")
