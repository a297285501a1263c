"""Any rows: a linear program where its vertices are menus, an integer program where they need not be."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse

from estimation.arrays import Array, Mask
from estimation.assortment.oracles.base import Oracle
from estimation.assortment.oracles.by_size import best_by_size, is_resolved
from estimation.assortment.oracles.cuts import Cut, covers, with_cuts
from estimation.assortment.oracles.highs import Program

WHOLE = 1e-6


class LinearOracle(Oracle):
    """Maximise over `lower <= A x <= upper`, x zero or one, A (row, product).

    If every vertex of the relaxation is a menu (`integral`: A totally unimodular, whole bounds), the linear program is
    exact (Hoffman and Kruskal 1956). Otherwise, where it gives shares, HiGHS' branch and bound decides. A menu that
    breaks a row by more than `excess` allows, which the tolerances of HiGHS may let pass, is cut off.

    Raises
    ------
    InfeasibleError
        No menu meets the rows.
    """

    def __init__(self, matrix: sparse.csr_array, lower: Array, upper: Array, *, integral: bool) -> None:
        self._given = matrix, lower, upper
        self._rows = matrix, _whole_bounds(matrix, lower, upper)
        self._cuts: list[Cut] = []
        self._relaxed = self._make(whole=False)
        self._whole = None if integral else self._make(whole=True)
        self._met(lambda: (self._whole or self._relaxed).maximise(np.zeros(matrix.shape[1])) > 0.5)

    def best(self, gain: Array) -> Mask:
        """(product,) the best menu; a share above one half is a one, never any share above zero."""
        return self._met(lambda: self._best(gain))

    def exact(self, gain: Array, fine: float) -> Mask:
        """(product,) the best menu, however different in size the gains are."""
        return self.best(gain) if is_resolved(gain, fine) else best_by_size(gain, self._between, fine)

    def _best(self, gain: Array) -> Mask:
        share = self._relaxed.maximise(gain)
        if np.abs(share - np.round(share)).max(initial=0.0) > WHOLE:
            self._whole = self._whole or self._make(whole=True)
            share = self._whole.maximise(gain)
        return share > 0.5

    def _between(self, gain: Array, must: Mask, may: Mask, tried: list[Cut]) -> Mask:
        """(product,) the best menu that holds the products `must` and others of those that it `may`, after cuts."""
        limits = must.astype(np.float64), may.astype(np.float64)
        whole = np.ones(len(gain), dtype=np.bool_)
        return self._met(
            lambda: Program(*with_cuts(*self._rows, [*self._cuts, *tried]), limits, whole).maximise(gain) > 0.5
        )

    def _met(self, ask: Callable[[], Mask]) -> Mask:
        """(product,) the answer, which is asked for again after cuts until it meets the rows."""
        while True:
            chosen = ask()
            cuts = covers(*self._given, chosen)
            if not cuts:
                return chosen
            self._cuts += cuts
            self._relaxed = self._make(whole=False)
            self._whole = self._whole and self._make(whole=True)

    def _make(self, *, whole: bool) -> Program:
        width = self._rows[0].shape[1]
        limits = np.zeros(width), np.ones(width)
        return Program(*with_cuts(*self._rows, self._cuts), limits, np.full(width, whole))


def _whole_bounds(matrix: sparse.csr_array, lower: Array, upper: Array) -> tuple[Array, Array]:
    """Round the bounds of rows with whole entries inwards: no menu is lost, and vertices become menus."""
    entries_whole = np.ones(matrix.shape[0], dtype=np.bool_)
    triplets = sparse.coo_array(matrix)
    entries_whole[triplets.row[triplets.data != np.round(triplets.data)]] = False
    return np.where(entries_whole, np.ceil(lower - 1e-9), lower), np.where(entries_whole, np.floor(upper + 1e-9), upper)
