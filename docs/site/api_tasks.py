"""The reference by task: what one wants to do, and the names that do it. Names without a task stand below."""

from __future__ import annotations

from collections.abc import Mapping

TASKS: dict[str, dict[str, str]] = {
    "Bring data": {
        "load a data set, or see which there are": "load fetch describe catalogue",
        "read decisions of your own: a table, an oTree, z-Tree or jsPsych export": "read_own read_table read_otree",
        "say who played what": "read_games Selection Source",
        "make a table in Python": "Table PlayTable",
        "read choices: long, wide, surveys, ranks, best and worst, counts": "read_choices choices_from_wide "
        "choices_from_survey read_ranks read_best_worst choices_from_counts",
        "keep more people than one memory holds": "write_partitions partitions",
    },
    "Say what was played": {
        "a published game": "ForecastSharing EstimationGame AccusationGame CrawfordSobel AdviceGame "
        "JudgeAdvisor HideAndHint TwoReceivers TwoAudiences",
        "any game by its table of payoffs": "SenderReceiverGame NormalForm",
        "games without communication": "NormalForm money_request GuessingGame BeautyContest",
        "beliefs about the state": "beta_binomial on_grid at_quantiles",
        "a game of your own": "Game import_file",
    },
    "Say what people do": {
        "trust and lying": "TrustEmbedded DynamicTrust CostlyLying FixedDiscount",
        "steps of thinking": "LevelK CognitiveHierarchy LevelKLying QuantalResponse",
        "baselines": "Honest Babbling",
        "advice": "AdviceTaking AdviserLearning AdviserMotives AdviceWeighting",
        "accusations": "RecursiveAccusation NaiveAccusation",
        "several theories at once, or one for each role": "Mixture RolesApart",
        "games without communication": "NormalFormLevelK NormalFormCognitiveHierarchy LogitEquilibrium Nash",
        "a theory of your own": "Theory PlayTheory Parameter import_file",
        "choices among products": "MultinomialLogit NestedLogit CrossNestedLogit LatentClassLogit HeteroscedasticLogit "
        "ControlFunction",
    },
    "Fit": {
        "draw the posterior of a theory or model": "fit",
        "find the maximum of a likelihood": "mode",
        "go on with a saved fit": "load_fit Fit",
        "use the model in PyMC": "pymc_model",
        "fit without some people, or take roles apart": "leave_out role_fits",
    },
    "Ask whether to believe it": {
        "check a computation": "diagnose",
        "see what a fit misses, and what that costs": "predictive_check missed",
        "see whether a verdict survives other beliefs, rules and priors": "sensitivity",
        "see whether posteriors are what they claim to be": "calibrate",
    },
    "Compare": {
        "name the theory that predicts new people best": "compare",
        "say how much of what can be explained is explained": "completeness benchmark",
        "say what it costs that people are the same in both roles": "sharing_costs",
        "put several experiments together, or predict one from another": "synthesis transfer",
        "print what papers print": "likelihood_table likelihood_ratio vuong estimates_table",
        "score models of choice": "hit_rates hold_out",
    },
    "Predict and simulate": {
        "what people would do, and what a change does": "predict effect with_accuracy",
        "make data from a theory": "design simulate simulate_partitions",
        "make choices from a model": "simulate_choices",
    },
    "Say what people value": {
        "money": "willingness_to_pay surplus",
        "weights and importances": "part_worths part_worth_table attribute_importances",
        "shares, elasticities, substitution": "shares share_table elasticities diversion substitution",
        "another market": "scenario Scenario price_curve",
        "prices that answer to demand": "control_function",
    },
    "Decide what to offer": {
        "menus between revenue and utility": "Assortment",
        "under an uncertain posterior": "under_draws Expected TailMean WorstCase",
        "limits": "AtMost AtLeast Exactly PerCategory Requires Display Refresh OnePrice PriceWindow QualityConsistent "
        "LinearRows Constraint",
        "several places at once": "Placement simulated_fulfilment",
        "prices as well": "price_ladder",
    },
    "Plan an experiment": {
        "how many people and decisions": "design_power recovery",
        "could it tell the theories apart": "model_recovery",
        "a choice experiment": "efficient_design design_error level_overlap design_precision",
        "read a finished study": "load_study",
    },
    "Hand it on": {
        "write a report": "report",
        "print a table, priors, checks or the methods of a fit in a paper": "Fit.to_latex Comparison.to_latex",
        "draw one figure": "plot_behaviour plot_differences plot_people plot_shares plot_types plot_trust plot_plays "
        "plot_willingness_to_pay plot_diversion plot_importances plot_price_curve plot_bands plot_frontier plot_menus "
        "plot_tradeoff",
        "compute published numbers anew": "reproduce published",
    },
}
"""Heading → task → names as they are reached from `estimation`."""

HEAD = """# Public names by task

`import estimation as est` gives all of them; each is loaded when it is first used. Names that are not here may
change without notice. Each part of the package has a page with all of its names, arguments, units and errors.
"""


def tasks_page(topics: Mapping[str, tuple[str, str]], names: Mapping[str, list[str]]) -> str:
    """Return the page: tasks with links to names, then by part of the package the names that have no task."""
    known = {name for listed in names.values() for name in listed}
    used = {name for tasks in TASKS.values() for listed in tasks.values() for name in listed.split()}
    unknown = sorted(name for name in used if name.partition(".")[0] not in known)
    if unknown:
        raise KeyError(f"api_tasks.py names what is not public: {unknown}")
    parts = [HEAD]
    for heading, tasks in TASKS.items():
        rows = (f"| {task} | {_links(listed.split())} |" for task, listed in tasks.items())
        parts.append("\n".join([f"\n## {heading}\n", "| to | use |", "| --- | --- |", *rows, ""]))
    parts.append(
        "\n## What else there is\n\nWhat functions return, and errors. Each part has a page with all of its names.\n"
    )
    for part, (title, line) in topics.items():
        rest = [name for name in names[part] if name not in used]
        listed = f": {_links(rest)}" if rest else ""
        parts.append(f"\n* [{title}]({part}.md). {line.rstrip('.')}{listed}.")
    return "".join(parts) + "\n"


def _links(names: list[str]) -> str:
    return ", ".join(f"{{py:obj}}`{name} <estimation.{name}>`" for name in names)
