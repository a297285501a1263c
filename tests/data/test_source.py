"""A source.toml says where data come from; what is wrong with it is said at once."""

from __future__ import annotations

import pytest
from builders import make_frame

import estimation as est
from estimation.data import SourceFile, describe, read_games
from estimation.data.stored import from_dataset, to_dataset
from estimation.data.tables.source import read_source
from estimation.errors import DataError, DatasetError
from estimation.report.shared import data_section

GOOD = """
title = "An experiment"
redistribution = true
caveats = ["small"]
[[files]]
name = "raw.csv"
sha256 = "00"
url = "https://example.org/raw.csv"
[conditions."C_H U_H"]
family = "estimation"
direction = "over"
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "source.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_source_is_read_with_its_files_games_and_caveats(written):
    source = read_source(written(GOOD))
    assert source.title == "An experiment"
    assert source.files == (SourceFile("raw.csv", "00", "https://example.org/raw.csv"),)
    assert source.caveats == ("small",)
    assert source.games()["C_H U_H"].direction == 1
    assert not source.synthetic
    assert isinstance(hash(source), int)


def test_a_shipped_table_needs_no_list_of_files(written):
    text = 'title = "x"\n[conditions.a]\nfamily = "estimation"\ndirection = "over"\n'
    assert read_source(written(text)).files == (SourceFile("decisions.csv"),)


@pytest.mark.parametrize(
    ("text", "fragments"),
    [
        ("title =", ["source.toml"]),
        ('titel = "x"\n', ["'titel' is unknown", "'title' is missing", "'conditions' is missing"]),
        (GOOD.replace("true", '"yes"'), ["'redistribution' must be of type", "'yes'"]),
        (GOOD.replace('sha256 = "00"\n', ""), ["'raw.csv' has a url but no sha256"]),
        (GOOD.replace("sha256", "md5"), ["a file needs name", "md5"]),
    ],
    ids=["no TOML", "misspelt key", "wrong type", "no checksum", "unknown checksum"],
)
def test_a_malformed_source_is_refused_with_every_problem(written, text, fragments):
    with pytest.raises(DatasetError) as caught:
        read_source(written(text))
    for fragment in fragments:
        assert fragment in str(caught.value)


def test_games_that_cannot_be_built_are_named_by_condition(written):
    spoilt = GOOD.replace('"over"', '"sideways"') + '[conditions.b]\nfamily = "chess"\n[conditions]\nc = 3\n'
    source = read_source(written(spoilt.replace("[conditions]\nc = 3\n", "")))
    with pytest.raises(DatasetError) as caught:
        source.games()
    assert len(caught.value.problems) == 2
    assert "condition 'C_H U_H'" in str(caught.value)
    assert "'sideways'" in str(caught.value)
    assert "'chess'" in str(caught.value)


def test_a_file_of_games_is_read(written):
    games = read_games(written('[conditions.high]\nfamily = "estimation"\ndirection = "under"\n'))
    assert games["high"].direction == -1


@pytest.mark.parametrize(
    "text", ["", "conditions = 3", "not toml", "[conditions]\na = 3", '[conditions.a]\nfamily = "chess"']
)
def test_a_file_without_games_is_refused(written, text):
    with pytest.raises(DataError, match="does not describe games"):
        read_games(written(text))


def test_an_absent_file_of_games_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"absent\.toml"):
        read_games(tmp_path / "absent.toml")


def test_an_unknown_data_set_is_refused_with_a_suggestion():
    with pytest.raises(DatasetError, match="did you mean 'oey_what_is_reality'"):
        describe("oey_what_is_realty")


def test_data_of_ones_own_say_what_to_cite_in_reports_also_from_the_file_of_a_fit(tmp_path):
    told = {"title": "Two rooms", "citation": "Doe (2026)", "doi": "10.1/x", "licence": "CC-BY", "caveats": ["small"]}
    lines = [f"{key} = {value!r}" for key, value in told.items()]
    games = '[conditions.over]\nfamily = "estimation"\ndirection = "over"\n[source]\n' + "\n".join(lines)
    (tmp_path / "games.toml").write_text(games)
    played = {"over": read_games(tmp_path / "games.toml")["over"]}
    make_frame(games=played).to_csv(tmp_path / "mine.csv", index=False)
    table = est.read_own(tmp_path / "mine.csv", tmp_path / "games.toml")
    again = from_dataset(to_dataset(table), table.spec())
    for one in (table, again):
        assert one.source.citation == "Doe (2026)"
        facts = dict(data_section(one, {}).blocks[0].pairs)
        assert facts["source"] == "Doe (2026)"
        assert facts["published at"] == "https://doi.org/10.1/x"
        assert facts["licence"] == "CC-BY"
        assert "small" in one.caveats


def test_what_data_sets_of_the_package_cite_is_not_repeated_in_fits():
    assert describe("oey_liars").told == {}
