"""Files of Stata and of conjoint programs, read as the pages on coming from there say."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_frame

import estimation as est

PAGES = Path(__file__).parents[2] / "docs" / "coming-from"


def blocks(page):
    return re.findall(r"^```python\n(.*?)^```$", (PAGES / f"{page}.md").read_text(encoding="utf-8"), re.M | re.S)


def test_what_pandas_reads_of_a_stata_file_is_the_table_of_its_csv(tmp_path):
    frame = choice_frame(8, 4, 3)
    brand = pd.Series(["Cor", "Aro", "Belk"] * len(frame))[: len(frame)].to_numpy()
    frame = frame.assign(brand=brand)
    labelled = frame.assign(
        brand=pd.Categorical(brand, ["Cor", "Belk", "Aro"]),  # codes are not in the order of the alphabet
        chosen=pd.Categorical(np.where(frame["chosen"], "yes", "no")),
    )
    labelled.to_stata(tmp_path / "choices.dta", write_index=False)
    table = est.read_choices(pd.read_stata(tmp_path / "choices.dta"), name="choices")
    assert table.fingerprint == est.read_choices(frame, name="choices").fingerprint
    names = est.MultinomialLogit(["price", "brand"]).on(table).coefficients
    assert names == ["price", "brand[T.Belk]", "brand[T.Cor]"], "the first by alphabet is what others are compared with"


@pytest.mark.parametrize("name", ["choices.dta", "choices.sav"])
def test_a_stata_or_spss_file_by_itself_is_refused_with_what_to_do(tmp_path, name):
    choice_frame(4, 3, 3).to_stata(tmp_path / name, write_index=False)
    with pytest.raises(est.DataError, match=r"pandas\.read_(stata|spss)"):
        est.read_choices(tmp_path / name)


def test_the_code_about_sawtooth_reads_a_row_per_concept(tmp_path, monkeypatch):
    rng, rows = np.random.default_rng(1), []
    for who in range(101, 113):
        for task in range(1, 9):
            taken, shown = rng.integers(1, 5), [(rng.integers(1, 4), rng.integers(1, 4)) for _ in range(3)]
            rows += [(who, task, k, *level, int(k == taken)) for k, level in enumerate([*shown, (0, 0)], 1)]
    columns = ["sys_RespNum", "Task", "Concept", "Brand", "Price", "Response"]
    pd.DataFrame(rows, columns=columns).to_csv(tmp_path / "cbc.csv", index=False)
    monkeypatch.chdir(tmp_path)
    (code,) = blocks("sawtooth")
    code = code.replace("seed=1", "seed=1, draws=50, chains=2, progress=False")
    names: dict[str, object] = {}
    exec(compile(code, "sawtooth.md", "exec"), names)
    fit = names["fit"]
    assert len(fit.table) == 96
    assert fit.table.outside == "4"
    assert set(fit.problem.coefficients) == {"4", "Brand[T.Belk]", "Brand[T.Cor]", "Price"}
    concepts = fit.table.frame[fit.table.frame["alternative"] != "4"]
    assert sorted(concepts["Price"].unique()) == [2.0, 3.0, 4.5]
