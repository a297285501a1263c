"""The table of contents: what stands in the sidebar, in which order. A test holds that every page is in it."""

from __future__ import annotations

CONTENTS = {
    "Start": ["tour", "question", "your-own-file", "concepts", "faq", "recommendations", "notebooks/README"],
    "What people tell each other": [
        "games/README",
        "theories/README",
        "populations",
        "your-own-theory",
        "your-own-game",
    ],
    "Fits": ["priors", "checks", "draws", "time", "partitions"],
    "What people choose": [
        "choice/models",
        "choice/conjoint",
        "choice/quantities",
        "choice/designs",
        "choice/assortments",
    ],
    "Results": ["reports/README", "replication-package", "studies/README", "replication", "data/README"],
    "Other packages": ["coming-from/README"],
    "Reference": ["api/README", "commands", "notation"],
    "Development": ["contributing", "decisions", "decisions-history", "changelog"],
}
"""Heading → pages, without suffix."""

FIRST = {
    "games": [
        "forecast-sharing",
        "estimation-game",
        "accusation-game",
        "crawford-sobel",
        "advice",
        "judge-advisor",
        "sender-receiver",
    ],
    "theories": [
        "trust-embedded",
        "dynamic-trust",
        "level-k",
        "cognitive-hierarchy",
        "level-k-with-lying-cost",
        "quantal-response",
        "costly-lying",
        "fixed-discount",
        "honest",
        "babbling",
        "advice-taking",
        "adviser-learning",
        "ability-and-honesty",
        "advice-weighting",
        "accusation-game",
        "mixture",
        "habits",
    ],
    "notebooks": [
        "quick_start",
        "trust_or_naivety",
        "how_trust_moves",
        "whom_people_believe",
        "from_otree_to_verdict",
        "designing_an_experiment",
        "what_people_value",
        "what_to_offer",
        "method_and_unit",
    ],
    "studies": [
        "atlas",
        "rivals",
        "robustness",
        "both-roles",
        "liars",
        "accusations",
        "advice",
        "many-experiments",
        "recovery-of-theories",
        "leaving-people-out",
        "calibration",
    ],
    "api": ["data", "games", "theories", "inference", "evaluation", "choice", "assortment", "studies", "report"],
}
"""Folder → pages that come first; the others follow by name."""


def with_contents(pages: dict[str, str]) -> dict[str, str]:
    """Return the pages with their tables of contents: the start page's, and one in each folder's README."""
    tables = {"index.md": "".join(_table(entries, caption) for caption, entries in CONTENTS.items())}
    for folder in sorted({path.split("/")[0] for path in pages if path.endswith("/README.md")}):
        tables[f"{folder}/README.md"] = _table([_labelled(folder, name) for name in below(folder, pages)])
    return pages | {path: pages[path] + table for path, table in tables.items()}


def below(folder: str, pages: dict[str, str]) -> list[str]:
    """Return the pages of a folder beside its README, in order."""
    names = [path.split("/")[1].removesuffix(".md") for path in pages if path.startswith(f"{folder}/")]
    order = FIRST.get(folder, [])
    rest = sorted(name for name in names if name not in order and name != "README")
    return [*(name for name in order if name in names), *rest]


def _labelled(folder: str, name: str) -> str:
    """Return the entry of a page: under its title, but a data set under the name by which it is loaded."""
    return f"{name} <{name}>" if folder == "data" else name


def _table(entries: list[str], caption: str = "") -> str:
    options = [":hidden:", *([f":caption: {caption}"] if caption else [])]
    return "\n\n```{toctree}\n" + "\n".join([*options, "", *entries]) + "\n```\n"
