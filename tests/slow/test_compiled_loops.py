"""After an installation every loop is compiled, also those that are compiled when they are first called."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
TESTS = Path(__file__).parents[1]
FITS = """
import estimation as est
from choice_builders import choice_table

kinds = [{}, {"components": 2}, {"distributions": {"price": "triangular"}}, {"distributions": {"price": "-lognormal"}}]
for kind in kinds:
    model = est.MultinomialLogit(["price", "quality"], random="all", **kind)
    est.fit(model, choice_table(8), draws=50, chains=1, progress=False)
model = est.MultinomialLogit(["price", "quality"], random=["price"], covariates=["income"])
est.fit(model, choice_table(8), draws=50, chains=1, progress=False)
"""


def test_no_fit_of_tastes_compiles_anything_after_an_installation(tmp_path):
    def kept(*command):
        paths = {"NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS)])}
        subprocess.run([sys.executable, *command], env=os.environ | paths, check=True)
        return {file.relative_to(tmp_path) for file in tmp_path.rglob("*.nbc")}

    compiled = kept("-m", "estimation.jobs.compiled")
    assert len(compiled) > 50
    assert kept("-c", FITS) == compiled
