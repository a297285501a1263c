"""Is a matrix totally unimodular? Sufficient structures first, exact tests where they are affordable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from estimation.arrays import Indices, Mask
from estimation.assortment.given import matrix_of
from estimation.assortment.oracles.laminar import crossing
from estimation.errors import AssortmentError
from estimation.text.shown import Shown

ENUMERABLE = 10


@dataclass(frozen=True)
class Unimodularity(Shown):
    """Whether every square submatrix has determinant -1, 0 or 1.

    Parameters
    ----------
    answer
        True, False, or None if it could not be decided.
    reason
        The structure found, or what is in the way.
    rows
        Rows that show that the matrix is not totally unimodular, if some were found.
    """

    answer: bool | None
    reason: str
    rows: tuple[int, ...] = ()


def total_unimodularity(matrix: object, orders: Sequence[Indices] = ()) -> Unimodularity:
    """Test a constraint matrix for total unimodularity.

    Parameters
    ----------
    matrix
        A (row, product), dense or sparse.
    orders
        Orders of the products (product,) in which the ones of each row may be neighbours; catalogue order is
        tried anyway.

    Returns
    -------
    The verdict. Yes is proved by intervals, two laminar families, or at most two entries per row or column
    (Heller and Tompkins 1956). Blocks left over are decided by Ghouila-Houri's (1962) criterion if they have
    at most ten rows or columns after trivial reductions; larger ones give None.
    """
    whole = matrix_of(matrix)
    if whole is None:
        raise AssortmentError(f"{matrix!r} is no matrix; give rows of numbers of one length, dense or sparse")
    whole.eliminate_zeros()
    strange = np.abs(whole.data) != 1
    if strange.any():
        row = int(sparse.coo_array(whole).row[strange][0])
        return Unimodularity(False, "an entry is not -1, 0 or 1", (row,))
    structure = _structure(whole, [np.arange(whole.shape[1]), *orders])
    return structure or _by_blocks(whole)


def _structure(matrix: sparse.csr_array, orders: Sequence[Indices]) -> Unimodularity | None:
    """Recognise the whole matrix at once."""
    if np.all(matrix.data == 1):
        if any(_is_interval(matrix, order) for order in orders):
            return Unimodularity(True, "each row counts neighbours in one order of the products")
        first, second, _, _ = crossing(matrix)
        if not _odd(first, second, np.ones(len(first), dtype=np.bool_), matrix.shape[0]).any():
            return Unimodularity(True, "the sets split into two laminar families")
    return _heller_tompkins(matrix)


def _is_interval(matrix: sparse.csr_array, order: Indices) -> bool:
    """Tell whether the ones of each row stand next to each other."""
    position = np.empty(len(order), dtype=np.intp)
    position[order] = np.arange(len(order))
    filled = np.diff(matrix.indptr) > 0
    if not filled.any():
        return True
    places, starts = position[matrix.indices], matrix.indptr[:-1][filled]
    spread = np.maximum.reduceat(places, starts) - np.minimum.reduceat(places, starts) + 1
    return bool(np.all(spread == np.diff(matrix.indptr)[filled]))


def _heller_tompkins(matrix: sparse.csr_array) -> Unimodularity | None:
    """Decide a matrix with at most two entries in each column, or in each row."""
    for by_line, line in ((sparse.csr_array(matrix), "row"), (sparse.csr_array(matrix.T), "column")):
        if np.diff(by_line.indptr).max(initial=0) > 2:
            continue
        start = by_line.indptr[:-1][np.diff(by_line.indptr) == 2]
        first, second = by_line.indices[start], by_line.indices[start + 1]
        apart = by_line.data[start] == by_line.data[start + 1]
        odd = _odd(first, second, apart, by_line.shape[1])
        if not odd.any():
            return Unimodularity(True, f"at most two entries per {line}, and the signs balance")
        touched = odd if line == "column" else abs(matrix) @ odd > 0
        rows = tuple(np.flatnonzero(touched).tolist())
        return Unimodularity(False, "a cycle of rows has an odd number of equal signs", rows)
    return None


def _odd(first: Indices, second: Indices, apart: Mask, count: int) -> Mask:
    """Nodes that cannot be split in two classes such that `apart` pairs differ and the others agree."""
    twin = np.where(apart, count, 0)
    start = np.concatenate([first, first + count])
    end = np.concatenate([second + twin, second + count - twin])
    graph = sparse.coo_array((np.ones(len(start)), (start, end)), shape=(2 * count, 2 * count))
    component = csgraph.connected_components(graph, directed=False)[1]
    return np.asarray(component[:count] == component[count:])


def _by_blocks(matrix: sparse.csr_array) -> Unimodularity:
    """Reduce, split into connected blocks, and decide each."""
    reasons = []
    for block, rows in _blocks(*_reduced(matrix)):
        verdict = _heller_tompkins(block) or _ghouila_houri(block)
        if not verdict.answer:
            named = tuple(rows[list(verdict.rows)].tolist())
            return Unimodularity(verdict.answer, verdict.reason, named)
        reasons.append(verdict.reason)
    return Unimodularity(True, "; ".join(dict.fromkeys(reasons)) or "nothing is left after trivial reductions")


def _reduced(matrix: sparse.csr_array) -> tuple[sparse.csr_array, Indices]:
    """Drop rows and columns that cannot matter: with at most one entry, or equal to another up to sign."""
    rows = np.arange(matrix.shape[0])
    while True:
        kept_rows = _distinct(matrix)
        matrix, rows = sparse.csr_array(matrix[kept_rows]), rows[kept_rows]
        across = sparse.csr_array(matrix.T)
        kept_columns = _distinct(across)
        matrix = sparse.csr_array(across[kept_columns].T)
        if len(kept_columns) == across.shape[0] and np.all(np.diff(matrix.indptr) > 1):
            return matrix, rows


def _distinct(matrix: sparse.csr_array) -> Indices:
    """Lines with at least two entries, one of each kind up to sign."""
    matrix.sort_indices()
    seen: dict[tuple[bytes, bytes], int] = {}
    for line, (start, end) in enumerate(pairwise(matrix.indptr)):
        if end - start > 1:
            signs = matrix.data[start:end] * matrix.data[start]
            seen.setdefault((matrix.indices[start:end].tobytes(), signs.tobytes()), line)
    return np.fromiter(seen.values(), np.intp)


def _blocks(matrix: sparse.csr_array, rows: Indices) -> Iterator[tuple[sparse.csr_array, Indices]]:
    """Blocks that share neither rows nor columns, with the original numbers of their rows."""
    if not len(rows):
        return
    component = csgraph.connected_components(sparse.csr_array(abs(matrix) @ abs(matrix.T)), directed=False)[1]
    for label in range(component.max() + 1):
        block = sparse.csc_array(matrix[component == label])
        yield sparse.csr_array(block[:, np.diff(block.indptr) > 0]), rows[component == label]


def _ghouila_houri(matrix: sparse.csr_array) -> Unimodularity:
    """Sign every set of rows so that column sums stay within one, or find a set where this is impossible."""
    if min(matrix.shape) > ENUMERABLE:
        size = " x ".join(map(str, matrix.shape))
        reason = f"no known structure in a block of {size}, too large to decide"
        return Unimodularity(None, reason, tuple(range(matrix.shape[0])))
    dense = matrix.toarray()
    is_wide = dense.shape[0] <= dense.shape[1]
    bad = _unsignable(dense if is_wide else dense.T)
    if bad is None:
        return Unimodularity(True, "every set of rows can be signed evenly")
    rows = bad if is_wide else np.flatnonzero(np.abs(dense[:, bad]).sum(axis=1) > 0)
    return Unimodularity(False, "some rows together have a submatrix of determinant 2 or more", tuple(rows.tolist()))


def _unsignable(dense: np.ndarray) -> Indices | None:
    """Smallest set of rows that no signs even out."""
    count = dense.shape[0]
    signs = np.stack(np.meshgrid(*[[-1, 0, 1]] * count, indexing="ij"), axis=-1).reshape(-1, count)
    even = np.ones(len(signs), dtype=np.bool_)
    for column in dense.T:
        even &= np.abs(signs @ column) <= 1
    masks = (signs[even] != 0) @ (1 << np.arange(count))
    missing = np.setdiff1d(np.arange(2**count), masks)
    if not len(missing):
        return None
    smallest = missing[np.argmin(np.bitwise_count(missing))]
    return np.flatnonzero(smallest >> np.arange(count) & 1)
