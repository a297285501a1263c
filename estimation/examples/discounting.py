"""Senders who exaggerate by a personal share of the scale: a theory of one's own, as CONTRIBUTING.md explains it."""

import numpy as np

import estimation as est

DISCOUNT = est.Parameter(
    "discount", "δ", "how far messages are moved", "share of the range", "logit", -2.0, 1.0, 1.0, "2 to 50 %"
)


class Discounting(est.Theory):
    """Senders who move the truth by a share of the scale, in their own interest."""

    traits = (DISCOUNT,)

    def sender_target(self, game, kind, values, state, xp=np):
        return state[:, None] + game.direction * values["discount"] * (game.states[-1] - game.states[0])
