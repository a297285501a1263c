"""The list of published numbers and the ledger made from it: its form, its verdicts, what it counts, its page."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

import estimation as est
from estimation.errors import ReplicationError
from estimation.replication.ledger import Ledger, Line
from estimation.replication.listing import COLUMNS, numbers_named, problems_of, published_numbers, read
from estimation.replication.route import Cost
from estimation.replication.run import ROUTES
from estimation.replication.target import Found, Origin, PublishedNumber, Question, ReplicationVerdict, judge
from estimation.report.ledger import markdown, sections

PAGE = Path(__file__).parents[2] / "docs" / "replication.md"
GOOD = dict(zip(COLUMNS, ["1", "share", "all", "0.27", "2", "share", "", "reproduced"], strict=False))
GOOD |= {"reason": "", "origin": "published", "source": "Someone (2020)", "place": "table 1"}


def target(**changes):
    plain = {"printed": "0.27", "digits": "2", "tolerance": "", "recorded": ReplicationVerdict.REPRODUCED}
    about = {"reason": "", "origin": Origin.PUBLISHED, "source": "Someone (2020)", "place": "table 1"}
    return PublishedNumber("a/b", Question("share", "all"), unit="share", **(plain | about | changes))


def test_the_ledger_holds_sixty_numbers_of_a_dozen_sources_and_hides_neither_differences_nor_omissions():
    ledger = est.published()
    computed = [line for line in ledger.published() if line.target.recorded is not ReplicationVerdict.NOT_ATTEMPTED]
    assert len(computed) >= 60
    assert len({line.target.source for line in computed}) >= 12
    counts = ledger.counts()
    assert counts[ReplicationVerdict.REPRODUCED] >= 60
    assert counts[ReplicationVerdict.DIFFERS] > 0
    assert counts[ReplicationVerdict.NOT_ATTEMPTED] > 0
    assert all(line.target.reason for line in ledger.lines if line.target.recorded is not ReplicationVerdict.REPRODUCED)


def test_numbers_of_this_project_count_as_nobodys_publication():
    """What the project computed says so in its origin and in its source; neither without the other."""
    for row in published_numbers():
        assert (row.origin is Origin.OWN) == (row.source == "this project"), row
    ledger = est.published()
    assert "this project" not in ledger.sources()
    assert sum(ledger.counts().values()) == len([t for t in published_numbers() if t.origin is Origin.PUBLISHED])


def test_what_was_out_of_reach_is_said_and_not_claimed():
    rows = {t.source: t for t in numbers_named("out_of_reach")}
    assert {t.recorded for t in numbers_named("out_of_reach")} == {ReplicationVerdict.NOT_ATTEMPTED}
    for source in ("Özer, Zheng and Chen", "Li, Özer and Subramanian", "Sumida, Gallego"):
        assert any(name.startswith(source) for name in rows)
    direction, tables = numbers_named("out_of_reach/trust-or-levels")
    assert direction.place == "abstract"
    assert "none of the tables is claimed" in direction.reason
    assert not tables.printed
    (design,) = numbers_named("out_of_reach/forecast-sharing-design")
    assert design.origin is Origin.RECOLLECTED


def test_each_number_on_record_as_attempted_has_a_route_and_each_route_has_numbers():
    attempted = {t.name for t in published_numbers() if t.recorded is not ReplicationVerdict.NOT_ATTEMPTED}
    assert attempted == set(ROUTES)


def test_who_computes_a_number_cannot_see_the_published_one():
    assert [field.name for field in fields(Question)] == ["quantity", "group", "inputs"]
    assert {name for row in published_numbers() for name in row.question.inputs} == {"multiplier", "tau"}


@pytest.mark.parametrize(
    ("changes", "ours", "verdict"),
    [
        ({}, Found(0.2749), "reproduced"),
        ({}, Found(0.2751), "differs"),
        ({}, Found(0.29, error=0.006), "within Monte-Carlo error"),
        ({}, Found(0.29, error=0.004), "differs"),
        ({"tolerance": "0.02"}, Found(0.29), "reproduced"),
        ({"tolerance": "10 %"}, Found(0.296), "reproduced"),
        ({"tolerance": "10 %"}, Found(0.298, error=0.01), "differs"),
        ({"printed": "-3/7", "digits": "exact"}, Found(-3 / 7), "reproduced"),
        ({"printed": "-3/7", "digits": "exact"}, Found(-0.4286), "differs"),
    ],
)
def test_a_number_is_judged_by_its_last_digit_its_stated_tolerance_or_its_error(changes, ours, verdict):
    assert judge(target(**changes), ours) == verdict


def test_a_record_that_no_longer_holds_is_found_either_way():
    broken = Line(target(), Cost.SECONDS, Found(0.5))
    outdated = Line(target(recorded=ReplicationVerdict.DIFFERS, reason="why"), Cost.SECONDS, Found(0.27))
    ledger = Ledger((broken, outdated), computed=True)
    assert (ledger.broken, ledger.outdated, ledger.ok) == ((broken,), (outdated,), False)
    assert Ledger((broken, outdated), computed=False).ok, "nothing was computed"


def test_whatever_is_wrong_with_the_list_is_said_by_file_and_line(tmp_path):
    bad = GOOD | {"value": "about a half", "digits": "two", "recorded": "fine", "origin": "hearsay"}
    vague = GOOD | {"quantity": "other", "tolerance": "rather near", "source": ""}
    path = tmp_path / "study" / "published.csv"
    path.parent.mkdir()
    rows = [",".join(COLUMNS), *(",".join(row[name] for name in COLUMNS) for row in (GOOD, bad, vague, GOOD))]
    path.write_text("\n".join(rows), encoding="utf-8")
    good, problems = read(path)
    assert len(good) == 1
    text = "\n".join(problems)
    for fragment in (
        "study/published.csv, line 3: value 'about a half' is not a number",
        "digits 'two'",
        "recorded is 'fine'",
        "origin is 'hearsay'",
        "line 4: source is empty",
        "tolerance 'rather near'",
        "needs a reason",
        "line 5: ('1', 'share', 'all') is listed twice",
    ):
        assert fragment in text
    assert list(problems_of(GOOD)) == []


def test_an_unknown_target_names_the_nearest():
    with pytest.raises(ReplicationError, match="nearest: swissmetro/biogeme-01logit"):
        est.published("biogeme-logit")


def test_a_folder_stands_for_all_of_its_tables():
    assert {line.target.name for line in est.published("travelmode").lines} == {
        "travelmode/conditional-logit",
        "travelmode/nested-logit",
        "travelmode/own-conditional-logit",
        "travelmode/own-nested-logit",
    }


def test_absent_data_are_said_with_the_command_that_fetches_them(monkeypatch):
    monkeypatch.setattr("estimation.replication.run._is_here", lambda _: False)
    lines = est.reproduce("yogurt/logitr-multinomial-logit").lines
    assert {line.verdict for line in lines} == {ReplicationVerdict.NOT_ATTEMPTED}
    assert {line.reason for line in lines} == {"data missing: estimation fetch yogurt"}


def test_a_number_without_a_way_to_it_is_an_error_and_not_an_omission(monkeypatch):
    from estimation.replication import run

    lost = replace(target(), question=Question("never heard of", "all"))
    with pytest.raises(ReplicationError, match="no route leads to never heard of"):
        run.computed_lines([lost], None)
    route = ROUTES["guessing_games/own"]
    with pytest.raises(ReplicationError, match="never heard of"):
        run.computed_lines([lost], route)


def test_the_table_says_everything_about_a_number():
    table = est.reproduce("guessing_games/opening-example", progress=False).table
    assert table["ours"].tolist() == [300, 150]
    assert table["verdict"].tolist() == ["reproduced"] * 2
    wanted = {"target", "source", "place", "printed", "tolerance", "reason", "cost", "recorded", "error"}
    assert wanted <= set(table)


def test_a_page_of_markdown_has_a_table_for_each_published_one():
    page = markdown(est.reproduce("guessing_games", progress=False))
    assert "## guessing_games/opening-example" in page
    assert "| equilibrium of the player, target 1.5" in page
    assert "| 300 | 300 | 0 | 0.5 | reproduced |" in page
    assert "* `guessing_games/pooled-logit` (3): the 1,408 guesses may not be passed on and are not here" in page
    assert "What differs" not in page


def test_ours_is_shown_with_as_many_digits_as_its_error_allows():
    line = Line(target(tolerance="10 %", reason="why"), Cost.MINUTES, Found(0.2841372, error=0.0031))
    ((row,),) = [section.table.rows for section in sections(Ledger((line,), computed=True))]
    assert row == ("share", "0.27", "0.2841 ± 0.0031", "5.2 %", "10 %", "reproduced", "1")


def test_the_page_in_the_documentation_is_that_of_the_list():
    """Its numbers are those of a run; that they still come out is what the other tests hold."""
    text = PAGE.read_text(encoding="utf-8")
    assert est.published().summary.replace(" on record", "") in text, "run `make ledger`"
    parts = dict(part.split("\n", 1) for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:])
    for name, lines in est.published().tables().items():
        for line in lines:
            row = f"| {line.target.printed.replace('-', '−') or '–'} |"
            assert row in parts[name], f"{name}: {line.target.question}; run `make ledger`"
            assert str(line.target.recorded) in parts[name]


@pytest.mark.parametrize(
    ("changes", "ours", "shown"),
    [
        ({"digits": "exact", "printed": "0.333333"}, 1 / 3, "0.333333"),
        ({"digits": "0", "printed": "12", "tolerance": "0.5"}, 12.0, "12"),
        ({"digits": "0", "printed": "12", "tolerance": "0.5"}, 12.25, "12.25"),
        ({"digits": "2"}, 0.2718281, "0.2718"),
    ],
)
def test_numbers_without_error_are_shown_to_two_digits_more_than_are_printed_and_exact_ones_to_six(
    changes, ours, shown
):
    line = Line(target(**changes), Cost.SECONDS, Found(ours))
    ((row,),) = [section.table.rows for section in sections(Ledger((line,), computed=True))]
    assert row[2] == shown


def test_a_list_without_its_columns_or_rows_is_refused(tmp_path):
    path = tmp_path / "study" / "published.csv"
    path.parent.mkdir()
    path.write_text("table,value\n1,0.5\n", encoding="utf-8")
    good, (said,) = read(path)
    assert good == []
    assert said.startswith("study/published.csv: columns ['quantity'")
    path.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    assert read(path)[1] == [f"study/published.csv: columns {list(COLUMNS)} are missing, or there are no rows"]
