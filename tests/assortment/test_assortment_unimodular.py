"""The test of total unimodularity agrees with the definition."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy import sparse

from estimation.assortment import total_unimodularity


def by_definition(matrix):
    """Every square submatrix has determinant -1, 0 or 1."""
    rows, columns = matrix.shape
    for size in range(1, min(rows, columns) + 1):
        for chosen in combinations(range(rows), size):
            for kept in combinations(range(columns), size):
                if abs(round(float(np.linalg.det(matrix[np.ix_(chosen, kept)])))) > 1:
                    return False
    return True


def test_the_verdict_on_small_random_matrices_is_that_of_the_definition():
    rng = np.random.default_rng(1)
    verdicts = []
    for _ in range(300):
        shape = rng.integers(1, 6, 2)
        matrix = rng.choice([-1, 0, 1], size=shape, p=[0.2, 0.5, 0.3])
        verdict = total_unimodularity(matrix)
        assert verdict.answer == by_definition(matrix), matrix
        verdicts.append(verdict.answer)
    assert 50 < sum(verdicts) < 250


def test_rows_named_as_the_culprits_are_not_totally_unimodular_by_themselves():
    rng = np.random.default_rng(2)
    for _ in range(200):
        matrix = rng.choice([-1, 0, 1], size=(5, 5), p=[0.2, 0.4, 0.4])
        verdict = total_unimodularity(matrix)
        if verdict.answer is False:
            assert not by_definition(matrix[list(verdict.rows)])


def test_intervals_in_an_order_that_is_hinted_at_are_recognised():
    rng = np.random.default_rng(3)
    order = rng.permutation(60)
    matrix = np.zeros((40, 60))
    for row in matrix:
        start, end = sorted(rng.integers(0, 61, 2))
        row[order[start:end]] = 1
    verdict = total_unimodularity(matrix, [order])
    assert verdict.answer
    assert "neighbours" in verdict.reason


def test_two_laminar_families_are_recognised_and_a_third_is_not():
    rng = np.random.default_rng(4)
    families = [np.eye(12)[rng.integers(0, 12, 200)].T for _ in range(3)]
    assert "two laminar" in total_unimodularity(np.vstack(families[:2])).reason
    assert not total_unimodularity(np.vstack(families)).answer


def test_a_large_block_without_known_structure_is_left_undecided():
    rng = np.random.default_rng(5)
    matrix = rng.random((30, 40)) < 0.2
    assert total_unimodularity(matrix).answer in {None, False}


def test_separate_blocks_are_decided_one_by_one():
    incidence = np.array([[1, 0, 1], [1, 1, 0], [0, 1, 1]])
    network = sparse.csr_array([[1, -1, 0], [0, 1, -1], [-1, 0, 1]])
    good = sparse.block_diag([network] * 20)
    assert total_unimodularity(good).answer
    verdict = total_unimodularity(sparse.block_diag([network, incidence, network]))
    assert verdict.answer is False
    assert verdict.rows == (3, 4, 5)


@pytest.mark.parametrize("entry", [2, 0.5, -3])
def test_other_entries_rule_it_out(entry):
    verdict = total_unimodularity([[1, 0], [0, entry]])
    assert verdict.answer is False
    assert verdict.rows == (1,)
