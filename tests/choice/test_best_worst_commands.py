"""Best-worst tasks and rankings from the command line: the same choices, and the same estimates, as from Python."""

from __future__ import annotations

import json

import numpy as np
import pytest
from test_ranks_and_best_worst import OFFERED, RANKED, TASKS

import estimation as est
from estimation import cli

ROLES = ["--subject", "person", "--situation", "task"]


@pytest.fixture
def estimation(capsys):
    """Run a command; gives exit code, standard output and standard error."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            cli.main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return ended.value.code, captured.out, captured.err

    return run


@pytest.fixture
def tasks(tmp_path):
    path = tmp_path / "simulated_maxdiff.csv"
    TASKS.to_csv(path, index=False)
    return path


def test_a_fit_of_best_worst_tasks_is_that_of_python(tasks, tmp_path, estimation):
    out, size = tmp_path / "maxdiff.nc", ["--draws", 200, "--chains", 2]
    code, printed, _ = estimation(
        "fit-choice", tasks, "--offered", ",".join(OFFERED), *ROLES, "--constants", *size, "--out", out
    )
    assert code == 0
    assert "SYNTHETIC" in printed
    table = est.read_best_worst(tasks, offered=OFFERED, subject="person", situation="task", synthetic=True)
    assert est.load_fit(out).table.fingerprint == table.fingerprint
    by_hand = est.fit(est.MultinomialLogit([], constants=True), table, seed=1, draws=200, chains=2)
    means = [
        one.tree["posterior"].dataset["coefficients"].mean(("chain", "draw")) for one in (est.load_fit(out), by_hand)
    ]
    np.testing.assert_allclose(*means, atol=1e-12)


def test_one_row_per_alternative_and_other_names_of_columns(tmp_path, estimation):
    rows = TASKS.melt(["person", "task", "best", "worst"], OFFERED, value_name="item").dropna(subset="item")
    rows = rows.assign(
        most=(rows["item"] == rows["best"]).astype(int), least=(rows["item"] == rows["worst"]).astype(int)
    )
    names = ["--best", "most", "--worst", "least", "--alternative", "item"]
    rows["task"] = [f"{person}/{task}" for person, task in zip(rows["person"], rows["task"], strict=True)]
    rows.drop(columns=["best", "worst", "variable"]).to_csv(tmp_path / "long.csv", index=False)
    code, printed, _ = estimation("check", tmp_path / "long.csv", *names, *ROLES, "--json")
    assert code == 0
    wide = est.read_best_worst(TASKS, offered=OFFERED, subject="person", situation="task")
    assert json.loads(printed)["choices"] == len(wide)


def test_a_layout_and_rankings_are_read_likewise(tasks, tmp_path, estimation):
    layout = tmp_path / "maxdiff.toml"
    layout.write_text(f'[choices]\nbest = "best"\nsubject = "person"\nsituation = "task"\noffered = {OFFERED}\n')
    by_options = est.read_best_worst(tasks, offered=OFFERED, subject="person", situation="task", synthetic=True)
    assert est.ChoiceLayout.read(layout).table(tasks, synthetic=True).fingerprint == by_options.fingerprint
    RANKED.to_csv(tmp_path / "simulated_ranks.csv", index=False)
    code, printed, _ = estimation(
        "check", tmp_path / "simulated_ranks.csv", "--rank", "rank", "--columns", "price", "--json"
    )
    found = json.loads(printed)
    expected = est.read_ranks(tmp_path / "simulated_ranks.csv", attributes=["price"], synthetic=True)
    assert (code, found["choices"], found["fingerprint"]) == (0, len(expected), expected.fingerprint)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--worst", "worst", "--chosen", "best"], "--chosen is not for best-worst tasks; leave it out"),
        (["--rank", "place", "--wide", "{attribute}.{alternative}"], "--wide is not for rankings; leave it out"),
        (["--best", "top", "--offered", "item1,item2,item3,item4"], "top"),
    ],
)
def test_what_contradicts_itself_is_refused_in_the_words_of_options(tasks, estimation, options, words):
    code, _, said = estimation("check", tasks, *options)
    assert code == 2
    assert words in said


def test_a_model_of_nothing_says_what_to_add(tasks, estimation):
    code, _, said = estimation("fit-choice", tasks, "--offered", ",".join(OFFERED), *ROLES)
    assert code == 2
    assert "--constants" in said
