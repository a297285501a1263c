"""Commands as they end: exit code, standard output and standard error."""

from __future__ import annotations

import pytest

from estimation import cli


def command(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        cli.main(list(map(str, arguments)))
    captured = capsys.readouterr()
    return ended.value.code, captured.out, captured.err
