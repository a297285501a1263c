"""Tests that need data which cannot be shipped: skipped with a command on a laptop, a failure in CI."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from needs import need_data

VARIABLES = {"laptop": {}, "CI": {"CI": "true"}, "asked for": {"ESTIMATION_REQUIRE_DATA": "1"}}
STEERING = ("CI", "ESTIMATION_REQUIRE_DATA", "ESTIMATION_DATA_DIR", "PYTEST_ADDOPTS")
NEEDS_DATA = Path(__file__).with_name("test_oey.py")
COMMAND = "run `estimation fetch oey_what_is_reality`, or set ESTIMATION_DATA_DIR"


def nowhere(tmp_path):
    """Variables that name places without data."""
    return {name: str(tmp_path) for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME")}


@pytest.mark.parametrize(
    ("place", "outcome"),
    [("laptop", pytest.skip.Exception), ("CI", pytest.fail.Exception), ("asked for", pytest.fail.Exception)],
)
def test_absent_data_are_a_skip_on_a_laptop_and_a_failure_in_ci(tmp_path, monkeypatch, place, outcome):
    for name in STEERING:
        monkeypatch.delenv(name, raising=False)
    for name, value in (nowhere(tmp_path) | VARIABLES[place]).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(outcome, match=re.escape(COMMAND)):
        need_data()


@pytest.mark.parametrize(
    ("place", "code", "outcome"),
    [
        ("CI", 1, "1 error"),
        pytest.param("laptop", 0, "1 skipped", marks=pytest.mark.slow),
        pytest.param("asked for", 1, "1 error", marks=pytest.mark.slow),
    ],
)
def test_absent_data_skip_a_test_on_a_laptop_and_fail_it_in_ci(tmp_path, place, code, outcome):
    clean = {name: value for name, value in os.environ.items() if name not in STEERING}
    test = f"{NEEDS_DATA}::test_the_data_are_never_shipped"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test],
        env=clean | nowhere(tmp_path) | VARIABLES[place],
        cwd=NEEDS_DATA.parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert outcome in done.stdout
    assert COMMAND in done.stdout
