"""Groups of what cannot be told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def grouped(items: Iterable[int], same: Callable[[int, int], bool]) -> tuple[tuple[int, ...], ...]:
    """Return items in groups whose members are the same as the first of the group, in order of appearance."""
    groups: list[list[int]] = []
    for item in items:
        home = next((group for group in groups if same(group[0], item)), None)
        if home is None:
            groups.append([item])
        else:
            home.append(item)
    return tuple(map(tuple, groups))
