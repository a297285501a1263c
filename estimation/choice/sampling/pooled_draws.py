"""Draws where everybody has the same weights: maximise, propose around the top, check; else NUTS."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from estimation.arrays import Array, Indices, Mask
from estimation.choice.likelihoods.arrays import BLOCK, ChoiceArrays
from estimation.choice.likelihoods.further import by_kind
from estimation.choice.likelihoods.newton import maximise
from estimation.choice.likelihoods.target import Pooled
from estimation.choice.sampling.draws import Fitted
from estimation.choice.sampling.independence import HEAVY, near_normal
from estimation.choice.sampling.sampler import PosteriorDraws, kept_top, sample_top
from estimation.fits.checkpoint import NOTHING_KEPT, Checkpoint
from estimation.fits.checks import is_short
from estimation.fits.job import Settings

MOST = 50_000_000
"""Log likelihoods per person and draw that a fit may keep; larger tables keep none, and are not compared by person."""
CHEAP, THINNEST = 100_000_000, 10
"""Utilities that take no time worth mentioning, and the most proposals per draw."""
THIN = 3
"""Proposals per draw of a refit."""
DRAWS = 256
"""Draws that are handled at once, so that a block holds some situations too."""
LARGE = 20_000_000
"""Rows times draws from which on several processors share the work."""


def sample_pooled(likelihood: Pooled, settings: Settings, checkpoint: Checkpoint = NOTHING_KEPT) -> Fitted:
    """Return draws by proposals around the mode, or by NUTS."""
    count, thin = settings.chains * settings.draws, thinning(likelihood.arrays, settings)
    by_person = count * (thin + 1) * likelihood.arrays.people <= MOST
    found, posterior = _sampled(likelihood, settings, thin, by_person, checkpoint)
    groups = {
        "posterior": named(likelihood, found.draws),
        "sample_stats": found.stats,
        "log_likelihood": posterior.of_people(found),
    }
    if found.proposals is not None:
        groups["proposals"] = xr.Dataset({"k": found.proposals.pareto_k})
    return Fitted(groups, found.facts)


def score_pooled(likelihood: Pooled, out: Mask, settings: Settings) -> tuple[Array, bool]:
    """Return log p(person | draw) of people (person,) who were left out, (draw, person), and whether draws suffice.

    Those left out have weights of zero: rows, terms and priors stay as they are.
    """
    arrays = likelihood.arrays
    weight = np.where(out[arrays.person], 0.0, arrays.weight)
    kept: Pooled = replace(likelihood, arrays=replace(arrays, weight=weight))  # type: ignore[type-var]
    draws = _sampled(kept, settings, THIN, False, NOTHING_KEPT)[0].draws
    values = of_groups(likelihood, draws.reshape(-1, draws.shape[-1]).T, arrays.person)
    return values[out].T, not is_short(named(kept, draws))


def _sampled(
    likelihood: Pooled, settings: Settings, thin: int, by_person: bool, checkpoint: Checkpoint
) -> tuple[PosteriorDraws, _Posterior]:
    posterior = _Posterior(likelihood, by_person, [])
    top = kept_top(checkpoint, lambda: maximise(likelihood, prior=True))
    found = sample_top(
        likelihood,
        top,
        posterior.log_density,
        HEAVY if likelihood.further else near_normal(len(top.parameters)),
        thin=thin,
        settings=settings,
        checkpoint=checkpoint,
        is_short=lambda draws: is_short(named(likelihood, draws)),
    )
    return found, posterior


def thinning(arrays: ChoiceArrays, settings: Settings) -> int:
    """Return how many proposals to make per draw: more where they are cheap: draws then depend less on each other."""
    return int(np.clip(CHEAP // (len(arrays.x) * settings.chains * settings.draws), 1, THINNEST))


@dataclass(frozen=True, eq=False)
class _Posterior:
    """The posterior as a function of many parameters; it remembers what it found for each person."""

    likelihood: Pooled
    by_person: bool
    found: list[Array]

    def log_density(self, parameters: Array) -> Array:
        """Return the log posterior density without its constant, (parameter, draw) → (draw,), nats."""
        arrays = self.likelihood.arrays
        remembered = self.by_person and parameters.shape[1] * arrays.people <= MOST
        values = of_groups(self.likelihood, parameters, arrays.person if remembered else np.zeros_like(arrays.person))
        self.found[:] = [values] if remembered else []
        return np.asarray(values.sum(axis=0) + self.likelihood.log_prior(parameters))

    def of_people(self, sampled: PosteriorDraws) -> xr.Dataset:
        """Return ``people`` (chain, draw, subject), nats, of what was sampled last."""
        if not self.by_person:
            return xr.Dataset()
        draws, arrays = sampled.draws, self.likelihood.arrays
        if self.found and sampled.proposals is not None:
            values = self.found[0][:, sampled.proposals.kept]
        else:
            flat = np.moveaxis(draws, -1, 0).reshape(draws.shape[-1], -1)
            values = of_groups(self.likelihood, flat, arrays.person).reshape(-1, *draws.shape[:2])
        people = (("chain", "draw", "subject"), np.moveaxis(values, 0, -1))
        return xr.Dataset({"people": people}, coords={"subject": list(arrays.subjects)})


def of_groups(likelihood: Pooled, parameters: Array, group: Indices) -> Array:
    """Return weighted log likelihoods summed by group of situations, (group, draw), nats.

    Parameters
    ----------
    parameters : (parameter, draw)
    group : (situation,)
        Which group each situation belongs to, in increasing order: people, or zeros for a single sum.
    """
    count = parameters.shape[1]
    total = np.zeros((int(group[-1]) + 1, count))
    columns = [slice(start, start + DRAWS) for start in range(0, count, DRAWS)]
    parts = likelihood.arrays.spans(max(1, BLOCK // min(DRAWS, count)))

    def add(draws: slice) -> None:
        ours = np.ascontiguousarray(parameters[:, draws])
        for start, end in parts:
            part = likelihood.part(start, end)
            values = part.situations(ours) * part.arrays.weight[:, None]
            here = group[start:end]
            first = np.flatnonzero(np.diff(here, prepend=-1))
            total[here[first], draws] += np.add.reduceat(values, first, axis=0)

    workers = (os.cpu_count() or 1) if count * len(likelihood.arrays.x) > LARGE else 1
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(add, columns))
    return total


def named(likelihood: Pooled, draws: Array) -> xr.Dataset:
    """Return draws (chain, draw, parameter) as weights and further parameters by name."""
    weights, further = likelihood.natural(np.moveaxis(draws, -1, 0))
    data = {"coefficients": (("chain", "draw", "coefficient"), np.moveaxis(weights, 0, -1))}
    coords: dict[str, Any] = {"coefficient": list(likelihood.arrays.attributes)}
    parts = by_kind(likelihood.further, further)
    for kind in likelihood.further:
        data[kind.variable] = (("chain", "draw", kind.dimension), np.moveaxis(parts[kind.variable], 0, -1))
        coords[kind.dimension] = list(kind.labels)
    return xr.Dataset(data, coords=coords)
