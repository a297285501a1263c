"""Simulation-based calibration of every theory and model of choice, 200 simulations each, kept with their manifests.

``python benchmarks/calibrations.py FOLDER [WORKERS] [SIMULATIONS]`` writes one JSON file and one figure for each into
FOLDER. Finished simulations are kept in FOLDER/units, so the study can be interrupted at any time.
"""

from __future__ import annotations

import sys
from pathlib import Path

import estimation as est

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

if __name__ == "__main__":
    from engine import GAMES
    from oracles.calibrated import MODELS, THEORIES, situations

    FOLDER = Path(sys.argv[1])
    WORKERS = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    COUNT = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    (FOLDER / "units").mkdir(parents=True, exist_ok=True)
    talk = est.design(GAMES, people=16, decisions=8, seed=1)
    cases = [(name, theory, talk) for name, theory in THEORIES.items()]
    cases += [(name, model, situations()) for name, model in MODELS.items()]
    for name, model, table in cases:
        called = name.replace(",", "").replace(" ", "_")
        study = est.calibrate(
            model, table, simulations=COUNT, seed=7, executor=WORKERS, store=FOLDER / "units" / called
        )
        study.save(FOLDER / f"calibration_{called}.json")
        study.plot().figure.savefig(FOLDER / f"calibration_{called}.svg")
        print(study.verdict, flush=True)
