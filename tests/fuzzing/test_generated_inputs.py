"""Thousands of generated inputs over every reader, command and artefact, and fuzzing led by coverage."""

from __future__ import annotations

import os
import random

import pytest
from base_files import BASES
from coverage_guided import fuzz
from hostile_inputs import by_chance
from judged import Judge
from odd_values import damaged, judge_bytes, judge_games, judge_manifests
from test_odd_values import commands, fit_file, none_failed

import estimation as est

__all__ = ["fit_file"]
SECONDS = float(os.environ.get("ESTIMATION_FUZZ_SECONDS", "600"))
"""How long readers are fuzzed by coverage."""


@pytest.mark.parametrize("kind", BASES)
def test_files_by_chance_are_read_right_or_refused(kind, tmp_path):
    judge, rng = Judge(tmp_path), random.Random(20261129)
    for _ in range(40):
        judge.read(by_chance(kind, rng))
    none_failed(judge)


@pytest.mark.slow
@pytest.mark.parametrize("kind", BASES)
def test_thousands_of_files_by_chance_are_read_right_or_refused(kind, tmp_path):
    judge, rng = Judge(tmp_path), random.Random(7)
    for _ in range(700):
        judge.read(by_chance(kind, rng))
    none_failed(judge)


@pytest.mark.slow
def test_hundreds_of_commands_games_and_artefacts(tmp_path, fit_file):
    judge, rng = Judge(tmp_path), random.Random(8)
    for arguments in commands(tmp_path, rng, 400):
        judge.command(*arguments)
    judge_games(judge, rng, 150)
    known = est.load_fit(fit_file).summary
    changes = damaged(fit_file.read_bytes(), rng, 200, 50)
    judge_bytes(judge, fit_file, est.load_fit, lambda fit: fit.summary.equals(known), changes)
    judge_manifests(judge, fit_file, rng, 200)
    none_failed(judge)
    assert judge.counts["damaged .nc: refused"] == 250


def test_coverage_leads_to_inputs_that_chance_would_not_find(tmp_path):
    judge = Judge(tmp_path)
    kept = fuzz(judge, 60.0, most=120)
    none_failed(judge)
    assert sum(kept.values()) > 5


@pytest.mark.slow
def test_readers_fuzzed_for_ten_minutes_by_coverage(tmp_path):
    judge = Judge(tmp_path)
    fuzz(judge, SECONDS, seed=1)
    none_failed(judge)
