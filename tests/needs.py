"""Data that cannot be shipped: whether they are here, and the rule that CI never skips a test for want of them."""

from __future__ import annotations

import os

import pytest

from estimation.data import is_available

DEFAULT_DATASET = "oey_what_is_reality"


def must_have_data() -> bool:
    """Whether absent data are a failure: in CI, and wherever somebody asks for it."""
    return any(
        os.environ.get(name, "").strip().lower() not in ("", "0", "false") for name in ("CI", "ESTIMATION_REQUIRE_DATA")
    )


def need_data(name: str = DEFAULT_DATASET) -> None:
    """Skip the test if a data set is not on this machine; fail where that must not happen."""
    if is_available(name):
        return
    message = f"needs data that cannot be shipped: run `estimation fetch {name}`, or set ESTIMATION_DATA_DIR"
    if must_have_data():
        pytest.fail(message, pytrace=False)
    pytest.skip(message)
