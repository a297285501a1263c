"""Could the design tell the theories apart? Recovery of all theories in the designs of experiments.

``python benchmarks/recoveries.py FOLDER [SIMULATIONS] [WORKERS] [theories | rivals | advice] [design ...]``. Data are
made by the population that each theory's fit to the experiment finds, in the design of the shipped simulated experiment
(60 people), and of 24 people of the real ones, of talk or of advice. The rivals compete among receivers and among
senders, as in the page of their ranking. Finished contests are kept in FOLDER/units; the study goes on if it was
interrupted. It takes hours.
"""

from __future__ import annotations

import sys
from pathlib import Path

import estimation as est
from estimation.studies.trial import QUICK

PEOPLE = {"simulated_forecast_sharing": 60, "oey_what_is_reality": 24, "leong_advice_taking": 24}
THEORIES: dict[str, est.Theory] = {
    "trust": est.TrustEmbedded(),
    "level-k": est.LevelK(),
    "cognitive hierarchy": est.CognitiveHierarchy(),
    "quantal response": est.QuantalResponse(),
    "costly lying": est.CostlyLying(),
    "level-k, lying cost": est.LevelKLying(),
    "fixed discount": est.FixedDiscount(),
    "honest": est.Honest(),
    "babbling": est.Babbling(),
}
RIVALS: dict[str, est.Theory] = {
    "trust": est.TrustEmbedded(),
    "trust, personal discount": est.TrustEmbedded(discount="personal"),
    "fixed discount": est.FixedDiscount(),
    "level-k": est.LevelK(max_level=2),
    "noisy level-k, lying cost": est.LevelKLying(max_level=2, beliefs="own"),
    "trust, habits": est.TrustEmbedded(habits="all"),
    "noisy level-k, lying cost, habits": est.LevelKLying(max_level=2, beliefs="own", habits="all"),
}
ODDS = {"combine": "log-odds"}
ADVICE: dict[str, est.Theory] = {
    "stays": est.AdviceTaking(**ODDS),
    "moves": est.AdviserLearning(**ODDS),
    "moves from each": est.AdviserLearning(first="each", **ODDS),
    "moves and fades": est.AdviserLearning(forgetting=True, **ODDS),
    "follows each in a share": est.AdviceTaking(own="ignored", **ODDS),
}
TALK = ("simulated_forecast_sharing", "oey_what_is_reality")
SETS = {"theories": (THEORIES, TALK), "rivals": (RIVALS, TALK), "advice": (ADVICE, ("leong_advice_taking",))}
"""Theories that enter, and the experiments in whose designs they do."""
IN_EACH_ROLE = {"rivals": ("receiver", "sender")}
"""Sets whose theories compete in one role at a time; all others in every decision that people made."""


def designs(names: tuple[str, ...], roles: tuple[str, ...]) -> dict[str, est.Table]:
    """Return experiments (in each of the roles, if there are any named), some of their people each, evenly chosen."""
    tables = {name: est.load(name) for name in names}
    some = {
        name: table.of(table.subjects[:: len(table.subjects) // PEOPLE[name]][: PEOPLE[name]])
        for name, table in tables.items()
    }
    by_role = {f"{name}_{role}": table.only(role) for role in roles for name, table in some.items()}
    return by_role or some


def fitted(theories: dict[str, est.Theory], table: est.Table, folder: Path) -> dict[str, est.Fit]:
    """Return the fits of theories to an experiment; those that are in the folder are not made again."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = {name: theory for name, theory in theories.items() if not (folder / f"{name}.nc").exists()}
    if missing:
        est.fit(missing, table, seed=1, path=folder, **QUICK | {"accuracy": 1.0})
    return {name: est.load_fit(folder / f"{name}.nc") for name in theories}


if __name__ == "__main__":
    FOLDER = Path(sys.argv[1])
    COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    WORKERS = int(sys.argv[3]) if len(sys.argv) > 3 else 2
    ENTERED = sys.argv[4] if len(sys.argv) > 4 else "theories"
    UNITS = FOLDER / "units" / ENTERED
    COMPETING, EXPERIMENTS = SETS[ENTERED]
    for design, table in designs(EXPERIMENTS, IN_EACH_ROLE.get(ENTERED, ())).items():
        if sys.argv[5:] and design not in sys.argv[5:]:
            continue
        fits = fitted(COMPETING, table, UNITS / f"fits {design}")
        study = est.model_recovery(
            fits, simulations=COUNT, seed=1, executor=WORKERS, store=UNITS / f"contests {design}"
        )
        called = design if ENTERED == "theories" else f"{ENTERED}_{design}"
        study.save(FOLDER / f"recovery_{called}.json")
        print(study.verdict, study.table.round(2).to_string(), sep="\n", flush=True)
