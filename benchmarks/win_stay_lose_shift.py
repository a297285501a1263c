"""Win-stay, lose-shift on each adviser: a small rival for theories of advice between two states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

import estimation as est
from estimation.games.game import grid_index
from estimation.theories.beliefs.advisers import advisers_of, of_person

AFTER = {"won": "was right the last time", "lost": "was wrong the last time", "new": "has not been seen yet"}
FOLLOW = {
    which: est.Parameter(
        f"follow_{which}", f"f_{which}", f"how often the person follows who {what}", "share", "logit", 0.0, 1.5, 1.5, ""
    )
    for which, what in AFTER.items()
}


@dataclass(frozen=True)
class WinStayLoseShift(est.AdviceTaking):
    """People who follow an adviser by the last recommendation alone, each outcome to a share of their own."""

    combine: str = "log-odds"
    own: str = "ignored"

    name: ClassVar[str] = "win-stay, lose-shift"

    @property
    def learns(self) -> bool:
        """It depends on what came out."""
        return True

    def own_parameters(self, games, roles):
        """Return the three shares, and what using own information takes."""
        inherited = super().own_parameters(games, roles)
        return (*FOLLOW.values(), *(p for p in inherited if not p.name.startswith("trust")))

    def trust_at_decisions(self, values, history, game):
        """Return the share in which the person follows, (node, decision)."""
        share = np.stack([of_person(values[p.name]) for p in FOLLOW.values()], axis=-1)
        return share[:, after(history, game)]

    @property
    def in_one_pass(self):
        """Where own information is ignored, counts are all that matters."""
        return self.own == "ignored"

    def record(self, decided):
        """Return how often the person did not follow and followed, (after, 2)."""
        counts, game = np.zeros((len(AFTER), 2)), decided.history.game
        followed = grid_index(game.messages, decided.given) == decided.chosen
        np.add.at(counts, (after(decided.history, game), followed.astype(int)), 1)
        return counts

    def log_likelihoods(self, game, records, values):  # noqa: ARG002
        """Return the log likelihood of each record, (record, node), nats."""
        share = np.stack([values[p.name] for p in FOLLOW.values()], axis=1)
        chance = np.stack([1 - share, share], axis=2)
        lapse = values["lapse"][:, None, None]
        return np.einsum("paf,pafn->pn", np.stack(records), np.log((1 - lapse) * chance + lapse / 2))


def after(history, game):
    """Return what happened the last time with whom the person faces, (decision,): 0 right, 1 wrong, 2 nothing yet."""
    facing, met = (advisers_of(who, history, game) for who in (history.facing, history.partner))
    last = [np.flatnonzero(met[:b] == who)[-1:] for b, who in zip(history.before, facing, strict=True)]
    return [2 if not len(at) else int(history.accuracy[at[0]] < 0.5) for at in last]
