"""The words of a report: what is asked, what each number means, what to cite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any

from estimation.fits.fit import CHOICES, AnyFit
from estimation.theories.description import Description
from estimation.theories.plays.theory import PlayTheory

COLUMNS: dict[str, tuple[str, str]] = {
    "elpd": (
        "elpd, nats",
        "expected log predictive density: how well the theory predicts all decisions of a person whom it has not seen, "
        "added up over people. Higher is better; 1 nat is a factor of 2.7 in probability.",
    ),
    "se": ("SE", "standard error of elpd, from its variation over people."),
    "elpd_diff": (
        "behind the best, nats",
        "elpd minus that of the best theory whose checks passed: 0 for it, negative for others that passed. Theories "
        "whose checks failed stand last, and their numbers are not to be relied on.",
    ),
    "dse": (
        "SE of the difference",
        "standard error of that difference over people. It is smaller than the two standard errors would suggest, "
        "because people who are hard to predict are hard for every theory.",
    ),
    "weight": (
        "stacking weight",
        "share of each theory in the mixture of theories that predicts new people best, among those whose checks "
        "passed.",
    ),
    "distance": (
        "distance to the best",
        "how differently the two theories predict a new person: total variation between their predictions, 0 if they "
        "predict the same, 1 if they have nothing in common.",
    ),
    "pareto_k": (
        "worst Pareto k",
        "the least reliable score of a person. People above the threshold are scored by exact refits.",
    ),
    "refitted": ("people refitted", "how many people were scored by fitting the theory again without them."),
    "mc_error": ("Monte-Carlo error, nats", "error of elpd that comes from computing with random draws."),
    "explained": (
        "explained",
        "share of the way from babbling, by which nobody says or hears anything, to a flexible benchmark that knows no "
        "economics, by log probabilities of new people (Fudenberg and others 2022, JPE 130(4):956-990). The benchmark "
        "is a lower bound of what can be explained, so that a theory may go beyond 1.",
    ),
    "explained_se": ("SE of explained", "standard error of that share, over people."),
    "ok": ("diagnosis passed", "whether all checks of the fit and of its scores passed."),
}
"""Column of a comparison → its heading and its meaning."""

METHODS = (
    "Leave-one-out scores: Vehtari, Gelman & Gabry (2017), Statistics and Computing 27:1413-1432; "
    "Vehtari, Simpson, Gelman, Yao & Gabry (2024), JMLR 25(72).",
    "The person as the unit of comparison: Merkle, Furr & Rabe-Hesketh (2019), Psychometrika 84:802-829.",
    "Stacking weights: Yao, Vehtari, Simpson & Gelman (2018), Bayesian Analysis 13(3):917-1007.",
    "Convergence checks: Vehtari, Gelman, Simpson, Carpenter & Bürkner (2021), Bayesian Analysis 16(2):667-718.",
)

UNIT = (
    "The unit is a person. A theory is scored by the probability that it gives to all decisions of one person when "
    "fitted to everybody else. That person's own parameters are unknown, so they are averaged over the population "
    "(the integrated likelihood). Scores of decisions given a person's own estimates would answer another question "
    "and favour theories with more parameters per person."
)

DECISIONS = (
    "The unit is a decision: a model is scored by the probability that it gives to one choice of a person whose other "
    "choices it knows. Which model predicts a new person better is another question, with its own answer."
)
PLAYS = (
    "Parameters are shared by everybody, or differ between people where that was asked for; means have the priors"
    " given here. Another prior would be another model."
)
PLAYED = (
    "What people chose, and what each theory expects",
    "Grey: how often each option was taken. Marks: what each theory expects, with the middle 90 % of draws.",
)
UNITS_OF_PLAY = (
    "A theory is scored by the probability that it gives to what was left out when fitted to the rest: a person "
    "where it is known who chose, otherwise a game and side. Few units make standard errors uncertain."
)
UTILITY = (
    "Utility is a weighted sum of attributes plus an error that is Gumbel distributed, so that weights are in "
    "logits: one logit multiplies the odds by 2.7. Priors are scaled by how much attributes differ within "
    "situations. Another prior would be another model."
)
WEIGHTS = (
    "Weights of the utility. Where tastes differ, the typical person is the median of the population, and the "
    "middle 90 % of people says how much they do. Digits stop where the Monte-Carlo error begins."
)
WORTH = (
    "What one more unit of each attribute is worth in units of price, computed draw by draw and never from "
    "averages. Where tastes differ, it is the worth for the median person."
)
SUBSTITUTION = (
    "Of those who would have taken an alternative, how many take each other one if it is withdrawn, in the "
    "situations of the data. Under a logit with the same weights for everybody they spread almost in proportion "
    "to shares, whatever is similar; nests and tastes that differ can say otherwise."
)
FACTS = (
    "Exaggeration is the message minus the state; correction is the distance of the action from what would be best if "
    "the message were true. Both count as positive in the direction that the game invites: over- or understatement by "
    "the sender, suspicion of it by the receiver."
)

DIFFERENCES = (
    "Who is predicted better by which theory",
    "Each mark is a person. A few people far out can decide the total.",
)
DECISION_DIFFERENCES = (
    "Which decisions are predicted better by which model",
    "Each mark is a decision. A few far out can decide the total.",
)
BEHAVIOUR = (
    "What people did, and what each theory expects",
    "Grey: single decisions; black: their averages. Lines: what each theory expects of new people on average; bands: "
    "where the average of as many new people (at most 40) would lie, with 90 % probability.",
)
PEOPLE = (
    "How people differ",
    "Each line is a person, in order: posterior median and central 90 %. Grey: the middle 90 % of the population. The "
    "less a person's decisions tell, the more the median is drawn to the typical person and the longer the line.",
)
PATHS = (
    "How trust moves",
    "What receivers' trust is at each of their decisions, given what they had seen. Thick: mean over people with the "
    "central 90 % of the posterior; thin: single people.",
)
POPULATION = (
    "Each parameter differs between people: on its scale it is normal over the population, whose mean and standard "
    "deviation have the priors given here. Another prior would be another model."
)
DIAGNOSIS = "Can the numbers below be trusted as numbers? Failed checks are marked."
ESTIMATES = (
    "The typical person is the median of the population; its interval says how well the data locate it. The middle "
    "90 % of people says how much people differ. Digits stop where the Monte-Carlo error begins."
)
SHARED = "Parameters that everybody shares, with the middle 90 % of the posterior, natural scales."
CHECKS = (
    "Known facts of the data beside what the fitted model predicts. A fact outside what the model would produce is "
    "marked: the model does not explain it, whether or not it predicts best."
)
COSTS = (
    "What is missed, by what it costs: how many nats better new people would be predicted if the theory had just this "
    "right, with its standard error over people. The theory's own predictions are tilted until a mean, a share or a "
    "slope fits, for each person by as much as suits the others; the population stays. Costs are lower bounds and "
    "overlap: they are not to be added up. Habits are what people do beside any theory; those that cost something are "
    "listed."
)
CARE = (
    "Most decisions of these people are lapses, or repeat by habit what was seen, so that the theory's parameters rest "
    "on the few others and on the population; or their actions hardly follow messages, whatever their estimated trust "
    "is. They are drawn hollow in the figures, and marked in `fit.people`."
)
PROVENANCE = (
    "The same seed gives the same numbers up to Monte-Carlo error, not digit by digit: that depends on the versions "
    "below and on the machine."
)
AGAIN = "Sample longer, or fit again with another seed; if that does not help, the model does not suit these data."
ALONE = "One model alone can be described, not preferred: compare it with others."
RESERVED = "The comparison stands, but some estimates are withheld:"

BOTH = "Were people guided by trust and trustworthiness, or strategically naive?"
PARTS = {"sender": "when they send", "receiver": "when they receive", "both": "in both roles together"}


def question(theories: Sequence[Description]) -> str:
    """Return the question that fits of these theories answer."""
    if isinstance(theories[0], PlayTheory):
        return "How do people play?" if len(theories) == 1 else "Which theory predicts best how people play?"
    names = {type(theory).__name__ for theory in theories}
    if {"TrustEmbedded", "LevelK"} <= names:
        return BOTH
    if len(names) > 1:
        return "Which theory predicts best what a person does whom it has not seen?"
    return "What does the theory say about these people, and what does it miss?"


def roles(role_names: Iterable[str]) -> str:
    """Return the roles of a table in words."""
    present = list(role_names)
    return PARTS["both"] if len(present) > 1 else PARTS[present[0]]


def short_name(theory: Description) -> str:
    """Return a theory's name with the options that are not its defaults.

    Examples
    --------
    >>> from estimation.theories import LevelK
    >>> short_name(LevelK(off_path="literal", max_level=2))
    'level-k (max_level 2, off_path literal)'
    """
    defaults = {option.name: option.default for option in fields(theory)}
    changed = [
        f"{name} {_plain(value)}"
        for name, value in sorted(theory.options.items())
        if value != defaults.get(name, MISSING)
    ]
    return f"{theory.name} ({', '.join(changed)})" if changed else theory.name


def _plain(value: Any) -> str:
    """Return an option as a reader would write it."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {text}" for name, text in value.items())
    if isinstance(value, tuple):
        return " and ".join(short_name(part) if isinstance(part, Description) else str(part) for part in value)
    return str(value)


def name_of(fit: Any) -> str:
    """Return what a fit is called that stands alone."""
    if fit.family == CHOICES:
        return str(fit.problem.title)
    pooled = ", pooled" if fit.manifest.get("pooled") and fit.table.subjects else ""
    return f"{short_name(fit.theory)}{pooled}"


def citations(fits: Mapping[str, AnyFit], data: str) -> list[str]:
    """Return what to cite: data, theories, methods; those of chains if there are any."""
    has_chains = any("pooled" not in fit.manifest for fit in fits.values())
    methods = METHODS if has_chains else METHODS[:-1]
    found = [data, *(fit.theory.citation for fit in fits.values()), *methods]
    return [text for text in dict.fromkeys(found) if text]
