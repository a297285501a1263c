"""Quantities of markets from their definitions: one person, one situation and one alternative at a time.

A situation is a dictionary: who is in it (``person``), how often it counts (``weight``), and ``rows``, one dictionary
per alternative with its attributes. ``utility(person, row)`` and ``choice(utilities, situation)``, which returns
probabilities by alternative and the logsum, are those of one draw.
"""

from __future__ import annotations

import math

from oracles.choice_loops import cross_nested_shares, nested_shares


def situations_of(frame, weight=None):
    """Return the situations of a frame in the order of its rows; `weight` is its column of weights."""
    found = {}
    for row in frame.to_dict("records"):
        here = found.setdefault(row["situation"], {"person": row["subject"], "rows": [], "weight": 1.0})
        here["rows"].append({name: value for name, value in row.items() if name not in ("subject", "situation")})
        here["weight"] = 1.0 if weight is None else row[weight]
    return list(found.values())


def logit(utilities, situation):
    """McFadden (1974)."""
    total = sum(math.exp(value) for value in utilities.values())
    return {label: math.exp(value) / total for label, value in utilities.items()}, math.log(total)


def scaled(by, scale):
    """Return the choice of a logit whose utilities are scaled by what a column of the situation says."""

    def choice(utilities, situation):
        own = scale.get(situation["rows"][0][by], 1.0)
        shares, total = logit({label: own * value for label, value in utilities.items()}, situation)
        return shares, total / own

    return choice


def nested(nests, tau, unscaled=False):
    """McFadden (1978), with the logsum over nests and those alone."""

    def choice(utilities, situation):
        shares, total = nested_shares(utilities, nests, tau, unscaled), 0.0
        inside = {label for members in nests.values() for label in members}
        for nest, members in {**nests, **{label: [label] for label in utilities if label not in inside}}.items():
            own = tau.get(nest, 1.0)
            there = [utilities[label] / (1.0 if unscaled else own) for label in members if label in utilities]
            total += sum(map(math.exp, there)) ** own if there else 0.0
        return shares, math.log(total)

    return choice


def cross_nested(nests, tau, parts):
    """Wen and Koppelman (2001), with the logsum over nests and those alone."""

    def choice(utilities, situation):
        shares, total = cross_nested_shares(utilities, nests, tau, parts), 0.0
        inside = {label for members in nests.values() for label in members}
        for nest, members in {**nests, **{label: [label] for label in utilities if label not in inside}}.items():
            own = tau.get(nest, 1.0)
            there = [
                (parts.get((label, nest), 1.0) * math.exp(utilities[label])) ** (1 / own)
                for label in members
                if label in utilities
            ]
            total += sum(there) ** own if there else 0.0
        return shares, math.log(total)

    return choice


def predicted(situation, utility, choice):
    """Return probabilities by alternative, and the logsum, of one situation."""
    values = {row["alternative"]: utility(situation["person"], row) for row in situation["rows"]}
    return choice(values, situation)


def shares(situations, utility, choice):
    """Return the weighted average of probabilities, by alternative."""
    total, found = sum(one["weight"] for one in situations), {}
    for one in situations:
        for label, share in predicted(one, utility, choice)[0].items():
            found[label] = found.get(label, 0.0) + one["weight"] / total * share
    return found


def changed(situations, alternative, name, change):
    """Return the situations with another value of an attribute of one alternative; of all of them if it is None."""
    return [
        one
        | {
            "rows": [
                row | {name: change(row[name])} if alternative in (None, row["alternative"]) else row
                for row in one["rows"]
            ]
        }
        for one in situations
    ]


def without(situations, alternative):
    """Return the situations without an alternative."""
    kept = [one | {"rows": [row for row in one["rows"] if row["alternative"] != alternative]} for one in situations]
    return [one for one in kept if one["rows"]]


def elasticity(situations, utility, choice, name, labels, step=2e-5):
    """Return share of i by attribute of j, (i, j) → elasticity: central differences of relative changes."""
    base, found = shares(situations, utility, choice), {}
    for j in labels:
        at = [
            shares(changed(situations, j, name, lambda value, by=by: value * (1 + by * step)), utility, choice)
            for by in (-1, 1)
        ]
        for i in labels:
            found[i, j] = (at[1][i] - at[0][i]) / (2 * step) / base[i]
    return found


def diversion(situations, utility, choice, labels):
    """Return (removed, destination) → share of the buyers of the first who go to the second."""
    base, found = shares(situations, utility, choice), {}
    for j in labels:
        left = shares(without(situations, j), utility, choice)
        found |= {(j, i): (left[i] - base[i]) / base[j] for i in labels if i != j}
    return found


def surplus(situations, utility, choice, rate, baseline=None):
    """Return the weighted average of logsums in money; ``rate(person, row)`` is what a unit of price takes away."""
    total, found = sum(one["weight"] for one in situations), 0.0
    for place, one in enumerate(situations):
        gain = predicted(one, utility, choice)[1]
        if baseline is not None:
            gain -= predicted(baseline[place], utility, choice)[1]
        found += one["weight"] / total * gain / -rate(one["person"], one["rows"][0])
    return found
