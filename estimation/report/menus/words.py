"""The words of a report on menus: the question, what the numbers mean, what to cite."""

from __future__ import annotations

from estimation.assortment import Frontier, Tradeoff
from estimation.report.menus.runs import runs_of
from estimation.report.notable import notable_menus
from estimation.text.digits import fixed, number

QUESTION = "What to offer: revenue against utility"
WORDS = {
    "objective": (
        "A customer buys one product of the menu or nothing, by a multinomial logit. Utility is the "
        "expected utility of the menu above that of an empty one, the logarithm of one over the probability "
        "of buying nothing. The objective is expected revenue plus a weight times expected utility, both "
        "per arriving customer."
    ),
    "frontier": (
        "Each menu is the best one for the weights given, and no other beats it there. The last column says "
        "the same in money: if a customer who leaves without buying costs that much, in lost goodwill or "
        "future purchases, the menu is the one that earns most; between two such ranges it is a "
        "menu that no weight makes best. Letters mark the menus ({shown})."
    ),
    "exchange": (
        "Moving down the frontier gives up revenue and gains utility. A step is worth it if a unit of "
        "utility is worth more than its price, or a customer who stays more than the last column ({shown})."
    ),
    "mixture": (
        "The weights of the products are not known: they are draws from a posterior, and people differ. The "
        "predictive choice model is then a mixture of logits, to which the exact theory of one logit does "
        "not apply. Menus are found by optima of single logits and local search, and bounded from above ({shown})."
    ),
    "columns": (
        "Deciding at the mean utilities as if they were known and everybody had them loses what the last "
        "column but one says; no menu whatsoever is better by more than the last column. A menu is best in "
        "a draw if none that was found is better there."
    ),
    "menus": "Which products the menus hold, and for which weights each product is offered ({shown}).",
    "drawn": "{shown} draw revenue and utility with what the posterior leaves open.",
    "plug_in": "Here the mean utilities are taken for the truth and all people for alike.",
}
MADE_UP = "These numbers are made up, or a simulation made them. Nothing here is evidence about any market."
METHOD = "exact: every menu that is best for some weight is listed"
GRID = "a grid of weights, with the guarantee stated above"
SEARCH = "optima of single logits, local search, and upper bounds for each weight"
CITATIONS = (
    "Sumida, M., Gallego, G., Rusmevichientong, P., Topaloglu, H. & Davis, J. (2021). Revenue-utility "
    "tradeoff in assortment optimization under the multinomial logit model with totally unimodular "
    "constraints. Management Science 67(5):2845-2869.",
    "Davis, J., Gallego, G. & Topaloglu, H. (2013). Assortment planning under the multinomial logit model "
    "with totally unimodular constraint structures. Working paper.",
    "Small, K. A. & Rosen, H. S. (1981). Applied welfare economics with discrete choice models. "
    "Econometrica 49(1):105-130.",
)
MIXTURES = (
    "Rusmevichientong, P., Shmoys, D., Tong, C. & Topaloglu, H. (2014). Assortment optimization under the "
    "multinomial logit model with random choice parameters. Production and Operations Management "
    "23(11):2023-2039."
)


def verdict(frontier: Frontier) -> str:
    """Return in one paragraph what the firm can earn and what giving up a little of it buys."""
    first = frontier.table.iloc[0]
    text = (
        f"The menu of largest revenue earns {number(first['revenue'])} per customer with "
        f"{first['size']:,.0f} products; {100 * first['no_purchase']:.1f} % of customers buy nothing."
    )
    steps = [f"{letter}: {words}" for letter, (_, words) in list(notable_menus(frontier).items())[1:]]
    return f"{text} Against it, {'; '.join(steps)}." if steps else f"{text} No menu has more utility."


def verdict_under(tradeoff: Tradeoff) -> str:
    """Return in one paragraph what is chosen without and with weight on utility, and what the short cut loses."""
    first = tradeoff.decisions[0]
    worst = max(tradeoff.decisions, key=lambda decision: decision.plug_in_loss / max(abs(decision.objective), 1e-12))
    share = 100 * worst.plug_in_loss / max(abs(worst.objective), 1e-12)
    loss = (
        f"using the posterior mean alone loses up to {number(share, significant=2)} % of the objective "
        f"({number(worst.plug_in_loss, significant=2)} per customer, at weight "
        f"{number(worst.utility_weight)})"
        if worst.plug_in_loss > 1e-9 * abs(worst.objective)
        else "using the posterior mean alone leads to equally good menus"
    )
    return (
        f"At weight {first.utility_weight:.3g} on utility the menu chosen under the posterior has "
        f"{len(first)} products and earns {number(first.revenue)} per customer; of all menus "
        f"found it is best with probability {fixed(first.probability_best, 2)}. Over the levers tried, {loss}."
    )


def reversals(frontier: Frontier, tradeoff: Tradeoff | None) -> list[tuple[str, str]]:
    """Return what would change the decision, each with a lead."""
    found = [_lever(frontier)] if tradeoff is None else [_lever_under(tradeoff), _posterior(tradeoff)]
    model = "one logit" if tradeoff is None else "a mixture of logits, over draws and people,"
    known = "" if tradeoff is None else " than that of people with the same tastes"
    found.append(
        (
            "Another model of choice.",
            f"Utility and revenue follow from {model} in which a customer's alternatives outside the menu do not "
            f"change with it. Substitution that is closer between some products{known} changes which menus are best.",
        )
    )
    return found


def _lever(frontier: Frontier) -> tuple[str, str]:
    table = frontier.table
    if len(table) == 1:
        return ("No weight.", "One menu is best whatever utility is worth; only other demands or products change that.")
    row = table.iloc[0]
    return (
        "Another weight on utility.",
        f"The menu of largest revenue stays best up to a weight of {number(row['weight_high'])} per unit of "
        f"utility, or as long as a customer who leaves without buying costs at most {number(row['shift_high'])}; "
        "beyond that the next menu of the table is better.",
    )


def _lever_under(tradeoff: Tradeoff) -> tuple[str, str]:
    """Return up to which weight the first menu is chosen under the posterior, of the weights that were tried."""
    runs, weights = runs_of(tradeoff), tradeoff.table.index
    tried = f"of the weights that were tried ({weights[0]:.3g} to {weights[-1]:.3g} per unit of utility)"
    if len(runs) == 1:
        return ("No weight.", f"One menu is chosen at all {tried}.")
    return (
        "Another weight on utility.",
        f"The menu chosen at weight {weights[0]:.3g} is chosen up to a weight of {weights[runs[0][-1]]:.3g}, "
        f"{tried}; at {weights[runs[1][0]]:.3g} another one is.",
    )


def _posterior(tradeoff: Tradeoff) -> tuple[str, str]:
    decision = tradeoff.decisions[0]
    return (
        "More data.",
        f"At weight {decision.utility_weight:.3g} the chosen menu is the best of all found with probability "
        f"{fixed(decision.probability_best, 2)}; in the other draws another one is.",
    )
