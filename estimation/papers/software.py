"""The software of a package: what was installed, as a list that pip installs again, and how it differs elsewhere."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from estimation.fits.job import code_version

NAME = "estimation"


def software() -> dict[str, Any]:
    """Return Python, system and packages as plain data: what this package needs, and what that needs, and so on."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "source of estimation": code_version()["source"],
        "packages": needed(),
    }


def needed() -> dict[str, str]:
    """Return every distribution that this one needs here, by name, with its version; itself included."""
    found: dict[str, str] = {}
    waiting = [NAME]
    while waiting:
        name = canonicalize_name(waiting.pop())
        installed = None if name in found else _installed(name)
        if installed is not None:
            found[name] = installed.version
            waiting += _requirements(installed)
    return dict(sorted(found.items()))


def requirements_text(packages: Mapping[str, str]) -> str:
    """Return the lock that pip reads: every version, and where this package itself comes from if that is known."""
    lines = [
        f"# Python {platform.python_version()} on {platform.system()} {platform.machine()}",
        *(f"{name}=={number}" for name, number in packages.items() if name != NAME),
        _own_line(packages.get(NAME, "")),
    ]
    return "\n".join(lines) + "\n"


def differing(told: Mapping[str, Any]) -> list[str]:
    """Return how the software here differs from what a manifest tells, in words."""
    here = software()
    names = {
        name: f"{name} is {here[name]} here, {told.get(name)} in the package" for name in here if name != "packages"
    }
    found = [said for name, said in names.items() if here[name] != told.get(name)]
    theirs, ours = dict(told.get("packages", {})), here["packages"]
    found += [
        f"{name} is {ours.get(name, 'not installed')} here, {version} in the package"
        for name, version in theirs.items()
        if ours.get(name) != version
    ]
    return found


def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _requirements(installed: Distribution) -> list[str]:
    """Return what a distribution needs on this system, without extras."""
    found = []
    for line in installed.requires or ():
        try:
            requirement = Requirement(line)
        except InvalidRequirement:  # of an old distribution, which is installed all the same
            continue
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            found.append(requirement.name)
    return found


def _own_line(number: str) -> str:
    """Return the line of this package: pinned to its commit where it was installed from a repository."""
    installed = _installed(NAME)
    told = json.loads((installed.read_text("direct_url.json") if installed else None) or "{}")
    commit, address = told.get("vcs_info", {}).get("commit_id"), told.get("url", "")
    if commit and not address.startswith("file:"):
        return f"{NAME} @ git+{address}@{commit}"
    digest = code_version()["source"]
    return f"{NAME}=={number}  # digest of its source files: {digest}"


def interpreter() -> str:
    """Return the Python that runs here."""
    return sys.executable
