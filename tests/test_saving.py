"""Files are complete or not there at all."""

from __future__ import annotations

import pytest

from estimation.errors import StudyError
from estimation.saving import write_text_whole, write_whole


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
