"""Three recommenders with reputations of their own: chains, recovery, and the way from TOML and a CSV to a report."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from oracles import table_chain
from recommenders import ACTIONS, GAINS, STATES, as_toml, games, listed, met

import estimation as est
from estimation.theories.replies.chain import solved_chain

pytestmark = pytest.mark.usefixtures("_few_experiments")

REPUTATIONS = est.DynamicTrust(rule="counts", about="partner")
PEOPLE = {"trust": (0.6, 0.4), "first_weight": (4.0, 0.3), "receiver_precision": (1.2, 0.3), "lapse": (0.03, 0.3)}


@pytest.mark.parametrize("name", GAINS)
@pytest.mark.parametrize("convention", ["W", "C"])
@pytest.mark.parametrize("cost", [0.0, 1.5])
def test_every_level_does_what_the_definition_says(name, convention, cost):
    chain = solved_chain(games()[name], 4, convention, "min", "ignore", cost)
    senders, receivers = table_chain.chain(listed(name), 4, convention, cost)
    for level in range(5):
        for found, told, rows, columns in (
            (chain.sender, senders, STATES, STATES),
            (chain.receiver, receivers, STATES, ACTIONS),
        ):
            want = [[told[level][one].get(other, 0.0) for other in columns] for one in rows]
            np.testing.assert_allclose(found[level], want)


def test_shares_of_levels_are_found_again():
    """Two levels in the shares 60 and 40 % of 40 people lie within four standard errors."""
    truth = {"receiver_precision": 1.0, "level 0": 0.6, "level 1": 0.4}
    theory, shares = est.LevelK(max_level=1, lapse=False), {"level 0": 0.6, "level 1": 0.4}
    table, _ = est.simulate(theory, met(40, 12), {"receiver_precision": (1.0, 0.01)}, shares=shares, seed=2)
    found = est.mode(theory, table, pooled=True).summary.loc[list(truth)]
    z = (found["estimate"] - pd.Series(truth)) / found["standard_error"]
    assert (z.abs() < 4).all(), z


def test_reputations_are_kept_apart_and_found_again():
    """Typical people are found, and trust ends highest in the friend and lowest in the rival."""
    table, _ = est.simulate(REPUTATIONS, met(14, 30), PEOPLE, seed=3)
    fit = est.fit(REPUTATIONS, table, seed=1, draws=200, accuracy=0.2, progress=False)
    for name, (true, _) in PEOPLE.items():
        low, median, high = fit.summary.loc[name, ["low", "median", "high"]].astype(float)
        assert median - 2 * (median - low) < true < median + 2 * (high - median), name
    trust = est.predict(fit, what="trust", by=["partner", "period"])
    late = trust[trust["period"] > 24].groupby("partner")[["mean", "low", "high"]].mean()
    assert late["mean"]["friend"] > late["mean"]["broker"] > late["mean"]["rival"]
    assert late["low"]["friend"] > late["high"]["rival"]


@pytest.mark.slow
def test_toml_and_a_file_of_decisions_lead_to_a_report(estimation, tmp_path):
    """Reputations, which made the data, come before levels, for which it counts what a recommender gains."""
    table, _ = est.simulate(REPUTATIONS, met(10, 18), PEOPLE, seed=4)
    decisions, toml = tmp_path / "simulated_decisions.csv", tmp_path / "games.toml"
    table.written.to_csv(decisions, index=False)
    toml.write_text(as_toml(), encoding="utf-8")
    data = [decisions, "--games", toml]
    estimation("check", *data)
    how = ["--draws", "60", "--chains", "2", "--seed", "1"]
    options = {"dynamic-trust": ["--option", "rule=counts", "--option", "about=partner"], "level-k": []}
    for theory, told in options.items():
        estimation("fit", *data, "--theory", theory, *told, *how, "--out", tmp_path / f"{theory}.nc")
    fits = [tmp_path / f"{theory}.nc" for theory in options]
    verdict = estimation("compare", *fits).split("In the data set")[1]
    assert verdict.index("dynamic trust") < verdict.index("level-k")  # the best is named first
    estimation("report", *fits, "--out", tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert all(name in page for name in GAINS)
