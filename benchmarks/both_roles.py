"""Fit the best theories to people who play both roles: what each shares, roles apart, and roles related over people.

``python benchmarks/both_roles.py DIR [--people N] [--leave-out WAY]`` fits each theory to one real experiment (to so
many of its people, evenly chosen, if a number is given), keeps each fit in DIR (an interrupted run goes on with what is
missing), and writes docs/studies/both-roles.md: the score of a new person together, apart and correlated, by how much
the best theory misses the best of each role, and what each shared parameter costs it. A theory of both roles has a
dozen numbers a person: with sixty people a fit takes ten minutes of a processor, or more.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from rivals import EXPERIMENT, some_people

import estimation as est

HOW = {"seed": 1, "draws": 500, "chains": 4, "accuracy": 0.25, "progress": False}
THEORIES: dict[str, est.Theory] = {
    "trust-embedded and a personal discount": est.TrustEmbedded(discount="personal", habits="all"),
    "noisy level-k with lying cost": est.LevelKLying(beliefs="own", habits="all"),
    "affine discount": est.FixedDiscount("free", habits="all"),
}
WAYS: dict[str, Callable[[est.Theory], est.Theory]] = {
    "together": lambda theory: theory,
    "apart": est.RolesApart,
    "correlated": partial(est.RolesApart, correlated=True),
}
ROLES = ("sender", "receiver")
CLOSE = 50.0  # nats by which the best theory of both roles may lie behind the sum of the best of each


PAGE = Path(__file__).resolve().parents[1] / "docs" / "studies" / "both-roles.md"
INTRODUCTION = """# One person as sender and as receiver

The best theories of [the rivals](rivals.md), each with [habits of response](../theories/habits.md), fitted to {people}
people of a real experiment (Oey and Vul 2024) who were senders and receivers. **Together**: what a theory says people
share is the same in both roles, such as the cost of lying that one bears and the one that one expects. **Apart**:
everybody is two people who know nothing of each other. **Correlated**: two people who may be alike.

**elpd_diff**, **dse**: nats behind the best, and the standard error over people. **mc_error**: of the integrals over
people. **ok**: whether all checks passed; a number whose checks failed is shown, and judges nothing. A quarter of the
usual number of nodes a person was used. `benchmarks/both_roles.py` computes the page.
"""


def entered(left_out: tuple[str, ...]) -> dict[str, est.Theory]:
    """Return every theory in every way that is not left out."""
    chosen = {way: apply for way, apply in WAYS.items() if way not in left_out}
    return {f"{name}, {way}": apply(theory) for way, apply in chosen.items() for name, theory in THEORIES.items()}


def fits(table: est.Table, folder: Path, left_out: tuple[str, ...]) -> dict[str, est.Fit]:
    """Return the fits of all; those that are in the folder are not made again."""
    theories = entered(left_out)
    missing = {name: theory for name, theory in theories.items() if not (folder / f"{name}.nc").exists()}
    if missing:
        est.fit(missing, table, path=folder, **HOW)
    return {name: est.load_fit(folder / f"{name}.nc") for name in theories}


def markdown(frame: pd.DataFrame) -> str:
    """Return a table in Markdown: numbers without digits that nobody needs, and whether in words."""
    text = frame.reset_index().map(_cell)
    rows = [text.columns, ["---"] * text.shape[1], *text.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)


def _cell(value: float | str) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return f"{value:,.1f}" if isinstance(value, float) else str(value)


def being_one(found: dict[str, est.Fit]) -> pd.DataFrame:
    """Return for each theory what is lost if people are the same in both roles, nats, and whether its checks passed."""
    rows = {}
    for name in THEORIES:
        pair = {way: found[f"{name}, {way}"] for way in ("together", "apart")}
        table = est.compare(pair, roles_apart=False, progress=False).table
        lost = float(table["elpd"]["apart"] - table["elpd"]["together"])
        rows[name] = {"lost": lost, "dse": float(table["dse"].max()), "ok": bool(table["ok"].all())}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("theory")


def page(table: est.Table, folder: Path, left_out: tuple[str, ...]) -> str:
    """Return what was found, in Markdown."""
    found = fits(table, folder, left_out)
    study = est.compare(found, roles_apart=False, store=folder / "refits", progress=False)
    shown = study.table[["elpd", "elpd_diff", "dse", "mc_error", "ok"]]
    best = {role: best_of_role(found, role) for role in ROLES}
    together = max(
        (str(name) for name in shown.index if name.endswith("together")), key=lambda name: shown["elpd"][name]
    )
    shared = est.sharing_costs(found[together], store=folder / "sharing", progress=False)
    total = sum(elpd for _, elpd in best.values())
    behind = total - float(shown["elpd"][together])
    which = "; ".join(f"{role}s {name} ({elpd:,.0f})" for role, (name, elpd) in best.items())
    close = "within" if behind <= CLOSE else "not within"
    parts = [
        INTRODUCTION.format(people=len(table.subjects)),
        *(f"**{way.capitalize()}** was left out: it takes many times as long." for way in left_out),
        study.verdict,
        markdown(shown),
        f"The best theory that is shared, {together}, is {behind:,.0f} nats behind the sum of the best of each role "
        f"({which}): {close} {CLOSE:.0f} nats.",
        "## What each theory loses if people are the same in both roles",
        "**lost**: nats between its score apart and together.",
        markdown(being_one(found)),
        f"## What sharing costs: {together}",
        f"It shares: {', '.join(name for name in shared.index if name not in ('nothing', 'everything'))}. "
        "One thing at a time is freed, all else staying shared.",
        markdown(shared),
    ]
    return "\n\n".join(parts) + "\n"


def best_of_role(found: dict[str, est.Fit], role: str) -> tuple[str, float]:
    """Return the theory that predicts people best in one role, fitted to that role alone, and its score, nats."""
    alone = {name: est.role_fits(found[f"{name}, apart"])[role] for name in THEORIES}
    elpd = est.compare(alone, progress=False).table["elpd"]
    return str(elpd.idxmax()), float(elpd.max())


if __name__ == "__main__":
    PARSER = argparse.ArgumentParser(description=__doc__)
    PARSER.add_argument("folder", type=Path)
    PARSER.add_argument("--people", type=int, help="so many, evenly chosen; all, if left out")
    PARSER.add_argument("--leave-out", action="append", default=[], choices=["correlated"])
    ASKED = PARSER.parse_args()
    ASKED.folder.mkdir(parents=True, exist_ok=True)
    TABLE = est.load(EXPERIMENT) if ASKED.people is None else some_people(est.load(EXPERIMENT), ASKED.people)
    TEXT = page(TABLE, ASKED.folder, tuple(ASKED.leave_out))
    PAGE.write_text(TEXT, encoding="utf-8")
    print(TEXT)
