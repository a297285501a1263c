"""The title asks what the verdict answers, and methods say what was done with these very fits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from small_study import small_fits

import estimation as est
from estimation.evaluation.words import verdict
from estimation.report.headline import OPEN, THIRD, TWO, theory_answer, theory_question
from estimation.report.methods.citing import FLEXIBLE, LOO, by_author
from estimation.report.methods.theories import theory_methods
from estimation.report.reversals import reversals
from estimation.text.sentences import counted


def with_winner(study, name, clear=True):
    """Return a comparison that one of its theories, or a third one, wins clearly or not."""
    fits = dict(study.fits) | ({} if name in study.fits else {name: honest(study)})
    order = [name, *(other for other in fits if other != name)]
    gap = [0.0, *([-90.0 if clear else -1.0] * (len(order) - 1))]
    columns = {"elpd_diff": gap, "dse": 5.0, "mc_error": 0.1, "ok": True, "distance": 0.5}
    return replace(study, fits=fits, table=pd.DataFrame(columns, index=order))


def honest(study):
    fit = study.fits["level-k"]
    return replace(fit, problem=replace(fit.problem, model=est.Honest()))


@pytest.mark.parametrize(
    ("name", "asked", "said"),
    [
        ("trust-embedded", TWO, "Trust and trustworthiness describe these people better"),
        ("level-k", TWO, "Levels of reasoning describe these people better"),
        ("honest", THIRD, "Neither alone: honest describes these people better"),
    ],
)
def test_a_winner_answers_the_question_and_a_third_theory_changes_it(study, name, asked, said):
    found = with_winner(study, name)
    assert theory_question(found) == asked
    assert theory_answer(found, {}).startswith(said)


@pytest.mark.parametrize(("name", "failed"), [("trust-embedded", "level-k"), ("level-k", "trust-embedded")])
def test_a_winner_is_not_said_to_beat_a_theory_that_failed_its_checks(study, name, failed):
    """Level-k was said to describe people better than trust, of which nothing was known: it had beaten a third one."""
    found = with_winner(study, "honest")
    table = found.table.loc[[name, "honest", failed]].assign(elpd_diff=[0.0, -90.0, 50.0], ok=[True, True, False])
    said = theory_answer(replace(found, table=table), {})
    assert said == f"The best predictions among those that passed their checks are those of {name}."


def test_without_a_winner_the_question_stays_open(study):
    found = with_winner(study, "level-k", clear=False)
    assert theory_question(found) == TWO
    assert theory_answer(found, {}) == OPEN


@pytest.mark.parametrize(
    ("gaps", "said"),
    [
        ({"trust-embedded": 0.0, "honest": -3.0, "level-k": -45.0}, "Not levels of reasoning; between trust-embedded"),
        ({"level-k": 0.0, "honest": -3.0, "trust-embedded": -45.0}, "Not trust and trustworthiness; between level-k"),
        ({"honest": 0.0, "trust-embedded": -3.0, "level-k": -4.0}, OPEN),
    ],
)
def test_what_is_ruled_out_is_said_although_nobody_wins(study, gaps, said):
    found = with_winner(study, "honest")
    columns = {"elpd_diff": list(gaps.values()), "dse": 5.0, "mc_error": 0.1, "ok": True, "distance": 0.5}
    table = pd.DataFrame(columns, index=list(gaps))
    assert theory_answer(replace(found, table=table), {}).startswith(said)
    told = verdict(table, 200, "mine")
    loser = min(gaps, key=gaps.get)
    assert (f"Clearly behind is {loser} (45 nats, standard error 5)." in told) == (gaps[loser] == -45.0)


def test_one_theory_is_answered_with_its_estimates_and_what_it_misses():
    fit = small_fits()["trust-embedded"]
    checks = {"trust-embedded": pd.DataFrame({"surprising": [True, False, False]})}
    said = theory_answer(fit, checks)
    assert "trust-embedded" in theory_question(fit)
    assert said.startswith(f"Typical trust is {fit.summary.loc['trust', 'median']:.2f} (")
    assert said.endswith("; the theory misses 1 of 3 facts of the data.")
    cut = checks["trust-embedded"].assign(left_out=["", "the file is cut", ""])
    assert theory_answer(fit, {"trust-embedded": cut}).endswith("; the theory misses 1 of 2 facts of the data.")


def test_levels_are_answered_with_their_shares():
    said = theory_answer(small_fits()["level-k"], {})
    assert "% of people (" in said
    assert "are level" in said


def test_a_verdict_names_the_data_set_as_one_and_counts_one_person_as_one():
    columns = {"elpd_diff": [0.0, -90.0], "dse": 5.0, "mc_error": 0.1, "ok": True, "distance": 0.5}
    said = verdict(pd.DataFrame(columns, index=["a", "b"]), 2, "mine")
    assert said.startswith("In the data set mine, a predicts a new person better than b")
    assert "2 people" in said
    assert counted(1, "person") == "1 person"


def test_methods_name_every_source_that_they_cite_and_no_other(study):
    found = theory_methods(study)
    assert all(by_author(source) in found.text for source in found.references)
    theories = {fit.theory.citation for fit in study.fits.values()}
    assert theories <= set(found.references)


def test_methods_are_those_of_the_fits(study):
    found = theory_methods(study)
    sampler = {fit.manifest["sampler"]["name"].split()[0] for fit in study.fits.values()}
    assert ("no-U-turn" in found.text) == ("NUTS" in sampler)
    assert ("importance sampling around its mode" in found.text) == ("importance" in sampler)
    assert "96 simulated decisions (48 as sender and 48 as receiver) by 6 people" in found.text
    assert f"estimation {study.fits['level-k'].manifest['versions']['estimation']}" in found.text
    assert "seed 5" in found.text


@pytest.mark.parametrize(
    ("sampler", "wanted", "other"),
    [
        ({"name": "NUTS on the population"}, "no-U-turn", "around its mode"),
        ({"name": "NUTS, because proposals do not cover the posterior (Pareto k 0.9)"}, "no-U-turn", "around its mode"),
        ({"name": "NUTS on people and population together"}, "people and population jointly", "around its mode"),
        ({"name": "importance sampling, whose proposals cover the posterior"}, "around its mode", "no-U-turn"),
        ({"name": "proposals do not cover the posterior (Pareto k 0.9)"}, "around its mode", "no-U-turn"),
        (
            {"name": "both", "by_role": {"sender": "importance", "receiver": "importance"}},
            "around its mode",
            "no-U-turn",
        ),
    ],
)
def test_the_posterior_is_said_to_be_drawn_as_it_was(sampler, wanted, other):
    fit = small_fits()["trust-embedded"]
    found = theory_methods(replace(fit, manifest=fit.manifest | {"sampler": sampler})).text
    assert wanted in found
    assert other not in found
    assert ("nutpie" in found) == ("no-U-turn" in found)


def test_a_fit_by_itself_is_not_said_to_be_compared():
    found = theory_methods(small_fits()["trust-embedded"])
    assert "expected log predictive" not in found.text
    assert LOO not in found.references


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("McFadden, D. (1974). Conditional logit analysis.", "McFadden 1974"),
        ("Oey, L. A. and Vul, E. (2024). Inferring truth from lies.", "Oey and Vul 2024"),
        ("Priors: Huang, A. & Wand, M. P. (2013), Bayesian Analysis 8(2):439-452.", "Huang and Wand 2013"),
        ("Wen, C.-H. and Koppelman, F. S. (2001). The generalized nested logit.", "Wen and Koppelman 2001"),
        ("Made up for a test.", "Made up for a test"),
    ],
)
def test_sources_are_cited_by_author_and_year(source, wanted):
    assert by_author(source) == wanted


@pytest.mark.parametrize(
    "theory", [est.DynamicTrust(), est.AdviceTaking(), est.AdviserLearning(), est.AdviceWeighting()]
)
def test_a_theory_with_an_option_about_whom_still_says_what_it_is(theory):
    assert theory.in_a_sentence == type(theory).__doc__.strip().split("\n")[0]
    assert len(theory.in_a_sentence.split()) > 4


def test_methods_name_habits_of_response_that_come_beside_a_theory(study):
    fit = study.fits["level-k"]
    habitual = replace(fit, problem=replace(fit.problem, model=est.LevelK(max_level=1, habits="all")))
    said = theory_methods(habitual).text
    assert "habits of response (all) come beside the theory" in said
    assert "habits of response" not in theory_methods(fit).text


def test_methods_of_a_comparison_name_the_benchmark_that_it_was_held_against(study):
    measured = theory_methods(replace(study, benchmark=pd.DataFrame({"benchmark": [-1.0]})))
    assert "Completeness is measured against a flexible benchmark" in measured.text
    assert FLEXIBLE in measured.references
    plain = theory_methods(study)
    assert "Completeness" not in plain.text
    assert FLEXIBLE not in plain.references


def test_a_verdict_that_left_a_theory_out_would_change_with_a_sound_computation_of_it(study):
    items = dict(reversals(study, [], {}))
    assert "A sound computation of what was left out." not in items
    diagnosis = study.diagnoses["level-k"]
    broken = replace(diagnosis, table=diagnosis.table.assign(passed=False))
    doubted = replace(study, diagnoses=study.diagnoses | {"level-k": broken})
    assert dict(reversals(doubted, [], {}))["A sound computation of what was left out."] == "So far without level-k."


def test_theories_that_expect_nearly_the_same_are_told_apart_by_other_games_and_not_by_more_people(study):
    first, second = map(str, study.table.index[:2])
    level = study.pointwise[second]
    close = study.pointwise.assign(**{first: level + np.where(np.arange(len(level)) % 2, 0.1, -0.1)})
    for distance, lead in ((0.01, "Another design."), (0.4, "More people.")):
        table = study.table.assign(distance=[0.0, distance])
        item, *_ = reversals(replace(study, table=table, pointwise=close), [], {})
        assert item[0] == lead
        assert ("Games in which they differ would tell them apart with fewer people." in item[1]) == (distance < 0.05)
