"""Averages over groups of decisions, draw by draw and in plain loops, and tables of predictions held against them."""

from __future__ import annotations

import math
from statistics import fmean

import pytest
from theory_grid import SAMPLES

ALL = {"draws": SAMPLES, "interval": 0.5}  # each draw of people once, in some order


def quantile(values, share):
    """The quantile at a share of the way from the lowest to the highest of the values, straight between them."""
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low = int(at)
    return ordered[low] + (at - low) * (ordered[min(low + 1, len(ordered) - 1)] - ordered[low])


def told(values):
    """Mean and middle half of numbers, of which some may not be there."""
    there = [value for value in values if value is not None]
    if not there:
        return [math.nan] * 3
    return [fmean(there), quantile(there, 0.25), quantile(there, 0.75)]


def by_groups(frame, columns, of):
    """Group of rows → one number a draw, averages over the rows that have one; `of(row, sample)` gives those."""
    groups = {}
    for row in frame.to_dict("records"):
        groups.setdefault(tuple(row[column] for column in columns), []).append(row)
    found = {}
    for key, rows in groups.items():
        for sample in range(SAMPLES):
            values = [value for row in rows if (value := of(row, sample)) is not None]
            found.setdefault(key, []).append(fmean(values) if values else None)
    return found


def hold(found, columns, expected):
    """Compare a table of predictions with numbers by group and draw."""
    assert len(found) == len(expected)
    for row in found.to_dict("records"):
        mine = [row["mean"], row["low"], row["high"]]
        assert mine == pytest.approx(told(expected[tuple(row[c] for c in columns)]), rel=1e-8, nan_ok=True), row
