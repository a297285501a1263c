"""How a model of choice is sampled, and where its fit comes from, as plain data."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from estimation.choice.fitted import FORMAT
from estimation.data.stored import data_spec
from estimation.errors import FitError, raise_all

if TYPE_CHECKING:
    from estimation.choice.models import ChoiceModel
    from estimation.data.choices.table import ChoiceTable


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


def manifest_of(model: ChoiceModel, choices: ChoiceTable, settings: Any, started: float) -> dict[str, Any]:
    """Return where a fit comes from, as plain data; `started` is when it began, by `time.perf_counter`."""
    return {
        "format": FORMAT,
        "kind": "choice",
        "model": model.spec(),
        "data": data_spec(choices),
        "settings": asdict(settings),
        "seconds": round(time.perf_counter() - started, 1),
        "versions": {name: version(name) for name in ("estimation", "numpy", "scipy", "arviz", "nutpie")},
    }
