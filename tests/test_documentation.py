"""The documentation site: nothing is forgotten, and no link leads nowhere. Read from its pages, without building it."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

import estimation as est
from estimation.cli import COMMANDS

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module", autouse=True)
def site():
    """Make the scripts of docs/site importable here, and nowhere else."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "docs" / "site"))
        yield


@pytest.fixture(scope="module")
def pages(site):
    source = importlib.import_module("pages")
    return source.written() | source.generated()


def anchors(text: str) -> set[str]:
    """Return the anchors of the headings, by GitHub's rule."""
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)|`", r"\1", found) for found in HEADING.findall(CODE.sub("", text)))
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in plain}


def relative_links(text: str) -> list[str]:
    found = LINK.findall(re.sub(r"`[^`\n]*`", "`code`", CODE.sub("", text)))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def test_every_page_is_in_the_table_of_contents_once(pages):
    contents = importlib.import_module("contents")
    listed = [f"{entry}.md" for entries in contents.CONTENTS.values() for entry in entries]
    folders = [page.split("/")[0] for page in pages if page.endswith("/README.md")]
    listed += [f"{folder}/{name}.md" for folder in folders for name in contents.below(folder, pages)]
    assert sorted([*listed, "index.md"]) == sorted(pages)


def test_pages_that_come_first_exist(pages):
    contents = importlib.import_module("contents")
    named = [f"{folder}/{name}.md" for folder, names in contents.FIRST.items() for name in names]
    assert set(named) <= set(pages)


def test_no_relative_link_is_broken(pages):
    broken = []
    for page, text in pages.items():
        for link in relative_links(text):
            path, _, anchor = link.partition("#")
            target = (Path("/site") / page).parent.joinpath(path).resolve().relative_to("/site") if path else Path(page)
            place = target.as_posix()
            missing = place not in pages and not (ROOT / "docs" / place).is_file()
            if missing or (anchor and anchor not in anchors(pages[place])):
                broken.append((page, link))
    assert broken == []


def test_every_public_name_is_on_a_page_of_the_reference(pages):
    reference = "".join(text for page, text in pages.items() if page.startswith("api/"))
    assert [name for name in est.__all__ if f":: estimation.{name}\n" not in reference] == []


def test_every_command_and_every_data_set_is_described(pages):
    assert [name for name in COMMANDS if f"\n## {name}\n" not in pages["commands.md"]] == []
    folders = [path.parent.name for path in (ROOT / "datasets").glob("*/README.md")]
    assert [name for name in folders if f"data/{name}.md" not in pages] == []


def test_the_site_can_be_made_with_and_without_notebooks(tmp_path):
    notebook_page = importlib.import_module("pages").notebook_page
    assert "make notebooks" in notebook_page(tmp_path)
    (tmp_path / "report_of_a_notebook.html").write_text("<h1>Not a notebook</h1>")
    (tmp_path / "start.ipynb").write_text("{}")
    (tmp_path / "start.html").write_text('<h1 id="x">Quick <em>start</em><a class="anchor-link" href="#x">¶</a></h1>')
    page = notebook_page(tmp_path)
    assert '<a href="start.html">Quick start</a>' in page
    assert "Not a notebook" not in page


def test_the_check_of_the_built_site_finds_what_is_broken(tmp_path):
    check_site = importlib.import_module("links").check_site
    (tmp_path / "there.html").write_text('<h1 id="top">There</h1>')
    (tmp_path / "page.html").write_text(
        '<a href="there.html#top">1</a><a href="there.html#bottom">2</a><a href="gone.html">3</a>'
        '<a href="https://example.org">4</a><script src="https://example.org/x.js"></script>'
    )
    broken, outside = check_site(tmp_path)
    assert broken == [
        "page.html fetches https://example.org/x.js",
        "page.html: there.html#bottom leads nowhere",
        "page.html: gone.html leads nowhere",
    ]
    assert outside == ["https://example.org"]


def test_the_atlas_says_what_the_pages_of_studies_say_of_every_real_experiment_on_talk():
    atlas = importlib.import_module("atlas")
    assert sorted(atlas.EXPERIMENTS) == sorted(atlas.talk())
    assert (ROOT / "docs" / "studies" / "atlas.md").read_text(encoding="utf-8") == atlas.page(), (
        "run docs/site/atlas.py"
    )
