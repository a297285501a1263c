"""What the sampler says of its progress, as a count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def chain_callback(update: Callable[[int], None]) -> Callable[[list[Any]], None]:
    """Return a sampler callback that reports the draws finished over all chains."""
    return lambda chains: update(sum(chain.finished_draws for chain in chains))
