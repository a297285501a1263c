"""Code on pages of the documentation, really run: fits pass their checks, and comparisons say something."""

from __future__ import annotations

import documentation_code
import pytest
from documentation_code import PAGES, blocks, data
from needs import need_data

import estimation as est

WHOLE = [page for page in PAGES if "mine.csv" not in "".join(blocks(page))]
"""Pages that need no file of the reader's own."""


@pytest.mark.slow
@pytest.mark.parametrize("page", WHOLE)
def test_code_of_a_page_runs_and_its_fits_are_sound(page, monkeypatch, tmp_path, capsys):
    for name in data(page):
        need_data(name)
    monkeypatch.chdir(tmp_path)
    found = []
    monkeypatch.setattr(est, "diagnose", lambda fit, diagnose=est.diagnose: found.append(diagnose(fit)) or found[-1])
    documentation_code.run(page)
    assert capsys.readouterr().out.strip()
    assert [one.verdict for one in found if not one.ok] == []
