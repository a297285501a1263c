"""How long a verdict takes, whole processes: against an earlier version, and as people grow.

``python benchmarks/speed.py FOLDER [CHECKOUT]`` measures everything that FOLDER/speed.csv lacks and writes
``speed.md`` and ``speed.png`` into FOLDER. CHECKOUT is an earlier version with an environment of its own, made by
`make setup`; it takes turns with this one. Run it alone on a quiet machine. A process counts from its start to its
end, imports included.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

REPEATS = 3
HERE = Path(__file__).parents[1]
TALK = """
import estimation as est
if __name__ == "__main__":
    table = est.load("oey_what_is_reality")
    table = table if "{role}" == "both" else table.only("{role}")
    theories = {{"trust": est.TrustEmbedded(), "level-k": est.LevelK()}}
    fits = {{name: est.fit(theory, table, {method}progress=False) for name, theory in theories.items()}}
    print(est.compare(fits).verdict)
"""
TOGETHER = TALK.replace(
    "{{name: est.fit(theory, table, {method}progress=False) for name, theory in theories.items()}}",
    "est.fit(theories, table, progress=False)",
).replace("compare(fits)", "compare(fits, roles_apart=False)")  # as the earlier version compared
SIMULATED = """
import estimation as est
if __name__ == "__main__":
    game = est.EstimationGame("over", highest=30, lie_reference=3.0)
    people = {{"trust": (0.6, 0.8), "{role}_precision": (1.25, 0.3)}}
    people |= {{"lying_cost": (0.36, 0.7)}} if "{role}" == "sender" else {{}}
    theory = est.TrustEmbedded(lapse=False)
    design = est.design({{"over": game}}, people={people}, decisions=40, seed=1, roles=("{role}",))
    table, _ = est.simulate(theory, design, people, seed=2)
    fit = est.fit(theory, table, seed=1, progress=False)
    print(est.diagnose(fit), fit.summary)
"""
START = {"import estimation": "import estimation", "--help": "from estimation.cli import main; main(['--help'])"}


@dataclass(frozen=True)
class Case:
    """One process that is timed: what it does, at what size, and by which version."""

    name: str
    code: str
    people: int = 0
    version: str = "now"


def cases(earlier: bool) -> list[Case]:
    """Return everything that is timed."""
    found = [Case(name, code) for name, code in START.items()]
    for role in ("sender", "receiver", "both"):
        found.append(Case(f"verdict, {role}", TOGETHER.format(role=role, method=""), 204))
        before = TALK.format(role=role, method='method="importance", ')
        found += [Case(f"verdict, {role}", before, 204, "earlier")] * earlier
    found.append(Case("summary of 48 senders", SIMULATED.format(role="sender", people=48), 48))
    sizes = (250, 1000, 4000, 10000)
    return found + [Case("receivers", SIMULATED.format(role="receiver", people=people), people) for people in sizes]


def timed(case: Case, checkout: Path) -> dict[str, float]:
    """Run a process and return its wall time and processor time, seconds, and its peak memory, MB."""
    own = checkout / ".venv" / "bin" / "python"
    python = str(own) if case.version == "earlier" else sys.executable
    started = time.perf_counter()
    process = subprocess.Popen(
        [python, "-c", case.code],
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout)},
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{case.name} ({case.version}) failed")
    seconds = time.perf_counter() - started
    # What a process needs at its start counts as this one's: smaller peaks are not known.
    own_peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    memory = used.ru_maxrss / 1024 if used.ru_maxrss > own_peak else np.nan
    return {"seconds": seconds, "processor": used.ru_utime + used.ru_stime, "memory": memory}


def measured(file: Path, checkouts: dict[str, Path]) -> pd.DataFrame:
    """Return all measurements; those that the file has are not made again."""
    done = pd.read_csv(file).to_dict("records") if file.exists() else []
    have = {(row["case"], row["people"], row["version"], row["repeat"]) for row in done}
    for repeat, case in product(range(REPEATS), cases("earlier" in checkouts)):
        alone = case.version == "earlier" or case.people > 1000
        if (case.name, case.people, case.version, repeat) in have or (alone and repeat):
            continue
        row = {"case": case.name, "people": case.people, "version": case.version, "repeat": repeat}
        done.append(row | timed(case, checkouts[case.version]))
        pd.DataFrame(done).to_csv(file, index=False)
        print(done[-1], flush=True)
    return pd.DataFrame(done)


def exponent(growth: pd.DataFrame, column: str) -> float:
    """Return the slope of the logarithm of a column on that of the number of people."""
    return float(np.polyfit(np.log(growth.index), np.log(growth[column]), 1)[0])


def page(rows: pd.DataFrame) -> str:
    """Return the measurements as Markdown: medians, ratios to the earlier version, exponents."""
    columns = ["seconds", "processor", "memory"]
    medians = rows.groupby(["case", "people", "version"])[columns].median()
    now = medians.xs("now", level="version")
    text = "| process | people | seconds | processor seconds | MB | times faster |\n" + "| --- " * 6 + "|\n"
    for (case, people), row in now.iterrows():
        before = medians["seconds"].get((case, people, "earlier"))
        ratio = "" if before is None else f"{before / row['seconds']:.1f}"
        size, memory = people or "", "" if np.isnan(row["memory"]) else f"{row['memory']:.0f}"
        text += f"| {case} | {size} | {row['seconds']:.2f} | {row['processor']:.2f} | {memory} | {ratio} |\n"
    growth = now.loc["receivers"]
    each = np.polyfit(growth.index, growth["memory"], 1)[0]
    return text + (
        f"\nFrom {growth.index.min():,} to {growth.index.max():,} people seconds grow with exponent "
        f"{exponent(growth, 'seconds'):.2f}, and memory by {each:.2f} MB a person.\n"
    )


def picture(rows: pd.DataFrame, path: Path) -> None:
    """Draw how time and memory grow with people."""
    growth = rows[rows["case"] == "receivers"].groupby("people")[["seconds", "memory"]].median()
    figure = Figure(figsize=(8, 3.2), layout="constrained")
    for axes, column, unit in zip(figure.subplots(1, 2), growth, ("seconds", "peak memory, MB"), strict=True):
        axes.loglog(growth.index, growth[column], "o-", color="#0072B2")
        axes.set_xlabel("receivers, 40 decisions each")
        axes.set_title(unit, loc="left", fontsize="medium")
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=150)


if __name__ == "__main__":
    FOLDER = Path(sys.argv[1])
    FOLDER.mkdir(parents=True, exist_ok=True)
    VERSIONS = {"now": HERE} | ({"earlier": Path(sys.argv[2]).resolve()} if len(sys.argv) > 2 else {})
    ROWS = measured(FOLDER / "speed.csv", VERSIONS)
    (FOLDER / "speed.md").write_text(page(ROWS), encoding="utf-8")
    picture(ROWS, FOLDER / "speed.png")
