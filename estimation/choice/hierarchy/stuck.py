"""What to try where chains do not agree: which taste holds them up, and what would settle it."""

from __future__ import annotations

import numpy as np
import xarray as xr

from estimation.fits.checks import RHAT, is_short

SMALL = 0.25
"""Share of its mean that the lowest of a spread's draws reach where it may be zero."""


def advice(posterior: xr.Dataset, *, diagonal: bool) -> list[str]:
    """Return one sentence on the taste on which chains agree least, and what to try; none if they agree.

    Parameters
    ----------
    posterior
        `mean` and `sd` of tastes, (chain, draw, coefficient).
    diagonal
        Whether tastes are independent already.
    """
    from arviz_stats import rhat  # noqa: PLC0415 - slow to import

    watched = posterior[["mean", "sd"]]
    watched = watched.isel(coefficient=(watched["sd"].std(["chain", "draw"]) > 0).to_numpy())
    if not watched.sizes["coefficient"] or not is_short(watched):
        return []
    found = rhat(watched)
    kind = max(("mean", "sd"), key=lambda name: float(found[name].max()))
    name = str(found["coefficient"].to_numpy()[int(np.nanargmax(found[kind].to_numpy()))])
    spread = watched["sd"].sel(coefficient=name).to_numpy()
    worst = float(found[kind].max())
    said = f"Chains agree least on the {'mean' if kind == 'mean' else 'spread'} of {name} (R-hat {worst:.3f})"
    said = said if worst > RHAT else f"Draws hardly suffice, least for {name}"
    near_zero = np.quantile(spread, 0.05) < SMALL * spread.mean()
    why = ", which may be the same for everybody" if near_zero else ""
    tries = [f'let {name} be the same for everybody (distributions={{"{name}": "fixed"}})'] * bool(near_zero)
    tries += ['let tastes be independent (covariance="diagonal")'] * (not diagonal)
    tries += ["draw longer (draws=2000)"]
    return [f"{said}{why}. What to try, one at a time: {'; '.join(tries)}."]
