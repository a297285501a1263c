"""Everything that decides how a fit is computed, complete and named; nothing is hidden in a default elsewhere."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass

from estimation.arrays import Spec
from estimation.errors import FitError, raise_all

METHODS = ("integrated", "joint", "importance")


@dataclass(frozen=True)
class Settings:
    """How to sample.

    Parameters
    ----------
    seed
        Root of all randomness: nodes, chains, predictions.
    method
        ``"integrated"``: people are integrated out and the sampler sees the population only. ``"joint"``: the sampler
        sees every person's parameters; slower by two orders of magnitude, kept as the reference. ``"importance"``:
        people are integrated out and the population is drawn by proposals around its mode, which takes a fifth of the
        time and needs no compilation; where the proposals fail, it is sampled as by ``"integrated"``.
    draws, tune, chains
        Kept and discarded draws per chain, and the number of chains.
    target_accept
        Acceptance that the sampler's step size aims at.
    cores
        Chains and people handled side by side; all of the machine's by default.
    accuracy
        Multiplies the nodes of each person: errors of the integrals fall with its square root, time grows with it.
        Below 1 no nodes are added after sampling, should integrals move an estimate; comparisons do not need it.
    samples
        Posterior draws kept of each person.

    Raises
    ------
    FitError
        If a value makes no sense.
    """

    seed: int = 0
    method: str = "integrated"
    draws: int = 500
    tune: int = 300
    chains: int = 4
    target_accept: float = 0.9
    cores: int = os.cpu_count() or 1
    accuracy: float = 1.0
    samples: int = 200

    def __post_init__(self) -> None:
        problems = [
            f"{name} must be a whole number of at least {least}, not {value!r}"
            for name, value, least in [
                ("seed", self.seed, 0),
                ("draws", self.draws, 50),
                ("tune", self.tune, 50),
                ("chains", self.chains, 1),
                ("cores", self.cores, 1),
                ("samples", self.samples, 1),
            ]
            if not isinstance(value, int) or value < least
        ]
        if self.method not in METHODS:
            problems.append(f"method must be one of {METHODS}, not {self.method!r}")
        if not 0.1 <= self.accuracy <= 100:
            problems.append(f"accuracy must lie between 0.1 and 100, not {self.accuracy!r}")
        if not 0.5 <= self.target_accept < 1:
            problems.append(f"target_accept must lie in [0.5, 1), not {self.target_accept!r}")
        raise_all(problems, FitError, "The settings are not valid:")

    def spec(self) -> Spec:
        """Return plain data."""
        return asdict(self)
