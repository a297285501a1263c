"""Facts, simulations, paths of trust, scores and comparisons of people who talk against loops over their decisions.

Draws of people are made up (`theory_grid`); two small experiments are fitted. About 15 processor seconds.
"""

from __future__ import annotations

import math
from statistics import fmean, stdev

import numpy as np
import pandas as pd
import pytest
import theory_grid as grid
from advised import advised
from engine import messages_with_outcomes
from theory_grid import DIRECTION, GAMES, SAMPLES, Pulling, done, drawn, natural, pulled, seen

import estimation as est
from estimation.evaluation.comparison.distance import predictive_distance

FRAME = grid.decisions()
SURE = {"sender_precision": 12.0, "receiver_precision": 12.0, "lapse": -40.0}  # who aims somewhere takes the nearest


def nearest(row, value):
    """The option nearest to the aim."""
    return min(range(GAMES[row["condition"]].highest + 1), key=lambda option: abs(option - pulled(row, value)))


def decided(row, value):
    """The row with the option nearest to the aim."""
    return row | {"message" if row["role"] == "sender" else "action": nearest(row, value)}


def gap(row):
    """By how much a message exceeds the state in the sender's interest, or an action stays behind what was heard."""
    sign = DIRECTION[row["condition"]]
    return sign * (done(row) - seen(row)) if row["role"] == "sender" else sign * (seen(row) - done(row))


def spread(values):
    return stdev(values) if len(values) > 1 else math.nan


def slope(pairs):
    x, y = zip(*pairs, strict=True)
    middle, level = fmean(x), fmean(y)
    down = sum((one - middle) ** 2 for one in x)
    return sum((one - middle) * (other - level) for one, other in pairs) / down if down else math.nan


def correlation(pairs):
    x, y = ([pair[place] - fmean(one[place] for one in pairs) for pair in pairs] for place in (0, 1))
    both = sum(one * other for one, other in zip(x, y, strict=True))
    apart = sum(one**2 for one in x) * sum(one**2 for one in y)
    return both / math.sqrt(apart) if apart else math.nan


def facts(rows):
    """Return the named facts of some decisions by (statistic, condition, role)."""
    found, said, heard = {}, {}, {}
    for condition in GAMES:
        for role, gaps in {"sender": "exaggeration", "receiver": "correction"}.items():
            here = [row for row in rows if (row["condition"], row["role"]) == (condition, role)]
            values = [gap(row) for row in here]
            people = {}
            for row in here:
                people.setdefault(row["subject"], []).append(gap(row))
                (said if role == "sender" else heard).setdefault(row["subject"], []).append(gap(row))
            plain = "share of true messages" if role == "sender" else "share of messages taken literally"
            up = "slope of message on state" if role == "sender" else "slope of action on message"
            mine = {f"mean {gaps}": fmean(values), f"sd of {gaps}": spread(values)}
            mine |= {plain: fmean(value == 0 for value in values), up: slope([(seen(row), done(row)) for row in here])}
            mine |= {f"sd of people's mean {gaps}": spread([fmean(own) for own in people.values()])}
            if role == "sender":
                end = GAMES[condition].highest if DIRECTION[condition] > 0 else 0
                mine["share of messages at the far end"] = fmean(done(row) == end for row in here)
            found |= {(name, condition, role): value for name, value in mine.items()}
    found["correlation of people's exaggeration and correction", "all", "both"] = correlation(
        [(fmean(said[who]), fmean(heard[who])) for who in said if who in heard]
    )
    return found


def test_facts_are_those_of_the_decisions_and_of_what_each_person_would_do():
    """People of the fit are the same in all draws and choose the option that they aim at: predictions are exact."""
    table = grid.table_of(FRAME)
    pull = np.random.default_rng(9).normal(size=6)
    fit = grid.with_draws(Pulling(), table, theta={"pull": pull, **SURE})
    again = [
        row
        | {
            "message" if row["role"] == "sender" else "action": nearest(
                row, natural(fit, drawn(fit, 0, row["subject"])[1])
            )
        }
        for row in FRAME.to_dict("records")
    ]
    observed = facts(FRAME.to_dict("records"))
    predicted = facts(again)
    found = est.predictive_check(fit, draws=4)
    assert (found["low"] == found["high"]).all()
    seen_facts = 0
    for row in found.to_dict("records"):
        key = row["statistic"], row["group"], row["role"]
        if key in observed:
            seen_facts += 1
            assert row["observed"] == pytest.approx(observed[key]), key
            assert row["predicted"] == pytest.approx(predicted[key]), key
    assert seen_facts == sum(not math.isnan(observed[key] + predicted[key]) for key in observed)


def test_people_are_checked_at_the_columns_of_another_table():
    """Coefficients are so large that everybody of country B moves by the whole range, and nobody of A."""
    here = grid.table_of(FRAME)
    fit = grid.with_draws(Pulling(pull="~ country"), here, theta={"pull": -30.0, **SURE})
    fit.posterior["coefficient"][:] = 60.0
    country = FRAME.groupby("subject")["country"].first()
    for theirs in "AB":
        found = est.predictive_check(fit, grid.table_of(FRAME.assign(country=theirs)), draws=3)
        rows = []
        for row in FRAME.to_dict("records"):
            moved = -30.0 + 60.0 * ((theirs == "B") - (country[row["subject"]] == "B"))
            value = {"pull": 1 / (1 + math.exp(-moved))}
            rows.append(decided(row, value))
        predicted = facts(rows)
        for row in found.to_dict("records"):
            key = row["statistic"], row["group"], row["role"]
            if key in predicted:
                assert row["predicted"] == pytest.approx(predicted[key]), (theirs, key)


def test_simulated_people_do_what_their_own_parameters_say():
    table = grid.table_of(FRAME)
    fit = grid.with_draws(Pulling(pull="~ age"), table, mean=SURE)
    simulated, truth = est.simulate(fit, table, seed=3)
    own = truth.set_index("subject")["pull"]
    assert own.nunique() == 6
    for row in simulated.frame.to_dict("records"):
        value = {"pull": own[row["subject"]]}
        apart = abs(done(row) - pulled(row, value)) - abs(nearest(row, value) - pulled(row, value))
        assert apart < 0.1, row  # as near as it can be; options that are as far nearly are as good


@pytest.mark.parametrize("about", ["everyone", "partner"])
def test_trust_in_each_decision_counts_what_was_borne_out_before_it(about):
    table = messages_with_outcomes(people=3, decisions=10, partners=3)
    names = dict(zip(table.subjects, ["10", "2", "1"], strict=True))
    frame = table.frame.assign(subject=table.frame["subject"].map(names)).sample(frac=1.0, random_state=1)
    table = est.Table.from_frame(frame, table.games, synthetic=True)
    fit = grid.with_draws(est.DynamicTrust(rule="counts", about=about), table)
    found = est.predict(fit, what="trust", by=["subject", "period"], draws=SAMPLES, interval=0.5)
    rows = frame.to_dict("records")
    for one in found.to_dict("records"):
        (now,) = (row for row in rows if (row["subject"], row["period"]) == (one["subject"], one["period"]))
        values = []
        for sample in range(SAMPLES):
            value = natural(fit, drawn(fit, sample, now["subject"])[1])
            before = [
                1 - abs(row["message"] - row["state"]) / 20
                for row in rows
                if row["subject"] == now["subject"] and row["period"] < now["period"]
                if about == "everyone" or row["partner"] == now["partner"]
            ]
            first = value["first_weight"]
            values.append((first * value["trust"] + sum(before)) / (first + len(before)))
        assert one["mean"] == pytest.approx(fmean(values)), one


def test_following_and_trust_of_advisers_are_those_of_their_record():
    """Advisers have numbers for names; weights of log odds, trust that follows what each was right in."""
    names = {"10": 0.8, "2": 0.5, "1": 0.2}
    table = advised(people=3, decisions=12, right=names)
    fit = grid.with_draws(est.AdviserLearning(combine="log-odds"), table)
    rows = table.frame.to_dict("records")
    trust, follow = {}, {}
    for row in rows:
        for sample in range(SAMPLES):
            value = natural(fit, drawn(fit, sample, row["subject"])[1])
            before = [one for one in rows if one["subject"] == row["subject"] and one["period"] < row["period"]]
            met = [one["message"] == one["state"] for one in before if one["partner"] == row["partner"]]
            first = value["first_weight"]
            now = (first * value["trust"] + sum(met)) / (first + len(met))
            chance = now ** value["advice_weight"] / (
                now ** value["advice_weight"] + (1 - now) ** value["advice_weight"]
            )
            chance = (1 - value["lapse"]) * chance + value["lapse"] / 2
            trust.setdefault(row["partner"], {}).setdefault(sample, []).append(now)
            follow.setdefault(row["partner"], {}).setdefault(sample, []).append(chance)
    for what, expected in {"trust": trust, "follow": follow}.items():
        found = est.predict(fit, what=what, by="partner", draws=SAMPLES).set_index("partner")
        assert set(found.index) == set(names)
        for who, by_sample in expected.items():
            assert found.loc[who, "mean"] == pytest.approx(fmean(fmean(own) for own in by_sample.values())), (what, who)


@pytest.mark.parametrize("change", [0.1, -0.1])
def test_advisers_are_right_as_much_more_often_as_asked_for_however_few_of_their_words_a_person_heard(change):
    table = advised(people=30, decisions=9)
    frames = [one.frame for one in (table, est.with_accuracy(table, change, seed=2))]
    for who in ("good", "even", "bad"):
        shares, count = [], 0
        for frame in frames:
            told = [row for row in frame.to_dict("records") if row["partner"] == who]
            shares.append(fmean(row["message"] == row["state"] for row in told))
            count = len(told)
        assert shares[1] - shares[0] == pytest.approx(change, abs=1 / count)


@pytest.fixture(scope="module")
def small():
    """Two fits of one small experiment of twelve people, who are called 1 to 12."""
    people = {
        "pull": (0.3, 0.8),
        "sender_precision": (2.0, 0.3),
        "receiver_precision": (2.0, 0.3),
        "lapse": (0.05, 0.3),
    }
    situations = grid.table_of(grid.decisions(names=[str(name) for name in range(1, 13)], periods=4))
    table, _ = est.simulate(Pulling(), situations, people, seed=2)
    how = {"seed": 1, "method": "importance", "draws": 200, "chains": 2, "accuracy": 0.25, "progress": False}
    theories = {"pulling": Pulling(), "honest": est.Honest()}
    return {name: est.fit(theory, table, **how) for name, theory in theories.items()}


@pytest.fixture(scope="module")
def study(small):
    return est.compare(small, roles_apart=False, progress=False)


def test_scores_are_those_of_people_by_name(small, study):
    """Raw importance weights say the same within a tenth of a nat: those of somebody else would not."""
    for name, fit in small.items():
        likelihood = fit.tree["log_likelihood"].dataset["people"]
        for who in fit.table.subjects:
            each = likelihood.sel(subject=who).to_numpy().ravel().tolist()
            own = -math.log(fmean(math.exp(-value) for value in each))
            assert study.pointwise.loc[who, name] == pytest.approx(own, abs=0.1), (name, who)
    table, best = study.table, study.table.index[0]
    for name in table.index:
        own = [study.pointwise.loc[who, name] for who in study.pointwise.index]
        ahead = [study.pointwise.loc[who, best] - study.pointwise.loc[who, name] for who in study.pointwise.index]
        assert table.loc[name, "elpd"] == pytest.approx(sum(own))
        assert table.loc[name, "se"] == pytest.approx(math.sqrt(len(own)) * stdev(own))
        assert table.loc[name, "elpd_diff"] == pytest.approx(-sum(ahead))
        assert table.loc[name, "dse"] == pytest.approx(math.sqrt(len(own)) * stdev(ahead))


def test_completeness_is_the_share_of_the_way_of_the_same_people(small, study):
    people, rng = list(next(iter(small.values())).table.subjects), np.random.default_rng(3)
    bench = pd.DataFrame(
        {"flexible benchmark": rng.normal(-5, 2, 12), "babbling": rng.normal(-15, 2, 12)}, index=people
    ).sample(frac=1.0, random_state=2)
    found = est.completeness(small, benchmark=bench)
    scores = study.pointwise
    for name in small:
        gained = {who: scores.loc[who, name] - bench.loc[who, "babbling"] for who in people}
        reach = {who: bench.loc[who, "flexible benchmark"] - bench.loc[who, "babbling"] for who in people}
        share = sum(gained.values()) / sum(reach.values())
        apart = stdev([gained[who] - share * reach[who] for who in people])
        assert found.loc[name, "explained"] == pytest.approx(share)
        assert found.loc[name, "se"] == pytest.approx(apart * math.sqrt(12) / sum(reach.values()))


def test_pooled_fits_and_maxima_have_the_likelihood_of_each_person(small):
    table = next(iter(small.values())).table
    fit = est.fit(Pulling(), table, pooled=True, seed=1, draws=50, chains=2, progress=False)
    rows = table.frame.to_dict("records")
    likelihood = fit.tree["log_likelihood"].dataset["people"]
    for chain, draw in ((0, 3), (1, 7)):
        value = fit.draws.loc[(chain, draw)].to_dict()
        for who in table.subjects:
            own = [row for row in rows if row["subject"] == who]
            total = sum(math.log(grid.chances(row, pulled(row, value), value)[done(row)]) for row in own)
            assert float(likelihood.sel(chain=chain, draw=draw, subject=who)) == pytest.approx(total)


def test_receivers_hear_what_was_sent_in_their_own_game():
    """A partner who sent in another game the period before has said nothing to them."""
    games = {name: est.EstimationGame("over", highest=10, prior_a=a) for name, a in {"one": 1.0, "two": 2.0}.items()}
    rows = []
    for period in range(1, 7):
        common = {"period": period, "state": 4.0, "action": 5.0, "message": 9.0}
        condition = "one" if period < 4 else "two"
        rows.append(common | {"subject": "10", "role": "sender", "partner": "2", "condition": condition})
        rows.append(common | {"subject": "2", "role": "receiver", "partner": "10", "condition": condition})
    table = grid.table_of(pd.DataFrame(rows), games)
    truthful = {"sender_precision": (200.0, 1e-9), "receiver_precision": (5.0, 1e-9)}
    simulated, _ = est.simulate(est.Honest(lapse=False), table, truthful, seed=1)
    heard = simulated.frame.query("role == 'receiver'").set_index("period")["message"]
    assert heard.to_dict() == {1: 9.0, 2: 4.0, 3: 4.0, 4: 9.0, 5: 4.0, 6: 4.0}
    hidden = table.frame["period"].isin([2, 5]) & (table.frame["role"] == "receiver")
    table = grid.table_of(table.frame.assign(state=table.frame["state"].mask(hidden)), games)
    simulated, _ = est.simulate(est.Honest(lapse=False), table, truthful, seed=1)
    assert simulated.frame["state"].isna().equals(hidden)  # what was not shown does not come out


@pytest.mark.parametrize("column", ["state", "outcome"])
def test_facts_of_advice_are_counted_by_adviser_and_after_what_came_of_the_last_word(column):
    table = advised(people=4, decisions=15, right={"10": 0.8, "2": 0.5, "1": 0.2})
    frame = table.written.rename(columns={"state": column}).assign(**({} if column == "state" else {"state": None}))
    table = est.Table.from_frame(frame.sample(frac=1.0, random_state=2), table.games, synthetic=True)
    rows = frame.to_dict("records")
    follows = {who: fmean(r["action"] == r["message"] for r in rows if r["partner"] == who) for who in ("10", "2", "1")}
    expected = {f"share that follows adviser {who}": share for who, share in follows.items()}
    after = {True: [], False: []}
    for row in rows:
        met = [r for r in rows if (r["subject"], r["partner"]) == (row["subject"], row["partner"])]
        before = [r for r in met if r["period"] < row["period"]]
        if before:
            last = max(before, key=lambda one: one["period"])
            after[last["message"] == last[column]].append(row["action"] == row["message"])
    name = "following after the adviser was right, minus after a mistake"
    expected[name] = fmean(after[True]) - fmean(after[False])
    found = est.predictive_check(est.AdviceTaking(own="ignored"), table, draws=2).set_index("statistic")["observed"]
    for name, value in expected.items():
        assert found[name] == pytest.approx(value), name


def test_people_who_were_told_accuracies_are_told_the_new_ones():
    table = advised(people=10, decisions=30, accuracies={"even": 0.5})
    other = est.with_accuracy(table, 0.1)
    assert other.games["bets"].accuracies == {"even": 0.6}
    fit = grid.with_draws(est.AdviceTaking(own="ignored"), table)
    found = est.effect(fit, other, table, what="trust", by="partner", draws=SAMPLES).set_index("partner")
    assert found.loc["even", ["mean", "low", "high"]].tolist() == pytest.approx([0.1] * 3)
    assert found.loc[["good", "bad"], "mean"].tolist() == [0.0, 0.0]


def test_curves_and_distances_are_those_of_new_people_at_their_own_columns():
    """Nobody differs from what columns say, and all draws of the population are one."""
    table = grid.table_of(FRAME)
    mean = {"pull": -0.5, "sender_precision": 1.0, "receiver_precision": 0.5, "lapse": -2.0}
    fit = grid.with_draws(Pulling(pull="~ age"), table, mean=mean, sd=1e-12)
    fit.posterior["coefficient"][:] = 0.08
    plain = grid.with_draws(Pulling(), table, mean=mean, sd=1e-12)
    first = {row["subject"]: row for row in FRAME.to_dict("records")}
    middle = fmean(row["age"] for row in first.values())
    value = {name: grid.NATURAL["log" if "precision" in name else "logit"](x) for name, x in mean.items()}

    def chance(row, columns):
        own = mean["pull"] + columns * 0.08 * (first[row["subject"]]["age"] - middle)
        mine = value | {"pull": grid.NATURAL["logit"](own)}
        return grid.chances(row, pulled(row, mine), mine)

    there = [row for row in FRAME.to_dict("records") if row["condition"] == "up" and row["role"] == "receiver"]
    (line,) = [one for one in est.plot_behaviour(fit, "receiver", "up").lines if len(one.get_xdata()) > 3][:1]
    for given, mine in zip(line.get_xdata(), line.get_ydata(), strict=True):
        people = {row["subject"]: row for row in there}.values()
        assert mine == pytest.approx(
            fmean(grid.mean_of(chance(row | {"message": given}, 1)) for row in people), rel=1e-6
        )
    total = 0.0
    for row in FRAME.to_dict("records"):
        one, other = chance(row, 1), chance(row, 0)
        total += 0.5 * sum(abs(one[option] - other[option]) for option in one)
    assert predictive_distance(fit, plain) == pytest.approx(total / len(FRAME), rel=1e-6)


def test_accusations_are_corrections_whatever_direction_lies_have():
    """Reports are accepted or called a lie, in games in which high reports score and in which low ones do."""
    games = {name: est.AccusationGame(name, highest=6) for name in ("over", "under")}
    table = est.design(games, 8, 6, seed=1)
    rng = np.random.default_rng(2)
    frame = table.frame.assign(
        action=np.where(table.frame["role"] == "receiver", rng.integers(2, size=len(table)), np.nan)
    )
    table = est.Table.from_frame(frame, games, synthetic=True)
    rows = frame[frame["role"] == "receiver"].to_dict("records")
    accused = {name: fmean(row["action"] for row in rows if row["condition"] == name) for name in games}
    fit = grid.with_draws(est.NaiveAccusation(), table)
    found = est.predictive_check(fit, draws=2)
    corrections = found[found["statistic"] == "mean correction"].set_index("group")["observed"]
    assert corrections.to_dict() == pytest.approx(accused)
