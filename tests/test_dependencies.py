"""The audit of dependencies: every one is pinned, no pin is an address, and none is known to be vulnerable."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
spec = importlib.util.spec_from_file_location("dependencies", ROOT / ".ci" / "dependencies.py")
audit = importlib.util.module_from_spec(spec)
spec.loader.exec_module(audit)
PROJECT = {"project": {"dependencies": ["numpy>=2.1", "Jinja2>=3.1"], "optional-dependencies": {"dev": ["ruff>=0.14"]}}}
ADVISORIES = [{"id": "CVE-1", "package": "jinja2", "affected": "<3.1.6", "about": "templates escape"}]


def test_what_is_pinned_here_passes():
    assert audit.main("audit") == 0
    advisories = tomllib.loads((ROOT / ".ci" / "advisories.toml").read_text("utf-8"))["advisory"]
    assert all(set(known) == {"id", "package", "affected", "about"} for known in advisories)


def test_everything_that_is_wrong_is_told():
    constraints = (
        "numpy==2.0.1\njinja2==3.1.5\nsix @ https://registry.example/six.whl\n--index-url https://registry.example\n"
    )
    found = audit.problems(constraints, PROJECT, ADVISORIES)
    assert len(found) == 6
    for words in ("registry.example/six.whl", "--index-url", "ruff is a dependency and has no pin", "numpy is pinned"):
        assert any(words in problem for problem in found)
    assert "jinja2 3.1.5 is pinned: CVE-1, templates escape" in found
    assert "jinja2 3.1 is allowed: CVE-1, templates escape" in found
