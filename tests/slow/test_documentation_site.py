"""The built documentation site in a real browser: nothing overflows, nothing fails, nothing comes from a network."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from browser import Browser, find_browser

ROOT = Path(__file__).parents[2]
PHONE, DESK = 390, 1280


@pytest.fixture(scope="module")
def site():
    pytest.importorskip("sphinx", reason="the site is built with what `make docs` installs")
    run = subprocess.run(
        [sys.executable, "docs/site/make_site.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return ROOT / "build" / "site"


@pytest.mark.slow
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_page_fits_the_screen_and_fetches_from_its_own_files_only(site, width):
    if find_browser() is None:
        pytest.skip("no browser of the Chromium family is installed")
    wrong = {}
    with Browser(find_browser()) as browser:
        for page in sorted(site.rglob("*.html")):
            seen = browser.look(page, width)
            asked = [
                event["params"]["request"]["url"] for event in browser.events if "request" in event.get("params", {})
            ]
            assert asked, "the browser did not say what it loaded"
            away = [url for url in asked if not url.startswith(("file:", "data:"))]
            beyond = [seen.facts["width"]] if seen.facts["width"] > width else []
            problems = [*away, *beyond, *seen.facts["broken"], *seen.facts["outside"], *seen.complaints]
            if problems:
                wrong[page.relative_to(site).as_posix()] = problems
    assert wrong == {}
