"""A fit: recovers what was simulated, agrees with the joint model, survives interruption, and says what it is."""

from __future__ import annotations

import arviz as az
import numpy as np
import pytest
import xarray as xr
from engine import LEVELS, TRUST, level_experiment, trust_experiment

import estimation as est
from estimation.fits.job import Settings
from estimation.inference import sampling
from estimation.population import likelihoods
from estimation.population.flat import FlatNodes
from estimation.population.likelihoods import population_error, relative_error

QUICK = {"draws": 300, "tune": 200, "chains": 2, "progress": False}


@pytest.fixture(scope="module")
def trust():
    table, truth = trust_experiment(people=24)
    return est.fit(est.TrustEmbedded(), table, seed=4, progress=False), truth


def test_a_trust_fit_is_sound_and_its_intervals_hold_the_truth(trust):
    fit, _ = trust
    assert est.diagnose(fit).ok, est.diagnose(fit).verdict
    posterior = fit.tree["posterior"].dataset
    for parameter in fit.problem.parameters:
        typical, spread = TRUST[parameter.name]
        for name, true in (("mean", parameter.transformed(typical)), ("sd", spread)):
            low, high = np.quantile(posterior[name].sel(parameter=parameter.name), [0.005, 0.995])
            assert low < true < high, (parameter.name, name, low, true, high)


def test_people_are_told_apart(trust):
    fit, truth = trust
    assert np.corrcoef(fit.people["trust"], truth["trust"])[0, 1] > 0.8


def test_a_level_fit_recovers_shares_and_classifies_people():
    table, truth = level_experiment(people=24, shares={"level 0": 0.5, "level 1": 0.5})
    fit = est.fit(est.LevelK(), table, seed=4, progress=False)
    assert est.diagnose(fit).ok, est.diagnose(fit).verdict
    share = fit.tree["posterior"].dataset["share"]
    low, high = np.quantile(share.sel(kind="level 0"), [0.005, 0.995])
    assert low < (truth["kind"] == "level 0").mean() < high
    guess = fit.people[list(fit.problem.distinct_kinds)].idxmax(axis=1)
    right = [true in found.split(" or ") for found, true in zip(guess, truth["kind"], strict=True)]
    assert np.mean(right) >= 0.9
    posterior = fit.tree["posterior"].dataset
    for parameter in fit.problem.parameters:
        low, high = np.quantile(posterior["mean"].sel(parameter=parameter.name), [0.005, 0.995])
        assert low < parameter.transformed(LEVELS[parameter.name][0]) < high


@pytest.mark.parametrize(
    ("theory", "people", "draws"),
    [
        (est.TrustEmbedded(), 8, 400),
        pytest.param(est.TrustEmbedded(), 20, 1000, marks=pytest.mark.slow),
        pytest.param(est.LevelK(max_level=2), 20, 1000, marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_the_integrated_engine_and_the_joint_model_have_the_same_posterior(theory, people, draws):
    make = {"trust-embedded": trust_experiment, "level-k": level_experiment}[theory.name]
    table = make(people=people, decisions=12)[0].only("receiver")
    one = est.fit(theory, table, seed=1, draws=draws, accuracy=4, progress=False)
    other = est.fit(theory, table, seed=2, method="joint", draws=draws, tune=600, progress=False)
    independent = float(one.tree["proposals"].dataset["effective"])  # of the draws: the others repeat them
    for name in ("mean", "sd"):
        a, b = one.tree["posterior"].dataset[[name]], other.tree["posterior"].dataset[[name]]
        drawn = a[name].std(("chain", "draw")) / np.sqrt(independent)
        error = np.sqrt(drawn**2 + az.mcse(b)[name] ** 2 + one.tree["integration"][f"{name}_error"] ** 2)
        gap = np.abs(a[name].mean(("chain", "draw")) - b[name].mean(("chain", "draw")))
        assert (gap < 3 * error).all(), (name, gap.values, error.values)


def test_an_error_of_integrals_that_is_no_number_is_not_passed_over(trust, monkeypatch):
    """A person whom half of the nodes cannot explain counted as one without an error."""
    fit, _ = trust
    posterior = fit.problem.named(fit.posterior)
    flats = (FlatNodes.from_dataset(fit.tree["nodes"]["0"].dataset),)
    drawn = fit.problem.structure.draws(fit.posterior)

    def found(rng=1):
        return population_error(flats, drawn, posterior, np.random.default_rng(rng))

    assert found()["any_error"] < 0.5
    assert relative_error(found(), posterior) < 0.5
    real = likelihoods.likelihoods_of_people

    def lost(*arguments):
        per_person = real(*arguments)
        per_person[3, 1] = -np.inf
        return per_person

    monkeypatch.setattr(likelihoods, "likelihoods_of_people", lost)
    assert np.isnan(found()["any_error"])
    assert np.isnan(relative_error(found(), posterior))


def test_a_saved_fit_is_read_back_whole_and_leaves_nothing_else(trust, tmp_path):
    fit, _ = trust
    fit.save(tmp_path / "trust.nc")
    again = est.load_fit(tmp_path / "trust.nc")
    assert [path.name for path in tmp_path.iterdir()] == ["trust.nc"]
    assert (again.theory, again.table, again.manifest) == (fit.theory, fit.table, fit.manifest)
    assert again.tree.identical(fit.tree) or again.summary.equals(fit.summary)
    np.testing.assert_array_equal(again.tree["log_likelihood"]["people"], fit.tree["log_likelihood"]["people"])


def test_a_file_that_is_no_fit_is_refused(tmp_path):
    (tmp_path / "notes.nc").write_text("nothing")
    with pytest.raises(est.FitError, match="does not end as files of fits do"):
        est.load_fit(tmp_path / "notes.nc")


def test_an_interrupted_fit_goes_on_where_it_stopped(tmp_path, monkeypatch):
    table, _ = trust_experiment(people=6, decisions=8, roles=("receiver",))
    path, options = tmp_path / "fit.nc", QUICK | {"method": "integrated", "cores": 1, "seed": 3, "draws": 100}
    real, sampled = sampling.sample, []

    def interrupted(compiled, settings, chains, *how):
        sampled.append(chains.start)
        if chains.start == 1:
            raise KeyboardInterrupt
        return real(compiled, settings, chains, *how)

    monkeypatch.setattr(sampling, "sample", interrupted)
    with pytest.raises(KeyboardInterrupt):
        est.fit(est.TrustEmbedded(), table, path=path, **options)
    assert not path.exists()
    monkeypatch.setattr(
        sampling, "sample", lambda c, s, chains, *how: sampled.append(chains) or real(c, s, chains, *how)
    )
    monkeypatch.setattr("estimation.inference.population_sampler.is_short", lambda _: False)
    monkeypatch.setattr("estimation.population.nodes.Builder.build", lambda _: pytest.fail("nodes were made twice"))
    resumed = est.fit(est.TrustEmbedded(), table, path=path, **options)
    assert resumed.tree["posterior"].sizes["chain"] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["fit.nc"]


def test_an_unfinished_fit_of_something_else_is_not_continued(tmp_path):
    folder = tmp_path / "fit.nc.unfinished"
    folder.mkdir()
    (folder / "job.json").write_text('{"theory": "another"}')
    table, _ = trust_experiment(people=4, decisions=4, roles=("receiver",))
    with pytest.raises(est.FitError, match="belongs to another fit"):
        est.fit(est.TrustEmbedded(), table, path=tmp_path / "fit.nc", **QUICK)


def test_settings_list_everything_that_is_wrong():
    with pytest.raises(est.FitError) as caught:
        Settings(seed=-1, method="guess", draws=3)
    assert len(caught.value.problems) == 3
    with pytest.raises(est.FitError) as caught:
        Settings(accuracy=0.0, target_accept=1.0)
    assert list(caught.value.problems) == [
        "accuracy must lie between 0.1 and 100, not 0.0",
        "target_accept must lie in [0.5, 1), not 1.0",
    ]


def test_a_fit_simulates_new_people(trust):
    table, truth = est.simulate(trust[0], seed=9)
    assert len(table) == len(trust[0].table)
    assert set(truth.columns) >= {"trust", "lying_cost"}


def test_what_a_sampler_says_can_be_stored_whether_chains_diverged_or_not(monkeypatch, tmp_path):
    table, _ = trust_experiment(people=4, decisions=4, roles=("receiver",))  # compiled for the tests above
    plain = sampling.whole_chains

    def diverging(*args, **options):
        tree = plain(*args, **options)
        stats = tree["sample_stats"].dataset
        message = np.full(stats["diverging"].shape, np.nan, dtype=object)
        message[0, 3] = "Divergence due to large energy error"
        return tree.assign({"sample_stats": xr.DataTree(stats.assign(divergence_message=(("chain", "draw"), message)))})

    monkeypatch.setattr(sampling, "whole_chains", diverging)
    path = tmp_path / "fit.nc"
    est.fit(est.TrustEmbedded(), table, path=path, **QUICK | {"method": "integrated"})
    assert "diverging" in est.load_fit(path).tree["sample_stats"].dataset
