"""Maxima with people integrated out against an integral over a fixed grid, whatever the unit of a column."""

from __future__ import annotations

import math

import numpy as np
import pytest
import theory_grid as grid
from sandwiches import sandwich
from scipy import special, stats
from theory_grid import Pulling, acting, pulled

import estimation as est

AGE = "pull: age"


@pytest.fixture(scope="module")
def crowd():
    """Eighteen senders who differ in pull and precision; they decide 6 to 23 times; pull goes with age."""
    rng, names = np.random.default_rng(7), [str(number) for number in range(1, 19)]
    frame = grid.decisions(names=names, periods=23).assign(role="sender")
    own = {}
    for place, who in enumerate(names):
        age = 20.0 + 7 * place
        pull = -0.5 + 0.01 * (age - 79.5) + 0.9 * rng.normal()
        own[who] = {"pull": special.expit(pull), "sender_precision": math.exp(0.4 + 0.6 * rng.normal())}
    often = {who: 6 + place for place, who in enumerate(names)}
    frame = frame[frame["period"] <= frame["subject"].map(often)]
    frame = acting(frame, lambda row: grid.chances(row, pulled(row, own[row["subject"]]), own[row["subject"]]))
    return frame.assign(age=1000 * frame["age"])


@pytest.fixture(scope="module")
def differing(crowd):
    return est.mode(Pulling(lapse=False, pull="~ age"), grid.table_of(crowd), seed=2)


def over_people(frame):
    """Return a function of (mean, log sd of pull and precision, coefficient): people's log likelihoods, by a grid."""
    pull, precision = np.linspace(-8, 7, 241), np.linspace(-4, 4, 81)
    names, rows = sorted(frame["subject"].unique()), frame.to_dict("records")
    kept = dict.fromkeys(names, 0.0)
    for row in rows:
        options = np.arange(grid.GAMES[row["condition"]].highest + 1.0)
        aim = np.array([pulled(row, {"pull": share}) for share in special.expit(pull)])
        far = -grid.MARGIN[row["condition"]] * np.abs(options - aim[:, None])
        utility = np.exp(precision)[None, :, None] * far[:, None, :]
        kept[row["subject"]] = kept[row["subject"]] + special.log_softmax(utility, axis=2)[:, :, int(grid.done(row))]
    age = frame.groupby("subject")["age"].first()
    cell = np.log((pull[1] - pull[0]) * (precision[1] - precision[0]))

    def by_person(vector):
        mean, other, log_sd, log_other, coefficient = vector
        return np.array(
            [
                special.logsumexp(
                    kept[who]
                    + stats.norm.logpdf(pull, mean + coefficient * (age[who] - age.mean()), np.exp(log_sd))[:, None]
                    + stats.norm.logpdf(precision, other, np.exp(log_other))
                    + cell
                )
                for who in names
            ]
        )

    return by_person


def test_people_who_differ_are_integrated_out_as_on_a_grid(crowd, differing):
    """At the maximum: people's likelihoods, slopes, errors clustered by person, by an integral over a fixed grid."""
    names = ["pull", "sender_precision", "spread of pull", "spread of sender_precision", AGE]
    estimate, error = (differing.summary.loc[names, what].to_numpy() for what in ("estimate", "standard_error"))
    at = np.array([special.logit(estimate[0]), *np.log(estimate[1:4]), estimate[4]])
    unit, by_person = np.array([1, 1, 1, 1, 1e-4]), over_people(crowd)
    own = by_person(at)
    assert list(differing.by_person.index) == sorted(crowd["subject"].unique())
    np.testing.assert_allclose(differing.by_person, own, atol=0.05)
    assert differing.numbers == 5
    assert differing.bic == pytest.approx(-2 * own.sum() + 5 * math.log(18), abs=4 * differing.error + 0.02)
    score, covariance = sandwich(lambda z: by_person(z * unit), at / unit)
    wanted = np.sqrt(np.diag(covariance))
    slopes = np.array([estimate[0] * (1 - estimate[0]), *estimate[1:4], 1.0]) * unit
    np.testing.assert_allclose(error, wanted * slopes, rtol=0.1)
    assert (np.abs(score.sum(axis=1)) * wanted < 0.2).all()


def test_people_who_differ_are_the_same_whatever_the_unit_of_a_column(crowd, differing):
    other = est.mode(Pulling(lapse=False, pull="~ age"), grid.table_of(crowd.assign(age=1e-6 * crowd["age"])), seed=2)
    assert other.log_likelihood == pytest.approx(differing.log_likelihood, abs=1e-3)
    again = other.summary.mul([*[1.0] * 4, 1e-6], axis=0)
    np.testing.assert_allclose(again, differing.summary, rtol=0.01)
