"""The words of a report: what is asked, what each number means, what to cite."""

from __future__ import annotations

from collections.abc import Iterable

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

UNIT = (
    "The unit is a person. A theory is scored by the probability that it gives to all decisions of one person when "
    "fitted to everybody else. That person's own parameters are unknown, so they are averaged over the population "
    "(the integrated likelihood). Scores of decisions given a person's own estimates would answer another question "
    "and favour theories with more parameters per person."
)

SCORES = "Scores stand in {shown}, whose columns mean:"

DECISIONS = (
    "The unit is a decision: a model is scored by the probability that it gives to one choice of a person whose other "
    "choices it knows. Which model predicts a new person better is another question, with its own answer."
)
PLAYS = (
    "Parameters are shared by everybody, or differ between people where that was asked for; priors are those given "
    "here. Another prior would be another model."
)
GAME_DIFFERENCES = "Each mark is a game and player ({shown}). A few far out can decide the total."
PLAYED = (
    "What people chose, and what each theory expects",
    "Bars: how often each option was taken. Marks: what each theory expects, with the middle 90 % of draws ({shown}).",
)
UNITS_OF_PLAY = (
    "A theory is scored by the probability that it gives to what was left out when fitted to the rest: a person "
    "where it is known who chose, otherwise a game and side. Few units make standard errors uncertain."
)
PARAMETERS = "What its parameters mean, and their priors, stand in {shown}."
PRIORS = (
    "{shown} draws these priors on the scale on which the parameters are read: the line is the typical person, the "
    "area a person of whom nothing is known yet."
)
SHARED_PRIORS = "{shown} draws these priors on the scale on which the parameters are read."
EXPECTED = (
    "What the priors expect of behaviour",
    "What people would do if only the priors were known ({shown}). A prior that expects what nobody could do, or rules "
    "out what people did, would have to be revised. Bands hold the averages of 90 % of populations.",
)
EXPECTED_PLAY = (
    "What the priors expect of behaviour",
    "Bars: how often each option was taken. Marks: what each theory expected before the data, with the middle 90 % "
    "({shown}).",
)
CERTAIN = (
    "What the priors expect of behaviour",
    "How surely people take the alternative that suits them best, if only the priors were known (dashed), and after "
    "the data ({shown}). A prior that expects near certainty nearly everywhere says that weights are large.",
)
UTILITY = (
    "Utility is a weighted sum of attributes plus an error that is Gumbel distributed, so that weights are in "
    "logits: one logit multiplies the odds by 2.7. Priors are scaled by how much attributes differ within "
    "situations. Another prior would be another model."
)
WEIGHTS = (
    "Weights of the utility ({shown}). Where tastes differ, the typical person is the median of the population, and "
    "the middle 90 % of people says how much they do. Digits stop where the Monte-Carlo error begins."
)
WORTH = (
    "What one more unit of each attribute is worth in units of price, computed draw by draw and never from "
    "averages. Where tastes differ, it is the worth for the median person. All stands in {shown}."
)
SUBSTITUTION = (
    "Of those who would have taken an alternative, how many take each other one if it is withdrawn, in the "
    "situations of the data ({shown}). Under a logit with the same weights for everybody they spread almost in "
    "proportion to shares, whatever is similar; nests and tastes that differ can say otherwise."
)
FACTS = (
    "Exaggeration is the message minus the state; correction is the distance of the action from what would be best if "
    "the message were true. Both count as positive in the direction that the game invites: over- or understatement by "
    "the sender, suspicion of it by the receiver."
)

UNITS = {"subject": "person", "game": "game and player"}
"""What was left out → what one is called; others are decisions."""

DIFFERENCES = (
    "Who is predicted better by which theory",
    "Each mark is a person ({shown}). A few people far out can decide the total.",
)
DECISION_DIFFERENCES = (
    "Which decisions are predicted better by which model",
    "Each mark is a decision ({shown}). A few far out can decide the total.",
)
BEHAVIOUR = (
    "What people did, and what each theory expects",
    "Grey: single decisions; black: their averages. Lines: what each theory expects of new people on average; bands: "
    "where the average of as many new people (at most 40) would lie, with 90 % probability ({shown}).",
)
PEOPLE = (
    "How people differ",
    "Each line is a person, in order: posterior median and central 90 % ({shown}). Grey: the middle 90 % of the "
    "population. The less a person's decisions tell, the more the median is drawn to the typical person and the "
    "longer the line.",
)
CLASSES = "How many people are in each class: posterior median and 90 % interval ({shown})."
PATHS = (
    "How trust moves",
    "What receivers' trust is at each of their decisions, given what they had seen ({shown}). Thick: mean over people "
    "with the central 90 % of the posterior; thin: single people.",
)
POPULATION = (
    "Each parameter differs between people: on its scale it is normal over the population, whose mean and standard "
    "deviation have the priors given here. Another prior would be another model."
)
DIAGNOSIS = (
    "Whether the numbers below can be trusted: each check of each fit with its threshold ({shown}). Failed checks are "
    "marked."
)
ESTIMATES = (
    "The typical person is the median of the population; its interval says how well the data locate it. The middle "
    "90 % of people says how much people differ. Digits stop where the Monte-Carlo error begins. The estimates stand "
    "in {shown}."
)
SHARED = "Parameters that everybody shares, with the middle 90 % of the posterior, natural scales ({shown})."
CHECKS = (
    "Known facts of the data beside what the fitted model predicts ({shown}). A fact outside what the model would "
    "produce is marked: the model does not explain it, whether or not it predicts best. Of facts that a model explains "
    "one in twenty is marked by chance, or fewer."
)
COSTS = (
    "What is missed, by what it costs ({shown}): how many nats better new people would be predicted if the theory had "
    "just this right, with its standard error over people. The theory's own predictions are tilted until a mean, a "
    "share or a slope fits, for each person by as much as suits the others; the population stays. Costs are lower "
    "bounds and overlap: they are not to be added up. Where none is shown, new people are predicted no better with "
    "this right: what helps with some is wrong of others. Habits are what people do beside any theory; those that cost "
    "something are listed."
)
CARE = (
    "Most decisions of these people are lapses, or repeat by habit what was seen, so that the theory's parameters rest "
    "on the few others and on the population; or their actions hardly follow messages, whatever their estimated trust "
    "is ({shown}). They are drawn hollow in the figures."
)
PROVENANCE = (
    "The same seed gives the same numbers up to Monte-Carlo error, not digit by digit: that depends on the versions "
    "of the software and on the machine ({shown})."
)
AGAIN = "Sample longer, or fit again with another seed; if that does not help, the model does not suit these data."
ALONE = "One model alone can be described, not preferred: compare it with others."
RESERVED = "The comparison stands, but some estimates are withheld:"

PARTS = {"sender": "when they send", "receiver": "when they receive", "both": "in both roles together"}


def roles(role_names: Iterable[str]) -> str:
    """Return the roles of a table in words."""
    present = list(role_names)
    return PARTS["both"] if len(present) > 1 else PARTS[present[0]]
