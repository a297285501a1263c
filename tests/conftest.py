"""What all tests share: data that cannot be shipped, and the rule that CI never skips them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from few_experiments import few_experiments
from hypothesis import settings
from needs import DEFAULT_DATASET, need_data

from estimation import cli
from estimation.data import Table, load

# The same examples on every machine, however busy it is.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Ask for the data of tests marked `data` (the experiment of Oey and Vul) or `data("name")`."""
    for marker in item.iter_markers("data"):
        need_data(*marker.args)


@pytest.fixture(autouse=True)
def _no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands write as into a file, whatever the terminal or a plugin says of its width."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture
def estimation(capsys):
    """Run a command that must succeed, and return what it says."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            cli.main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        assert ended.value.code == 0, said.err
        return said.out

    return run


@pytest.fixture
def _few_experiments() -> Iterator[None]:
    """Let checks in reports simulate few experiments, where the test is not about what they find."""
    with few_experiments():
        yield


@pytest.fixture(scope="session")
def oey_table() -> Table:
    """Load the real experiment; tests that ask for it are marked `data`."""
    need_data(DEFAULT_DATASET)
    return load(DEFAULT_DATASET)


@pytest.fixture(scope="module")
def site() -> Iterator[None]:
    """Make the scripts of docs/site importable in the tests of a file that asks for it, and nowhere else."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parents[1] / "docs" / "site"))
        yield
