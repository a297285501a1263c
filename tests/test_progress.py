"""Progress: one step at a time in a terminal and in a notebook, a line with the time afterwards, silence in a pipe."""

from __future__ import annotations

import io
import re
import time

import pytest
from choice_builders import choice_table
from rich.console import Console

import estimation as est
from estimation import progress
from estimation.progress import Notebook, Terminal, duration, progress_bars, step, watching


class Handle:
    """What IPython's display returns for something that changes; it keeps what was shown."""

    def __init__(self, first):
        self.seen = [first]

    def update(self, shown):
        self.seen.append(shown)


@pytest.fixture
def notebook(monkeypatch):
    """A notebook that keeps what it shows, as HTML; every update is shown."""
    handles = []

    def display(shown, display_id):
        handles.append(Handle(shown))
        return handles[-1]

    monkeypatch.setattr(progress, "_screen", lambda: Notebook(display))
    monkeypatch.setattr(progress, "OFTEN", 0.0)
    monkeypatch.setattr(progress, "SHORTEST", 0.0)
    return lambda: [shown._repr_html_() for handle in handles for shown in handle.seen]


def test_a_notebook_shows_each_step_and_ends_with_what_it_took(notebook):
    with progress_bars(True, "<fit> of everything") as track:
        update = track("nodes", 10)
        update(5)
        track("chains", 0)
        update(9)  # a thread of the step before: it is over
    seen = notebook()
    assert '<progress value="5" max="10"></progress> nodes, 50 %' in seen[2]
    assert "<progress></progress> chains, working" in seen[3]
    assert len(seen) == 5
    assert re.fullmatch(r"<p>&lt;fit&gt; of everything: \d s</p>", seen[-1])


@pytest.mark.parametrize(
    "model",
    [
        est.MultinomialLogit(["price"]),
        est.MultinomialLogit(["price"], random="all"),
        pytest.param(est.MultinomialLogit(["price"], random="all", components=2), marks=pytest.mark.slow),
        est.LatentClassLogit(["price"], classes=1),
    ],
    ids=["pooled", "hierarchical", "mixture", "classes"],
)
def test_fits_of_choices_show_progress_and_what_they_took(model, notebook):
    est.fit(model, choice_table(12, 6), draws=50, chains=2)
    seen = notebook()
    assert len(seen) > 3
    assert re.fullmatch(rf"<p>{model.title} on made_up: \d+ s</p>", seen[-1])
    if getattr(model, "random", None):
        shares = [
            int(found[1])
            for text in seen
            if (found := re.search(r"sampling people's tastes, (\d+) %", text.replace("&#x27;", "'")))
        ]
        assert shares == sorted(shares)
        assert shares[-1] > 90


def test_fits_of_theories_end_their_last_step_and_say_what_they_took(notebook):
    table = est.load("simulated_forecast_sharing").only("receiver")
    est.fit(est.Honest(), table.of(table.subjects[:2]), draws=50, chains=2, accuracy=0.5)
    seen = notebook()
    assert "checking the integrals over people, working" in seen[-2]
    assert seen[-1].startswith("<p>honest on simulated_forecast_sharing")


def test_quiet_work_shows_nothing(notebook):
    est.fit(est.MultinomialLogit(["price"]), choice_table(6), draws=50, chains=2, progress=False)
    assert notebook() == []


def test_steps_that_nobody_watches_are_not_shown(notebook):
    step("unseen", 3)(1)
    with watching(False, "quiet"):
        step("unseen", 3)(1)
    assert notebook() == []


def test_a_terminal_shows_one_step_and_leaves_a_line_with_the_time(monkeypatch):
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100)
    monkeypatch.setattr(progress, "_screen", lambda: Terminal(console))
    monkeypatch.setattr(progress, "SHORTEST", 0.0)
    with progress_bars(True, "fit [red]") as track:
        first = track("nodes", 10)
        first(10)
        track("chains", 4)(2)
        first(3)
        time.sleep(0.2)
    text = screen.getvalue()
    assert "chains" in text
    assert text.rstrip().endswith("fit [red]: 0 s")


def test_short_work_leaves_no_line_and_work_that_broke_off_neither(notebook, monkeypatch):
    with pytest.raises(ValueError, match="broke"), progress_bars(True, "broken"):
        raise ValueError("broke")
    monkeypatch.setattr(progress, "SHORTEST", 60.0)
    with progress_bars(True, "short"):
        pass
    assert not any("short" in shown or "broken" in shown for shown in notebook())


def test_a_pipe_gets_nothing(capfd):
    est.fit(est.MultinomialLogit(["price"]), choice_table(6), draws=50, chains=2)
    assert capfd.readouterr() == ("", "")


def test_durations_are_said_as_people_say_them():
    assert [duration(seconds) for seconds in (0.2, 59.4, 59.6, 3599, 3661)] == [
        "0 s",
        "59 s",
        "1 min 0 s",
        "59 min 59 s",
        "1 h 1 min",
    ]


def test_a_terminal_leaves_nothing_where_there_is_nothing_to_say():
    lines = []
    for said in ("", "fit: 3 s"):
        screen = io.StringIO()
        shown = Terminal(Console(file=screen, force_terminal=True, width=100))
        shown.step("nodes", 10)(5)
        shown.end(said)
        lines.append(re.sub(r"\x1b\[[0-9?]*[A-Za-z]", "", screen.getvalue()).splitlines()[-1].strip())
    assert "fit: 3 s" not in lines[0]
    assert lines[1].endswith("fit: 3 s")


def test_a_notebook_is_shown_progress_in_its_cell(monkeypatch):
    display = pytest.importorskip("IPython.display")
    seen = []
    monkeypatch.setattr(display, "display", lambda shown, **_: seen.append(Handle(shown)) or seen[-1])
    monkeypatch.setattr(progress, "Console", lambda **more: Console(force_jupyter=True, **more))
    screen = progress._screen()
    assert isinstance(screen, Notebook)
    screen.end("")
    written = io.StringIO()
    monkeypatch.setattr(progress, "Console", lambda **more: Console(file=written, force_terminal=True, **more))
    terminal = progress._screen()
    terminal.end("")  # its bar turns until then, also over other tests
    assert isinstance(terminal, Terminal)
    assert len(seen) == 1
