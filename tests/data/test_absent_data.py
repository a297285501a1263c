"""Tests that need data which cannot be shipped: skipped with a command on a laptop, a failure in CI."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

NEEDS_DATA = Path(__file__).with_name("test_oey.py")
COMMAND = "run `estimation fetch oey_what_is_reality`, or set ESTIMATION_DATA_DIR"


@pytest.mark.parametrize(
    ("variables", "code", "outcome"),
    [({}, 0, "1 skipped"), ({"CI": "true"}, 1, "1 error"), ({"ESTIMATION_REQUIRE_DATA": "1"}, 1, "1 error")],
    ids=["laptop", "CI", "asked for"],
)
def test_absent_data_skip_a_test_on_a_laptop_and_fail_it_in_ci(tmp_path, variables, code, outcome):
    steering = ("CI", "ESTIMATION_REQUIRE_DATA", "ESTIMATION_DATA_DIR", "PYTEST_ADDOPTS")
    clean = {name: value for name, value in os.environ.items() if name not in steering}
    nowhere = {name: str(tmp_path) for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME")}
    test = f"{NEEDS_DATA}::test_the_data_are_never_shipped"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test],
        env=clean | nowhere | variables,
        cwd=NEEDS_DATA.parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert outcome in done.stdout
    assert COMMAND in done.stdout
