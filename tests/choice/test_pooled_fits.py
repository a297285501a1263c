"""Posteriors of pooled models: right by another route, calibrated, checked, saved."""

from __future__ import annotations

import numpy as np
import pytest
from choice_builders import WEIGHTS, choice_frame, choice_table, with_outside
from scipy import stats

import estimation as est
from estimation.choice.likelihoods.newton import maximise
from estimation.choice.sampling import sampler
from estimation.choice.sampling.independence import Around, Shape, near_normal, sample_from
from estimation.choice.sampling.nuts import sample_nuts
from estimation.choice.sampling.sampler import sample_top
from estimation.choice.utilities.design import arrays_of
from estimation.fits.job import Settings

MNL = est.MultinomialLogit(["price", "quality"])
NESTED = est.NestedLogit(["price", "quality"], nests={"near": ["a", "b"]})


@pytest.fixture(scope="module")
def small():
    return with_outside(12, 4)


def grid_moments(likelihood, reach):
    """Return mean and sd of a posterior of two parameters, by summing over a fine grid."""
    top = maximise(likelihood, prior=True)
    sd = np.sqrt(np.diag(np.linalg.inv(top.information)))
    axes = [np.linspace(m - reach * s, m + reach * s, 201) for m, s in zip(top.parameters, sd, strict=True)]
    points = np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")])
    log_density = np.array([likelihood.slope(point)[0] for point in points.T]) + likelihood.log_prior(points)
    weight = np.exp(log_density - log_density.max())
    weight /= weight.sum()
    mean = points @ weight
    return mean, np.sqrt((points - mean[:, None]) ** 2 @ weight)


def test_the_posterior_of_a_small_sample_is_that_of_a_grid(small):
    mean, sd = grid_moments(MNL.likelihood(small), 7)
    fit = est.fit(MNL, small, seed=3, draws=2000)
    draws = fit.tree["posterior"].dataset["coefficients"].to_numpy().reshape(-1, 2)
    error = sd / np.sqrt(4000)  # 8000 draws, nearly independent
    np.testing.assert_allclose(draws.mean(axis=0), mean, atol=5 * error.max())
    np.testing.assert_allclose(draws.std(axis=0), sd, rtol=0.07)
    assert fit.manifest["sampler"]["name"] == "independence"


def test_nuts_and_proposals_agree_on_a_nested_logit():
    table = with_outside(30, 6)
    fit = est.fit(NESTED, table, seed=1, draws=1000)
    assert fit.manifest["sampler"]["name"] == "independence"
    likelihood = NESTED.likelihood(table)
    draws, statistics = sample_nuts(likelihood, maximise(likelihood, prior=True), chains=2, draws=300, seed=2)
    weights, tau = likelihood.natural(np.moveaxis(draws, -1, 0))
    ours = fit.tree["posterior"].dataset
    for name, theirs in (("coefficients", weights), ("dissimilarity", tau)):
        mine, other = ours[name].to_numpy().reshape(4000, -1), theirs.reshape(len(theirs), -1).T
        error = mine.std(axis=0) * np.sqrt(1 / 800 + 1 / 200)  # at least 800 and 200 effective draws
        assert (np.abs(mine.mean(axis=0) - other.mean(axis=0)) < 4 * error).all()
    assert int(statistics["diverging"].sum()) == 0


NARROW = Shape(30.0, 0.25)
"""Of proposals that miss most of the posterior."""


def right(fit, likelihood):
    """Whether a fit has the means of a grid."""
    mean, sd = grid_moments(likelihood, 7)
    draws = fit.tree["posterior"].dataset["coefficients"].to_numpy().reshape(-1, 2)
    return (np.abs(draws.mean(axis=0) - mean) < 5 * sd / np.sqrt(400)).all()


def test_proposals_that_miss_the_posterior_are_noticed_and_follow_it(small, monkeypatch):
    likelihood = MNL.likelihood(small)
    top = maximise(likelihood, prior=True)

    def log_density(points):
        return np.array([likelihood.slope(point)[0] for point in points.T]) + likelihood.log_prior(points)

    size = {"chains": 4, "draws": 200, "thin": 5}
    assert not sample_from(Around(top, NARROW).draw, log_density, **size, rng=np.random.default_rng(1)).reliable
    monkeypatch.setattr("estimation.choice.sampling.pooled_draws.near_normal", lambda _: NARROW)
    fit = est.fit(MNL, small, seed=1, draws=400)
    assert fit.manifest["sampler"]["name"] == sampler.FOLLOWING
    assert est.diagnose(fit).ok
    assert right(fit, likelihood)


def test_the_density_of_a_t_around_the_mode_is_scipys(small):
    top = maximise(MNL.likelihood(small), prior=True)
    points, density = Around(top, NARROW).draw(20, np.random.default_rng(1))
    scale = 0.25**2 * np.linalg.inv(top.information)
    known = stats.multivariate_t(top.parameters, scale, df=30.0)
    np.testing.assert_allclose(density, known.logpdf(points.T), rtol=1e-9)
    np.testing.assert_allclose(density, Around(top, NARROW).log_density(points), rtol=1e-9)


def test_nuts_takes_over_where_no_proposals_cover_the_posterior(small, monkeypatch):
    monkeypatch.setattr("estimation.choice.sampling.pooled_draws.near_normal", lambda _: NARROW)
    monkeypatch.setattr(sampler, "MISSES", 1)
    fit = est.fit(MNL, small, seed=1, draws=400)
    assert "NUTS" in fit.manifest["sampler"]["name"]
    assert right(fit, MNL.likelihood(small))
    assert set(est.diagnose(fit).table.index) >= {"R-hat", "divergences"}
    assert fit.tree["log_likelihood"].dataset["people"].shape == (4, 400, 12)


def test_draws_that_are_too_few_are_made_anew_twice_as_many_and_thinned(small, monkeypatch):
    likelihood = MNL.likelihood(small)
    top, asked = maximise(likelihood, prior=True), []

    def log_density(points):
        return np.array([likelihood.slope(point)[0] for point in points.T]) + likelihood.log_prior(points)

    def sampled(shape, draws, enough):
        asked.clear()

        def is_short(found):
            asked.append(found.shape[1])
            return len(asked) < enough

        return sample_top(
            likelihood, top, log_density, shape, thin=1, settings=Settings(1, draws, 2), is_short=is_short
        )

    fits = near_normal(2)
    assert sampled(fits, 100, enough=3).draws.shape[1] == 400
    assert asked == [100, 200, 400]
    assert sampled(fits, 100, enough=4).proposals.thin == 2
    assert asked == [100, 200, 400, 400]
    never = sampled(fits, 100, enough=7)  # proposals, then NUTS
    assert never.proposals is None
    assert asked == [100, 200, 400, 400, 100, 200, 400]
    assert sampled(fits, 50, enough=9).draws.shape[1] == 50
    assert asked == []
    monkeypatch.setattr(sampler, "MISSES", 1)
    found = sampled(NARROW, 100, enough=2)
    assert found.draws.shape[1] == found.stats.sizes["draw"] == 200
    assert asked == [100, 200]


def test_the_prior_speaks_of_contrasts_within_situations():
    table = choice_table(30)
    spread = arrays_of(MNL, table).within_sd
    frame = table.frame
    centred = frame[["price", "quality"]] - frame.groupby("situation", observed=True)[["price", "quality"]].transform(
        "mean"
    )
    np.testing.assert_allclose(spread, np.sqrt((centred**2).mean()), rtol=1e-10)
    tight = est.fit(est.MultinomialLogit(["price", "quality"], prior_scale=0.01), table, seed=1)
    assert tight.summary["sd"].to_numpy() == pytest.approx(0.01 / spread, rel=0.1)


def test_likelihoods_of_people_belong_to_the_draws(small):
    fit = est.fit(MNL, small, seed=1, draws=60)
    people = fit.tree["log_likelihood"].dataset["people"]
    draw = fit.tree["posterior"].dataset["coefficients"].to_numpy()[2, 17]
    likelihood = MNL.likelihood(small)
    each = np.add.reduceat(likelihood.situations(draw), likelihood.arrays.first_situation[:-1])
    np.testing.assert_allclose(people.to_numpy()[2, 17], each, rtol=1e-10)
    assert list(people["subject"].to_numpy()) == small.subjects


@pytest.mark.parametrize(
    ("model", "rounds"),
    [(MNL, 50), (NESTED, 12), pytest.param(NESTED, 50, marks=pytest.mark.slow)],
    ids=["logit", "nested, few", "nested"],
)
def test_ranks_of_the_truth_are_uniform_over_posteriors(model, rounds):
    rng, ranks = np.random.default_rng(11), []
    situations = est.read_choices(choice_frame(40, 5).assign(chosen=0), outside="nothing")
    spread = arrays_of(MNL, situations).within_sd
    tight = type(model)(**{**model.__dict__, "prior_scale": 1.0})
    for round_ in range(rounds):
        weights = dict(zip(("price", "quality"), rng.normal(0, 1 / spread), strict=True))
        tau = {nest: rng.uniform() for kind in tight.further(situations) for nest in kind.labels}
        table = est.simulate_choices(tight, situations, weights, dissimilarity=tau, seed=round_)
        posterior = est.fit(tight, table, seed=round_, draws=50).tree["posterior"].dataset
        found = np.concatenate([value.to_numpy().reshape(200, -1) for value in posterior.data_vars.values()], axis=1)
        ranks.append((found < [*weights.values(), *tau.values()]).mean(axis=0))
    for values in np.array(ranks).T:
        assert stats.kstest(values, "uniform").pvalue > 0.001


def test_known_weights_are_recovered():
    table = with_outside(200, 10, seed=2)
    summary = est.fit(MNL, table, seed=1).summary
    z = (summary["mean"] - list(WEIGHTS.values())) / summary["sd"]
    assert z.abs().max() < 3.5
    assert "SYNTHETIC" in table.label


@pytest.mark.parametrize("model", [MNL, NESTED], ids=["logit", "nested"])
def test_a_fit_is_read_back_as_it_was_saved(model, small, tmp_path):
    fit = est.fit(model, small, seed=4, draws=100, path=tmp_path / "fit.nc")
    read = est.load_fit(tmp_path / "fit.nc")
    assert isinstance(read, est.Fit)
    assert (read.model, read.table, read.manifest, read.label) == (fit.model, fit.table, fit.manifest, fit.label)
    assert read.tree["posterior"].dataset.equals(fit.tree["posterior"].dataset)
    assert est.diagnose(read).table["passed"].equals(est.diagnose(fit).table["passed"])
    assert [path.name for path in tmp_path.iterdir()] == ["fit.nc"]


def test_a_file_with_other_choices_than_it_says_is_refused(small, tmp_path):
    import h5py

    est.fit(MNL, small, draws=50, path=tmp_path / "fit.nc")
    with h5py.File(tmp_path / "fit.nc", "r+") as file:
        prices = next(value for value in file["table"].values() if value.attrs.get("column") == "price")
        prices[0] = prices[0] + 1
    with pytest.raises(est.FitError, match="cannot be used"):
        est.load_fit(tmp_path / "fit.nc")
    with pytest.raises(est.FitError, match="does not exist"):
        est.fit(MNL, small, draws=50).save(tmp_path / "nowhere" / "fit.nc")


def test_the_same_seed_gives_the_same_draws(small):
    one, two, other = (est.fit(MNL, small, seed=seed, draws=50).summary["mean"] for seed in (1, 1, 2))
    assert one.equals(two)
    assert not one.equals(other)


def test_models_and_tables_that_do_not_belong_together_are_refused(small):
    with pytest.raises(est.FitError, match="says nothing about"):
        est.fit(est.LevelK(), small)
    with pytest.raises(est.FitError, match="draws must be a whole number"):
        est.fit(MNL, small, draws=3)
    with pytest.raises(est.FitError, match="leave tune out"):
        est.fit(MNL, small, tune=3)
