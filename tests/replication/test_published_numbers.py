"""Every published number that takes seconds to compute has the verdict that is on record; the others are in slow/."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ledger_rows import assert_as_recorded, line_of, rows_that_take

from estimation.replication.route import Cost
from estimation.replication.target import AGREEING, EXACT, ReplicationVerdict, judge

QUICK = rows_that_take(Cost.SECONDS)
AGREEING_ROWS = [row for row in QUICK if row.values[0].recorded in AGREEING]


@pytest.mark.parametrize("target", QUICK)
def test_a_published_number_has_the_verdict_on_record(target):
    assert_as_recorded(target)


@pytest.mark.parametrize("target", AGREEING_ROWS)
def test_had_another_number_been_printed_it_would_not_agree(target):
    """Ours comes from data or a model, not from the list: a printed number moved beyond its bounds is refused."""
    line = line_of(target)
    for sign in (1, -1):
        moved = target.value + sign * (3 * target.allowed + 4 * line.found.error + (target.digits == EXACT))
        other = replace(target, printed=repr(moved), tolerance=repr(target.allowed))
        assert judge(other, line.found) is ReplicationVerdict.DIFFERS
