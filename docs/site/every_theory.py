"""The page of every theory on one experiment, from the files of `benchmarks/all_theories.py`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from study_page import DOTS, FOLDER, markdown, write

from estimation.drawing import BLUE

EVERY = """# Every theory on one experiment

Eight theories of communication (all but those of people who learn or accuse), and a mixture of two, fitted to the 204
people of a real experiment (Oey and Vul 2024) as senders, as receivers, and as people who are both; compared by how
well they predict a person whom they have not seen.
**behind**: nats of elpd behind the best, with the standard error over people. **weight**: of stacking, the combination
of theories that predicts best. **share**: of the people in the mixture who follow the theory, with a central 90 %
interval. **checks**: whether all diagnostics of the fit and of its elpd passed. If one failed, the verdict says so and
names nobody.

![How many nats each theory is behind the best, for each role, with two standard errors](every-theory.png)

What the ranking rests on: lies cost clicks in this experiment, so a cost of lying need not be a moral one, and theories
without it (level-k, cognitive hierarchy, babbling) start behind as senders. The other side was a computer, the prior is
inferred from the states drawn, and the files are cut at the ends of the scale. All theories have their default options;
level-k under other ties and rules for unexpected messages was not entered. Levels that trust-embedded contains at a
limit (receivers: 0 and 2; senders: 1 and 3, and 0 where lies cost linearly) have shares that only the assumed shape of
the trust-embedded population identifies.

The best theory is not the truth. Its predictive checks simulate the experiment again with the same people, fifty
times: **predicted** has the middle 90 % of them, **tail** the share that is as extreme as what was observed, on either
side.

Stronger rivals, and what people do beside any theory, change the ranking: see [the rivals](rivals.md).

`benchmarks/all_theories.py` computes the numbers.


"""

MIXTURE = """
The mixture: typical values with central 90 % intervals, and between which values the middle 90 % of people lie.

"""


def every_theory(folder: Path) -> None:
    """Write page and picture of all theories on one experiment."""
    roles = {"sender": "Senders", "receiver": "Receivers", "both": "People in both roles"}
    said = {
        title: json.loads((folder / f"theories_{role}.json").read_text(encoding="utf-8"))
        for role, title in roles.items()
        if (folder / f"theories_{role}.json").exists()
    }
    order = [row["theory"] for row in list(said.values())[-1]["theories"]]
    figure, text = Figure(figsize=(11, 3.6), layout="constrained"), EVERY
    for axes, (title, one) in zip(figure.subplots(1, len(said), sharey=True), said.items(), strict=True):
        theories = {row["theory"]: row for row in one["theories"]}
        for place, name in enumerate(order):
            behind, error = -theories[name]["elpd_diff"], theories[name]["dse"]
            axes.errorbar(behind, -place, xerr=2 * error, fmt="o", color=BLUE, capsize=3)
        axes.set_xscale("symlog", linthresh=100)
        axes.set_xlim(-300, 5e4)
        axes.axvline(0, color="black", linewidth=0.8)
        axes.set_yticks([-place for place in range(len(order))], order)
        axes.set_title(title, fontsize="medium")
        axes.set_xlabel("nats behind the best (linear up to 100)")
        axes.spines[["top", "right"]].set_visible(False)
        text += f"## {title}\n\n{one['verdict']}\n\n" + markdown(
            [_entered(row, _shares(one)) for row in one["theories"]]
        )
        text += MIXTURE
        text += markdown([_estimated(row) for row in one["mixture"]])
        missed = [row for row in one["facts"] if row["surprising"]]
        text += f"\nWhere {one['best']} fails: {len(missed)} of {len(one['facts'])} facts surprise it.\n\n"
        text += markdown([_missed(row) for row in missed]) + "\n"
    figure.savefig(FOLDER / "every-theory.png", dpi=DOTS)
    write("every-theory", text)


def _shares(one: dict[str, Any]) -> dict[str, str]:
    """Return the share of the mixture's people who follow each of its two theories, with its interval."""
    trust = next(row for row in one["mixture"] if row["quantity"] == "trust-embedded")
    typical, low, high = (trust[key] for key in ("median", "low", "high"))
    return {
        "trust": f"{typical:.2f} ({low:.2f} to {high:.2f})",
        "level-k": f"{1 - typical:.2f} ({1 - high:.2f} to {1 - low:.2f})",
    }


def _entered(row: dict[str, Any], shares: dict[str, str]) -> dict[str, str]:
    return {
        "theory": row["theory"],
        "elpd": f"{row['elpd']:,.0f}",
        "behind": f"{-row['elpd_diff']:,.0f}" if row["elpd_diff"] else "",
        "standard error": f"{row['dse']:,.0f}" if row["elpd_diff"] else "",
        "weight": "" if row["weight"] is None else f"{row['weight']:.2f}",
        "share": shares.get(row["theory"], ""),
        "checks": "passed" if row["ok"] else "FAILED",
    }


def _estimated(row: dict[str, Any]) -> dict[str, str]:
    people = "" if row["people_low"] is None else f"{row['people_low']:.3g} to {row['people_high']:.3g}"
    return {
        "quantity": row["quantity"],
        "typical": f"{row['median']:.3g}",
        "interval": f"{row['low']:.3g} to {row['high']:.3g}",
        "people": people,
        "unit": row["unit"],
    }


def _missed(row: dict[str, Any]) -> dict[str, str]:
    return {
        "fact": row["statistic"],
        "in": row["group"],
        "role": row["role"],
        "observed": f"{row['observed']:.3g}",
        "predicted": f"{row['predicted']:.3g} ({row['low']:.3g} to {row['high']:.3g})",
        "tail": f"{row['tail']:.2f}",
    }
