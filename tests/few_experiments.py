"""Reports whose checks simulate few experiments, for tests that are not about what checks find."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import pytest

FEW = 10  # instead of fifty, which are most of what a report of a small fit takes


@contextmanager
def few_experiments() -> Iterator[None]:
    """Let checks in reports simulate few experiments meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("shared", "methods.shared"):
            patch.setattr(import_module(f"estimation.report.{name}"), "CHECK_DRAWS", FEW)
        yield
