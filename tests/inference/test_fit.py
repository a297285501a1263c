"""A fit: recovers what was simulated, agrees with the joint model, survives interruption, and says what it is."""

from __future__ import annotations

import subprocess
import sys

import arviz as az
import numpy as np
import pytest
import xarray as xr
from engine import LEVELS, TRUST, level_experiment, trust_experiment
from scipy import stats

import estimation as est
from estimation.fits.job import Settings
from estimation.inference import sampling
from estimation.inference.importance import Target
from estimation.inference.population_sampler import PLENTY, PopulationSampler
from estimation.inference.problem import MessageProblem
from estimation.inference.sampling import bound_population, sample
from estimation.population import likelihoods
from estimation.population.flat import FlatNodes
from estimation.population.likelihoods import population_error, relative_error
from estimation.population.nodes import PER_DIMENSION

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


@pytest.mark.parametrize(
    ("theory", "people", "roles", "accuracy"),
    [
        (est.TrustEmbedded(), 6, "receiver", 0.25),
        pytest.param(est.TrustEmbedded(), 12, "receiver", 1.0, marks=pytest.mark.slow),
        pytest.param(est.TrustEmbedded(), 16, "both", 1.0, marks=pytest.mark.slow),
        pytest.param(est.LevelK(), 16, "both", 1.0, marks=pytest.mark.slow),
        # ten more numbers, the correlations, need more people: with sixteen, proposals fail their check
        pytest.param(est.TrustEmbedded(correlated=True), 40, "both", 1.0, marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_proposals_around_the_mode_have_the_posterior_of_the_chains(theory, people, roles, accuracy):
    """On equal nodes, so that only the two samplers differ; tried six times, proposals tell how they err."""
    make = {"trust-embedded": trust_experiment, "level-k": level_experiment}[theory.name]
    table = make(people=people, decisions=10)[0]
    table = table if roles == "both" else table.only(roles)
    how = {"seed": 1, "method": "importance", "draws": 1000, "chains": 2, "progress": False}
    quick = est.fit(theory, table, accuracy=accuracy, **how)
    assert est.diagnose(quick).table.loc["Pareto k of proposals", "passed"]
    structure = quick.problem.structure
    flats = tuple(FlatNodes.from_dataset(node.dataset) for node in quick.tree["nodes"].children.values())
    chains = sample(bound_population(flats, structure), Settings(draws=1000, chains=4), range(4))["posterior"].dataset
    middle, tried = structure.draws(quick.tree["posterior"].dataset).middle, []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        target = Target.of(flats, structure, fewer=tuple(flat.halves(rng)[0] for flat in flats))
        tried.append(target.weighed(target.explored(middle, rng), rng, PLENTY).resampled(1, 2000, rng))
    for name in ("mean", "sd", "share", "correlation"):
        if name not in chains or name not in tried[0]:
            continue
        of_chains = chains[name].to_numpy().reshape(4000, -1)
        drawn = np.array([found[name].to_numpy().reshape(2000, -1) for found in tried])
        # the error of a standard deviation depends on the tails: sd² (kurtosis - 1) / (4 draws)
        spread_error = np.sqrt((stats.kurtosis(of_chains, fisher=False) - 1) / 4 / float(az.ess(chains)[name].min()))
        errors = az.mcse(chains[[name]])[name].to_numpy().ravel(), spread_error
        for of, of_their_draws in zip((np.mean, log_spread), errors, strict=True):
            each = of(drawn, axis=1)
            gap = np.abs(each.mean(axis=0) - of(of_chains, axis=0))
            error = np.hypot(of_their_draws, each.std(axis=0, ddof=1) / np.sqrt(len(each)))
            assert (gap < stats.t.ppf(0.9995, len(each) - 1) * error).all(), (name, gap / error)


def log_spread(draws, axis):
    return np.log(np.std(draws, axis=axis))


def test_where_proposals_fail_chains_are_run_instead(monkeypatch):
    monkeypatch.setattr("estimation.inference.importance.EFFECTIVE", 10**6)
    table, _ = trust_experiment(people=6, decisions=6, roles=("receiver",))
    fit = est.fit(est.TrustEmbedded(), table, **QUICK)
    assert "proposals" not in fit.tree
    assert "R-hat" in est.diagnose(fit).table.index
    assert fit.manifest["sampler"]["name"].startswith("NUTS, because proposals do not cover the posterior (Pareto k")


def test_who_asks_for_proposals_alone_gets_them_and_is_told_that_they_fail(monkeypatch):
    monkeypatch.setattr("estimation.inference.importance.EFFECTIVE", 10**6)
    monkeypatch.setattr("estimation.evaluation.diagnosis.EFFECTIVE", 10**6)
    table, _ = trust_experiment(people=6, decisions=6, roles=("receiver",))
    fit = est.fit(est.TrustEmbedded(), table, **QUICK | {"method": "importance"})
    assert "proposals" in fit.tree
    assert not est.diagnose(fit).ok


def test_drawing_by_proposals_loads_no_compiler_of_models():
    """PyMC, PyTensor and nutpie take seconds to import, and are needed for chains only."""
    code = """
import sys, estimation as est
table = est.load("simulated_forecast_sharing").only("receiver").of(["s01", "s02"])
fit = est.fit(est.TrustEmbedded(), table, draws=50, chains=1, accuracy=0.1, progress=False)
assert fit.manifest["sampler"]["name"].startswith("importance sampling"), fit.manifest["sampler"]
assert not {"pymc", "pytensor", "nutpie", "matplotlib"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=300)


@pytest.mark.parametrize(
    ("accuracy", "errors", "times"),
    [(1.0, [1.3], 2), (1.0, [1.3, 1.3], 4), (1.0, [2.0], 4), (1.0, [9.0, 9.0], 4), (1.0, [np.nan], 4), (0.5, [9.0], 1)],
)
def test_proposals_get_as_many_more_nodes_as_the_error_of_integrals_asks_for_up_to_four_times(
    accuracy, errors, times, monkeypatch
):
    table, _ = trust_experiment(people=3, decisions=4, roles=("receiver",))
    left, finest, again = iter([*errors, *[0.1] * 5]), [], PopulationSampler._again

    def watched(*arguments):
        finest.append(arguments[-1].fineness)
        return again(*arguments)

    monkeypatch.setattr(PopulationSampler, "_integral_error", lambda *_: next(left))
    monkeypatch.setattr(PopulationSampler, "_again", watched)
    fit = est.fit(est.TrustEmbedded(), table, **QUICK | {"method": "importance", "accuracy": accuracy})
    assert "proposals" in fit.tree
    fineness = fit.problem.builder(np.random.default_rng(), 1, accuracy).fineness
    assert max(finest, default=fineness) == times * fineness
    least = PER_DIMENSION * len(fit.problem.parameters) * fineness
    assert (fit.tree["integration"]["nodes"] >= times * least).all()


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


@pytest.mark.parametrize("theory", [est.TrustEmbedded(), est.LevelK(), est.Babbling()], ids=lambda theory: theory.name)
def test_what_can_be_simulated_passes_the_schema_and_is_labelled(theory):
    situations = est.design(GAMES_OF_TWO, people=4, decisions=3, seed=1)
    population = {p.name: (float(p.natural(p.centre)), 0.5) for p in _parameters(theory, situations)}
    table, truth = est.simulate(theory, situations, population, seed=2)
    assert table.synthetic
    assert "SYNTHETIC" in table.label
    assert list(truth["subject"]) == table.subjects


def test_a_fit_simulates_new_people(trust):
    table, truth = est.simulate(trust[0], seed=9)
    assert len(table) == len(trust[0].table)
    assert set(truth.columns) >= {"trust", "lying_cost"}


def test_a_simulation_without_its_parameters_says_which_are_missing():
    situations = est.design(GAMES_OF_TWO, people=4, decisions=3, seed=1)
    with pytest.raises(est.TheoryError) as caught:
        est.simulate(est.TrustEmbedded(), situations, {"trust": (0.5, 1), "cunning": (1, 1)}, seed=1)
    assert len(caught.value.problems) == 5
    with pytest.raises(est.TheoryError, match="give a table of situations, for example"):
        est.simulate(est.TrustEmbedded(), population={"trust": (0.5, 1)}, seed=1)


def test_correlations_that_nobody_can_have_are_refused():
    """Of .9, .9 and -.9 between three numbers one is wrong: the matrix has a negative eigenvalue."""
    situations = est.design(GAMES_OF_TWO, people=4, decisions=3, seed=1, roles=("receiver",))
    problem = MessageProblem(est.TrustEmbedded(correlated=True), situations)
    population = {p.name: (float(p.natural(p.centre)), 0.5) for p in problem.parameters}
    pairs = dict(zip(problem.structure.pairs, (0.9, 0.9, -0.9), strict=True))
    with pytest.raises(est.TheoryError, match="the correlations contradict each other"):
        est.simulate(problem.theory, situations, population, correlations=pairs, seed=2)


GAMES_OF_TWO = {
    "estimation": est.EstimationGame("under", highest=12),
    "forecast": est.ForecastSharing(250, 100, 75, 0, 60, state_range=60, noise_range=30, step=10),
}


def _parameters(theory, table):
    return theory.parameters(list(table.games.values()), ("sender", "receiver"))


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
