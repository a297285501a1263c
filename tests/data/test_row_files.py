"""Files with a row per decision or trial: z-Tree's tables, jsPsych's JSON, and tables with names of one's own."""

from __future__ import annotations

import contextlib
import json
import random
from collections import Counter

import pandas as pd
import pytest
from builders import make_frame

import estimation as est
from estimation.data.exports.proposal import propose

GAMES = '[conditions.over]\nfamily = "estimation"\ndirection = "over"\nhighest = 20\n'
ZTREE = """
[ztree]
role = "Type"
sender = 1
receiver = 2
state = "Signal"
message = "Message"
action = "Guess"
condition = "over"
"""
JSPSYCH = """
[jspsych]
subject = "run_id"
role = "receiver"
state = "truth"
message = "heard"
action = "response.guess"
condition = "over"
"""


@pytest.fixture
def read(tmp_path):
    def run(text, layout, name="data.txt", games=GAMES, **options):
        (tmp_path / name).write_text(text)
        (tmp_path / "games.toml").write_text(games + layout)
        return est.read_own(tmp_path / name, tmp_path / "games.toml", **options)

    return run


def ztree(treatments: int = 1, periods: int = 2) -> str:
    """Two pairs whose members hold their own entries only, zeros elsewhere; other tables between the periods."""
    lines = []
    for treatment in range(1, treatments + 1):
        for period in range(1, periods + 1):
            start = f"250203_1015\t{treatment}"
            lines.append(f"{start}\tglobals\tPeriod\tNumPeriods")
            lines.append(f"{start}\tglobals\t{period}\t{periods}")
            lines.append(f"{start}\tsubjects\tPeriod\tSubject\tGroup\tType\tSignal\tMessage\tGuess")
            for subject in range(1, 5):
                sends, group = subject % 2, (subject + 1) // 2
                state = 3 * group + period
                held = (1, state, state + 2, 0) if sends else (2, 0, 0, state + 1)
                lines.append("\t".join(map(str, (start, "subjects", period, subject, group, *held))))
    return "\n".join(lines) + "\n"


def test_table_files_of_ztree_are_read_by_a_layout(read):
    table = read(ztree(), ZTREE, "data.xls")
    assert table.decisions == {"sender": 4, "receiver": 4}
    assert table.subjects == [f"250203_1015-{number}" for number in range(1, 5)]
    row = table.frame.set_index(["subject", "period"]).loc[("250203_1015-4", 2)]
    assert (row["state"], row["message"], row["action"], row["partner"]) == (8, 10, 9, "250203_1015-3")
    assert any("rows hold another message (Message)" in caveat for caveat in table.caveats)


def test_periods_of_ztree_count_on_from_treatment_to_treatment(read):
    frame = read(ztree(treatments=2), ZTREE).frame
    assert sorted(set(frame["period"])) == [1, 2, 3, 4]
    games = GAMES.replace("conditions.over", "conditions.1") + GAMES.replace("conditions.over", "conditions.2")
    by_treatment = read(ztree(treatments=2), ZTREE.replace('"over"', '"treatment"'), games=games)
    assert by_treatment.frame.groupby("condition")["period"].max().to_dict() == {"1": 2, "2": 4}


def test_what_is_wrong_with_a_table_file_of_ztree_is_said(read):
    with pytest.raises(est.DataError, match=r"it holds no table 'session' of z-Tree; it has \['globals', 'subjects'\]"):
        read(ztree(), ZTREE + 'tables = "session"\n')
    with pytest.raises(est.DataError, match=r"state = 'Signall': there is no such column.*did you mean 'Signal'"):
        read(ztree(), ZTREE.replace("Signal", "Signall"))
    with pytest.raises(est.DataError, match="a table file of z-Tree; say in the file of games where it holds what"):
        read(ztree(), "")


def trials() -> list[dict]:
    """Two people with three trials each, an instruction before them."""
    found = []
    for person in ("1", "2"):
        found.append({"run_id": person, "trial_type": "instructions", "rt": 900, "response": None})
        for turn in range(3):
            decision = {"run_id": person, "trial_type": "html-slider-response", "rt": 700 + turn}
            found.append(decision | {"truth": turn + 4, "heard": turn + 6, "response": {"guess": turn + 5}})
    return found


def test_trials_of_jspsych_are_read_as_json_and_as_a_table_with_json_in_its_cells(read):
    frame = pd.DataFrame(trials())
    frame["response"] = frame["response"].map(json.dumps)
    by_person = [[trial for trial in trials() if trial["run_id"] == person] for person in ("1", "2")]
    forms = [
        json.dumps(trials()),
        json.dumps(by_person),
        "\n".join(map(json.dumps, by_person)),
        frame.to_csv(index=False),
    ]
    tables = [read(text, JSPSYCH) for text in forms]
    for table in tables:
        assert table.fingerprint == tables[0].fingerprint
        assert table.frame["period"].tolist() == [1, 2, 3, 1, 2, 3]
        assert table.frame["action"].tolist() == [5, 6, 7, 5, 6, 7]
        assert any("2 of 8 rows hold no decision" in caveat for caveat in table.caveats)
    kept = read(forms[0], JSPSYCH + '[filter]\nkeep = { trial_type = "html-slider-response" }\n')
    assert kept.fingerprint == tables[0].fingerprint
    assert kept.caveats == ("2 of 8 rows are left out: trial_type is not 'html-slider-response'.",)
    last = read(forms[0], JSPSYCH, rounds="2-")
    assert last.frame["period"].tolist() == [2, 3, 2, 3]


def test_trials_without_a_layout_are_told_the_recipe(read):
    for text in (json.dumps(trials()), "run_id,trial_type,response,rt\n1,html-slider-response,,1\n"):
        with pytest.raises(est.DataError, match=r"(?s)trials as jsPsych keeps them.*\[jspsych\].*response.message"):
            read(text, "")
    with pytest.raises(est.DataError, match="it is not JSON"):
        read("[{", JSPSYCH)
    with pytest.raises(est.DataError, match="it holds no trials"):
        read("[1, 2]", JSPSYCH)


def test_tables_with_names_of_ones_own_say_the_same_as_those_with_the_standard_names(read):
    frame = make_frame(
        games={"over": est.games.from_spec({"family": "estimation", "direction": "over", "highest": 20})}
    )
    standard = read(frame.to_csv(index=False), "", "data.csv")
    own = frame.rename(columns=str.title).replace({"Role": {"sender": "A", "receiver": "B"}})
    layout = (
        '[table]\nsubject = "Subject"\nperiod = "Period"\nrole = "Role"\nsender = "A"\nreceiver = "B"\n'
        'state = "State"\nmessage = "Message"\naction = "Action"\ncondition = "over"\npartner = "Partner"\n'
    )
    partner = own.assign(Partner=frame["partner"]) if "partner" in frame else own.assign(Partner=None)
    assert read(partner.to_csv(index=False), layout, "data.csv").fingerprint == standard.fingerprint
    with pytest.raises(est.DataError, match="rename 'Subject' to 'subject', 'Role' to 'role'"):
        read(own.to_csv(index=False), "", "data.csv")


@pytest.mark.parametrize(
    ("layout", "fragment"),
    [
        (ZTREE + JSPSYCH, r"\[ztree\] and \[jspsych\] describe one file"),
        ("[fliter]\nrounds = 3\n", r"\[fliter\] is unknown.*did you mean 'filter'"),
        ("[filter]\nround = 3\n", "'round' of .filter. is unknown.*did you mean 'rounds'"),
        ('[filter]\nrounds = "a few"\n', "rounds = 'a few' is not of the form"),
        ("[filter]\nkeep = 3\n", "keep must be a table"),
        ('[source]\nlicense = "CC-BY"\n', "'license' of .source. is unknown.*did you mean 'licence'"),
        ("[source]\nurl = 3\n", "url of .source. must be of type str"),
        (ZTREE + 'group = ["a"]\n', "group must be a text"),
        ("ztree = 3\n", r"ztree is unknown|\[ztree\] must be a table"),
        ("filter = 3\n", r"\[filter\] must be a table, not 3"),
        ("source = 3\n", r"\[source\] must be a table, not 3"),
        ("[filter]\nrounds = true\n", 'rounds must be a text such as "3-", not True'),
        ('[filter]\nexclude = "a"\n', "exclude must be a list of people, not 'a'"),
        (ZTREE + 'revealed = "no"\n', "revealed must be true or false, not 'no'"),
        (ZTREE + "covariates = 3\n", 'covariates must be a table of name = "column", not 3'),
    ],
)
def test_a_file_of_games_that_says_something_unclear_is_told_so(read, layout, fragment):
    with pytest.raises(est.DataError, match=fragment):
        read(ztree(), "", games=layout + GAMES) if layout[0].islower() else read(ztree(), layout)


def spoilt(text: str, rng: random.Random) -> str:
    """Return a text with a few cells, or lines, replaced, repeated or lost."""
    lines = text.split("\n")
    for _ in range(rng.randint(1, 4)):
        place, what = rng.randrange(len(lines)), rng.randrange(4)
        sign = "\t" if "\t" in lines[place] else ","
        cells = lines[place].split(sign)
        cells[rng.randrange(len(cells))] = rng.choice(["", "NA", "{", "[", '{"a":1}', "1e400", "sender", "0x", "2"])
        lines[place] = sign.join(cells) if what else ""
        lines[place:place] = [lines[place]] * (what == 1)
    return "\n".join(lines)


def test_whatever_a_file_holds_it_is_read_or_refused_in_a_sentence(read, tmp_path):
    rng, outcomes = random.Random(20261129), Counter()
    forms = [(ztree(), ZTREE), (json.dumps(trials()), JSPSYCH), ("\n".join(map(json.dumps, trials())), JSPSYCH)]
    for _ in range(60):
        text, layout = rng.choice(forms)
        changed = spoilt(text, rng)
        try:
            read(changed, layout)
            outcomes["accepted"] += 1
        except est.EstimationError:
            outcomes["refused"] += 1
        with contextlib.suppress(est.DataError):
            propose(tmp_path / "data.txt").to_toml()
    assert min(outcomes.values()) >= 5


def test_a_parameter_of_the_game_may_be_a_covariate_of_an_export(read):
    games = '[conditions.over]\nfamily = "crawford-sobel"\nbias = { column = "bias" }\nstate_values = [0, 1, 2, 3]\n'
    trial = {"run_id": 1, "trial_type": "slider", "rt": 1, "truth": 2, "heard": 3, "response": {"guess": 1}}
    rows = [trial | {"b": bias} for bias in (0.5, 1.5, 0.5)]
    table = read(json.dumps(rows), JSPSYCH + '[jspsych.covariates]\nbias = "b"\n', games=games)
    assert table.conditions == ["over, bias 0.5", "over, bias 1.5"]


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ('[{"run_id": "1", "truth": 3, "truth": 9}]', "'truth' is there twice"),
        ("[" * 3000 + "]" * 3000, "nested too deep"),
        ("[" * 200 + "]" * 200, "nested too deep"),
        ("{}\n" + "[" * 100_000, "nested too deep"),
        ('[{"run_id": "\\ud800", "trial_type": "x"}]', "half of a pair of signs"),
        ('[{"run_id": "1", "response": {"guess": 4}, "response.guess": 9}]', "is a column, and 'response' holds"),
    ],
)
def test_json_that_says_a_thing_twice_or_without_end_is_refused(read, text, fragment):
    with pytest.raises(est.DataError, match=fragment):
        read(text, JSPSYCH)


def test_rows_of_ztree_end_where_lines_end_and_not_within_what_people_wrote(read):
    """Python ends lines at signs that stand in texts; what follows them on the line is not lost."""
    lines = ztree().splitlines()
    own = [f"{line}\tNote" if "Signal" in line else f"{line}\tone\u2028two\x0bthree" for line in lines]
    text = "\n".join(line if "globals" in line else noted for line, noted in zip(lines, own, strict=True))
    table = read(text, ZTREE + '[ztree.covariates]\nnote = "Note"\n')
    assert set(table.frame["note"]) == {"one\u2028two\x0bthree"}
    assert len(table) == len(read(ztree(), ZTREE))


def test_a_table_file_of_ztree_that_is_not_whole_or_names_a_column_twice_is_refused(read):
    with pytest.raises(est.DataError, match="line 15 has 2 cells"):
        read(ztree() + "250203_1015\t1\n", ZTREE)
    with pytest.raises(est.DataError, match="line 14, the last of the table, lacks 2 cells"):
        read(ztree()[: ztree().rindex("\t") - 2], ZTREE)
    with pytest.raises(est.DataError, match="names column 'Guess' twice"):
        read(ztree().replace("Message\tGuess", "Guess\tGuess"), ZTREE)
