"""What a frame holds as labels of its rows, such as people in its index, is read as a column of that name is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd


def with_row_labels(frame: Any, names: Iterable[str | None]) -> Any:
    """Return a frame with a column for each level of its index that has one of these names, where no column has it.

    Its rows keep their labels, those of several levels as one. A level that is a column has no name any more, which
    would be that of two things. What is no frame is returned as it is, for whoever reads it to refuse.

    Examples
    --------
    >>> by_person = pd.DataFrame({"price": [1, 2]}, index=pd.Index(["Ann", "Bob"], name="subject"))
    >>> list(with_row_labels(by_person, ["subject", "weight"])["subject"])
    ['Ann', 'Bob']
    """
    if not isinstance(frame, pd.DataFrame):
        return frame
    wanted, index = set(names), frame.index
    places = {name: place for place, name in enumerate(index.names) if isinstance(name, str) and name in wanted}
    lacking = {name: place for name, place in places.items() if name not in frame}
    found = frame.assign(**{name: index.get_level_values(place) for name, place in lacking.items()})
    if isinstance(index, pd.MultiIndex):
        return found.set_axis(index.to_flat_index())
    return found.set_axis(index.rename(None)) if places else found
