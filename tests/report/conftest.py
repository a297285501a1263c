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
def bad(study):
    """The report of the comparison if one theory had not converged."""
    from small_study import with_checks

    from estimation.report.contents import document

    with few_experiments():
        return document(with_checks(study, failed="level-k"))


@pytest.fixture(scope="session")
def page(good):
    """The page that `render` gives of the comparison."""
    from estimation.report.writers.html import page

    return page(good)


@pytest.fixture(scope="session")
def failed_page(bad):
    from estimation.report.writers.html import page

    return page(bad)


@pytest.fixture(scope="session")
def latex(good):
    from estimation.report.writers.latex import LATEX

    return LATEX.written(good, "figures").content.decode()


@pytest.fixture(scope="session")
def markdown(good):
    from estimation.report.writers.markdown import MARKDOWN

    return MARKDOWN.written(good, "figures").content.decode()
