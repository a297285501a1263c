"""Formulas: which columns shift means, which become slopes, and what is said of those that cannot be used."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from builders import make_frame, make_table
from engine import GAMES, TRUST

import estimation as est
from estimation.inference.problem import MessageProblem
from estimation.population.people import natural_values
from estimation.report.priors.tables import parameter_meanings, prior_table


@pytest.fixture(scope="module")
def situations():
    """Receivers in one condition each, with a country and an age, early and late."""
    table = est.design(GAMES, people=12, decisions=6, seed=3, roles=("receiver",))
    frame = table.frame
    number = frame["subject"].str[1:].astype(int)
    frame["country"] = np.where(number % 3 == 0, "B", "A")
    frame["age"] = 20.0 + number
    frame["late"] = (frame["period"] > 6).astype(float)
    return est.Table.from_frame(frame, table.games)


def names(problem):
    return [p.name for p in problem.parameters], list(problem.design.covariates.names)


def test_columns_that_are_constant_within_people_shift_means_and_others_become_slopes(situations):
    problem = MessageProblem(est.TrustEmbedded(trust="~ country + late", lapse="~ age"), situations)
    effects, columns = names(problem)
    assert effects == ["trust", "trust: late", "receiver_precision", "lapse"]
    assert columns == ["trust: country[T.B]", "lapse: age"]
    assert list(problem.design.covariates.of) == [0, 3]
    np.testing.assert_allclose(problem.design.covariates.value.mean(axis=0), 0, atol=1e-12)


def test_tables_say_in_words_what_a_label_is_compared_with(situations):
    theory = est.TrustEmbedded(trust="~ country * late", lapse="~ age")
    fit = SimpleNamespace(problem=MessageProblem(theory, situations), theory=theory, manifest={})
    tables = [parameter_meanings(fit, "trust"), prior_table(fit, "trust")]
    rows = [[row[0] for row in table.rows] for table in tables]
    words = ["trust: country: B (against A)", "trust: country: B (against A) × late"]
    assert [[name for name in found if "country" in name] for found in rows] == [words, words]
    assert "[T." not in str(tables)


def test_an_interaction_across_the_levels_shifts_the_mean_of_the_slope(situations):
    problem = MessageProblem(est.TrustEmbedded(trust="~ country * late"), situations)
    effects, columns = names(problem)
    assert effects[:2] == ["trust", "trust: late"]
    assert columns == ["trust: country[T.B]", "trust: country[T.B]:late"]
    assert list(problem.design.covariates.of) == [0, 1]
    is_b = situations.frame.groupby("subject")["country"].first().eq("B").to_numpy(float)
    for column in problem.design.covariates.value.T:
        np.testing.assert_allclose(column, is_b - is_b.mean())


def test_a_column_that_is_there_where_another_is_not_has_a_slope_of_its_own(situations):
    """Late decisions are none of the early ones: neither column is a multiple of the other."""
    frame = situations.frame.assign(early=lambda rows: (rows["period"] <= 3) * 2.0)
    problem = MessageProblem(est.TrustEmbedded(trust="~ late + early"), est.Table.from_frame(frame, situations.games))
    effects, columns = names(problem)
    assert effects[:3] == ["trust", "trust: late", "trust: early"]
    assert columns == []


def test_a_parameter_is_its_average_plus_slope_times_centred_column(situations):
    problem = MessageProblem(est.TrustEmbedded(trust="~ late"), situations)
    nodes = np.random.default_rng(4).normal(size=(4, 3))
    (block,) = problem.crowd.people[0].blocks
    trust = natural_values(problem.parameters, nodes, block.slopes)["trust"]
    late = situations.frame["late"].to_numpy()
    mine = late[block.rows] - late.mean()
    expected = 1 / (1 + np.exp(-(nodes[0][:, None] + nodes[1][:, None] * mine)))
    np.testing.assert_allclose(trust[:, :, 0], expected)


def test_formulas_know_the_attributes_of_the_games(situations):
    games = {
        "dear": est.ForecastSharing(250, 100, 75, 0, 60, state_range=20, noise_range=10, step=10),
        "cheap": est.ForecastSharing(250, 100, 75, 0, 15, state_range=20, noise_range=20, step=10),
    }
    table = est.design(games, people=4, decisions=2, seed=1)
    problem = MessageProblem(est.TrustEmbedded(trust="~ capacity_cost", lying_cost="~ np.log(noise_range)"), table)
    assert list(problem.design.covariates.names) == ["trust: capacity_cost", "lying_cost: np.log(noise_range)"]
    cost = problem.design.covariates.value[:, 0]
    assert sorted(set(cost.tolist())) == [-22.5, 22.5]


def test_every_problem_of_every_formula_is_listed_at_once(situations):
    theory = est.TrustEmbedded(trust="~ contry + state", receiver_precision="~ age - 1", lapse="~ (")
    with pytest.raises(est.TheoryError) as caught:
        MessageProblem(theory, situations).design  # noqa: B018
    told = "\n".join(caught.value.problems)
    assert "formula of 'trust': there is no column 'contry'; did you mean 'country'?" in told
    assert (
        "column 'state' is empty where the formula needs it: subject 's01' as receiver in period 2 has nothing" in told
    )
    assert "formula of 'receiver_precision': the typical value is always there" in told
    assert "formula of 'lapse' cannot be applied" in told
    assert len(caught.value.problems) == 4


@pytest.mark.parametrize(
    ("formulas", "words"),
    [
        ({"trust": "~ late + I(2 * late) + country"}, r"\['I\(2 \* late\)'\] say nothing that"),
        ({"trust": "~ condition + direction"}, r"\['direction\[T.under\]'\] say nothing"),
        ({"trust": "trust ~ age"}, "write only what something depends on"),
        ({"cunning": "~ age"}, "'cunning' has a formula and is no parameter"),
        ({"trust": "~ country - late"}, "'late' has no part in it"),
        ({"trust": "~ direction + site"}, "'site' is 'Kiel' everywhere, so it says nothing"),
        ({"trust": "~ cr(age, df=3)"}, "holds a constant unless it has constraints='center'"),
        ({"trust": "~ born"}, "column 'born' holds times; count days or years in it"),
        ({"trust": "~ action"}, "formula of 'trust': 'action' is the receiver's decision"),
    ],
)
def test_formulas_that_say_nothing_or_too_much_are_refused(situations, formulas, words):
    frame = situations.frame.assign(site="Kiel", born=pd.Timestamp("2001-02-03"))
    table = est.Table.from_frame(frame, situations.games)
    with pytest.raises(est.TheoryError, match=words):
        MessageProblem(est.TrustEmbedded(formulas=formulas), table).design  # noqa: B018


def test_a_column_that_contradicts_a_game_is_refused(situations):
    frame = situations.frame.assign(highest=7)
    table = est.Table.from_frame(frame, situations.games)
    with pytest.raises(est.TheoryError, match="column 'highest' of the table differs from the attribute"):
        MessageProblem(est.TrustEmbedded(trust="~ highest"), table).design  # noqa: B018


def test_another_table_is_read_as_the_first_one_was(situations):
    problem = MessageProblem(est.TrustEmbedded(trust="~ country * late + age"), situations)
    some = situations.of(["s03", "s04"])
    other = MessageProblem(problem.theory, some, like=problem)
    assert [p.name for p in other.parameters] == [p.name for p in problem.parameters]
    np.testing.assert_allclose(other.design.covariates.value, problem.design.covariates.value[[2, 3]])
    abroad = est.Table.from_frame(some.frame.assign(country="C"), some.games)
    with pytest.raises(est.TheoryError, match="formula of 'trust' cannot be applied"):
        MessageProblem(problem.theory, abroad, like=problem).design  # noqa: B018


def test_a_formula_is_an_option_by_the_name_of_its_parameter_and_survives_plain_data():
    theory = est.TrustEmbedded(trust="~ country", believed_trust="separate")
    assert theory.formulas == {"trust": "~ country"}
    assert theory == est.TrustEmbedded("separate", formulas={"trust": "~ country"})
    assert theory != est.TrustEmbedded("separate")
    from estimation.theories import from_spec

    assert from_spec(theory.spec()) == theory
    assert "'trust': '~ country'" in str(theory)
    assert "formulas" not in str(est.TrustEmbedded())


def test_formulas_without_columns_change_nothing():
    table = make_table(subjects=2, periods=4)
    plain, constant = (
        MessageProblem(theory, table) for theory in (est.TrustEmbedded(), est.TrustEmbedded(trust="~ 1"))
    )
    assert plain.parameters == constant.parameters
    assert plain.structure.shape == constant.structure.shape


def test_people_who_play_several_conditions_have_a_slope_for_the_condition():
    frame = make_frame(subjects=3, periods=8)
    frame["condition"] = np.where(frame["period"] > 4, "under", "over")
    games = {"over": est.EstimationGame("over"), "under": est.EstimationGame("under")}
    table = est.Table.from_frame(frame, games)
    problem = MessageProblem(est.TrustEmbedded(trust="~ condition"), table)
    assert "trust: condition[T.under]" in names(problem)[0]
    values = [
        natural_values(problem.parameters, np.ones((6, 1)), block.slopes)["trust"].item()
        for block in problem.crowd.people[0].blocks
        if block.role == "sender"
    ]
    assert values[1] > values[0]


def test_what_is_simulated_follows_the_stated_coefficients(situations):
    theory = est.TrustEmbedded(trust="~ country + late")
    people = {"trust": (0.5, 1e-6), "trust: late": (1.0, 1e-6), "receiver_precision": (3.0, 0.1), "lapse": (0.01, 0.1)}
    _, truth = est.simulate(theory, situations, people, coefficients={"trust: country[T.B]": 2.0}, seed=1)
    logit = np.log(truth["trust"] / (1 - truth["trust"]))
    country = situations.frame.groupby("subject")["country"].first().to_numpy()
    assert np.ptp(pd.Series(logit).groupby(country).mean()) == pytest.approx(2.0, abs=1e-4)
    with pytest.raises(est.TheoryError) as caught:
        est.simulate(theory, situations, TRUST, coefficients={"trust: age": 1.0}, correlations={"a, b": 0.5}, seed=1)
    assert len(caught.value.problems) == 6
