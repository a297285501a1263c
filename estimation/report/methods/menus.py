"""What was done where menus were chosen."""

from __future__ import annotations

from importlib.metadata import version

from estimation.assortment import Frontier, Tradeoff
from estimation.report.menus import words
from estimation.report.methods.citing import Cited, Methods, software
from estimation.text.sentences import counted

NAMED = 4  # demands that are spelled out


def menu_methods(study: Frontier | Tradeoff) -> Methods:
    """Return how the menus of a frontier were found, or those chosen under a posterior."""
    frontier, cite = study.at_the_mean if isinstance(study, Tradeoff) else study, Cited()
    tradeoff, theory, surplus = words.CITATIONS
    products = counted(len(frontier.path.catalogue), "product")
    named = f" ({'; '.join(frontier.demands)})" if len(frontier.demands) in range(1, NAMED + 1) else ""
    demands = f"{counted(len(frontier.demands), 'demand')}{named}"
    found = (
        f"every menu that maximises it for some weight was found ({len(frontier):,} menus)"
        if frontier.grid is None
        else f"it was maximised over a grid of weights, to at least {100 * frontier.quality:g} % of the optimum"
    )
    sentences = [
        f"We chose menus among {products} under {demands} by a multinomial logit with an outside option.",
        "The objective is expected revenue plus a weight times expected utility, the logarithm of one over the chance "
        f"of buying nothing, both per customer{cite(tradeoff, surplus)}.",
        f"By linear programs that are exact for one logit{cite(theory)}, {found}.",
        *(_under(study, cite) if isinstance(study, Tradeoff) else ()),
        software([{"estimation": version("estimation")}], ["estimation"]),
    ]
    return Methods(tuple(sentences), cite.references)


def _under(study: Tradeoff, cite: Cited) -> tuple[str, ...]:
    draws, levers = counted(len(study.draws), "posterior draw"), counted(len(study), "weight")
    people = len(study.draws.shares)
    each = f" of {people:,} people each" if people > 1 else ""
    return (
        f"Under the posterior ({draws}{each}) the model is a mixture of logits{cite(words.MIXTURES)}; for {levers} on "
        "utility, menus were found by optima of single logits and local search, and bounded from above.",
    )
