"""What is installed works without the checkout: the wheel holds everything, data sets included."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run_python(*arguments, folder, path=None):
    """Run Python in `folder`, with `path` importable before anything else and no settings of ours."""
    ours = ("PYTHON", "ESTIMATION")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    if path:
        environment["PYTHONPATH"] = str(path)
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel with the build tools of this environment: nothing is downloaded."""
    folder = tmp_path_factory.mktemp("wheel")
    done = run_python("-m", "build", "--wheel", "--no-isolation", "--outdir", folder, str(ROOT), folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Unpack the wheel far from the checkout."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def in_checkout(folder, pattern):
    return {
        path.relative_to(folder).as_posix()
        for path in (ROOT / folder).rglob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_every_module_and_data_set_and_the_mark_of_types(installed):
    package = installed / "estimation"
    assert (package / "py.typed").is_file()
    for relative in in_checkout(ROOT / "estimation", "*"):
        assert (package / relative).is_file(), relative
    for relative in in_checkout(ROOT / "datasets", "*.toml") | in_checkout(ROOT / "datasets", "*.md"):
        assert (package / "_datasets" / relative).is_file(), relative


def test_the_wheel_brings_nothing_else_to_the_top_level(installed):
    top = {path.name for path in installed.iterdir()}
    assert top == {"estimation", next(name for name in top if name.endswith(".dist-info"))}
    (record,) = installed.glob("*.dist-info/licenses/LICENSE")
    assert "Apache License" in record.read_text(encoding="utf-8")


def test_the_wheel_holds_no_data_that_may_not_be_shipped(installed):
    assert not list((installed / "estimation" / "_datasets" / "oey_what_is_reality").glob("*er.csv"))


def test_outside_the_checkout_the_installed_package_loads_its_data(installed, tmp_path):
    code = """
import estimation, estimation.data as data, sys
assert estimation.__file__.startswith(sys.argv[1]), estimation.__file__
names = [entry.name for entry in data.catalogue()]
assert "oey_what_is_reality" in names, names
shipped = [entry.name for entry in data.catalogue() if entry.synthetic]
for name in shipped:
    table = data.load(name)
    assert len(table.frame) > 0
    assert table.fingerprint
print(*shipped)
"""
    done = run_python("-c", code, str(installed), folder=tmp_path, path=installed)
    assert done.returncode == 0, done.stderr
    shipped = {path.parent.name for path in (ROOT / "datasets").glob("simulated_*/source.toml")}
    assert set(done.stdout.split()) == shipped


def test_outside_the_checkout_the_command_line_starts(installed, tmp_path):
    done = run_python("-m", "estimation.cli", "datasets", folder=tmp_path, path=installed)
    assert done.returncode == 0, done.stderr
    assert "oey_what_is_reality" in done.stdout


def test_versions_agree(installed):
    (record,) = installed.glob("*.dist-info/METADATA")
    version = Parser().parsestr(record.read_text(encoding="utf-8"))["Version"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {version}\n" in citation
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_dependency_is_pinned_and_no_pin_names_a_place():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all(line.count("==") == 1 and not {"@", "/", ":"} & set(line) for line in lines)
    names = [line.split("==")[0].lower().replace("_", "-") for line in lines]
    assert names == sorted(set(names), key=names.index)
    for needed in ("pymc", "arviz", "nutpie", "numpy", "pandas", "pytest", "ruff", "mypy", "hatchling", "hypothesis"):
        assert needed in names
