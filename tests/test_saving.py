"""Files are complete or not there at all."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from estimation import saving
from estimation.errors import StudyError
from estimation.fits.storage import write_tree
from estimation.saving import check_destination, write_text_whole, write_whole


def test_a_file_appears_under_its_name_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "study.json"
    for text in ("first", "sëcond"):
        assert write_text_whole(path, text, StudyError, "It cannot be saved:") == path
        assert path.read_text(encoding="utf-8") == text
    assert list(tmp_path.iterdir()) == [path]


def test_what_breaks_off_leaves_the_file_that_was_there(tmp_path):
    path = tmp_path / "study.json"
    path.write_text("old", encoding="utf-8")

    def breaks(file):
        file.write_text("half of", encoding="utf-8")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(path, breaks, StudyError, "It cannot be saved:")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_missing_is_named(tmp_path):
    with pytest.raises(StudyError, match="It cannot be saved:") as caught:
        write_text_whole(tmp_path / "nowhere" / "study.json", "text", StudyError, "It cannot be saved:")
    assert "nowhere does not exist; make it first" in str(caught.value)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_a_file_that_cannot_be_written_is_one_sentence_and_the_old_one_stays(tmp_path, code):
    path = tmp_path / "study.json"
    path.write_text("old", encoding="utf-8")

    def breaks(file):
        file.write_text("half of", encoding="utf-8")
        raise OSError(code, os.strerror(code))

    with pytest.raises(StudyError, match=r"study\.json could not be written: "):
        write_whole(path, breaks, StudyError, "It cannot be saved:")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("path", [None, 3, b"study.json"])
def test_what_is_no_name_of_a_file_is_refused(path):
    with pytest.raises(StudyError, match="a file has a name, not "):
        write_text_whole(path, "text", StudyError, "It cannot be saved:")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(StudyError, match=r"is a folder; name a file in it"):
        write_text_whole(tmp_path, "text", StudyError, "It cannot be saved:")


def test_a_full_disk_does_not_end_the_process(tmp_path):
    """Writing to the device that is always full: the library that writes netCDF files ends a process there."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no device that is always full")
    tree = xr.DataTree.from_dict({"/a": xr.Dataset({"x": ("i", np.zeros(100_000))})})
    with pytest.raises(OSError, match="No space left"):
        write_tree(tree, full)


def test_a_name_that_no_system_allows_is_refused_before_anything_is_computed():
    with pytest.raises(StudyError, match=r"'a\\x00b\.json' cannot be the name of a file"):
        check_destination("a\0b.json", StudyError, "It cannot be saved:")


@pytest.mark.skipif(os.name != "posix", reason="what a dead process left is known by its number there only")
def test_what_a_killed_process_left_is_removed_and_what_others_are_writing_stays(tmp_path):
    killed = subprocess.Popen([sys.executable, "-c", ""])
    killed.wait()
    left, others = (f".study.json.{saving.MACHINE}-{number}-0a1b.partial" for number in (killed.pid, os.getpid()))
    far = f".study.json.000000-{killed.pid}-0a1b.partial"  # of another machine, whose processes nobody here knows
    for name in (left, others, far):
        (tmp_path / name).write_text("half of")
    write_text_whole(tmp_path / "study.json", "text", StudyError, "It cannot be saved:")
    assert {path.name for path in tmp_path.iterdir()} == {"study.json", others, far}
