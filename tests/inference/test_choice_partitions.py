"""Choices in partitions: the answer is the ordinary one, sums travel, and nothing finished is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from choice_builders import choice_frame

import estimation as est
from estimation.choice.hierarchy.adaptation import started
from estimation.choice.hierarchy.conjugate import moments
from estimation.choice.hierarchy.transport import carried
from estimation.inference.choice_partitions import logit, tastes
from estimation.inference.choice_partitions.kept import keep, opened
from estimation.inference.choice_partitions.logit_work import LogitWork
from estimation.inference.choice_partitions.problem import problem_in_partitions
from estimation.inference.choice_partitions.taste_work import Place, Reading, Sweeping
from estimation.inference.choice_partitions.team import Team, arrays_file, crew_of, summed

POOLED = est.MultinomialLogit(["price", "quality"], constants=True)
DIFFERENT = est.MultinomialLogit(["price", "quality", "x"], random=["price", "quality"])
SMALL = {"draws": 50, "chains": 2, "seed": 4, "progress": False}


def together(parts, **options):
    frame = pd.concat([parts.read(part).frame for part in parts.parts])
    labels = {name: str for name in frame if str(frame[name].dtype) == "category"}
    return est.read_choices(frame.astype(labels), name="whole", **options)


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """Ragged choices of 60 people, two people of weight 3."""
    frame = choice_frame(people=60, situations=5)
    frame["x"] = np.random.default_rng(1).normal(size=len(frame))
    frame["counts"] = np.where(frame["subject"].isin(["s1", "s9"]), 3.0, 1.0)
    folder = tmp_path_factory.mktemp("choices")
    frame.to_parquet(folder / "all.parquet")
    return est.write_choice_partitions(folder / "all.parquet", folder / "parts", 3, weight="counts", synthetic=True)


@pytest.fixture(scope="module")
def whole(parts):
    return together(parts, weight="situation_weight", counts=True)


@pytest.fixture(scope="module")
def quick():
    """A hierarchy with hardly any warm-up and one round."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"STAGES": (4, 4), "BURN": 4, "ROUNDS": 1, "EVERY": 5}.items():
            patch.setattr(tastes, name, value)
        yield


@pytest.fixture(scope="module")
def different(parts, quick, tmp_path_factory):
    """A fit without incidents."""
    return est.fit(DIFFERENT, parts, path=tmp_path_factory.mktemp("fits") / "alone", **SMALL)


def test_the_mode_is_that_of_all_choices_together_with_each_of_its_errors(parts, whole):
    mine, theirs = est.mode(POOLED, parts), est.mode(POOLED, whole)
    np.testing.assert_allclose(mine.coefficients, theirs.coefficients, rtol=1e-8)
    assert mine.log_likelihood == pytest.approx(theirs.log_likelihood, rel=1e-12)
    assert mine.null_log_likelihood == pytest.approx(theirs.null_log_likelihood, rel=1e-12)
    assert (mine.errors, mine.notes[:1]) == (theirs.errors, theirs.notes[:1])
    for errors, digits in {"information": 1e-8, "robust": 1e-5, "subject": 1e-5}.items():
        one, other = mine.with_errors(errors).covariance, theirs.with_errors(errors).covariance
        np.testing.assert_allclose(one, other, rtol=digits, atol=digits * np.abs(other.to_numpy()).max())
    with pytest.raises(est.ChoiceError, match="other clusters may lie in several partitions"):
        mine.with_errors("income")


@pytest.mark.parametrize(
    ("term", "words"),
    {
        "scale(price)": r"takes the mean and the spread of all rows.* such as I\(\(price - 3\) / 2\)",
        "np.exp(center(price))": r"center\(price\) takes the mean of all rows",
        "standardize(price, True, 2)": "takes the mean and the spread of all rows",
        "poly(price, 2):alternative": r"write poly\(price, 2, raw=True\), which predicts the same",
        "bs(price, df=4)": "takes bounds and quantiles of all rows.*lower_bound=0",
        "bs(price, knots=[2, 3], lower_bound=0)": "takes bounds and quantiles of all rows",
        "cc(price, knots=[2], lower_bound=0, upper_bound=9, constraints='center')": "takes bounds and quantiles",
    }.items(),
)
def test_terms_that_go_by_all_rows_are_refused_for_the_example_does_not_stand_for_them(parts, term, words):
    with pytest.raises(est.ChoiceError, match=f"(?s){words}"):
        est.mode(est.MultinomialLogit(["quality", term]), parts)


def test_terms_that_are_told_their_numbers_are_those_of_all_choices_together(parts, whole):
    spline = "bs(quality, knots=[0], degree=2, lower_bound=-9, upper_bound=9)"
    for terms in (["scale(price, 3, scale=2)", spline], ["poly(price, 2, raw=True)", "standardize(quality, False, 2)"]):
        model = est.MultinomialLogit(terms)
        np.testing.assert_allclose(
            est.mode(model, parts).coefficients, est.mode(model, whole).coefficients, rtol=1e-5, atol=1e-7
        )


def test_a_step_of_newton_takes_one_pass_over_the_choices(parts, monkeypatch):
    passes, expand = [], LogitWork.expand
    monkeypatch.setattr(LogitWork, "expand", lambda self, unit: passes.append(unit.key) or expand(self, unit))
    est.mode(POOLED, parts)
    assert 3 <= len(passes) / len(parts.parts) <= 8


@pytest.mark.parametrize("exact", [True, False], ids=["every draw weighed", "some weighed"])
def test_pooled_draws_are_those_of_the_ordinary_fit(parts, whole, tmp_path, monkeypatch, exact):
    monkeypatch.setattr(logit, "EXACT", logit.EXACT if exact else 0)
    monkeypatch.setattr(logit, "NORMAL", 10.0)
    mine = est.fit(POOLED, parts, path=tmp_path / "store", seed=2, progress=False)
    theirs = est.fit(POOLED, whole, seed=3)
    assert ("normal" in mine.manifest["sampler"]["name"]) is not exact
    one, other = (fit.posterior["coefficients"].stack(draw_of=("chain", "draw")) for fit in (mine, theirs))
    gap = np.abs(one.mean("draw_of") - other.mean("draw_of")) / other.std("draw_of")
    tolerated = 4 * np.sqrt(2 / 800)  # independence chains of 2,000 that are worth 800 at least
    assert (gap < tolerated + (0.1 if not exact else 0)).all()  # the posterior of 300 choices is skewed
    assert (np.abs(one.std("draw_of") / other.std("draw_of") - 1) < 4 / np.sqrt(800)).all()
    assert est.diagnose(mine).ok
    again = est.load_fit(tmp_path / "store")
    pd.testing.assert_frame_equal(again.summary, mine.summary)
    assert again.table == parts


def test_where_the_posterior_is_not_the_normal_around_its_mode_every_draw_is_weighed(parts, tmp_path, monkeypatch):
    monkeypatch.setattr(logit, "EXACT", 0)
    monkeypatch.setattr(logit, "NORMAL", 1e-6)
    fit = est.fit(POOLED, parts, path=tmp_path / "store", **SMALL)
    assert fit.manifest["sampler"]["name"] == "independence"


def test_sums_over_partitions_are_sums_over_all_people(parts, whole, tmp_path):
    """A population is asked about where everybody stands on the same Gaussians in either way."""
    problem, rng = DIFFERENT.on(whole).hierarchy, np.random.default_rng(3)
    chain = started(problem, rng)
    chain.white[:] = rng.normal(size=chain.white.shape)
    other = chain.population._replace(shift=chain.population.shift + 0.3, fixed=chain.population.fixed - 0.2)
    people = pd.Series(range(len(whole.subjects)), whole.subjects)
    parted = problem_in_partitions(DIFFERENT, parts)
    with crew_of(None) as crew:
        reading = Team(parts.parts, Reading(replace(parted, table=parts.without_parts()), tmp_path), crew, False)
        told = reading.ask("build", checked="")
        for part in parts.parts:
            own = people[opened(arrays_file(tmp_path, part, "crowd"))["subjects"].tolist()].to_numpy()
            keep(arrays_file(tmp_path, part, "sites-0"), {n: v[own] for n, v in chain.sites._asdict().items()})
            state = {"theta": chain.theta[None, own], "white": chain.white[None, own]}
            keep(arrays_file(tmp_path, part, "state-0-7"), state)
        team = replace(reading, work=Sweeping(1, tmp_path, tmp_path))
        found = [one[0] for one in team.ask("force", after=Place(0, 7), populations=[other])]
    spread = np.sqrt(summed(told, "squares") / sum(one["rows"] for one in told))
    np.testing.assert_allclose(spread, problem.choices.within_sd)
    np.testing.assert_allclose(parted.hierarchy_of(spread).prior.spread, problem.prior.spread)
    theta = chain.theta.copy()
    sums = carried(problem.crowd, chain.sites, chain.white, problem.covariates, other, theta)._asdict()
    sums |= moments(theta[:, :2], problem.covariates, other.shift)._asdict()
    for name in ("value", "by_shift", "by_precision", "by_fixed", "within", "cross", "product"):
        np.testing.assert_allclose(summed(found, name), sums[name], rtol=1e-9, atol=1e-8)


def test_a_fit_that_is_killed_goes_on_and_ends_as_it_would_have_ended(different, parts, tmp_path, monkeypatch):
    moved, move = [], Sweeping.move

    class Killed(BaseException):
        pass

    def noting(self, unit):
        moved.append(unit.inputs["after"].sweep)
        return move(self, unit)

    def deadly(self, unit):
        if unit.inputs["after"].sweep == 33 and unit.key.endswith("2"):
            raise Killed
        return move(self, unit)

    with monkeypatch.context() as patch:
        patch.setattr(Sweeping, "move", deadly)
        with pytest.raises(est.FitError, match="Killed"):
            est.fit(DIFFERENT, parts, path=tmp_path / "killed", **SMALL)
    monkeypatch.setattr(Sweeping, "move", noting)
    with ThreadPoolExecutor(2) as threads:
        resumed = est.fit(DIFFERENT, parts, path=tmp_path / "killed", executor=threads, **SMALL)
    assert min(moved) == 31
    assert resumed.posterior.equals(different.posterior)
    pd.testing.assert_frame_equal(resumed.people, different.people)
    left = sorted(file.suffix for file in resumed.work_folder.iterdir() if file.is_file())
    assert left == []
    assert est.load_fit(tmp_path / "killed").people.equals(different.people)


def test_people_are_described_by_what_their_chains_saw(different, parts):
    fit = different
    files = sorted(fit.people_folder.iterdir())
    assert [len(pd.read_parquet(file)) for file in files] == [part.people for part in parts.parts]
    people = fit.people
    assert sorted(people.index) == parts.subjects
    assert list(people) == [*DIFFERENT.attributes, *(f"sd of {name}" for name in DIFFERENT.attributes)]
    shared = people["x"]
    assert shared.std() == pytest.approx(0, abs=1e-12)
    assert (people[["sd of price", "sd of quality"]] > 0).all().all()
    mean = fit.posterior["mean"].mean(("chain", "draw")).sel(coefficient="price")
    assert people["price"].mean() == pytest.approx(float(mean), abs=0.3)


def test_a_coefficient_that_the_largest_partition_does_not_tell_is_refused(parts):
    twice = est.MultinomialLogit(["price", "np.abs(price)"])
    with pytest.raises(est.FitError, match=r"(?s)must tell all coefficients by itself.*depend on each other"):
        est.mode(twice, parts)


def test_what_needs_all_people_at_once_is_refused_in_words(different, parts, tmp_path):
    fit = different
    with pytest.warns(est.UnstableRatioWarning):
        assert est.willingness_to_pay(fit, "price", people="new").table.shape == (2, 3)
    refused = {
        "need a store": lambda: est.fit(POOLED, parts),
        "covariates are not offered": lambda: est.fit(
            est.MultinomialLogit(["price"], random="all", covariates="income"), parts, path=tmp_path / "x"
        ),
        "'price' is triangular; make it normal": lambda: est.fit(
            est.MultinomialLogit(["price"], random="all", distributions={"price": "triangular"}),
            parts,
            path=tmp_path / "x",
        ),
        "the nested logit is not offered": lambda: est.fit(
            est.NestedLogit(["price"], nests={"n": ["a", "b"]}), parts, path=tmp_path / "x"
        ),
        "leave tune out": lambda: est.fit(POOLED, parts, tune=50, path=tmp_path / "x"),
        "says nothing about a ChoicePartitions": lambda: est.fit(est.Honest(), parts),
        "use people='new'": lambda: est.willingness_to_pay(fit, "price"),
        "are not fitted anew": lambda: est.leave_out(fit, ["s1"]),
        "holds no likelihoods of people": lambda: est.compare({"one": fit, "two": fit}),
        "there is no mode of weights that differ": lambda: est.mode(DIFFERENT, parts),
        "never collected": lambda: est.report(fit, tmp_path / "report.md"),
        "copy that folder": lambda: fit.save(tmp_path / "fit.nc"),
    }
    for words, call in refused.items():
        with pytest.raises(est.EstimationError) as caught:
            call()
        assert words in str(caught.value).replace("\n", " "), str(caught.value)
