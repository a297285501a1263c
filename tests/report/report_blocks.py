"""Blocks of one kind in a section of a report, found by name."""

from __future__ import annotations


def blocks_of(report, name, kind):
    (section,) = [section for section in report.sections if section.name == name]
    return [block for block in section.content if isinstance(block, kind)]
