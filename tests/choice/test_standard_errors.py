"""Robust and clustered standard errors: the sandwich written out person by person, and what it is for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_frame, choice_table
from oracles.choice_loops import nested_shares
from scipy import special

import estimation as est

TERMS = ["price", "quality"]
MNL = est.MultinomialLogit(TERMS)
NEAR = {"near": ["a", "b"]}


def sandwich(table, weights, of):
    """Return the sandwich of a logit in loops, (coefficient, coefficient): `of` says whose each situation is."""
    bread, totals = np.zeros((2, 2)), {}
    for situation, rows in table.frame.groupby("situation", observed=True):
        x = rows[TERMS].to_numpy()
        share = special.softmax(x @ weights)
        mean = share @ x
        bread += (x - mean).T @ np.diag(share) @ (x - mean)
        score = x[np.flatnonzero(rows["chosen"])[0]] - mean
        totals[of(situation, rows)] = totals.get(of(situation, rows), 0) + score
    inverse, count = np.linalg.inv(bread), len(totals)
    meat = sum(np.outer(total, total) for total in totals.values())
    return inverse @ meat @ inverse * count / (count - 1)


@pytest.fixture(scope="module")
def table():
    frame = choice_frame(25, 5)
    return est.read_choices(frame.assign(city=frame["subject"].map(lambda name: f"c{int(name[1:]) % 7}")), name="trips")


@pytest.fixture(scope="module")
def found(table):
    return est.mode(MNL, table)


@pytest.mark.parametrize(
    ("errors", "of"),
    [
        ("subject", lambda _, rows: rows["subject"].iloc[0]),
        ("city", lambda _, rows: rows["city"].iloc[0]),
        ("robust", lambda situation, _: situation),
    ],
)
def test_errors_are_those_of_the_sandwich_written_out(found, table, errors, of):
    expected = sandwich(table, found.coefficients.to_numpy(), of)
    np.testing.assert_allclose(found.with_errors(errors).covariance, expected, rtol=1e-6)


def test_people_who_choose_more_than_once_are_clusters_by_themselves(found, table):
    assert found.errors == "subject"
    assert "clustered by person" in repr(found)
    assert "There are 7 clusters only" in repr(found.with_errors("city"))
    once = est.read_choices(table.frame.drop(columns="subject"))
    alone = est.mode(MNL, once)
    assert alone.errors == "information"
    np.testing.assert_allclose(alone.covariance, found.with_errors("information").covariance, rtol=1e-6)


def test_weights_of_a_sample_ask_for_robust_errors(table):
    frame = table.frame.drop(columns="subject").assign(w=lambda rows: 1.0 + rows["situation"].cat.codes % 3)
    assert est.mode(MNL, est.read_choices(frame, weight="w")).errors == "robust"
    assert est.mode(MNL, est.read_choices(frame, weight="w", counts=True)).errors == "information"


def test_copies_of_situations_change_errors_from_the_curvature_only(found, table):
    copy = table.frame.assign(situation=lambda rows: rows["situation"].astype(str) + "-again")
    twice = est.mode(MNL, est.read_choices(pd.concat([table.frame, copy])))
    np.testing.assert_allclose(twice.standard_errors, found.standard_errors, rtol=1e-6)
    plain = found.with_errors("information").standard_errors / np.sqrt(2)
    np.testing.assert_allclose(twice.with_errors("information").standard_errors, plain, rtol=1e-6)


def test_errors_of_a_nested_logit_are_those_of_its_definition_by_differences():
    table = choice_table(40, 5)
    found = est.mode(est.NestedLogit(TERMS, nests=NEAR, above_one=True), table)
    assert list(found.covariance.index) == [*TERMS, "τ[near]"]
    people = [
        [
            (
                dict(zip(rows["alternative"], rows[TERMS].to_numpy(), strict=True)),
                rows["alternative"][rows["chosen"]].iloc[0],
            )
            for _, rows in own.groupby("situation", observed=True)
        ]
        for _, own in table.frame.groupby("subject", observed=True)
    ]

    def by_person(theta):
        """Log likelihood of each person, of weights and τ."""
        chance = [
            [
                nested_shares({k: x @ theta[:2] for k, x in rows.items()}, NEAR, {"near": theta[2]})[took]
                for rows, took in own
            ]
            for own in people
        ]
        return np.log(chance).sum(axis=1)

    theta, step = np.array([*found.coefficients, *found.further]), 1e-4 * np.eye(3)
    scores = np.array([(by_person(theta + e) - by_person(theta - e)) / 2e-4 for e in step])
    bend = [
        [sum(a * b * by_person(theta + a * e + b * f).sum() for a in (1, -1) for b in (1, -1)) / 4e-8 for e in step]
        for f in step
    ]
    inverse, count = np.linalg.inv(-np.array(bend)), len(people)
    expected = inverse @ scores @ scores.T @ inverse * count / (count - 1)
    np.testing.assert_allclose(found.covariance, expected, rtol=2e-3)


@pytest.mark.parametrize(
    ("errors", "said"),
    [
        ("town", "'town' is neither 'information' nor 'robust' nor a column"),
        ("price", "differs within situations"),
        ("same", "one value only"),
    ],
)
def test_clusters_that_are_none_are_refused(table, errors, said):
    found = est.mode(MNL, est.read_choices(table.frame.assign(same="x")))
    with pytest.raises(est.ChoiceError, match=said):
        found.with_errors(errors)
