"""Read Gambit's payoff files: two-player games in the ``.nfg`` format, payoff version."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from estimation.errors import DataError
from estimation.games.normal_form import NormalForm
from estimation.reading import read_text


def read_nfg(path: str | Path) -> NormalForm:
    """Return the game in a file; options are numbered from 1.

    The file names two players, then how many options each has, then pairs of payoffs with the first player's option
    varying fastest (gambit-project.org, "The strategic game (.nfg) file format, payoff version").

    Raises
    ------
    DataError
        If the file is not such a game.
    """
    heading = f"{path} is not a two-player game:"
    text = read_text(path, DataError, heading)
    found = re.match(r'\s*NFG\s+1\s+[RD]\s*(?:"[^"]*")?\s*\{([^}]*)\}\s*\{([^}]*)\}\s*(.*)', text, re.DOTALL)
    sizes = [int(size) for size in found[2].split() if size.isdecimal() and len(size) < 10] if found else []
    if found is None or len(sizes) != 2:
        raise DataError(heading, ["it must be an .nfg file, payoff version, of two players"])
    try:
        numbers = np.array(found[3].replace("_", "no").split(), float)  # Python would read 1_0 as 10
    except ValueError as problem:
        raise DataError(heading, [f"its payoffs must be numbers: {problem}"]) from problem
    if numbers.size != 2 * sizes[0] * sizes[1]:
        mismatch = f"it has {numbers.size} payoffs where {sizes[0]} x {sizes[1]} options need {2 * sizes[0] * sizes[1]}"
        raise DataError(heading, [mismatch])
    payoff = numbers.reshape(sizes[1], sizes[0], 2)
    return NormalForm(payoff[..., 0].T, payoff[..., 1].T)
