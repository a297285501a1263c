"""How a model of choice is sampled."""

from __future__ import annotations

from dataclasses import dataclass

from estimation.errors import FitError, raise_all


@dataclass(frozen=True)
class Settings:
    """How to sample a model of choice.

    Parameters
    ----------
    seed
        Root of all randomness.
    draws, chains
        Kept draws per chain (up to four times as many where chains must be longer), and the number of chains.

    Raises
    ------
    FitError
        If a value makes no sense.
    """

    seed: int = 0
    draws: int = 500
    chains: int = 4

    def __post_init__(self) -> None:
        least = {"seed": 0, "draws": 50, "chains": 1}
        problems = [
            f"{name} must be a whole number of at least {lowest}, not {getattr(self, name)!r}"
            for name, lowest in least.items()
            if not isinstance(getattr(self, name), int) or getattr(self, name) < lowest
        ]
        raise_all(problems, FitError, "The settings are not valid:")
