"""What all tests share: data that cannot be shipped, and the rule that CI never skips them."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from estimation.data import Table, is_available, load

# The same examples on every machine, however busy it is.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

DEFAULT_DATASET = "oey_what_is_reality"


def must_have_data() -> bool:
    """Whether absent data are a failure: in CI, and wherever somebody asks for it."""
    return any(
        os.environ.get(name, "").strip().lower() not in ("", "0", "false")
        for name in ("CI", "ESTIMATION_REQUIRE_DATA")
    )


def need_data(name: str = DEFAULT_DATASET) -> None:
    """Skip the test if a data set is not on this machine; fail where that must not happen."""
    if is_available(name):
        return
    message = f"needs data that cannot be shipped: run `estimation fetch {name}`, or set ESTIMATION_DATA_DIR"
    if must_have_data():
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Ask for the data of tests marked `data` (the experiment of Oey and Vul) or `data("name")`."""
    for marker in item.iter_markers("data"):
        need_data(*marker.args)


@pytest.fixture(scope="session")
def oey_table() -> Table:
    """Load the real experiment; tests that ask for it are marked `data`."""
    need_data(DEFAULT_DATASET)
    return load(DEFAULT_DATASET)
