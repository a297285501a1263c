"""Files of one partition: nodes stage by stage, and what work on them came to, each there whole or made anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from estimation.arrays import Array
from estimation.data.partitions.partitions import Partition
from estimation.errors import FitError
from estimation.fits.checkpoint import Checkpoint
from estimation.jobs.unit import Result, plain
from estimation.population.ensemble import Ensemble
from estimation.population.flat import FlatNodes, flat_nodes
from estimation.population.stored import arrays_of, nodes_of

START = "start"
"""The stage of nodes that were made from scratch."""
FLAT, NODES, TOLD = "flat", "nodes", "told"
OF_FLATS = ("theta", "log_weight", "first_node", "kinds", "middle")
SINGLE = ("theta", "log_weight")
"""Kept in single precision, which halves what is read for every sum; a test bounds what is lost."""


@dataclass(frozen=True)
class Stage:
    """Nodes made for the populations of a posterior, from those of the stage before.

    Attributes
    ----------
    name, before
        What it depends on, in short, and what the stage before is called.
    how, fineness
        The method of `Team` that makes them, and how many times more nodes than the least.
    """

    name: str
    before: str
    how: str
    fineness: int

    @classmethod
    def after(cls, before: str, found: str, how: str, fineness: int) -> Stage:
        """Return the stage after another one, for populations that were written down as `found`."""
        return cls(digest([before, found, how, fineness]), before, how, fineness)


def digest(about: Any, arrays: Mapping[str, Array] | None = None) -> str:
    """Return what work that depends on these is called."""
    found = hashlib.sha256(json.dumps(about, sort_keys=True).encode())
    for name, array in sorted((arrays or {}).items()):
        found.update(f"{name} {array.shape}".encode() + np.ascontiguousarray(array).tobytes())
    return found.hexdigest()[:12]


def written_down(folder: Path, found: Mapping[str, Array]) -> str:
    """Write populations where whoever works reads them (`read_back`), and return what they are called."""
    name = f"populations-{digest([], found)}"
    if not (folder / f"{name}.npz").exists():
        Checkpoint(folder).keep_arrays(name, dict(found))
    return name


def read_back(folder: Path, name: str) -> dict[str, Array]:
    """Return populations that were written down, by the name of their numbers, (draw, ...)."""
    found = Checkpoint(folder).arrays(name, lambda arrays: arrays)
    if found is None:
        raise FitError("The fit broke off:", [f"{folder / name}.npz is damaged or gone; start it again"])
    return found


@dataclass(frozen=True)
class Files:
    """The files of a partition in a folder; their names hold what they depend on."""

    folder: Path
    part: Partition

    def nodes(self, stage: str) -> Ensemble | None:
        """Return everybody's nodes of a stage; None if they are not there, or not whole."""
        return self._kept.arrays(self._name(stage, NODES), nodes_of)

    def flats(self, stage: str) -> tuple[FlatNodes, ...]:
        """Return the nodes of a stage as sums are taken over them.

        Raises
        ------
        FitError
            If they are not there, or not whole.
        """
        found = self._kept.arrays(self._name(stage, FLAT), _flats)
        if found is None:
            raise self.lost()
        return found

    def keep(self, stage: str, nodes: Ensemble) -> None:
        """Keep the nodes of a stage, and as sums are taken over them."""
        flat = {
            f"{index}-{name}": np.asarray(getattr(one, name), np.float32 if name in SINGLE else None)
            for index, one in enumerate(flat_nodes(nodes))
            for name in OF_FLATS
        }
        self._kept.keep_arrays(self._name(stage, NODES), arrays_of(nodes))
        self._kept.keep_arrays(self._name(stage, FLAT), flat)

    def forget_nodes(self, stage: str) -> None:
        """Remove the nodes of a stage that another one was made of; sums over them can still be taken."""
        self.file(stage, NODES).unlink(missing_ok=True)

    def once(self, stage: str, made: Path, do: Callable[[], Result]) -> Result:
        """Return what work comes to, done once as long as the file that it makes is there."""
        told = self._kept.arrays(self._name(stage, TOLD), _told) if made.exists() else None
        if told is None:
            told = plain(do())
            self._kept.keep_arrays(self._name(stage, TOLD), {TOLD: np.array(json.dumps(told))})
        return told

    def lost(self) -> FitError:
        """Return the error over nodes that are damaged or gone, once what is left of them is removed."""
        for file in self.folder.glob(f"{self.part.key}-*.npz"):
            file.unlink()
        what = f"nodes of partition {self.part.name!r} are damaged or gone"
        return FitError("The fit broke off:", [f"{what}; start it again, and they are made anew"])

    def file(self, stage: str, what: str) -> Path:
        """Return where something of a stage is."""
        return self.folder / f"{self._name(stage, what)}.npz"

    def _name(self, stage: str, what: str) -> str:
        return f"{self.part.key}-{stage}-{what}"

    @property
    def _kept(self) -> Checkpoint:
        return Checkpoint(self.folder)


def _told(arrays: dict[str, Array]) -> Result:
    return json.loads(str(arrays[TOLD]))


def _flats(arrays: dict[str, Array]) -> tuple[FlatNodes, ...]:
    parts = [[arrays[f"{index}-{name}"] for name in OF_FLATS] for index in range(len(arrays) // len(OF_FLATS))]
    return tuple(
        FlatNodes(theta.astype(float), weight.astype(float), first, int(kinds), middle)
        for theta, weight, first, kinds, middle in parts
    )
