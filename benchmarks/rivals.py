"""Enter every theory of talk in one comparison on one real experiment, with and without habits of response.

``python benchmarks/rivals.py DIR [sender receiver]`` fits them and keeps each fit in DIR (an interrupted run goes on
with the fits that are missing; one that fails a check is made again from four times as many nodes), then writes a page,
``rivals.md``, and its picture into DIR: the ranking, what habits carry, how much of what can be explained is explained,
and which facts the best theory misses. It takes about an hour and a half on two cores.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import estimation as est

EXPERIMENT = "oey_what_is_reality"
HABITS = ", habits"
"""What the names of theories end in that know habits of response."""

WHOLE_PRIOR = "trust-embedded, a personal discount and the whole prior"
"""Trust in its strongest form: what is not believed leaves the whole prior, not the prior cut off at the message."""

MIXTURE = "mixture of both" + HABITS
"""What the mixture of the two theories behind the published question, in their strongest forms, is called."""


def theories(role: str) -> dict[str, est.Theory]:
    """Return the theories of a role, each with and without habits; senders who think that they are believed.

    The default belief is one of receivers: nobody who thinks to be believed wholly asks what else is believed.
    """
    believed = {"believed_trust": 1.0} if role == "sender" else {}
    found: dict[str, est.Theory] = {}
    for ending, habits in ((HABITS, "all"), ("", "none")):
        discounting = est.TrustEmbedded(discount="personal", habits=habits, **believed)
        found |= {f"trust-embedded and a personal discount{ending}": discounting}
        if role == "receiver":
            found[f"{WHOLE_PRIOR}{ending}"] = replace(discounting, default_belief="prior")
        found |= {
            f"trust-embedded{ending}": est.TrustEmbedded(habits=habits, **believed),
            f"fixed discount{ending}": est.FixedDiscount(habits=habits),
            f"affine discount{ending}": est.FixedDiscount("free", habits=habits),
            f"noisy level-k with lying cost{ending}": est.LevelKLying(beliefs="own", habits=habits),
            f"level-k with lying cost{ending}": est.LevelKLying(habits=habits),
            f"noisy level-k{ending}": est.LevelK(max_level=2, beliefs="own", habits=habits),
            f"level-k{ending}": est.LevelK(max_level=2, habits=habits),
            f"noisy cognitive hierarchy{ending}": est.CognitiveHierarchy(beliefs="own", habits=habits),
            f"quantal response{ending}": est.QuantalResponse(habits=habits),
            f"costly lying{ending}": est.CostlyLying(habits=habits),
            f"honest{ending}": est.Honest(errors="lie size", habits=habits),
        }
    trust = found.get(f"{WHOLE_PRIOR}{HABITS}", found[f"trust-embedded and a personal discount{HABITS}"])
    return found | {MIXTURE: est.Mixture([trust, found[f"noisy level-k with lying cost{HABITS}"]])}


def some_people(table: est.Table, count: int) -> est.Table:
    """Return the decisions of so many people, evenly chosen."""
    everybody = table.subjects
    places = np.linspace(0, len(everybody) - 1, count).round().astype(int)
    return table.of([everybody[place] for place in places])


def fitted(role: str, folder: Path) -> dict[str, est.Fit]:
    """Return the fits of a role, those that fail a check at first from four times the accuracy."""
    found = _kept(role, theories(role), folder)
    failed = {name: fit.model for name, fit in found.items() if not est.diagnose(fit).ok}
    return found | _kept(role, failed, folder / "finer", accuracy=4)


def _kept(role: str, entered: dict[str, est.Theory], folder: Path, **settings: float) -> dict[str, est.Fit]:
    """Return fits; those that are in the folder are not made again."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = {name: theory for name, theory in entered.items() if not (folder / f"{name}.nc").exists()}
    if missing:
        est.fit(missing, est.load(EXPERIMENT).only(role), path=folder, **settings)
    return {name: est.load_fit(folder / f"{name}.nc") for name in entered}


def section(role: str, fits: dict[str, est.Fit]) -> tuple[str, pd.DataFrame]:
    """Return what is to be said of a role, and the table of completeness."""
    study, explained = est.compare(fits), est.completeness(fits)
    habits, plain = (
        est.compare({name.removesuffix(HABITS): fit for name, fit in fits.items() if name.endswith(HABITS) == known})
        for known in (True, False)
    )
    best = str(study.table.index[0])
    facts = est.predictive_check(fits[best])
    shown_by_file = facts[facts["left_out"] == ""]
    columns = {"elpd": 0, "elpd_diff": 0, "dse": 0, "weight": 2, "explained": 3, "se": 3, "ok": None}
    ranking = explained.join(study.table[["elpd_diff", "dse", "weight"]])[list(columns)]
    shown = pd.DataFrame({name: ranking[name].map(_written(digits)) for name, digits in columns.items()})
    cut = len(facts) - len(shown_by_file)
    hidden = f" ({cut} left out that a file cut at its ends cannot show)" * (cut > 0)
    missed = est.missed(fits[best], facts)
    numbers = {name: missed[name].map("{:.3g}".format) for name in ("observed", "predicted")}
    rows = missed.assign(**numbers, **{name: missed[name].map(_written(0)) for name in ("cost", "se")})
    text = (
        f"## {role.capitalize()}s",
        f"**With habits.** {habits.verdict}",
        f"**Without.** {plain.verdict}",
        _markdown(shown.reset_index()),
        f"**Who follows which theory in the {MIXTURE.removesuffix(HABITS)}, with habits.** {shares(fits[MIXTURE])}.",
        f"Facts that surprise the best, {facts['surprising'].sum()} of {len(shown_by_file)}{hidden}, and habits "
        "that it lacks; by cost, in nats:",
        _markdown(rows),
    )
    return "\n\n".join(text), explained


def shares(mixture: est.Fit) -> str:
    """Return the shares of people that a mixture gives to its kinds, with central 90 % intervals."""
    kinds = mixture.summary.loc[mixture.summary["unit"] == "share of people"]
    return "; ".join(
        f"{name}, {100 * row['median']:.0f} % ({100 * row['low']:.0f} to {100 * row['high']:.0f})"
        for name, row in kinds.iterrows()
    )


def _written(digits: int | None):
    """Return how the numbers of a column are written; missing ones are left out."""
    return lambda value: (
        "" if pd.isna(value) else ("yes" if value else "no") if digits is None else f"{value:,.{digits}f}"
    )


def _markdown(frame: pd.DataFrame) -> str:
    rows = [frame.columns, ["---"] * frame.shape[1], *frame.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)


def picture(explained: dict[str, pd.DataFrame], path: Path) -> None:
    """Draw the share of what can be explained that each theory explains, by role."""
    size = (6.2 * len(explained), 5.2)
    figure, axes = plt.subplots(1, len(explained), figsize=size, squeeze=False, layout="constrained")
    for ax, (role, table) in zip(axes[0], explained.items(), strict=True):
        rows = table.drop(["babbling", "flexible benchmark"]).iloc[::-1]
        colour = ["#0072B2" if name.endswith(HABITS) else "#D55E00" for name in rows.index]
        ax.hlines(rows.index, rows["explained"] - 2 * rows["se"], rows["explained"] + 2 * rows["se"], colors=colour)
        ax.scatter(rows["explained"], rows.index, c=colour, s=24)
        ax.axvline(1, color="black", linewidth=0.8)
        ax.set_xlabel("share explained")
        ax.set_title(f"{role}s", loc="left")
        ax.tick_params(axis="y", labelsize=8)
    figure.savefig(path, dpi=150)


if __name__ == "__main__":
    FOLDER, ROLES = Path(sys.argv[1]), sys.argv[2:] or ["sender", "receiver"]
    SECTIONS = {role: section(role, fitted(role, FOLDER / role)) for role in ROLES}
    (FOLDER / "rivals.md").write_text("\n\n".join(text for text, _ in SECTIONS.values()) + "\n", encoding="utf-8")
    picture({role: table for role, (_, table) in SECTIONS.items()}, FOLDER / "rivals.png")
