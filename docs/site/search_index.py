"""The index that pages of the site are searched by: sections, and how well each word describes each of them.

All weights are computed here (BM25 with headings counted more), so that ``static/search.js`` and `ranked`, which says
the same in Python, only add them up. Nothing is asked of a server: the index is a script beside the page.
"""

from __future__ import annotations

import json
import math
import re
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt

TITLE, HEADING = 4.0, 3.0  # how many times a word counts that stands in the title of a page, or in a heading
SATURATION, LENGTH = 1.2, 0.6  # of BM25 (Robertson and Zaragoza 2009, Foundations and Trends in IR 3(4):333-389)
PREFIX = 0.4  # what a longer word counts that begins with the one asked for
EXCERPT = 3000  # characters of a section that are kept to be shown
DIGITS = 100  # weights are whole numbers of hundredths
EXACT = 6.0  # how many times a rare word a heading counts that is just what was asked
SHORTEST = 0.5  # sections are not thought shorter than this part of the average
SECONDARY = {
    "decisions-history": 0.2,
    "changelog": 0.2,
    "decisions": 0.3,
    "api/errors": 0.3,
    "api/": 0.6,
    "contributing": 0.6,
    "data/": 0.6,
    "notebooks/": 0.6,
    "commands": 0.8,
    "studies/rivals": 0.7,
    "replication.html": 0.5,
    "notation": 0.7,
}
"""Page, or folder → what its sections count: lists of everything mention every word."""
WORD = re.compile(r"[^\W_]+")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
STOP = {
    "a",
    "an",
    "and",
    "are",
    "as",
    "at",
    "be",
    "by",
    "can",
    "do",
    "does",
    "est",
    "estimation",
    "for",
    "from",
    "how",
    "i",
    "in",
    "is",
    "it",
    "of",
    "on",
    "or",
    "that",
    "the",
    "to",
    "what",
    "with",
}
"""Words that say nothing about a section."""
ALIKE = {
    "custom": "own",
    "sd": "spread",
    "loo": "elpd",
    "cross": "elpd",
    "slow": "long",
    "speed": "long",
    "wtp": "willingness",
    "csv": "file",
    "hb": "hierarchical",
    "rhat": "hat",
    "excel": "xlsx",
    "spreadsheet": "xlsx",
    "convergence": "converge",
    "significance": "significant",
}
"""Words that people ask with → a word of these pages."""


@dataclass(frozen=True)
class Section:
    """A part of a page that can be found: where it is, what stands above it, its text."""

    url: str
    page: str
    heading: str
    text: str


def sections(path: str, text: str) -> list[Section]:
    """Return the sections of a page of Markdown, from its headings."""
    url, found, slugs = path.removesuffix(".md") + ".html", [], Counter[str]()
    title, heading, anchor, words = "", "", "", list[str]()
    tokens = MarkdownIt("commonmark").enable("table").parse(re.sub(r"\$\$?[^$]*\$\$?", " ", text))
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            if title:
                found.append(Section(url + anchor, title, heading, " ".join(words)))
            heading, words = _plain(tokens[place + 1]), []
            slug = re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")
            title, anchor = title or heading, f"#{slug}" if title and not slugs[slug] else ""
            slugs[slug] += 1
        elif token.type == "inline" and tokens[place - 1].type != "heading_open":
            words.append(_plain(token))
        elif token.type in {"fence", "code_block"} and "{" not in token.info:
            words.append(token.content)
    return [*found, Section(url + anchor, title, heading, " ".join(words))]


def terms(text: str) -> list[str]:
    """Return the words of a text as they are compared: in lower case, names also by their parts, plurals singular."""
    found = []
    for word in WORD.findall(text):
        parts = CAMEL.split(word)
        found += [word] * (len(parts) > 1) + parts
    plain = [_singular(word.lower()) for word in found]
    return [word for word in plain if word not in STOP]


def index(found: list[Section]) -> dict[str, Any]:
    """Return the index as plain data: sections, and word → section and weight in turn."""
    counted = [_counted(section) for section in found]
    average = sum(sum(words.values()) for words in counted) / len(counted)
    holding = Counter(word for words in counted for word in words)
    weights: dict[str, list[int]] = defaultdict(list)
    for place, (section, words) in enumerate(zip(found, counted, strict=True)):
        long = max(sum(words.values()) / average, SHORTEST)
        worth = next((share for page, share in SECONDARY.items() if section.url.startswith(page)), 1.0)
        for word, count in words.items():
            rare = math.log(1 + (len(found) - holding[word] + 0.5) / (holding[word] + 0.5))
            filled = count * (SATURATION + 1) / (count + SATURATION * (1 - LENGTH + LENGTH * long))
            weights[word] += [place, round(DIGITS * rare * filled * worth)]
        weights[_whole(section.heading)] += [place, round(DIGITS * EXACT * worth)]
    shown = [[one.url, one.page, one.heading, textwrap.shorten(one.text, EXCERPT, placeholder=" …")] for one in found]
    return {
        "sections": shown,
        "words": dict(sorted(weights.items())),
        "alike": ALIKE,
        "stop": sorted(STOP),
        "prefix": PREFIX,
    }


def as_script(made: Mapping[str, Any]) -> str:
    """Return the index as a script, which a page can load from a file as well as from a server."""
    return f"window.searchIndex = {json.dumps(made, ensure_ascii=False, separators=(',', ':'))};\n"


def ranked(made: Mapping[str, Any], query: str) -> list[int]:
    """Return the best section of each page that answers a query, best first: what ``search.js`` shows.

    A section counts for what each word asked for weighs in it, and for a heading that is just what was asked, times the
    share of the words that it holds, squared.
    """
    asked = list(dict.fromkeys(made["alike"].get(word, word) for word in terms(query)))
    total: dict[int, float] = defaultdict(float)
    holds: Counter[int] = Counter()
    for word in asked:
        best: dict[int, float] = defaultdict(float)
        for other, weights in made["words"].items():
            if other.startswith(word) and (other == word or len(word) > 2):
                share = 1.0 if other == word else made["prefix"]
                for place, weight in zip(weights[::2], weights[1::2], strict=True):
                    best[place] = max(best[place], share * weight)
        for place, weight in best.items():
            total[place] += weight
            holds[place] += 1
    exact = made["words"].get(f"={' '.join(asked)}", [])
    for place, weight in zip(exact[::2], exact[1::2], strict=True):
        total[place] += weight
    score = {place: value * (holds[place] / len(asked)) ** 2 for place, value in total.items()}
    pages: dict[str, int] = {}
    for place in sorted(score, key=lambda one: (-score[one], one)):
        pages.setdefault(made["sections"][place][0].partition("#")[0], place)
    return list(pages.values())


def _counted(section: Section) -> Counter[str]:
    words: Counter[str] = Counter()
    for text, times in ((section.text, 1.0), (section.heading, HEADING), (section.page, TITLE)):
        for word in terms(text):
            words[word] += times  # type: ignore[assignment] - counts are weighted
    return words


def _whole(heading: str) -> str:
    """Return the word under which a whole heading stands."""
    return f"={' '.join(dict.fromkeys(terms(heading)))}"


def _plain(token: Any) -> str:
    """Return what a reader sees of inline Markdown."""
    return "".join(_shown(token.children or []))


def _shown(tokens: Iterable[Any]) -> Iterable[str]:
    for token in tokens:
        if token.type in {"text", "code_inline", "image"}:
            yield token.content
        elif token.type in {"softbreak", "hardbreak"}:
            yield " "


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
