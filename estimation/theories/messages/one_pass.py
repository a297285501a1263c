"""Theories with a compiled loop of their own through all that people saw and did, several people at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from estimation.arrays import Array
from estimation.games.game import Game
from estimation.theories.beliefs.history import Decided


class OnePass(ABC):
    """What a theory adds that has such a loop; it says the same as the theory's functions for one decision."""

    @property
    @abstractmethod
    def in_one_pass(self) -> bool:
        """Whether the loop holds, with these options and for this very class."""

    @abstractmethod
    def record(self, decided: Decided) -> Any:
        """Return what one person saw and did in one role and condition, as `log_likelihoods` takes it."""

    @abstractmethod
    def log_likelihoods(self, game: Game, records: Sequence[Any], values: Mapping[str, Array]) -> Array:
        """Return the log likelihood of each record, (record, node), nats.

        Parameters
        ----------
        records
            What several people saw and did in one game.
        values
            Parameter → natural values of each record's person, (record, node).
        """
