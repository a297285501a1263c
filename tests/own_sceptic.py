"""A theory of somebody's own, as they write it, its SYNTHETIC experiment, and a Python that knows nothing of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import estimation as est

SCEPTIC = '''\
import estimation as est


class Sceptic(est.Theory):
    """Receivers who take off what the sender would like them to believe."""

    traits = (
        est.Parameter("doubt", "δ", "how far messages are moved back", "share of the range", "logit",
                      -2.0, 1.0, 1.0, "2 to 50 % for the middle 95 % of typical people"),
    )

    def receiver_target(self, game, kind, values, message, xp):
        return message[:, None] - game.direction * values["doubt"] * (game.states[-1] - game.states[0])
'''
POPULATION = {"doubt": (0.3, 0.3), "receiver_precision": (2.0, 0.2), "lapse": (0.02, 0.2)}
QUICK = {"method": "importance", "draws": 100, "chains": 2, "cores": 1, "seed": 1, "progress": False}
ROOT = Path(__file__).parents[1]


def experiment(theory):
    """Return receivers who do as the theory says."""
    situations = est.design({"over": est.EstimationGame(highest=10)}, 10, 4, seed=1, roles=("receiver",))
    return est.simulate(theory, situations, POPULATION, seed=1)[0]


def python(folder, *arguments, code=None):
    """Run a fresh Python in a folder; `code` belongs to no file, as in a notebook."""
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    return subprocess.run(
        [sys.executable, *(arguments or ["-c", code])],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))},
        capture_output=True,
        text=True,
        check=False,
    )
