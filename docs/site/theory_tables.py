"""What pages of theories take from elsewhere: parameters from the code, recovery from stored studies.

``python docs/site/theory_tables.py`` writes both into docs/theories, between marks; a test compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from scipy import stats

import estimation as est
from estimation.names import ROLES

DOCS = Path(__file__).resolve().parents[1]
TALK = list(est.load("simulated_forecast_sharing").games.values())
ROUND = [est.EstimationGame(highest=100)]
ADVICE = [est.AdviceGame(advisers=("ann",), own="experience")]
PAID = [est.AdviceGame(advisers=("ann",), interest="paid_for")]
JUDGED = [est.JudgeAdvisor(advisers=["ann"])]
THEORIES: dict[str, dict[str, est.Theory | est.PlayTheory]] = {
    "trust-embedded": {
        "": est.TrustEmbedded(),
        'believed_trust="separate"': est.TrustEmbedded(believed_trust="separate"),
        'discount="personal"': est.TrustEmbedded(discount="personal"),
        'default_belief="personal"': est.TrustEmbedded(default_belief="personal"),
    },
    "dynamic-trust": {
        "": est.DynamicTrust(),
        'rule="counts"': est.DynamicTrust(rule="counts"),
        'rule="accuracy"': est.DynamicTrust(rule="accuracy"),
    },
    "level-k": {"": est.LevelK(), 'beliefs="separate"': est.LevelK(beliefs="separate")},
    "cognitive-hierarchy": {
        "": est.CognitiveHierarchy(),
        'beliefs="separate"': est.CognitiveHierarchy(beliefs="separate"),
    },
    "level-k-with-lying-cost": {
        "": est.LevelKLying(),
        'beliefs="separate"': est.LevelKLying(beliefs="separate"),
        'believed_cost="separate"': est.LevelKLying(beliefs="own", believed_cost="separate"),
    },
    "quantal-response": {
        "": est.QuantalResponse(),
        'believed_precision="separate"': est.QuantalResponse(believed_precision="separate"),
    },
    "costly-lying": {"": est.CostlyLying(), 'believed_cost="separate"': est.CostlyLying(believed_cost="separate")},
    "fixed-discount": {"": est.FixedDiscount(), 'slope="free"': est.FixedDiscount(slope="free")},
    "honest": {"": est.Honest()},
    "babbling": {"": est.Babbling()},
    "habits": {"": est.Honest(habits="all")},
    "mixture": {"": est.Mixture([est.TrustEmbedded(), est.LevelK(max_level=2)])},
    "advice-taking": {"": est.AdviceTaking(), 'combine="log-odds"': est.AdviceTaking(combine="log-odds")},
    "adviser-learning": {
        "": est.AdviserLearning(),
        'news="apart"': est.AdviserLearning(news="apart"),
        "forgetting=True": est.AdviserLearning(forgetting=True),
        'combine="log-odds"': est.AdviserLearning(combine="log-odds"),
    },
    "ability-and-honesty": {"": est.AdviserMotives(), "forgetting=True": est.AdviserMotives(forgetting=True)},
    "advice-weighting": {
        "": est.AdviceWeighting(),
        "distance=True": est.AdviceWeighting(distance=True),
        "chooses=True": est.AdviceWeighting(chooses=True),
        'follows="record"': est.AdviceWeighting(follows="record"),
    },
    "accusation-game": {"": est.RecursiveAccusation()},
    "normal-form-level-k": {"": est.NormalFormLevelK(), 'per="choice"': est.NormalFormLevelK(per="choice")},
    "poisson-ch": {
        "": est.NormalFormCognitiveHierarchy(),
        'replies="logit"': est.NormalFormCognitiveHierarchy("logit"),
    },
    "qre-normal-form": {"": est.LogitEquilibrium()},
}
"""Page → options as they are written, and the theory with them: each brings parameters that stand there once."""

FILES = [*(DOCS / "theories" / f"{page}.md" for page in THEORIES), DOCS / "priors.md"]
"""The pages with parts that are written here."""
NOISE = est.Honest().parameters(TALK, ROLES)
"""What every theory of talk has beside its own parameters; it stands on the page of priors."""
_NAMES = [parameter.name for parameter in NOISE]
HEAD = """| parameter | meaning | unit | median person | people differ by | why this prior |
| --- | --- | --- | --- | --- | --- |
"""
RECOVERED = """Each theory made ten data sets in each of two designs, and each was fitted to them
([recovery](../studies/recovery-of-theories.md)). A rival survives a data set if the comparison does not rule it out;
named are those who survive more than half.

"""
MAKERS = {
    "trust-embedded": "trust",
    "level-k": "level-k",
    "cognitive-hierarchy": "cognitive hierarchy",
    "level-k-with-lying-cost": "level-k, lying cost",
    "quantal-response": "quantal response",
    "costly-lying": "costly lying",
    "honest": "honest",
    "babbling": "babbling",
}
"""Page → what the theory is called in studies of recovery."""
DESIGNS = ("oey-what-is-reality", "simulated-forecast-sharing")


def filled(page: str, text: str) -> str:
    """Return a page with the parts between marks written anew."""
    mark = re.compile(r"(<!-- (\w+): written by [^>]*-->\n).*?(<!-- end of \2 -->)", re.DOTALL)
    return mark.sub(lambda found: f"{found[1]}\n{_part(found[2], page)}\n{found[3]}", text)


def _part(part: str, page: str) -> str:
    return noise() if part == "noise" else {"parameters": parameters, "recovery": recovery}[part](page)


def parameters(page: str) -> str:
    """Return the table of a theory's parameters with their default priors."""
    rows: dict[str, str] = {}
    for option, theory in THEORIES[page].items():
        for parameter in _declared(theory):
            if parameter not in NOISE and not (page == "habits" and parameter.name in _NAMES):
                rows.setdefault(parameter.name, _row(parameter, option))
    kinds = next(iter(THEORIES[page].values()))
    shares = [_shares(kinds)] * (len(kinds.types) > 1)
    return HEAD + "".join([*rows.values(), *shares]) if rows or shares else "None of its own.\n"


def noise() -> str:
    """Return the table of what all theories of talk have: precision of each role, and lapses."""
    return HEAD + "".join(_row(parameter, "") for parameter in NOISE)


def recovery(page: str) -> str:
    """Return what stored studies of recovery say about a theory, one item for each design."""
    return RECOVERED + "\n".join(_recovered(MAKERS[page], design) for design in DESIGNS) + "\n"


def _declared(theory: est.Theory | est.PlayTheory) -> Iterable[est.Parameter]:
    if isinstance(theory, est.PlayTheory):
        return theory.parameters([est.money_request()])
    if isinstance(theory, est.AdviserMotives):
        return theory.parameters(PAID, ROLES)
    if isinstance(theory, est.AdviceWeighting):
        return theory.parameters(JUDGED, ROLES)
    if isinstance(theory, est.AdviceTaking):
        return theory.parameters(ADVICE, ROLES)
    if isinstance(theory, est.RecursiveAccusation):
        return theory.parameters([est.AccusationGame()], ROLES)
    return theory.parameters(ROUND if theory.habits == "all" else TALK, ROLES)


def _row(parameter: est.Parameter, option: str) -> str:
    low, middle, high = parameter.natural(parameter.centre + parameter.centre_sd * stats.norm.ppf([0.05, 0.5, 0.95]))
    only = f"; with `{option}`" if option else ""
    scale = "" if parameter.scale == "identity" else f" ({parameter.scale} scale)"
    cells = (
        f"`{parameter.name}` {parameter.symbol}",
        f"{parameter.meaning}{only}",
        parameter.unit,
        f"{_number(middle)} ({_number(low)} to {_number(high)})",
        f"{_number(parameter.spread)}{scale}",
        parameter.why,
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |\n"


def _shares(theory: est.Theory | est.PlayTheory) -> str:
    weights = getattr(theory, "share_weights", (1.0,) * len(theory.types))
    named = ", ".join(f"{kind}: {weight:.2g}" for kind, weight in zip(theory.types, weights, strict=True))
    every = "" if len(set(weights)) > 1 else "every division is equally likely"
    return f"| `share` π | share of people of each kind | share | Dirichlet ({named}) | | {every} |\n"


def _recovered(maker: str, design: str) -> str:
    study = est.load_study(DOCS / "studies" / f"recovery-{design}.json")
    survived = 1 - study.pairs["named"]
    names = [name for name in study.table.index if name != maker]
    own = {name: survived[maker, name] for name in names if (maker, name) not in study.unjudged}
    others = {name: survived[name, maker] for name in names if (name, maker) not in study.unjudged}
    where = study.label.split("design of ")[-1].replace("[", "(").replace("]", ")")
    mine = _often(own, "{} survives {:.0f} %", "no rival survives more than half")
    theirs = _often(
        others, "this theory survives {1:.0f} % of those of {0}", "at least half of every rival's rule it out"
    )
    return f"* In the design of {where}. Data made by this theory: {mine}. Data made by rivals: {theirs}."


def _often(shares: dict[str, float], words: str, none: str) -> str:
    """Return those above a half in words, the highest first."""
    often = sorted((item for item in shares.items() if item[1] > 0.5), key=lambda item: -item[1])
    return "; ".join(words.format(f"*{name}*", 100 * share) for name, share in often) or none


def _number(value: float) -> str:
    return np.format_float_positional(value, precision=2, fractional=False, trim="-")


def main() -> None:
    """Write all pages."""
    for file in FILES:
        file.write_text(filled(file.stem, file.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
