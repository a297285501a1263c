"""The report says what it costs that people are the same in both roles, and what is believed of pairs of kinds."""

from __future__ import annotations

from dataclasses import replace

from engine import GAMES
from small_study import small_study

import estimation as est
from estimation.evaluation.comparison.shared_roles import Scored
from estimation.inference.problem import MessageProblem
from estimation.report.priors.tables import _prior_of_kinds
from estimation.report.shared import verdict_of


def test_a_report_says_what_sharing_between_roles_costs():
    study = small_study()
    best = study.scores[study.sound[0]]
    apart = replace(study, unrelated=Scored(best.elpd + 10.0, best.error, ""))
    text = str(verdict_of(apart, apart.diagnoses, []))
    assert "If a person's roles had nothing in common" in text
    assert "so much it costs to take people to be the same in both roles" in text


def test_the_prior_of_pairs_of_kinds_is_told_by_role_where_roles_are_unrelated():
    table, theory = est.design(GAMES, 4, 2, 1), est.LevelK(max_level=1)
    apart, related = (MessageProblem(est.RolesApart(theory, correlated=is_so), table) for is_so in (False, True))
    assert _prior_of_kinds(apart)[0] == "Dirichlet(1, …, 1) over 2 kinds × Dirichlet(1, …, 1) over 2 kinds"
    assert _prior_of_kinds(related)[0] == "Dirichlet(0.5, …, 0.5) over 4 kinds"
    assert "any pair of kinds may be frequent" in _prior_of_kinds(related)[1]
