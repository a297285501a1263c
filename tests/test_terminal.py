"""What a terminal shows: no word is broken at any usual width, nothing is lost, and files get whole lines."""

from __future__ import annotations

import io
import os
import re
import sys

import pytest

from estimation.cli import COMMANDS, main
from estimation.commands import demo, help as commands_help
from estimation.commands.compare import busy
from estimation.commands.output import screen_width, wrapped
from estimation.commands.shown import tables_as_text
from estimation.text.table import TextTable

WIDTHS = (60, 80, 120)
NAMES = ("trust-embedded", "level-k with lying cost", "stacking of everything")
HEAD = ("theory", "probability of being best", "stacking weight", "worst Pareto k", "diagnosis passed")
TABLE = TextTable(
    "Theories compared on a_data_set_with_a_long_name [receivers only] (SYNTHETIC)",
    HEAD,
    tuple((name, "0.123456", "−1,234", "0.61", "yes") for name in NAMES),
    numeric=(1, 2, 3),
)


def words(text):
    return {word for word in text.replace("│", " ").split() if word.strip("─╭╮╰╯|")}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("whole_names", [True, False])
def test_a_table_that_is_too_wide_goes_on_below_and_breaks_no_word(width, whole_names, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    text = tables_as_text([TABLE], whole_names=whole_names)
    assert max(map(len, text.splitlines())) <= width
    wanted = words(" ".join([TABLE.caption, *HEAD, *(cell for row in TABLE.rows for cell in row)]))
    assert words(text) == wanted


@pytest.mark.parametrize("width", WIDTHS)
def test_a_name_that_is_longer_than_the_screen_wraps_and_its_numbers_stand_beside_it(width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    long = "above level 0, together: whoever thinks about what others do, and about what these others think of them"
    rows = (("level 0", "0.61", "0.55 to 0.66", "yes"), (long, "0.39", "0.34 to 0.45", "no"))
    table = TextTable("Shares", ("kind of person", "share", "90 % interval", "told apart"), rows, numeric=(1, 2))
    lines = tables_as_text([table]).splitlines()
    assert max(map(len, lines)) <= width
    assert words("\n".join(lines)) == words(
        " ".join([table.caption, *table.head, *(cell for row in rows for cell in row)])
    )
    assert any(line.split()[:1] == ["above"] and "0.39" in line and "0.34 to 0.45" in line for line in lines)


@pytest.mark.parametrize("width", WIDTHS)
def test_an_interval_stays_on_its_line(width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    rows = tuple((name, "0.0100", "0.0091 to 0.0111", "0.24 to 0.88", "weight in (0, 1)") for name in NAMES)
    head = ("parameter", "typical person", "90 % interval", "middle 90 % of people", "unit")
    text = tables_as_text([TextTable("Estimates of the population", head, rows, numeric=(1, 2, 3))])
    assert max(map(len, text.splitlines())) <= width
    assert text.count("0.0091 to 0.0111") == text.count("0.24 to 0.88") == len(rows)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)], ids=lambda given: " ".join(given) or "none")
def test_help_breaks_no_word(width, command, monkeypatch, capsys):
    def shown(columns):
        monkeypatch.setenv("COLUMNS", str(columns))
        with pytest.raises(SystemExit):
            main([*command, "--help"])
        return capsys.readouterr().out

    text = shown(width)
    assert max(map(len, text.splitlines())) <= width
    monkeypatch.setattr(commands_help, "WIDEST", 1000)
    assert words(text) <= words(shown(1000))


@pytest.mark.parametrize("width", WIDTHS)
def test_help_uses_the_width_that_there_is(width, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", str(width))
    with pytest.raises(SystemExit):
        main(["check", "--help"])
    assert width - 15 < max(map(len, capsys.readouterr().out.splitlines())) <= width


@pytest.mark.parametrize("command", COMMANDS)
def test_help_names_no_type_of_python(command, capsys):
    with pytest.raises(SystemExit):
        main([command, "--help"])
    text = capsys.readouterr().out
    assert "{" not in text.partition("Options:")[0]
    assert not re.findall(r"<(?![\w-]+\|)\S+", text)  # <one|other> are words to choose from


def test_prose_is_broken_between_words_on_a_screen_and_not_in_a_file(monkeypatch):
    text = "The table is not valid:\n  1. line 17: " + "a long reason " * 10
    text += "\n\nplain_name   what it is " + "for " * 30
    monkeypatch.delenv("COLUMNS", raising=False)
    assert wrapped(text, io.StringIO()) == text
    monkeypatch.setenv("COLUMNS", "60")
    lines = wrapped(text, sys.stdout).splitlines()
    assert max(map(len, lines)) <= 60
    assert " ".join(lines).split() == text.split()
    assert all(line.startswith(("  1. ", "     ")) for line in lines[1 : lines.index("")])
    assert lines[-1].startswith(" " * len("plain_name   "))


@pytest.mark.parametrize("width", WIDTHS)
def test_verdicts_that_the_demo_tells_on_the_way_fit_the_screen(width, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", str(width))
    verdict = "In the data set, trust-embedded predicts a new person better than level-k, by 1387 nats. " * 4
    demo._tell(verdict, quiet=False)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= width
    assert " ".join(lines).split() == verdict.split()


@pytest.mark.parametrize("told", ["", "0", "many", "7"])
def test_a_width_that_makes_no_sense_is_none(told, monkeypatch):
    monkeypatch.setenv("COLUMNS", told)
    assert screen_width(io.StringIO()) is None


def test_a_word_that_is_longer_than_the_screen_stays_whole(monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    path = "/a/path/that/is/longer/than/thirty/columns.csv"
    assert f"{path}:" in wrapped(f"Cannot read {path}: it is a directory", sys.stdout).splitlines()


def test_a_terminal_without_columns_in_its_surroundings_says_itself_how_wide_it_is(monkeypatch):
    class Screen(io.StringIO):
        def isatty(self):
            return True

        def fileno(self):
            return 1

    monkeypatch.delenv("COLUMNS", raising=False)
    for columns, wanted in ((72, 72), (5, None)):
        monkeypatch.setattr("os.get_terminal_size", lambda _, columns=columns: os.terminal_size((columns, 20)))
        assert screen_width(Screen()) == wanted
        assert screen_width(io.StringIO()) is None


def test_what_is_said_beside_a_very_long_name_goes_on_at_the_margin(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    name = "  a_name_that_takes_most_of_the_line"
    first, *others = wrapped(f"{name}   " + "and what it means " * 5, sys.stdout).splitlines()
    assert first.startswith(name)
    assert others
    assert all(re.match(r"  \S", line) and len(line) <= 40 for line in others)


def test_work_is_announced_in_a_line_where_nobody_sees_it_turn(monkeypatch):
    class Screen(io.StringIO):
        shown = False

        def isatty(self):
            return self.shown

    for shown in (False, True):
        screen = Screen()
        screen.shown = shown
        monkeypatch.setattr(sys, "stderr", screen)
        with busy("comparing [a] and b"):
            pass
        assert ("comparing [a] and b …" in screen.getvalue()) != shown
