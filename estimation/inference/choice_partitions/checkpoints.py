"""Chains written down every few sweeps, so that a fit that was killed goes on there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from estimation.arrays import Array
from estimation.choice.hierarchy.coordinates import Told
from estimation.choice.hierarchy.problem import MixedLogit, TastePopulation
from estimation.data.partitions.partitions import Partition
from estimation.fits.checkpoint import Checkpoint
from estimation.inference.choice_partitions.taste_chains import Chains
from estimation.inference.choice_partitions.taste_work import SITES, Place
from estimation.inference.choice_partitions.team import arrays_file

CHAINS = "chains"
FIELDS = TastePopulation._fields


def keep_chains(folder: Path, chains: Chains) -> None:
    """Write chains down; where people were the last time may then be forgotten."""
    place, before = chains.place, chains.kept
    assert place is not None
    assert chains.told is not None
    assert chains.reference is not None
    if before is not None and before != place and before not in chains.drop:
        chains.drop.append(before)
    chains.kept = place
    chains.drop = [one for one in chains.drop if one != place]
    arrays: dict[str, Any] = {
        "place": np.array(place),
        "step": chains.step,
        "sweeps": np.array(chains.sweeps),
        "drop": np.array(chains.drop, dtype=np.int64).reshape(-1, 2),
        "arrives": np.array([one is not None for one in chains.accepted]),
        "chances": np.array(chains.chances),
    }
    arrays |= {f"told_{name}": np.asarray(value) for name, value in chains.told._asdict().items()}
    arrays |= {f"reference_{name}": value for name, value in chains.reference._asdict().items()}
    there = [own if one is None else one for one, own in zip(chains.accepted, chains.populations, strict=True)]
    for name in FIELDS:
        arrays[f"now_{name}"] = np.array([getattr(one, name) for one in chains.populations])
        arrays[f"arriving_{name}"] = np.array([getattr(one, name) for one in there])
        arrays[f"seen_{name}"] = np.array([[getattr(one, name) for one in sweep] for sweep in chains.seen])
    Checkpoint(folder).keep_arrays(CHAINS, arrays)


def kept_chains(folder: Path, problem: MixedLogit, seed: int, parts: Sequence[Partition]) -> Chains | None:
    """Return chains as they were written down; None if they or people's places are not there, or not whole."""

    def read(arrays: dict[str, Array]) -> Chains:
        now, arriving = (_populations(arrays, name) for name in ("now", "arriving"))
        arrives = arrays["arrives"].tolist()
        place = Place(*map(int, arrays["place"]))
        (reference,) = _populations({name: value[None] for name, value in arrays.items()}, "reference")
        told = Told(arrays["told_information"], arrays["told_weight"], int(arrays["told_people"]))
        seen = [
            _populations({name: value[at] for name, value in arrays.items() if name[:5] == "seen_"}, "seen")
            for at in range(len(arrays["seen_shift"]))
        ]
        return Chains(
            problem,
            seed,
            now,
            [one if there else None for one, there in zip(arriving, arrives, strict=True)],
            arrays["step"],
            int(arrays["sweeps"]),
            place,
            reference,
            told,
            seen,
            arrays["chances"].tolist(),
            place,
            [Place(*map(int, one)) for one in arrays["drop"]],
        )

    found = Checkpoint(folder).arrays(CHAINS, read)
    if found is None or found.place is None:
        return None
    needed = (found.place.name, f"{SITES}-{found.place.stage}")
    is_whole = all(arrays_file(folder, part, what).exists() for part in parts for what in needed)
    return found if is_whole else None


def _populations(arrays: dict[str, Array], prefix: str) -> list[TastePopulation]:
    parts = [arrays[f"{prefix}_{name}"] for name in FIELDS]
    return [TastePopulation(*one) for one in zip(*parts, strict=True)]
