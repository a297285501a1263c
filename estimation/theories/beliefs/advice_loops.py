"""How likely the bets of advised people are, compiled: one pass over what each person saw, for all nodes at once.

What `AdviceTaking` and `AdviserLearning` say in arrays over decisions is said here event by event, in the order of
time. Arrays over nodes are the inner loops, which a processor takes several at a time; it does so only if no step may
leave the loop: rows are taken out before, limits are written as choices, and divisions by zero are infinite.
"""

from __future__ import annotations

import numba
import numpy as np

from estimation.theories.responses.exponential import AS, NEGLIGIBLE, REORDERED, exponential
from estimation.theories.responses.logarithm import logarithm

TINY = 1e-12  # beliefs come no nearer to 0 and 1, where logarithms end
LOWEST = -700.0  # log probabilities whose exponential is still a number
BAYES, LOG_ODDS, AVERAGE = range(3)
MEMORY, FIRST_WEIGHT, BAD_NEWS, FADING, OWN_WEIGHT, ADVICE_WEIGHT, PRECISION, LAPSE = NUMBERS = range(8)
"""Rows of the numbers of a person."""
_HOW = {**AS, "fastmath": REORDERED, "error_model": "numpy"}


@numba.njit("void(float64[:,::1], float64, float64, float64[:,::1])", **_HOW)  # type: ignore[untyped-decorator]
def _count_news(record, right, wrong, number):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Let what counts for and against a reputation (2, node) fade, and add a recommendation."""
    good, bad, kept, weight = record[0], record[1], number[FADING], number[BAD_NEWS]
    for node in range(record.shape[1]):
        good[node] = kept[node] * good[node] + right
        bad[node] = kept[node] * bad[node] + wrong * weight[node]


@numba.njit("void(float64[:,::1], int64, float64[:,::1])", **_HOW)  # type: ignore[untyped-decorator]
def _count_outcome(seen, outcome, number):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Let counts of outcomes (state, node) fade, and add one."""
    kept = number[MEMORY]
    for state in range(len(seen)):
        shown, count = 1.0 if state == outcome else 0.0, seen[state]
        for node in range(seen.shape[1]):
            count[node] = kept[node] * count[node] + shown


@numba.njit("void(float64[::1], float64[::1], float64[:,::1], float64[:,::1])", **_HOW)  # type: ignore[untyped-decorator]
def _set_trust(trust, first, record, number):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Set the trust (node,) that a first impression and a record leave."""
    good, bad, weight = record[0], record[1], number[FIRST_WEIGHT]
    for node in range(len(trust)):
        trust[node] = (weight[node] * first[node] + good[node]) / (weight[node] + good[node] + bad[node])


@numba.njit("void(float64[:,::1], float64[::1], float64[:,::1])", **_HOW)  # type: ignore[untyped-decorator]
def _set_belief(own, start, seen):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Set the belief before advice (state, node) to `start` (state,) and what was seen, in shares."""
    states, nodes = own.shape
    total = np.zeros(nodes)
    for state in range(states):
        row, counted = own[state], seen[state]
        for node in range(nodes):
            row[node] = start[state] + counted[node]
            total[node] += row[node]
    for state in range(states):
        row = own[state]
        for node in range(nodes):
            share = row[node] / total[node]
            row[node] = share if share > TINY else TINY


@numba.njit("void(float64[:,::1], float64[:,::1], float64[::1], int64, int64, float64[:,::1])", **_HOW)  # type: ignore[untyped-decorator]
def _set_log_odds(worth, own, trust, said, chosen, number):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Set what bets are worth (action, node) above the one chosen, in logits; advice is ignored if `said` is -1."""
    states, nodes = own.shape
    weight, usual, use = number[OWN_WEIGHT], own[chosen], number[ADVICE_WEIGHT]
    for state in range(states):
        row, believed = worth[state], own[state]
        for node in range(nodes):
            row[node] = weight[node] * logarithm(believed[node] / usual[node])
    sign = -1.0 if said == chosen else 1.0
    for state in range(states):
        row = worth[state]
        if said < 0 or (state == said) == (said == chosen):  # advice is not about this bet, or as much about both
            continue
        for node in range(nodes):
            row[node] += sign * use[node] * logarithm(trust[node] * (states - 1) / (1.0 - trust[node]))


@numba.njit(  # type: ignore[untyped-decorator]
    "void(float64[:,::1], float64[:,::1], float64[::1], int64, int64, boolean, float64[:,::1], float64[:,::1])", **_HOW
)
def _set_expected(worth, own, trust, said, chosen, averages, pays, number):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Set the same from the belief after advice, which replaces `own`, and what bets pay, (action, state)."""
    states, nodes = own.shape
    total, precision = np.zeros(nodes), number[PRECISION]
    for state in range(states):
        row, agrees = own[state], state == said
        for node in range(nodes):
            alpha = trust[node]
            if said >= 0 and averages:
                row[node] = (alpha if agrees else 0.0) + (1.0 - alpha) * row[node]
            elif said >= 0:
                row[node] *= alpha if agrees else (1.0 - alpha) / (states - 1)
            total[node] += row[node]
    worth[:] = 0.0
    for action in range(len(pays)):
        row = worth[action]
        for state in range(states):
            more, believed = pays[action, state] - pays[chosen, state], own[state]
            for node in range(nodes):
                row[node] += more * precision[node] * believed[node] / total[node]


@numba.njit("void(float64[::1], float64[:,::1], boolean, float64[:,::1])", **_HOW)  # type: ignore[untyped-decorator]
def _add_log_probability(result, worth, lapses, number):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Add the log probability of what was chosen, which is worth 0, to `result` (node,)."""
    options, nodes = worth.shape
    top, total, lapse = np.zeros(nodes), np.zeros(nodes), number[LAPSE]
    for option in range(options):
        row = worth[option]
        for node in range(nodes):
            top[node] = row[node] if row[node] > top[node] else top[node]
    for option in range(options):
        row = worth[option]
        for node in range(nodes):
            below = row[node] - top[node]
            total[node] += exponential(below if below > NEGLIGIBLE else NEGLIGIBLE)
    for node in range(nodes):
        if lapses:
            taken = exponential(-top[node] if -top[node] > LOWEST else LOWEST) / total[node]
            result[node] += logarithm((1.0 - lapse[node]) * taken + lapse[node] / options)
        else:
            result[node] -= top[node] + logarithm(total[node])


@numba.njit(  # type: ignore[untyped-decorator]
    "float64[:,::1](int64[:,::1], int64[:,::1], int64[:,::1], float64[:,::1], float64[:,::1], float64[:,:,::1],"
    "float64[:,::1], float64[:,:,::1], float64[:,:,::1], int64, boolean)",
    **_HOW,
)
def advised_likelihood(bounds, events, decisions, news, believed, start, pays, first, number, combine, lapses):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the log likelihood of each person's bets, (person, node), nats.

    Parameters
    ----------
    bounds : (person + 1, 2) array
        Where the events and the decisions of each person begin.
    events : (event, 2) array
        Whose reputation each event adds to, and the state that counts as an outcome; -1: none.
    decisions : (decision, 5) array
        How many of the person's events came before, the adviser (-1: advice is ignored), the reputation that trust
        follows (-1: none), what was recommended, and what was chosen.
    news : (event, 2) array
        How far the recommendation was right, and wrong.
    believed : (decision, state) array
        What own belief starts from, whatever it adds up to.
    start : (person, reputation, 2) array
        Counts of right and wrong before the first event.
    pays : (action, state) array, payoff units
    first : (person, adviser, node) array
        Trust before anything is learnt.
    number : (person, 8, node) array
        Numbers of the person, in the order of `NUMBERS`.
    combine, lapses
        `BAYES`, `LOG_ODDS` or `AVERAGE`, and whether people have a share of lapses.
    """
    people, nodes, states = len(number), number.shape[2], believed.shape[1]
    result = np.zeros((people, nodes))
    own, worth, trust = np.empty((states, nodes)), np.empty((len(pays), nodes)), np.full(nodes, 0.5)
    seen, records = np.empty((states, nodes)), np.empty((start.shape[1], 2, nodes))
    for person in range(people):
        mine = number[person]
        seen[:] = 0.0
        for who in range(start.shape[1]):
            for node in range(nodes):
                records[who, 0, node] = start[person, who, 0]
                records[who, 1, node] = start[person, who, 1] * mine[BAD_NEWS, node]
        event = bounds[person, 0]
        for decision in range(bounds[person, 1], bounds[person + 1, 1]):
            before, adviser, reputation, said, chosen = decisions[decision]
            while event < bounds[person, 0] + before:
                if events[event, 0] >= 0:
                    _count_news(records[events[event, 0]], news[event, 0], news[event, 1], mine)
                if events[event, 1] >= 0:
                    _count_outcome(seen, events[event, 1], mine)
                event += 1
            _set_belief(own, believed[decision], seen)
            if reputation >= 0:
                _set_trust(trust, first[person, adviser], records[reputation], mine)
            elif adviser >= 0:
                trust[:] = first[person, adviser]
            trust[:] = np.minimum(np.maximum(trust, TINY), 1.0 - TINY)
            heard = said if adviser >= 0 else -1
            if combine == LOG_ODDS:
                _set_log_odds(worth, own, trust, heard, chosen, mine)
            else:
                _set_expected(worth, own, trust, heard, chosen, combine == AVERAGE, pays, mine)
            _add_log_probability(result[person], worth, lapses, mine)
    return result
