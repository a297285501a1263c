"""Weights of a sample count people where people differ, and stay weights of a sample in parts of a table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import estimation as est

RANDOM = est.MultinomialLogit(["x"], random="all")
SHORT = {"draws": 50, "chains": 2, "seed": 1, "progress": False}
RARE, COMMON = 1.0, 3.0
"""How many people each stands for: of two kinds of people who were asked equally often."""


def rows(people: int = 80, tasks: int = 5) -> pd.DataFrame:
    """People of two kinds with opposite tastes, of whom those with the negative one stand for more."""
    rng = np.random.default_rng(5)
    person, task, place = (index.ravel() for index in np.indices((people, tasks, 3)))
    x = rng.normal(size=(people, tasks, 3))
    taste = np.where(np.arange(people) % 2, -1.5, 1.5) + 0.5 * rng.normal(size=people)
    chosen = (taste[:, None, None] * x + rng.gumbel(size=x.shape)).argmax(axis=2)
    return pd.DataFrame(
        {
            "subject": person,
            "situation": person * tasks + task,
            "alternative": np.array(list("abc"))[place],
            "x": x.ravel(),
            "kind": np.where(person % 2, "common", "rare"),
            "w": np.where(person % 2, COMMON, RARE),
            "chosen": (chosen[person, task] == place).astype(int),
        }
    )


def copied(frame: pd.DataFrame) -> pd.DataFrame:
    """Every person as many times as they stand for people, each a person of their own."""
    copies = [
        frame[frame["w"] > copy].assign(
            subject=lambda part, n=copy: part["subject"].astype(str) + f"-{n}",
            situation=lambda part, n=copy: part["situation"].astype(str) + f"-{n}",
        )
        for copy in range(int(COMMON))
    ]
    return pd.concat(copies)


@pytest.fixture(scope="module")
def weighted() -> est.ChoiceTable:
    return est.read_choices(rows(), weight="w")


def test_a_maximum_counts_people_by_their_weights_as_if_all_of_them_had_been_asked(weighted):
    found, whole = est.mode(RANDOM, weighted), est.mode(RANDOM, est.read_choices(copied(rows())))
    unit = (RARE + COMMON) / 2  # weights are one on average
    gap = unit * found.log_likelihood - whole.log_likelihood
    assert abs(gap) < 3 * np.hypot(unit * found.error, whole.error)
    errors = whole.summary["standard_error"]
    assert ((found.summary["estimate"] - whole.summary["estimate"]).abs() < 0.1 * errors).all()
    assert unit * found.null_log_likelihood == pytest.approx(whole.null_log_likelihood)


def by_quadrature(frame: pd.DataFrame, mean: float, sd: float) -> np.ndarray:
    """The log likelihood of each person."""
    node, share = np.polynomial.hermite_e.hermegauss(60)
    x = frame["x"].to_numpy().reshape(-1, 5, 3)
    utility = x[..., None] * (mean + sd * node)
    taken = frame["chosen"].to_numpy(dtype=bool).reshape(-1, 5, 3)
    chance = (np.exp(utility) / np.exp(utility).sum(axis=2, keepdims=True))[taken].reshape(-1, 5, len(node))
    return np.log(chance.prod(axis=1) @ (share / share.sum()))


def test_standard_errors_are_a_sandwich_of_scores_by_an_independent_route(weighted):
    found, frame, step = est.mode(RANDOM, weighted), rows(), 1e-4
    mean, sd = found.means["x"], found.spreads["x"]
    weight = frame["w"].to_numpy()[::15] / frame["w"].mean()
    assert weight @ by_quadrature(frame, mean, sd) == pytest.approx(found.log_likelihood, abs=3 * found.error + 0.02)
    score = np.stack(
        [
            by_quadrature(frame, mean + step, sd) - by_quadrature(frame, mean - step, sd),
            by_quadrature(frame, mean, sd + step) - by_quadrature(frame, mean, sd - step),
        ]
    ) / (2 * step)
    bread = np.linalg.inv(score * weight @ score.T)
    expected = np.sqrt(np.diag(bread @ (score * weight**2 @ score.T) @ bread))
    np.testing.assert_allclose(found.summary["standard_error"], expected, rtol=0.02)
    assert found.notes == ["Standard errors are robust, from people's scores and weights.", f"{weighted.weighting}."]


def test_weights_of_equal_size_change_nothing():
    plain, equal = (est.mode(RANDOM, est.read_choices(rows().assign(w=2.0), weight=name)) for name in (None, "w"))
    pd.testing.assert_frame_equal(plain.summary, equal.summary)
    assert equal.errors_in_words == "from the outer products of people's scores"


@pytest.fixture(scope="module")
def fit(weighted) -> est.ChoiceFit:
    return est.fit(RANDOM, weighted, **SHORT)


CLASSES = est.LatentClassLogit(["x"], classes=2)
MIXTURE = est.MultinomialLogit(["x"], random="all", components=2)


@pytest.mark.parametrize(
    "model",
    [
        pytest.param(RANDOM, id="tastes"),
        pytest.param(CLASSES, id="classes"),
        pytest.param(MIXTURE, id="mixture", marks=pytest.mark.slow),
    ],
)
def test_a_fit_describes_people_as_they_were_sampled_and_says_so(model, weighted, fit):
    found = fit if model is RANDOM else est.fit(model, weighted, **SHORT)
    pd.testing.assert_frame_equal(found.summary, est.fit(model, est.read_choices(rows()), **SHORT).summary)
    assert any("as people were sampled" in note for note in found.problem.notes(found.tree["posterior"].dataset))


def test_what_is_predicted_of_people_in_the_data_counts_them_by_their_weights(weighted, fit):
    products = pd.DataFrame({"alternative": ["low", "high"], "x": [-1.0, 1.0]})
    draws = fit.tree["people"].dataset["coefficients"].transpose("sample", "subject", "coefficient").to_numpy()[..., 0]
    weight = np.where(np.array(weighted.subjects, dtype=int) % 2, COMMON, RARE)
    expected = ((1 / (1 + np.exp(2 * draws))) @ weight / weight.sum()).mean()
    shares = est.shares(fit, est.scenario(weighted, products), draws=draws.shape[0])
    assert float(shares.draws.sel(alternative="low").mean()) == pytest.approx(expected, abs=1e-9)


def test_a_person_with_several_weights_is_refused_where_people_differ():
    frame = rows().assign(w=lambda part: 1.0 + (part["situation"] == 7))
    table = est.read_choices(frame, weight="w")
    for ask in (lambda: est.mode(RANDOM, table), lambda: est.fit(RANDOM, table, draws=50)):
        with pytest.raises(est.ChoiceError, match=r"choices of '1' have several; give each person one weight"):
            ask()
    assert est.mode(RANDOM, est.read_choices(frame, weight="w", counts=True)).means["x"] != 0


def test_fits_in_which_weights_mean_different_things_are_not_compared(weighted, fit):
    fits = {"differ": fit, "alike": est.fit(est.MultinomialLogit(["x"]), weighted, **SHORT)}
    with pytest.raises(
        est.ComparisonError, match="count choices where everybody is alike, and people where they differ"
    ):
        est.compare(fits, progress=False)


def test_a_part_of_a_table_keeps_the_kind_of_its_weights(weighted):
    frame, common = rows(), (weighted.rows["kind"] == "common").to_numpy()
    sixty = [str(n) for n in range(60)]
    parts = [
        (weighted.where(common, "common"), est.read_choices(frame[frame["kind"] == "common"], weight="w")),
        (weighted.of(sixty), est.read_choices(frame[frame["subject"] < 60], weight="w")),
        (weighted.without("c"), est.read_choices(_without(frame, "c"), weight="w")),
    ]
    for part, anew in parts:
        assert part.weighting == anew.weighting
        one, other = (est.mode(est.MultinomialLogit(["x"]), table) for table in (part, anew))
        pd.testing.assert_frame_equal(one.summary, other.summary)
        assert one.errors_in_words == other.errors_in_words
    counted = est.read_choices(frame, weight="w", counts=True)
    assert counted.of(["0", "1", "3"]).weighting == "Situations count 35 times together"


def _without(frame: pd.DataFrame, label: str) -> pd.DataFrame:
    taken = frame.loc[(frame["alternative"] == label) & (frame["chosen"] == 1), "situation"]
    return frame[~frame["situation"].isin(taken) & (frame["alternative"] != label)]
