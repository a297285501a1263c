"""A fixed corpus of hostile files: each is read as Python's csv module reads it, or refused in a sentence."""

from __future__ import annotations

import pytest
from base_files import BASES
from hostile_inputs import fixed
from judged import Judge


@pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", BASES)
def test_every_hostile_file_is_read_right_or_refused(kind, step, tmp_path):
    """All of them take half a minute: `make test` reads every third."""
    judge = Judge(tmp_path)
    for given in [given for given in fixed() if given.kind == kind][::step]:
        judge.read(given)
    print(judge.report())  # noqa: T201 - shown by -s, and where a count is not as it should be
    assert not judge.failed, "\n".join(judge.failed[:5])
    assert sum(judge.counts.values()) >= 150 / step
    assert min(judge.counts.values()) >= 10 / step, "both readable and unreadable files belong to the corpus"
