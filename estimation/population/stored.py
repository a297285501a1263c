"""Nodes as named arrays and plain words, so that files hold numbers and nothing that could be run."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import numpy as np

from estimation.arrays import Array
from estimation.population.batch import Batch, Nodes
from estimation.population.ensemble import Ensemble
from estimation.population.normal import Population
from estimation.population.proposal import Proposal
from estimation.population.structure import Part

KINDS = {kind.__name__: kind for kind in (Ensemble, Nodes, Batch, Proposal, Population, Part)}
"""What nodes are made of: a file can name nothing else."""
FORM = "form"


def arrays_of(nodes: Ensemble) -> dict[str, Array]:
    """Return the arrays that nodes consist of, by name, and as ``form`` how they hang together (JSON)."""
    found: dict[str, Array] = {}

    def plain(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            name = f"array_{len(found)}"
            found[name] = value
            return {"array": name}
        if isinstance(value, tuple):
            return [plain(each) for each in value]
        if type(value).__name__ in KINDS:
            return {"kind": type(value).__name__} | {f.name: plain(getattr(value, f.name)) for f in fields(value)}
        return value

    form = json.dumps(plain(nodes))
    return found | {FORM: np.array(form)}


def nodes_of(arrays: dict[str, Array]) -> Ensemble:
    """Return the nodes that `arrays_of` took apart.

    Raises
    ------
    KeyError, TypeError, ValueError
        If they are not what it made.
    """

    def built(plain: Any) -> Any:
        if isinstance(plain, list):
            return tuple(built(each) for each in plain)
        if isinstance(plain, dict):
            given = {name: value for name, value in plain.items() if name != "kind"}
            return (
                KINDS[plain["kind"]](**{n: built(v) for n, v in given.items()})
                if "kind" in plain
                else arrays[plain["array"]]
            )
        return plain

    nodes = built(json.loads(str(arrays[FORM])))
    if not isinstance(nodes, Ensemble):
        raise TypeError(f"{type(nodes).__name__} is no ensemble of nodes")
    return nodes
