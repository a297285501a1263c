"""How a package holds its data: as the authors' files, as rows that say the same, or as what is fetched."""

from __future__ import annotations

import pandas as pd
import pytest
from choice_builders import choice_frame

import estimation as est
from estimation.papers.tables import packaged_table

GAMES = """[conditions.over]
family = "estimation"
direction = "over"
highest = 20

[source]
title = "A lab"
citation = "Us (2026)"
"""


def own_table(folder):
    lines = ["subject,role,period,condition,state,message,action"]
    lines += [f"s{person},sender,{period},over,{period},{period + 2}," for person in (1, 2) for period in (3, 5)]
    lines += [
        f"r{person},receiver,{period},over,{period},{period + 2},{period}" for person in (1, 2) for period in (3, 5)
    ]
    (folder / "lab.csv").write_text("\n".join(lines) + "\n")
    (folder / "games.toml").write_text(GAMES)
    return est.read_own(folder / "lab.csv", folder / "games.toml")


def again(table, folder):
    """Run the code that reads a table, in a folder with its files."""
    (folder / "data").mkdir()
    for name, content in table.files.items():
        (folder / "data" / name).write_bytes(content)
    return eval(table.code, {"est": est, "HERE": folder})  # noqa: S307 - what is tested was written here


def test_files_of_the_authors_are_read_as_they_are(tmp_path):
    table = own_table(tmp_path).only("sender")
    found = packaged_table(table, [tmp_path / "games.toml", tmp_path / "lab.csv"])
    assert found.code == 'est.read_own(HERE / "data" / "lab.csv", HERE / "data" / "games.toml").only("sender")'
    assert found.files == {}


def test_without_files_the_rows_that_were_fitted_are_written_with_games_and_source(tmp_path):
    table = own_table(tmp_path).only("receiver").of(["r1"])
    found = packaged_table(table, [])
    read = again(found, tmp_path)
    assert (read.fingerprint, read.source.citation) == (table.fingerprint, "Us (2026)")
    assert list(found.files) == ["lab.csv", "lab.toml"]


@pytest.mark.parametrize(
    "name", ["simulated_forecast_sharing", "simulated_recommendations", "simulated_pens", "travelmode"]
)
def test_rows_of_shipped_data_read_back_as_the_same_table(name, tmp_path):
    table = est.load(name)
    read = again(packaged_table(table, []), tmp_path)
    assert (read.fingerprint, read.synthetic) == (table.fingerprint, table.synthetic)


def test_weighted_choices_keep_their_weights(tmp_path):
    frame = choice_frame(20)
    frame["weight"] = frame.groupby("situation").ngroup() % 3 + 1.0
    table = est.read_choices(frame, weight="weight", name="weighted")
    assert again(packaged_table(table, []), tmp_path).fingerprint == table.fingerprint


@pytest.mark.data
def test_data_that_may_not_be_passed_on_are_fetched_and_no_row_is_written(oey_table):
    some = oey_table.only("sender").of(oey_table.only("sender").subjects[:3])
    found = packaged_table(some, [])
    assert found.code.startswith('est.load("oey_what_is_reality").only("sender").of([')
    assert (found.files, len(found.fetched)) == ({}, 2)
    assert all(len(file.sha256) == 64 for file in found.fetched)


def test_data_that_no_file_says_are_refused(tmp_path):
    own_table(tmp_path)
    other = est.PlayTable.from_frame(*_plays())
    with pytest.raises(est.ReplicationError, match="no file says the same; no file of one's own holds plays"):
        packaged_table(other, [tmp_path / "lab.csv", tmp_path / "games.toml"])


def test_an_order_of_categories_that_no_file_holds_is_named(tmp_path):
    table = own_table(tmp_path)
    site = pd.Categorical(table.frame["role"], categories=["sender", "receiver"])
    frame = table.frame.assign(site=site)
    with pytest.raises(est.ReplicationError, match=r"no order of categories, as \['site'\] have; rename these"):
        packaged_table(est.Table.from_frame(frame, table.games), [])


def _plays():
    plays = est.load("arad_rubinstein_2012")
    return plays.frame.head(3), plays.games


def test_rows_of_other_people_among_the_files_are_passed_over(tmp_path):
    table = own_table(tmp_path)
    lines = (tmp_path / "lab.csv").read_text().replace("s1,", "x1,")
    (tmp_path / "another.csv").write_text(lines)
    found = packaged_table(table, [tmp_path / name for name in ("another.csv", "lab.csv", "games.toml")])
    assert found.code == 'est.read_own(HERE / "data" / "lab.csv", HERE / "data" / "games.toml")'


def test_some_people_of_a_file_of_choices_are_selected_from_it(tmp_path):
    choice_frame(4).to_csv(tmp_path / "prices.csv", index=False)
    table = est.read_choices(tmp_path / "prices.csv").of(["s2", "s4"])
    found = packaged_table(table, [tmp_path / "prices.csv"])
    assert found.code == 'est.read_choices(HERE / "data" / "prices.csv").of(["s2", "s4"])'
    assert found.files == {}
