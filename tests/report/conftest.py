"""The study that tests of reports share, and its pages."""

from __future__ import annotations

import pytest
from few_experiments import few_experiments


@pytest.fixture(autouse=True)
def _few(_few_experiments):
    """Tests of reports are about what is written, not about what checks find."""


@pytest.fixture(scope="session")
def study():
    """A comparison whose checks all passed."""
    from small_study import small_study, with_checks

    return with_checks(small_study())


@pytest.fixture(scope="session")
def good(study):
    """The report of the comparison, before it is written in some form."""
    from estimation.report.contents import document

    with few_experiments():
        return document(study)


@pytest.fixture(scope="session")
def page(study):
    from estimation.report.document import render

    with few_experiments():
        return render(study)


@pytest.fixture(scope="session")
def failed_page(study):
    from small_study import with_checks

    from estimation.report.document import render

    with few_experiments():
        return render(with_checks(study, failed="level-k"))
