"""Look at the dependencies without a network: `audit` what is pinned, or print the `oldest` versions that are allowed.

What is known to be vulnerable stands in advisories.toml. It is a list kept by hand of what concerns the packages that
are used here; the nightly run asks the public database as well.
"""

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([A-Za-z0-9.+!]+)$")


def pins(text: str) -> tuple[dict[str, Version], list[str]]:
    """Return pinned versions by name, and the lines that pin nothing: addresses of registries among them."""
    found = {line: PIN.match(line) for line in text.split("\n") if line and not line.startswith("#")}
    strange = [f"{line!r} does not pin a version as name==version" for line, match in found.items() if not match]
    return {canonicalize_name(m[1]): Version(m[2]) for m in found.values() if m}, strange


def lowest(pyproject: dict) -> dict[str, Version]:
    """Return the lowest version of each dependency that is allowed, by name."""
    optional = pyproject["project"]["optional-dependencies"].values()
    texts = [*pyproject["project"]["dependencies"], *(text for group in optional for text in group)]
    bounds = [(item, bound) for item in map(Requirement, texts) for bound in item.specifier if bound.operator == ">="]
    return {canonicalize_name(item.name): Version(bound.version) for item, bound in bounds}


def problems(constraints: str, pyproject: dict, advisories: list[dict]) -> list[str]:
    """Return everything that is wrong with what is pinned, and with what is allowed at least."""
    pinned, found = pins(constraints)
    allowed = lowest(pyproject)
    found += [f"{name} is a dependency and has no pin" for name in allowed if name not in pinned]
    found += [
        f"{name} is pinned to {pinned[name]}, below {least}"
        for name, least in allowed.items()
        if name in pinned and pinned[name] < least
    ]
    for known in advisories:
        affected, name = SpecifierSet(known["affected"]), canonicalize_name(known["package"])
        for version, what in ((pinned.get(name), "pinned"), (allowed.get(name), "allowed")):
            if version is not None and version in affected:
                found.append(f"{name} {version} is {what}: {known['id']}, {known['about']}")
    return found


def main(what: str) -> int:
    """Print what was asked for; return the exit code."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    if what == "oldest":
        print("\n".join(f"{name}=={version}" for name, version in sorted(lowest(pyproject).items())))
        return 0
    advisories = tomllib.loads((ROOT / ".ci" / "advisories.toml").read_text("utf-8"))["advisory"]
    constraints = (ROOT / "constraints.txt").read_text("utf-8")
    found = problems(constraints, pyproject, advisories)
    for problem in found:
        print(problem, file=sys.stderr)
    print(f"{len(pins(constraints)[0])} pinned packages against {len(advisories)} advisories: {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
