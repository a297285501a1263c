"""What receivers hear where senders are simulated too, and formulas that cannot follow it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from estimation.games.game import Game
from estimation.games.two_audiences import TwoAudiences
from estimation.inference.problem import MessageProblem
from estimation.names import ACTION, CONDITION, MESSAGE, PARTNER, PERIOD, RECEIVER, ROLE, SENDER, STATE, SUBJECT

AUDIENCES = ("two audiences",)  # what is said to them, several conditions hear


def met_anew(problem: MessageProblem) -> list[str]:
    """Say which formulas of receivers' parameters go by what is simulated anew: they would hold what others met."""
    own = {p.name for p in problem.theory.parameters(problem.games, (RECEIVER,))}
    new = {MESSAGE.name, STATE.name}
    advice = "take a column that is known before, or simulate receivers alone, table.only('receiver')"
    return [
        f"the formula of {formula.parameter.name!r} goes by {name!r}, which receivers get anew; {advice}"
        for formula in problem.design.formulas
        if formula.parameter.name in own
        for name in sorted(new & set(map(str, formula.spec.required_variables)))
    ]


def heard(frame: pd.DataFrame, games: Mapping[str, Game]) -> pd.DataFrame:
    """Put what partners sent in the period before into receivers' rows, and what they saw, where that comes out.

    A sender's action column then is unknown.
    """
    of_game = {name: AUDIENCES if isinstance(game, TwoAudiences) else name for name, game in games.items()}
    talk = frame[CONDITION.name].astype(str).map(of_game)
    keys = [SUBJECT.name, PERIOD.name, CONDITION.name]
    sent = frame.assign(**{CONDITION.name: talk})[frame[ROLE.name] == SENDER].set_index(keys)
    sent = sent[[MESSAGE.name, STATE.name]]
    is_receiver = (frame[ROLE.name] == RECEIVER).to_numpy()
    wanted = pd.MultiIndex.from_arrays([frame[PARTNER.name].astype(str), frame[PERIOD.name] - 1, talk])
    found = sent.reindex(wanted)
    met = is_receiver & found[MESSAGE.name].notna().to_numpy()
    frame = frame.copy()
    told = is_receiver & frame[STATE.name].notna().to_numpy()
    for column, where in {MESSAGE.name: met, STATE.name: met & told if told.any() else met}.items():
        frame.loc[where, column] = found[column].to_numpy()[where]
    frame.loc[~is_receiver, ACTION.name] = np.nan
    return frame
