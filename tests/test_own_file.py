"""From an own file to a report with the three commands of the README; and a wrong file is told what to change."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from choice_builders import choice_frame
from otree_exports import wide_export

from estimation import cli
from estimation.data.about import read_about

pytestmark = pytest.mark.usefixtures("_few_experiments")

PAGE = (Path(__file__).parents[1] / "docs" / "your-own-file.md").read_text(encoding="utf-8")
README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
SECTION = README[README.index("## From your own file") : README.index("## Data")]
DECISIONS, CHOICES = (block.strip().splitlines() for block in re.findall(r"```bash\n(.*?)```", SECTION, re.DOTALL))
(GAMES,) = re.findall(r"```toml\n(.*?)```", SECTION, re.DOTALL)
FEW = {"fit": ["--draws", "200", "--tune", "60", "--chains", "2"], "fit-choice": ["--draws", "100", "--chains", "2"]}


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run one line of the README in a folder, with few draws; gives exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def line(text):
        name, command, *rest = shlex.split(text, comments=True)
        assert name == "estimation"
        with pytest.raises(SystemExit) as ended:
            cli.main([command, *rest, *FEW.get(command, [])])
        captured = capsys.readouterr()
        return ended.value.code, captured.out, captured.err

    return line


def export(folder):
    """Write an export of a simulated experiment in which messages and actions are fields of the group."""
    wide = wide_export(people=6, rounds=6)
    for round_ in range(1, 7):
        for field in ("message", "action"):
            groups = wide.groupby(f"talk.{round_}.group.id_in_subsession")
            wide[f"talk.{round_}.group.{field}"] = groups[f"talk.{round_}.player.{field}"].transform("first")
    wide = wide[[column for column in wide if not column.endswith(("player.message", "player.action"))]]
    wide.to_csv(folder / "mine.csv", index=False)
    (folder / "games.toml").write_text(GAMES)


def test_three_commands_lead_from_an_otree_export_to_a_report(run, tmp_path):
    export(tmp_path)
    assert len(DECISIONS) == 3
    code, out, _ = run(DECISIONS[0])
    assert code == 0
    assert "36 (18 as sender, 18 as receiver)" in out
    assert run(DECISIONS[1])[0] == 0
    code, out, _ = run(DECISIONS[2])
    assert (code, "report.pdf" in out) == (0, True)
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_three_commands_lead_from_a_plain_table_of_choices_to_a_report(run, tmp_path):
    choice_frame(people=25, situations=8).to_csv(tmp_path / "choices.csv", index=False)
    assert len(CHOICES) == 3
    for line in CHOICES:
        code, _, err = run(line)
        assert code == 0, err
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("spoil", "fragments"),
    [
        (lambda text: text.replace("player.role", "player.part"), ["there is no field 'player.role'", "player.part"]),
        (lambda text: text.replace("high", "low"), ["low"]),
        (lambda _: "subject,role\na,sender\n", ["participant.code", "leave [otree] out"]),
    ],
)
def test_a_wrong_file_ends_with_code_two_and_what_to_change(run, tmp_path, spoil, fragments):
    export(tmp_path)
    (tmp_path / "mine.csv").write_text(spoil((tmp_path / "mine.csv").read_text()))
    code, out, err = run(DECISIONS[0])
    assert (code, out) == (2, "")
    for fragment in fragments:
        assert fragment in err
    assert "Traceback" not in err


@pytest.mark.parametrize("block", re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
def test_what_the_page_shows_is_accepted(tmp_path, block):
    (tmp_path / "games.toml").write_text(GAMES.split("[otree]")[0] + block)
    about = read_about(tmp_path / "games.toml")
    assert about.layout or about.selection.rounds or about.source
