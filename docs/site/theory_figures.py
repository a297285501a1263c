"""Draw what each theory predicts over its parameters: ``python docs/site/theory_figures.py`` (half a minute).

Each panel is a picture of its own, so that two stand side by side on a desk and one below the other on a phone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from theory_panels import (
    GAME,
    Lines,
    Panel,
    babbling,
    chances,
    costly,
    discounts,
    hierarchy,
    honest,
    lying_levels,
    noisy_chain,
    trust_embedded,
)

import estimation as est
from estimation.drawing import PALE_GREY, labelled, line_of
from estimation.names import RECEIVER, SENDER
from estimation.theories.beliefs.fading_counts import faded_counts
from estimation.theories.beliefs.trust_rules import follow_news
from estimation.theories.messages.advice_weighting import OWN, WEIGHS
from estimation.theories.messages.adviser_motives import IN_INTEREST

FOLDER = Path(__file__).resolve().parents[1] / "theories"
DOTS, SIZE = 100, (3.6, 3.2)  # per inch; inches
HUNDRED = est.EstimationGame(highest=100)
REQUEST = est.money_request()


def habits() -> list[Panel]:
    """Return what a sender of state 63 says, without habits and with them."""
    habit = est.Honest(habits="all")
    off = {"sender_rounding": 1e-6, "sender_truth": 1e-6, "sender_tens": 0.5}
    cases = {
        "no habits": off,
        "rounding, ζ = 0.6": off | {"sender_rounding": 0.6},
        "truth, ψ = 0.4": off | {"sender_truth": 0.4},
    }
    near = slice(50, 77)
    lines = {
        label: (
            HUNDRED.messages[near],
            chances(habit, SENDER, np.array([63.0]), game=HUNDRED, **values, sender_precision=0.3)[0][near],
        )
        for label, values in cases.items()
    }
    return [("Senders in state 63", "message", "probability", lines)]


def mixture() -> list[Panel]:
    """Return what each kind does, and what all do together, after one message."""
    theory = est.Mixture([est.TrustEmbedded(), est.LevelK(max_level=2)])
    given, noise = np.array([16.0]), {"receiver_precision": 1.0, "trust": 0.6}
    each = [chances(theory, RECEIVER, given, kind, **noise)[0] for kind in range(3)]
    lines = dict(zip(("trust, α = 0.6", "level 0", "level 1"), ((GAME.actions, one) for one in each), strict=True))
    together = GAME.actions, 0.5 * each[0] + 0.25 * each[1] + 0.25 * each[2]
    return [("Receivers after message 16", "action", "probability", lines | {"half, a quarter, a quarter": together})]


def moving_trust() -> list[Panel]:
    """Return trust over a run of true messages, one lie, and true ones again."""
    borne_out = np.where(np.isin(np.arange(24), (8, 9, 16)), 0.0, 0.95)
    lines = {}
    for gain, loss in ((0.2, 0.2), (0.1, 0.4), (0.4, 0.1)):
        trust = [0.5]
        for accuracy in borne_out:
            trust.append(float(follow_news(trust[-1], accuracy, gain, loss)))
        lines[f"φ+ = {gain:g}, φ- = {loss:g}"] = np.arange(25.0), np.array(trust)
    return [("Lies in periods 9, 10 and 17", "messages seen", "trust α", lines)]


def records() -> list[Panel]:
    """Return trust in an adviser who is right three times in four."""
    right = np.tile([1.0, 1.0, 0.0, 1.0], 8)
    lines = {}
    for weight, kept, label in ((2, 1.0, "κ = 2"), (20, 1.0, "κ = 20"), (2, 0.8, "κ = 2, φ = 0.8")):
        seen = np.stack([right, 1 - right], axis=1)[..., None]
        counts = faded_counts(seen, np.array([kept]), np.zeros((2, 1)))[..., 0]
        trust = (weight * 0.4 + counts[:, 0]) / (weight + counts.sum(axis=1))
        lines[label] = np.arange(len(trust), dtype=float), trust
    return [("An adviser who is right 3 times in 4", "recommendations seen", "trust, from α = 0.4", lines)]


def advice() -> list[Panel]:
    """Return how often an adviser is followed who contradicts what people know themselves."""
    own = np.linspace(0.02, 0.98, 49)
    panels = []
    for combine, title in (("bayes", "By Bayes' rule"), ("log-odds", "By log odds"), ("average", "By averages")):
        theory, game = est.AdviceTaking(combine=combine), est.AdviceGame(advisers=("ann",))
        at = {"own_weight": 1.0, "receiver_precision": 8.0, "trust_ann": 0.0, "lapse": 1e-9}
        lines = {}
        for trust in (0.3, 0.5, 0.8):
            now = {name: np.array([[value]]) for name, value in at.items()}
            now |= {"own_belief": np.stack([1 - own, own], axis=1), "trust": np.array([[trust]])}
            worth = theory.receiver_payoff(game, 0, now, np.full(len(own), game.messages[1]))
            precision = 1.0 if combine == "log-odds" else at["receiver_precision"]
            lines[f"α = {trust:g}"] = own, 1 / (1 + np.exp(precision * (worth[:, 0] - worth[:, 1])))
        panels.append((title, "own belief in what is said", "probability to follow", lines))
    return panels


def motives() -> list[Panel]:
    """Return how often people follow advice that is in the adviser's interest, and advice that is not."""
    theory, game = est.AdviserMotives(), est.AdviceGame(advisers=("ann",), interest="paid_for")
    honesty, said = np.linspace(0, 1, 51), game.messages[1]
    now = {
        name: np.array([[value]]) for name, value in {"receiver_precision": 8.0, "trust": 0.8, "lapse": 1e-9}.items()
    }
    now |= {"own_belief": np.full((51, 2), 0.5), "honesty": honesty[:, None]}
    lines = {}
    for label, paid_for in (("against the adviser's interest", game.messages[0]), ("in it", said)):
        worth = theory.receiver_payoff(game, 0, {**now, IN_INTEREST: np.full((51, 1), paid_for)}, np.full(51, said))
        worth = worth.reshape(51, 2)
        lines[label] = honesty, 1 / (1 + np.exp(8.0 * (worth[:, 0] - worth[:, 1])))
    return [("Ability .8, nothing else known", "honesty h", "probability to follow", lines)]


def weights() -> list[Panel]:
    """Return the last estimate against advice, for weight that falls with distance from the first."""
    game, theory = est.JudgeAdvisor(advisers=["ann"]), est.AdviceWeighting(distance=True)
    advice, own = np.asarray(game.messages, dtype=float), 40.0
    lines = {"first estimate": (advice, np.full(len(advice), own))}
    for loss in (0.0, 2.0, 6.0):
        values = {OWN: np.full((len(advice), 1), own), "trust": np.array([[0.5]]), "distance_loss": np.array([[loss]])}
        target = theory.receiver_target(game, WEIGHS, values, advice)
        lines[f"δ = {loss:g}"] = advice, target.reshape(-1)
    return [("A judge who first said 40", "advice", "aim, for α = 0.5", lines)]


def accusations() -> list[Panel]:
    """Return reports, and accusations, by what lies and accusations cost a person."""
    game, theory, costs = est.AccusationGame(), est.RecursiveAccusation(), (0.5, 2.0, 8.0)
    lies, doubts = {}, {}
    for cost in costs:
        said = chances(theory, SENDER, game.states[3:4], game=game, lie_aversion=cost, sender_precision=1.0)
        heard = chances(theory, RECEIVER, game.messages, game=game, accusation_aversion=cost, receiver_precision=1.0)
        lies[f"cost {cost:g}"] = game.messages, said[0]
        doubts[f"cost {cost:g}"] = game.messages, heard[:, 1]
    return [
        ("Senders in state 3", "report", "probability", lies),
        ("Receivers", "report", "probability to accuse", doubts),
    ]


def requests(theory: est.PlayTheory, kinds: Mapping[str, tuple[int, dict[str, float]]]) -> list[Panel]:
    """Return requests in the 11-20 game."""
    options = np.array(REQUEST.options("row"), float)
    lines = {
        label: (options, theory.choice_probability(REQUEST, "row", kind, {n: np.array(v) for n, v in at.items()}))
        for label, (kind, at) in kinds.items()
    }
    return [("The 11-20 request game", "request", "probability", lines)]


FIGURES: dict[str, Callable[[], list[Panel]]] = {
    "trust-embedded": trust_embedded,
    "dynamic-trust": moving_trust,
    "level-k": noisy_chain,
    "cognitive-hierarchy": hierarchy,
    "level-k-with-lying-cost": lying_levels,
    "quantal-response": lambda: costly(est.QuantalResponse()),
    "costly-lying": lambda: costly(est.CostlyLying()),
    "fixed-discount": discounts,
    "honest": honest,
    "babbling": babbling,
    "habits": habits,
    "mixture": mixture,
    "advice-taking": advice,
    "adviser-learning": records,
    "ability-and-honesty": motives,
    "advice-weighting": weights,
    "accusation-game": accusations,
    "normal-form-level-k": lambda: requests(
        est.NormalFormLevelK(3), {f"level {kind}": (kind, {"precision": 1.0}) for kind in range(4)}
    ),
    "poisson-ch": lambda: requests(
        est.NormalFormCognitiveHierarchy(), {f"τ = {depth:g}": (0, {"mean_steps": depth}) for depth in (0.5, 1.5, 3.0)}
    ),
    "qre-normal-form": lambda: requests(
        est.LogitEquilibrium(), {f"λ = {noise:g}": (0, {"precision": noise}) for noise in (0.1, 0.4, 2.0)}
    ),
}
"""Page → what its picture shows."""


def draw(title: str, across: str, up: str, lines: Lines) -> Figure:
    """Return a panel as a picture of its own."""
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.subplots()
    for index, (label, (x, y)) in enumerate(lines.items()):
        axes.plot(x, y, label=label, **line_of(index))
    if up.startswith("mean "):
        axes.plot(GAME.states, GAME.states, color=PALE_GREY, linewidth=0.8, zorder=0)
    axes.spines[["top", "right"]].set_visible(False)
    labelled(axes, across, up, title, legend=2 if len(lines) > 1 else 0)
    return figure


def main() -> None:
    """Write all pictures."""
    for page, panels in FIGURES.items():
        for place, panel in enumerate(panels(), start=1):
            draw(*panel).savefig(FOLDER / f"{page}-{place}.png", dpi=DOTS, pil_kwargs={"optimize": True})


if __name__ == "__main__":
    main()
