"""How the shares of all alternatives respond to each of them: from one prediction wherever odds are those of a logit.

Predicting anew for every alternative costs the square of their number, and as many tables. Where a person's odds of two
alternatives do not depend on others, everything follows from products of shares: ∂P_i/∂V_j = P_i (1[i = j] - P_j), and
P_i P_j / (1 - P_j) go to i when j is withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from estimation.arrays import Array, Indices
from estimation.choice.quantities.prediction import Offer
from estimation.choice.sampling.draws import Tastes

NEARLY_CERTAIN = 1e-250
"""A share of all others below which ratios to it have no digits."""


def elasticities_of(offer: Offer, up: Array, down: Array, step: float, tastes: Tastes) -> Array:
    """Return per cent of a share for one per cent of an attribute, (sample, alternative, changed alternative).

    Parameters
    ----------
    up, down : (row, coefficient)
        The terms if the attribute is larger, and smaller, everywhere.
    step
        By what part of itself the two differ.
    """
    offer, (up, down) = _distinct(offer, tastes, up, down)
    if offer.model.is_mixture_of_logits:
        return _by_products(offer, (up - down) / step, tastes)
    base, code = offer.shares(tastes), offer.labels.cat.codes.to_numpy()
    found = np.empty((*base.shape, base.shape[1]))
    for place in range(base.shape[1]):
        own = (code == place)[:, None]
        ends = [replace(offer, x=np.where(own, moved, offer.x)).shares(tastes) for moved in (up, down)]
        found[:, :, place] = (ends[0] - ends[1]) / step / base
    return found


def diversions_of(offer: Offer, tastes: Tastes) -> Array | None:
    """Return the share of buyers of one alternative that would take another, (sample, removed, alternative).

    NaN on the diagonal; None where it does not follow from shares: other models, and choices that are certain.
    """
    if not offer.model.is_mixture_of_logits:
        return None
    offer, _ = _distinct(offer, tastes)
    shape = len(offer.labels.cat.categories)
    found = np.empty((len(tastes.weights), shape, shape))
    for sample, (share,) in _tables(offer, tastes):
        others = _of_others(share)
        if (others[share > 0] < NEARLY_CERTAIN).any():
            return None
        taken = share * offer.weight[:, None]
        ratio = np.divide(taken, others, out=np.zeros_like(taken), where=share > 0)
        buyers = taken.sum(axis=0)[:, None]
        found[sample] = (ratio.T @ share) / np.where(buyers > 0, buyers, np.nan)
    found[:, np.arange(shape), np.arange(shape)] = np.nan
    return found


def _by_products(offer: Offer, rate: Array, tastes: Tastes) -> Array:
    """Return elasticities from shares and how much utility one per cent adds, rate (row, coefficient) times weights."""
    size = len(offer.labels.cat.categories)
    found, own = np.empty((len(tastes.weights), size, size)), np.arange(size)
    for sample, (share, response) in _tables(offer, tastes, rate):
        moved = share * response * offer.weight[:, None]
        change = -share.T @ moved
        change[own, own] += moved.sum(axis=0)
        found[sample] = change / (offer.weight @ share)[:, None]
    return found


def _tables(offer: Offer, tastes: Tastes, *terms: Array) -> Iterator[tuple[int, list[Array]]]:
    """Yield each sample with shares, and utilities of further terms, as (situation, alternative); 0 where it is not."""
    count, size = len(offer.weight), len(offer.labels.cat.categories)
    situation = np.repeat(np.arange(count), np.diff(offer.first_row))
    place = situation * size + offer.labels.cat.codes.to_numpy()
    for samples, share, _ in offer.predicted(tastes):
        found = [share, *(replace(offer, x=x).utility(tastes.weights[samples]) for x in terms)]
        for column, sample in enumerate(range(samples.start, samples.stop)):
            tables = np.zeros((len(found), count * size))
            tables[:, place] = [values[:, column] for values in found]
            yield sample, list(tables.reshape(len(found), count, size))


def _of_others(share: Array) -> Array:
    """Return 1 - share, (situation, alternative), with all its digits where a share is nearly one."""
    largest = share.argmax(axis=1)
    rest, rows = share.copy(), np.arange(len(share))
    rest[rows, largest] = 0.0
    others = 1 - share
    others[rows, largest] = rest.sum(axis=1)
    return others


def _distinct(offer: Offer, tastes: Tastes, *further: Array) -> tuple[Offer, list[Array]]:
    """Return one of all situations that are alike where everybody is, with their weight, and its rows of more terms."""
    if tastes.weights.shape[1] > 1:
        return offer, list(further)
    scales = np.repeat(offer.scale_terms, np.diff(offer.first_row), axis=0)
    described = np.column_stack([offer.labels.cat.codes.to_numpy(), offer.x, scales, *further])
    starts, ends = offer.first_row[:-1], offer.first_row[1:]
    first: dict[bytes, int] = {}
    alike = [first.setdefault(described[a:b].tobytes(), len(first)) for a, b in zip(starts, ends, strict=True)]
    kept = np.unique(alike, return_index=True)[1]
    rows = _rows_of(starts[kept], ends[kept])
    sizes = (ends - starts)[kept]
    one = replace(
        offer,
        x=offer.x[rows],
        first_row=np.concatenate([[0], np.cumsum(sizes)]),
        person=offer.person[rows],
        labels=offer.labels.iloc[rows],
        weight=np.bincount(alike, weights=offer.weight),
        scale_terms=offer.scale_terms[kept],
    )
    return one, [terms[rows] for terms in further]


def _rows_of(starts: Indices, ends: Indices) -> Indices:
    return np.concatenate([np.arange(a, b) for a, b in zip(starts, ends, strict=True)])
