"""Whole numbers that a caller gives: how many draws, people or simulations, and the seed of what is random."""

from __future__ import annotations

from estimation.arrays import in_reach, is_whole

MOST = 1_000_000
"""More draws, people or simulations than anybody means: arrays of so many would fill the memory without a word."""
MANY = 10**10
"""More people than there are: of what is written piece by piece, memory sets no limit."""
SEEDS = 2**128
"""Seeds are below: as many as NumPy advises to choose from (``secrets.randbits(128)``)."""


def count_problems(*, least: int = 1, most: int = MOST, **counts: object) -> list[str]:
    """List which counts, by name, are no whole numbers, or less than `least`, or more than `most`."""
    problems = []
    for name, count in counts.items():
        if not is_whole(count) or count < least:
            problems.append(f"{name} must be a whole number of at least {least}, not {in_reach(count)!r}")
        elif count > most:
            problems.append(f"{name} must be at most {most:,}, not {in_reach(count)!r}")
    return problems


def seed_problems(seed: object) -> list[str]:
    """List what is wrong with a seed."""
    return count_problems(least=0, most=SEEDS - 1, seed=seed)
