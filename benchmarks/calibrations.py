"""Simulation-based calibration of every theory and model of choice, 200 simulations each, kept with their manifests.

``python benchmarks/calibrations.py FOLDER [WORKERS] [SIMULATIONS] [case ...]`` writes one JSON file for each into
FOLDER. Finished simulations are kept in FOLDER/units, so the study can be interrupted at any time.
"""

from __future__ import annotations

import sys
from pathlib import Path

import estimation as est

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

if __name__ == "__main__":
    from oracles.calibrated import cases

    FOLDER = Path(sys.argv[1])
    WORKERS = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    COUNT = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    (FOLDER / "units").mkdir(parents=True, exist_ok=True)
    for name, (model, table) in cases().items():
        if sys.argv[4:] and name not in sys.argv[4:]:
            continue
        called = name.replace(",", "").replace(" ", "_")
        if (FOLDER / f"calibration_{called}.json").exists():
            continue
        study = est.calibrate(
            model, table, simulations=COUNT, seed=7, executor=WORKERS, store=FOLDER / "units" / called
        )
        study.save(FOLDER / f"calibration_{called}.json")
        print(study, flush=True)
