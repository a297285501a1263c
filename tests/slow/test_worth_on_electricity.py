"""Amounts of money on data of people (electricity): what utilities over a price coefficient say, prior for prior."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

import estimation as est
from estimation.choice.hierarchy.problem import DEGREES
from estimation.fits.checks import error_of_mean

pytestmark = pytest.mark.slow

PRICE, REST = "pf", ["cl", "loc", "wk", "tod", "seas"]
SIZE = len(REST)


@pytest.fixture(scope="module")
def fits():
    table = est.load("electricity")
    utility, money = (est.MultinomialLogit([PRICE, *REST], random=REST, wtp_space=space) for space in (None, PRICE))
    return tuple(est.fit(model, table, seed=1, progress=False) for model in (utility, money))


def draws_of(fit):
    """Return means (chain, draw, taste), covariances, and the weight of price that everybody shares."""
    posterior = fit.tree["posterior"].dataset
    means, covariance = (
        posterior["mean"].sel(coefficient=REST),
        posterior["covariance"].sel(coefficient=REST, other=REST),
    )
    return means.to_numpy(), covariance.to_numpy(), posterior["mean"].sel(coefficient=PRICE).to_numpy()


def log_prior(prior, means, covariance, shared):
    """Return the density of means, covariances (Huang and Wand 2013, eq. 4) and what everybody shares, written out."""
    inverse = np.diagonal(np.linalg.inv(covariance), axis1=-2, axis2=-1)
    inner = DEGREES * inverse + 1 / prior.spread**2
    spread = -(DEGREES + 2 * SIZE) / 2 * np.linalg.slogdet(covariance)[1] - (DEGREES + SIZE) / 2 * np.log(inner).sum(-1)
    location = stats.norm.logpdf(means, prior.location, prior.shift_sd[:, 0]).sum(-1)
    return spread + location + stats.norm.logpdf(shared, prior.fixed_location[0], prior.fixed_sd[0])


def test_amounts_are_ratios_of_utilities_where_everybody_has_one_price_coefficient(fits):
    """The models are one: draws of utilities, divided by α and reweighed from their prior to that of amounts.

    The change of variables has the volume α^(d + d(d + 1) + 1) of means, covariances and log α.
    """
    utility, money = fits
    means, covariance, price = draws_of(utility)
    alpha = -price
    amounts, spreads = means / alpha[..., None], covariance / (alpha**2)[..., None, None]
    weight = log_prior(money.problem.hierarchy.prior, amounts, spreads, np.log(alpha))
    weight -= log_prior(utility.problem.hierarchy.prior, means, covariance, price)
    weight -= (SIZE + SIZE * (SIZE + 1) + 1) * np.log(alpha)
    share = np.exp(weight - special.logsumexp(weight)) * weight.size
    assert (share**2).mean() < 2  # the draws are worth half as many, or more
    gaps = []
    for ours, theirs in zip(draws_of(money)[:2], (amounts, spreads), strict=True):
        both = [part if part.ndim == 3 else np.sqrt(np.diagonal(part, axis1=-2, axis2=-1)) for part in (ours, theirs)]
        for k in range(SIZE):
            amount, ratio = (part[..., k] for part in both)
            middle = (share * ratio).mean()
            error = np.hypot(error_of_mean(amount), error_of_mean(share * (ratio - middle)))
            gaps.append((amount.mean() - middle) / error)
    assert np.abs(gaps).max() < 3.5
    assert np.mean(np.square(gaps)) < 3
