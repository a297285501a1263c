"""Ask whether the ranking of the strongest rivals on a real experiment stands under every other choice.

``python benchmarks/robustness.py STORE`` fits the best theories of `rivals.py` in each role, with habits of response,
under every variation that `est.sensitivity` knows, keeps each fit's scores in the folder STORE (an interrupted run goes
on with those that are missing), and writes a page and its picture, ``robustness.md`` and ``robustness.png``, into
docs/studies. With all people it takes hours on two cores: run it in the background. ``--people 60`` takes as many,
evenly chosen; ``--people 12 --pages DIR`` tries it. ``--leave-out "mixture of both"`` leaves out what takes longest.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from rivals import EXPERIMENT, HABITS, some_people, theories

import estimation as est

LEVELS = "noisy level-k with lying cost"
BEST = {
    "receiver": ("mixture of both", "trust-embedded and a personal discount", "affine discount", LEVELS),
    "sender": ("affine discount", "fixed discount", "mixture of both", LEVELS, "trust-embedded"),
}
"""The theories that predict best in each role, with habits: see docs/studies/rivals.md."""
ROLES = tuple(BEST)
STUDIES = Path(__file__).resolve().parents[1] / "docs" / "studies"
INTRODUCTION = """# Does the verdict stand under other choices?

The best theories of [the rivals](rivals.md), each with [habits of response](../theories/habits.md), fitted to {people}
people of a real experiment (Oey and Vul 2024) again and again, one choice changed at a time (`est.sensitivity`): what
people think of others, rules for unexpected messages and ties, the highest level of thought, the convention of level-k,
the response rule, lapses, habits, the priors (where they stand, how wide they are, how much people are expected to
differ, how alike shares of kinds are), and every other option of a theory. A theory without the option is as given
meanwhile; the tables say which theories a variation **concerns**. Senders of trust-embedded think that they are
believed ($\\alpha^m = 1$), unless beliefs are what varies.

**lead**: by how much the theory that is best as given predicts a new person better than the best of the others, nats,
with its standard error (people, and integrals over them). A verdict **stands** if the same theory is clearly best, or
still none is. Theories that are the same under a variation count as one; variations that come out alike share a row. Theories whose checks failed are left out of
the row, and named. One choice is changed at a time: what two of them do together is not studied.{left_out}

![How far the theory that is best as given leads under each variation, with two standard errors; orange where the verdict changes](robustness.png)

`benchmarks/robustness.py` computes the numbers and draws the picture.
"""  # noqa: E501 - a picture's text is one line


def entered(role: str, left_out: list[str]) -> dict[str, est.Theory]:
    """Return the theories of a role; habits are varied, and not in their names."""
    known = theories(role)
    return {name: known[name + HABITS] for name in BEST[role] if name not in left_out}


def studied(role: str, arguments: argparse.Namespace) -> est.Sensitivity:
    """Return the study of a role."""
    table = est.load(EXPERIMENT).only(role)
    if arguments.people:
        table = some_people(table, arguments.people)
    store = arguments.store / role
    arguments.store.mkdir(parents=True, exist_ok=True)
    return est.sensitivity(
        entered(role, arguments.leave_out),
        table,
        vary=arguments.vary,
        store=store,
        executor=arguments.processes if arguments.processes > 1 else None,
    )


def section(role: str, study: est.Sensitivity) -> str:
    """Return what is to be said of a role."""
    kinds, table = study.by_kind, study.table
    of_kinds = pd.DataFrame(
        {
            "kind of variation": kinds.index,
            "variations": kinds["variations"],
            "verdict stands": kinds["survives"],
            "least lead": kinds["least_ahead"].map("{:,.0f}".format),
            "largest lead": kinds["most_ahead"].map("{:,.0f}".format),
        }
    )
    everything = pd.DataFrame(
        {
            "variation": table.index,
            "concerns": table["concerns"],
            "best": table["best"],
            "second": table["second"],
            "difference": _with_error(table["difference"], table["error"]),
            "lead": _with_error(table["ahead"], table["ahead_error"]),
            "stands": table["survives"].map({True: "yes", False: "**no**"}),
            "left out": table["left_out"],
        }
    )
    alike = [name for name in everything if name != "variation"]
    rows = everything.groupby(alike, sort=False, as_index=False)["variation"].agg("; ".join)[list(everything)]
    return "\n\n".join(
        (
            f"## {role.capitalize()}s",
            f"{study.verdict} Models fitted: {len(study.fits)}.",
            _markdown(of_kinds),
            f"As given, {table['best'].iloc[0]} is best; the lead is its own.",
            _markdown(rows),
        )
    )


def picture(studies: dict[str, est.Sensitivity], path: Path) -> None:
    """Draw the lead of the theory that is best as given under each variation, by role."""
    heights = [1.2 + 0.2 * len(study.table) for study in studies.values()]
    figure, axes = plt.subplots(len(studies), 1, figsize=(8, sum(heights)), squeeze=False, height_ratios=heights)
    for ax, (role, study) in zip(axes[:, 0], studies.items(), strict=True):
        study.plot(ax)
        ax.set_title(f"{role}s")
        ax.set_xlabel(ax.get_xlabel().replace(" (", "\n("))  # longer than the figure is wide
        ax.tick_params(axis="y", labelsize=9)
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def _with_error(value: pd.Series, error: pd.Series) -> list[str]:
    return [f"{one:,.0f} ± {other:,.0f}" for one, other in zip(value, error, strict=True)]


def _markdown(frame: pd.DataFrame) -> str:
    rows = [frame.columns, ["---"] * frame.shape[1], *frame.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path, help="folder for the scores of each fit")
    parser.add_argument("--pages", type=Path, default=STUDIES, help="folder for the page and its picture")
    parser.add_argument("--roles", nargs="+", choices=ROLES, default=list(ROLES))
    parser.add_argument("--vary", nargs="+", default=None, help="kinds of variation; all if left out")
    parser.add_argument("--people", type=int, default=0, help="only so many people, to try it")
    parser.add_argument("--leave-out", nargs="+", default=[], help="theories that do not enter")
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    ARGUMENTS = _arguments()
    STUDIED = {role: studied(role, ARGUMENTS) for role in ARGUMENTS.roles}
    PEOPLE = ARGUMENTS.people or len(est.load(EXPERIMENT).subjects)
    LEFT_OUT = f" Not entered: {', '.join(ARGUMENTS.leave_out)}." if ARGUMENTS.leave_out else ""
    PARTS = [
        INTRODUCTION.format(people=PEOPLE, left_out=LEFT_OUT),
        *(section(role, study) for role, study in STUDIED.items()),
    ]
    (ARGUMENTS.pages / "robustness.md").write_text("\n\n".join(map(str.strip, PARTS)) + "\n", encoding="utf-8")
    for ROLE, STUDY in STUDIED.items():
        STUDY.save(ARGUMENTS.store / f"{ROLE}.json")
        print(STUDY.verdict, flush=True)
    picture(STUDIED, ARGUMENTS.pages / "robustness.png")
