"""Files as people have them: read where nothing else can be meant, else one sentence that says what they are."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import games_of, make_frame
from otree_exports import GAMES, LAYOUT, wide_export

import estimation as est
from estimation.commands.assort_inputs import read_products


@pytest.fixture
def made(tmp_path):
    def make(content, name="data.csv"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return make


@pytest.fixture
def export(made):
    def read(frame, layout=LAYOUT, **options):
        file, games = made(frame.to_csv(index=False)), made(GAMES + layout, "games.toml")
        return est.read_own(file, games, **options)

    return read


def test_separators_encodings_and_decimal_commas_are_read_where_they_can_only_be_meant(made):
    frame = make_frame().assign(share=0.25)
    plain = est.read_table(made(frame.to_csv(index=False)), games_of())
    for content in (
        frame.to_csv(index=False, sep=";").encode(),
        frame.to_csv(index=False, sep="\t").encode("utf-16"),
        frame.to_csv(index=False, sep=";", decimal=",").encode("utf-8-sig"),
        frame.to_csv(index=False, lineterminator="\r\n").encode("utf-32"),
    ):
        assert est.read_table(made(content), games_of()).fingerprint == plain.fingerprint


def test_thousands_are_not_taken_for_decimals(made):
    rows = "situation;alternative;chosen;price\n1;a;1;1,234\n1;b;0;2,345\n"
    with pytest.raises(est.DataError, match=r"'price' .* must be a number: line 2 has '1,234'"):
        est.read_choices(made(rows))
    assert est.read_choices(made(rows.replace("2,345", "2,3"))).frame["price"].tolist() == [1.234, 2.3]


@pytest.mark.parametrize("price", ["$2,50", "1,234", "3,5 %", "€ 4,000"])
def test_prices_with_commas_that_may_be_decimal_are_numbers_that_are_misspelt(made, price):
    rows = f'situation,alternative,chosen,price\n1,a,1,"{price}"\n1,b,0,"{price}"\n'
    with pytest.raises(est.DataError, match="must be a number: line 2"):
        est.read_choices(made(rows))


@pytest.mark.parametrize(
    ("content", "fragment"),
    [
        (b"PK\x03\x04 and more", "a workbook of a spreadsheet"),
        (b"\xd0\xcf\x11\xe0", "a workbook of a spreadsheet"),
        (b"\x1f\x8b", "compressed"),
        (b"\x89HDF\r\n", "HDF5"),
        ("subject,role\nJosé,sender\n".encode("latin-1"), "line 2 holds signs that are not utf-8"),
    ],
)
def test_what_is_no_text_is_said(made, content, fragment):
    for read in (lambda file: est.read_table(file, games_of()), est.read_choices, read_products):
        with pytest.raises(est.EstimationError, match=fragment):
            read(made(content))


def test_absent_files_folders_and_broken_toml_are_one_sentence(made, tmp_path):
    data = made(make_frame().to_csv(index=False))
    for games, fragment in (
        (tmp_path / "absent.toml", "there is no file"),
        (tmp_path, "is a folder"),
        (made("[conditions.over\n", "syntax.toml"), "it is not TOML: Expected"),
        (made("x = " + "[" * 5000 + "]" * 5000, "deep.toml"), "nested too deep"),
    ):
        with pytest.raises(est.DataError, match=fragment) as caught:
            est.read_own(data, games)
        assert "does not describe games" in str(caught.value)
        assert "Errno" not in str(caught.value)


def test_products_are_read_as_all_tables_are(made):
    rows = "product,revenue,weight\nNone,4,1.8\nNA,7,1.1\nnull,12,0.7\n"
    assert list(read_products(made(rows)).index) == ["None", "NA", "null"]
    for content, fragment in (
        (rows.replace(".8\n", ".8,\n"), "line 2 has 4 cells"),
        (rows.replace("weight", "revenue"), "'revenue' is there 2 times"),
        ("product,revenue,weight\n", "has no rows"),
        (rows.replace("None", ""), "'product' .* is empty: line 2"),
        (rows.replace("weight", "utility").replace("1.8", "-745"), "lies beyond ±300"),
    ):
        with pytest.raises(est.EstimationError, match=fragment):
            read_products(made(content))


@pytest.mark.parametrize(("revenue", "weight"), [(1e308, 1.0), (1.0, 1e300), (1.0, 1e-300), (1e-300, 1.0)])
def test_products_too_far_from_one_to_be_computed_with_are_refused(revenue, weight):
    with pytest.raises(est.AssortmentError, match="choose another unit"):
        est.Assortment([revenue, 2.0], [weight, 1.0])


def test_a_tolerance_that_needs_more_menus_than_there_are_is_refused():
    with pytest.raises(est.AssortmentError, match="take the whole frontier"):
        est.Assortment([2.0, 1.0], [1.0, 1.5]).approximate(1e-320)


def test_an_export_counts_bots_once_whatever_a_spreadsheet_made_of_them(export):
    wide = wide_export()
    bots = wide.assign(**{"participant._is_bot": ["TRUE", "True", "0", "FALSE", "", "0"]})
    read = export(bots)
    assert not set(read.subjects) & set(wide["participant.code"][:2])
    assert "2 bots are left out." in read.caveats


def test_a_column_of_one_round_is_not_taken_for_all(export):
    layout = LAYOUT.replace('"group.state"', '"talk.1.group.state"')
    with pytest.raises(est.DataError, match=r"a column of one round.*write 'group.state'"):
        export(wide_export(), layout)
    one = LAYOUT.replace('"session.config.treatment"', '"talk.1.condition"')
    assert len(export(wide_export().assign(**{"talk.1.condition": "high"}), one)) == 24


def test_a_roster_holds_for_exports_too(export):
    wide = wide_export()
    codes = list(wide["participant.code"])
    assert len(export(wide, subjects=codes)) == 24
    with pytest.raises(est.DataError, match="no decision of 'absent'"):
        export(wide, subjects=[*codes, "absent"])


def test_who_never_decided_is_named(export):
    played = wide_export().astype(object)
    fixed = [name for name in played if not name.startswith("talk.")]
    wide = pd.concat([played, played.loc[[0], fixed].assign(**{"participant.code": "idle"})], ignore_index=True)
    assert any("participants made none: 'idle'." in caveat for caveat in export(wide).caveats)


@pytest.mark.parametrize("name", ["members", "session", "group", "state clashes"])
def test_covariates_may_be_called_as_they_like(export, name):
    wide = wide_export()
    read = export(wide, LAYOUT.replace("\nage =", f'\n"{name}" ='))
    assert set(read.frame[name]) == set(wide["survey.1.player.age"])


@pytest.mark.parametrize("nothing", [".", "n/a"])
def test_covariates_of_an_export_that_lack_a_number_stay_numbers(export, nothing):
    wide = wide_export()
    age = "survey.1.player.age"
    some = wide.astype({age: object})
    some.loc[0, age] = nothing
    frame = export(some).frame
    assert frame["age"].dtype.kind == "f"
    assert set(frame.loc[frame["age"].isna(), "subject"]) == {wide["participant.code"][0]}


@pytest.mark.parametrize("name", ["state", "subject", "partner"])
def test_covariates_replace_no_column_that_every_table_has(export, name):
    with pytest.raises(est.DataError, match=f"covariate '{name}' has the name of a column"):
        export(wide_export(), LAYOUT.replace("\nage =", f"\n{name} ="))


@pytest.mark.parametrize(
    "spec",
    [
        {"family": "estimation", "direction": "over", "highest": 10**9},
        {"family": "estimation", "direction": "over", "highest": 10**400},
        {"family": "accusation", "direction": "over", "highest": 10**9},
        {"family": "estimation", "direction": "over", "prior": 3},
        {"family": "crawford-sobel", "bias": 1e308},
        {"family": "crawford-sobel", "bias": 1.0, "state_values": "x"},
        *(
            {
                "family": "forecast-sharing",
                "retail_price": 100,
                "wholesale_price": 75,
                "unit_cost": 0,
                "capacity_cost": 60,
            }
            | {"mean_demand": 250}
            | odd
            for odd in (
                {"mean_demand": 1e308},
                {"step": 1e-320},
                {"state_range": 1e9},
                {"noise_range": 1e308},
                {"state_law": 1},
            )
        ),
    ],
)
def test_games_that_cannot_be_computed_are_refused_at_once(spec):
    with pytest.raises(est.GameError):
        est.games.from_spec(spec)


def test_numbers_of_classes_levels_and_draws_have_an_end():
    with pytest.raises(est.ChoiceError, match="classes must be at most 50"):
        est.LatentClassLogit(["price"], classes=10**9)
    with pytest.raises(est.TheoryError, match="nor more than 100"):
        est.LevelK(max_level=10**9)


def test_a_file_below_a_file_is_no_file_and_that_is_said(made, tmp_path):
    (tmp_path / "plain.csv").write_text("subject,chosen\n")
    with pytest.raises(est.DataError, match=r"plain\.csv/below\.csv' cannot be opened: not a directory"):
        est.read_choices(tmp_path / "plain.csv" / "below.csv")
