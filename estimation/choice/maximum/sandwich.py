"""Standard errors of a maximum-likelihood estimate: from the curvature, robust, or clustered.

What each situation moved the estimates by, C s_t with C the inverse information and s_t its score, adds up to the
robust covariance Σ (C s_t)(C s_t)' (Huber 1967; White 1982, Econometrica 50:1-25). Where situations of a cluster depend
on each other, sums over clusters take their place (Liang and Zeger 1986, Biometrika 73:13-22), times G / (G - 1) for G
clusters.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from estimation.arrays import Array, Indices
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all
from estimation.names import SUBJECT

INFORMATION, ROBUST = "information", "robust"
FEW = 20
"""Clusters below which standard errors are too small (Cameron and Miller 2015, J. of Human Resources 50:317-372)."""


def usual(table: ChoiceTable) -> str:
    """Return the errors that a table asks for: by person where people choose more than once, robust under weights."""
    if len(table.subjects) < len(table):
        return SUBJECT.name
    return ROBUST if table.is_sample_weighted else INFORMATION


def cluster_of(errors: str, table: ChoiceTable) -> Indices:
    """Return the cluster of each situation, (situation,).

    Raises
    ------
    ChoiceError
        If `errors` is neither ``"robust"`` nor a column that is constant within situations and nowhere empty, or there
        is one cluster only.
    """
    if errors == ROBUST:
        return np.arange(len(table))
    rows, first = table.rows, table.first_row
    known = [SUBJECT.name, *table.attributes]
    if errors not in known:
        problem = f"{errors!r} is neither {INFORMATION!r} nor {ROBUST!r} nor a column; columns are {known}"
        raise ChoiceError("Standard errors are not clear:", [problem])
    codes, labels = pd.factorize(rows[errors])
    problems = [f"column {errors!r} is empty in some rows; fill it in"] * bool((codes < 0).any())
    if (codes != np.repeat(codes[first[:-1]], np.diff(first))).any():
        problems.append(f"column {errors!r} differs within situations; a cluster is made of whole situations")
    problems += [f"column {errors!r} has one value only; one cluster has no standard error"] * (len(labels) < 2)
    raise_all(problems, ChoiceError, "Standard errors cannot be clustered:")
    return np.asarray(codes[first[:-1]])


def clustered(influence: Array, cluster: Indices) -> Array:
    """Return the covariance of estimates, (parameter, parameter).

    Parameters
    ----------
    influence : (situation, parameter)
        What each situation moved the estimates by.
    cluster : (situation,)
    """
    order = np.argsort(cluster, kind="stable")
    first = np.flatnonzero(np.diff(cluster[order], prepend=-1))
    total = np.add.reduceat(influence[order], first, axis=0)
    return np.asarray(total.T @ total * (len(first) / (len(first) - 1)))
