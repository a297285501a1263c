"""Chains of NUTS, whole or not at all."""

from __future__ import annotations

from typing import Any

import xarray as xr


def whole_chains(compiled: Any, **asked: Any) -> xr.DataTree:
    """Return what nutpie draws. An interrupt is raised: left to itself, nutpie returns the part that it has."""
    import nutpie  # noqa: PLC0415 - slow to import

    running = nutpie.sample(compiled, **asked, blocking=False)
    try:
        tree: xr.DataTree = running.wait()
    except BaseException:
        running.cancel()
        raise
    return tree
