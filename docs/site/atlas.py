"""Write docs/studies/atlas.md from the pages of studies: ``python docs/site/atlas.py``.

One entry for each real experiment on talk: what it is, which theories were compared on it, what won, how much of what
can be explained that is, and what is missed. All numbers are those of the pages; nothing is computed here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd
from study_page import FOLDER, markdown, write

import estimation as est
from estimation.data.library.library import describe
from estimation.data.tables.source import CHEAP_TALK_SCHEMA

HEAD = """# An atlas of real experiments

Theories must earn their place on people. Below are all real experiments on talk that `est.load` offers, and what was
compared on each: a line for each ranking, and the study that it is from. **Behind** is in nats of expected log
predictive density, with its standard error; who is not behind by two of them is not told apart from the first.
**Explained** is the share of the way from babbling to a flexible benchmark without economics
([completeness](rivals.md)), **missed** what surprises the first. What was not computed has no number here.

`docs/site/atlas.py` writes this page from the pages that it links; `estimation datasets` lists what else there is.

"""
EXPERIMENTS = {
    "oey_what_is_reality": ("rivals", {"Senders": "senders, a new person", "Receivers": "receivers, a new person"}),
    "oey_liars": (
        "liars",
        {"All periods": "receivers, a new person", "Last 20 periods": "receivers, periods 81 to 100, a new person"},
    ),
    "leong_advice_taking": (
        "advice",
        {"A new person": "advised people, a new person", "Later periods": "the same people, later periods"},
    ),
    "oey_rational_lying": ("accusations", {"People all alike": "senders and receivers, all alike, a new person"}),
}
"""Data set → its page, and the sections that hold a ranking, with what they rank by."""
NAMED = 3  # theories of a ranking that are named


@dataclass(frozen=True)
class Ranking:
    """A ranking as a page has it: its table, and the sentence on what the winner misses."""

    table: pd.DataFrame
    missed: str

    def line(self, what: str) -> dict[str, str]:
        """Return the row of the atlas."""
        sound = self.table[(self.table["ok"] == "yes") & (self.table["elpd_diff"] != "")]
        first, *rest = sound.head(NAMED + 1).to_dict("records")
        behind = [f"{row['theory']} ({row['elpd_diff'].lstrip('-')}, se {row['dse']})" for row in rest[:NAMED]]
        left = len(sound) - 1 - len(behind)
        return {
            "predicting": what,
            "theories": str(len(self.table[self.table["elpd_diff"] != ""])),
            "first": first["theory"],
            "behind": "; ".join(behind) + (f"; {left} more" if left > 0 else ""),
            "explained": first.get("explained", "") or "",
            "missed": self.missed,
        }


def ranking(text: str, section: str) -> Ranking | None:
    """Return the ranking in a section of a page, if there is one."""
    found = re.search(rf"^## {re.escape(section)}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    table = re.search(r"^\| theory .*?(?=\n\n|\Z)", found[1], re.MULTILINE | re.DOTALL) if found else None
    if not (found and table):
        return None
    head, _, *rows = ([cell.strip() for cell in line.split("|")[1:-1]] for line in table[0].splitlines())
    missed = re.search(r"^(?:What surprises each: |Facts that surprise ).*?, (\d+ of \d+)", found[1], re.MULTILINE)
    return Ranking(pd.DataFrame(rows, columns=head), f"{missed[1]} facts" if missed else "")


def entry(name: str) -> str:
    """Return what the atlas says of a data set."""
    source, (page, sections) = describe(name), EXPERIMENTS[name]
    text = (FOLDER / f"{page}.md").read_text(encoding="utf-8")
    rows = [found.line(what) for section, what in sections.items() if (found := ranking(text, section))]
    about = f"{source.description}{'' if source.description.endswith('?') else '.'} {source.citation.rstrip('.')}."
    linked = f"Study: [{text.splitlines()[0].removeprefix('# ')}]({page}.md)."
    return f'## {name}\n\n{about} `est.load("{name}")`\n\n{markdown(rows)}\n{linked}\n'


def talk() -> list[str]:
    """Return the real data sets of talk that can be loaded."""
    real = [one.name for one in est.catalogue() if not one.synthetic]
    return [name for name in real if describe(name).schema == CHEAP_TALK_SCHEMA and describe(name).conditions]


def page() -> str:
    """Return the whole page."""
    return HEAD + "\n".join(entry(name) for name in EXPERIMENTS)


if __name__ == "__main__":
    write("atlas", page())
