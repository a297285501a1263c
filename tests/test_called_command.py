"""What commands tell people to type next works where they stand: on the PATH, or by the path they typed themselves."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from estimation.commands.output import command


@pytest.fixture
def script(tmp_path, monkeypatch):
    file = tmp_path / ".venv" / "bin" / "estimation"
    file.parent.mkdir(parents=True)
    file.write_text("#!/bin/sh\n", encoding="utf-8")
    file.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "/nowhere")
    return file


@pytest.mark.parametrize("absolute", [True, False])
def test_a_program_that_is_not_on_the_path_is_called_by_its_path(script, monkeypatch, absolute):
    called = Path(".venv/bin/estimation")
    monkeypatch.setattr(sys, "argv", [str(script if absolute else called), "demo"])
    assert command() == str(called)


def test_one_on_the_path_is_called_by_its_name(script, monkeypatch):
    monkeypatch.setenv("PATH", str(script.parent))
    monkeypatch.setattr(sys, "argv", [str(script), "demo"])
    assert command() == "estimation"


def test_a_module_is_called_as_a_module(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["/somewhere/estimation/__main__.py", "demo"])
    assert command().endswith("-m estimation")


def test_python_runs_the_package_as_the_command():
    run = subprocess.run([sys.executable, "-m", "estimation", "--version"], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == version("estimation")
