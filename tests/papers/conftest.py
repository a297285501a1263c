"""The package that tests of packages share."""

from __future__ import annotations

import shutil

import pytest


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A package of one fit of made-up choices, and the folder with the fit's file."""
    from small_package import small_package

    place = tmp_path_factory.mktemp("paper")
    return small_package(place), place


@pytest.fixture
def package(made, tmp_path):
    """A copy that a test may change."""
    return shutil.copytree(made[0].folder, tmp_path / "package")
