"""Published numbers that take minutes to compute: mixed logits."""

from __future__ import annotations

import pytest
from ledger_rows import assert_as_recorded, rows_that_take

from estimation.replication.route import Cost

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("target", rows_that_take(Cost.MINUTES))
def test_a_published_number_has_the_verdict_on_record(target):
    assert_as_recorded(target)
