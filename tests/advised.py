"""People who are advised: a small design, and their likelihood written out once more, decision by decision."""

from __future__ import annotations

import numpy as np
import pandas as pd

import estimation as est

RIGHT = {"good": 0.8, "even": 0.5, "bad": 0.2}


def advised(people=4, decisions=18, seed=1, states=("down", "up"), right=RIGHT, **options):
    """Return a table of people who meet advisers of known accuracy in turn; bets are placeholders."""
    rng, names, places = np.random.default_rng(seed), list(right), np.arange(len(states))
    rows = []
    for person in range(people):
        chance = rng.uniform(0.2, 0.8, decisions)
        true = np.where(rng.random(decisions) < chance, places[-1], rng.choice(places[:-1], decisions))
        for turn in range(decisions):
            who = names[(turn + person) % len(names)]
            wrong = rng.choice(places[places != true[turn]])
            said = true[turn] if rng.random() < right[who] else wrong
            rows.append(
                {"subject": f"s{person:02d}", "role": "receiver", "period": turn + 1, "condition": "bets"}
                | {
                    "partner": who,
                    "state": states[true[turn]],
                    "message": states[said],
                    "action": states[rng.choice(places)],
                }
                | {"own_probability": chance[turn], "earlier_right": 3.0 + person, "earlier_wrong": 2.0}
            )
    game = est.AdviceGame(states, advisers=names, **options)
    return est.Table.from_frame(pd.DataFrame(rows), {"bets": game}, name="advised", synthetic=True)


def paid(people=3, decisions=18, paid_for=("up", None, "down"), **game):
    """A table of advised people whose advisers are paid for one state, in some rows."""
    plain = advised(people=people, decisions=decisions, **game)
    frame, (played,) = plain.frame, plain.games.values()
    frame["paid"] = [paid_for[row % len(paid_for)] for row in range(len(frame))]
    said = played.spec() | {"interest": "paid"}
    return est.Table.from_frame(frame, {"bets": est.AdviceGame.from_spec(said)}, synthetic=True)


def by_hand(
    rows, value, *, states=2, combine="bayes", own="experience", moves=False, earlier=False, told=None, agrees=False
):
    """Return the log likelihood of one person's rows (in order of time), from the definitions and in plain loops."""
    total, outcomes, record = 0.0, [], {}
    own_weight, advice_weight = value.get("own_weight", 0.0), value.get("advice_weight", 1.0)
    for row in rows.to_dict("records"):
        who, said, done, true = row["partner"], int(row["message"]), int(row["action"]), row["state"]
        true = None if np.isnan(true) else int(true)
        belief = [1 / states] * states
        if own == "told":
            belief = [1 - row["own_probability"], row["own_probability"]]
        elif own == "experience":
            weight = [2.0 / states] * states
            for age, seen in enumerate(reversed(outcomes)):
                weight[seen] += value["own_memory"] ** age
            belief = [w / sum(weight) for w in weight]
        trust = value.get(f"trust_{who}", value.get("trust"))
        if moves:
            right, wrong = (row["earlier_right"], row["earlier_wrong"]) if earlier else (0.0, 0.0)
            seen, kept, bad = record.get(who, []), value.get("adviser_memory", 1.0), value.get("bad_news", 1.0)
            right, wrong = right * kept ** len(seen), bad * wrong * kept ** len(seen)
            for age, was_right in enumerate(reversed(seen)):
                right, wrong = right + was_right * kept**age, wrong + (1 - was_right) * bad * kept**age
            trust = (value["first_weight"] * trust + right) / (value["first_weight"] + right + wrong)
        trust = (told or {}).get(who, trust)
        likely = [trust if s == said else (1 - trust) / (states - 1) for s in range(states)]
        if combine == "log-odds":
            worth = [own_weight * np.log(belief[s]) + advice_weight * np.log(likely[s]) for s in range(states)]
        elif combine == "average":
            worth = [
                value["receiver_precision"] * (trust * (s == said) + (1 - trust) * belief[s]) for s in range(states)
            ]
        else:
            joint = [belief[s] * likely[s] for s in range(states)]
            worth = [value["receiver_precision"] * j / sum(joint) for j in joint]
        chance = np.exp(worth[done]) / sum(np.exp(w) for w in worth)
        total += np.log((1 - value["lapse"]) * chance + value["lapse"] / states)
        if true is not None:
            outcomes.append(true)
            record.setdefault(who, []).append(int(said == true))
        elif agrees:  # as right as the own information says
            record.setdefault(who, []).append(row["own_probability"] if said == 1 else 1 - row["own_probability"])
    return total
