"""From an export with a layout to a report: the commands of the README, timed for an experiment of usual size."""

from __future__ import annotations

import os
import re
import shlex
import time
from pathlib import Path

import pytest
from otree_exports import GAMES, LAYOUT, wide_export

from estimation import cli

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SECTION = README[README.index("## From your own file") : README.index("## Data")]
COMMANDS = re.findall(r"```bash\n(.*?)```", SECTION, re.DOTALL)[0].strip().splitlines()
SOURCE = '[source]\ntitle = "Talk"\ncitation = "Doe (2026), Talk in pairs"\nlicence = "CC-BY 4.0"\n'
SECONDS = 180.0
"""What 24 people may take on two cores."""


@pytest.mark.slow
def test_three_commands_lead_from_an_export_to_a_report_in_three_minutes(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    wide_export(people=24, rounds=10).to_csv("mine.csv", index=False)
    Path("games.toml").write_text(GAMES + LAYOUT + SOURCE)
    assert len(COMMANDS) == 3
    begin, worked = time.monotonic(), sum(os.times()[:4])
    for line in COMMANDS:
        _, *arguments = shlex.split(line.replace("report.pdf", "report.html"), comments=True)
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        assert ended.value.code == 0, capsys.readouterr().err
    took = min(time.monotonic() - begin, sum(os.times()[:4]) - worked)  # on a busy machine: what one core would take
    assert took < SECONDS
    page = Path("report.html").read_text(encoding="utf-8")
    for words in ("Doe (2026), Talk in pairs", "CC-BY 4.0"):
        assert words in page
