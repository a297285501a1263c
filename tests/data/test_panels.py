"""Panels of purchases and surveys: raw columns to ours, on a few rows written by hand."""

from __future__ import annotations

import pytest

from estimation.data import describe
from estimation.data.choices.panels import PANEL_READERS

RAW = {
    "catsup": {
        "Catsup.csv": "id,"
        + ",".join(f"{a}.{b}" for a in ("disp", "feat", "price") for b in ("heinz41", "heinz32", "heinz28", "hunts32"))
        + ",choice\n1,0,1,0,0,0,0,1,0,4.6,3.7,5.2,3.4,heinz28\n"
    },
    "cracker": {
        "Cracker.csv": "id,"
        + ",".join(
            f"{a}.{b}" for a in ("disp", "feat", "price") for b in ("sunshine", "kleebler", "nabisco", "private")
        )
        + ",choice\n1,0,1,0,0,0,0,1,0,98,88,120,71,nabisco\n"
    },
    "train": {
        "Train.csv": "id,choiceid,choice,price1,time1,change1,comfort1,price2,time2,change2,comfort2\n"
        "1,1,choice2,2400,150,0,1,4000,130,1,0\n"
    },
    "margarine": {
        "margarine.csv": "hhid,choice,PPk_Stk,PBB_Stk,PFl_Stk,PHse_Stk,PGen_Stk,PImp_Stk,"
        "PSS_Tub,PPk_Tub,PFl_Tub,PHse_Tub\n"
        "7,4,.66,.67,1.09,.57,.36,.93,.85,1.09,1.19,.33\n",
        "margarine_households.csv": "hhid,Income,Fs3_4,Fs5.,Fam_Size,college,whtcollar,retired\n7,32.5,0,0,2,1,0,1\n",
    },
    "bank": {"bank.csv": "id,choice,Low_Fee,Bank_B\n3,0,1,-1\n"},
}
CHOSEN = {
    "catsup": {"alternative": "heinz28", "disp": 0, "feat": 1, "price": 5.2},
    "cracker": {"alternative": "nabisco", "disp": 0, "feat": 1, "price": 120},
    "train": {"alternative": "second", "price": 40, "time": 130, "change": 1, "comfort": 0},
    "margarine": {"alternative": "house_stick", "price": 0.57, "income": 32.5, "family_size": 2, "retired": 1},
    "bank": {"alternative": "other", "Low_Fee": 0, "Bank_B": 0},
}


@pytest.mark.parametrize("name", list(RAW))
def test_the_row_that_was_chosen_holds_what_the_raw_file_says_of_it(name, tmp_path):
    for file, text in RAW[name].items():
        (tmp_path / file).write_text(text)
    long = PANEL_READERS[name]({file: tmp_path / file for file in RAW[name]})
    (row,) = long[long["chosen"].astype(bool)].to_dict("records")
    assert {column: row[column] for column in CHOSEN[name]} == pytest.approx(CHOSEN[name])
    assert sorted(RAW[name]) == sorted(file.name for file in describe(name).files)


@pytest.mark.parametrize("name", list(RAW))
def test_files_are_never_shipped_and_told_how_to_make_with_a_checksum(name):
    source = describe(name)
    assert not source.redistribution
    assert all(len(file.sha256) == 64 and file.name in file.how for file in source.files)
