"""How far an unfinished fit has come: what it needs to go on exactly as it would have gone on."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import numpy as np

from estimation.arrays import Array
from estimation.fits.checkpoint import Checkpoint
from estimation.fits.job import Settings
from estimation.population.ensemble import Ensemble
from estimation.population.stored import arrays_of, nodes_of

NODES, STATE = "nodes", "state"


@dataclass(frozen=True, eq=False)
class Reached:
    """Nodes, and how they came about.

    Parameters
    ----------
    nodes
        Where people are evaluated.
    attempt
        How often nodes, or chains, have been made anew.
    failure
        Why proposals were given up for chains; nothing if they were not.
    settings
        Those that chains have been given since; None for those of the fit.
    """

    nodes: Ensemble
    attempt: int = 0
    failure: str = ""
    settings: Settings | None = None

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> Reached | None:
        """Return how far the fit of a checkpoint has come; None if it is new."""
        return checkpoint.arrays(NODES, _read)

    def kept(self, checkpoint: Checkpoint) -> Reached:
        """Keep this, drop the chains that were sampled on other nodes, and return it."""
        if checkpoint.folder is not None:
            changed = self.settings
            length = None if changed is None else (changed.draws, changed.tune, changed.target_accept)
            state = json.dumps([self.attempt, self.failure, length])
            checkpoint.keep_arrays(NODES, arrays_of(self.nodes) | {STATE: np.array(state)})
            checkpoint.forget_chains()
        return self

    def lengthened(self, settings: Settings) -> Settings:
        """Return the settings of a fit, with the chains as long as they have become since."""
        if self.settings is None:
            return settings
        length = {name: getattr(self.settings, name) for name in ("draws", "tune", "target_accept")}
        return replace(settings, **length)


def _read(arrays: dict[str, Array]) -> Reached:
    attempt, failure, length = json.loads(str(arrays[STATE]))
    nodes = nodes_of({name: array for name, array in arrays.items() if name != STATE})
    settings = None if length is None else Settings(draws=length[0], tune=length[1], target_accept=length[2])
    return Reached(nodes, attempt, failure, settings)
