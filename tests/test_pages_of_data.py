"""Pages of data sets on the site: a title, how the data come here, and how they are read."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMES = sorted(path.parent.name for path in (ROOT / "datasets").glob("*/source.toml"))


@pytest.fixture(scope="module")
def pages():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "docs" / "site"))
        return importlib.import_module("data_pages").data_pages(ROOT)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_what_the_data_are_how_they_come_here_and_how_they_are_read(pages, name):
    page = pages[f"data/{name}.md"]
    assert not page.startswith(f"# {name}\n")
    assert f'`est.load("{name}")`' in page
    ways = ("Shipped with the package: yes", f"`estimation fetch {name}`", "## How to make the file")
    assert any(way in page for way in ways)
