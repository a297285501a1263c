"""What to offer: the trade-off between revenue and utility over menus of products."""

from estimation.assortment.constraints.base import Constraint
from estimation.assortment.constraints.cardinality import AtLeast, AtMost, Exactly
from estimation.assortment.constraints.category import PerCategory
from estimation.assortment.constraints.display import Display
from estimation.assortment.constraints.general import LinearRows
from estimation.assortment.constraints.pricing import OnePrice
from estimation.assortment.constraints.quality import QualityConsistent
from estimation.assortment.constraints.refresh import Refresh
from estimation.assortment.constraints.requires import Requires
from estimation.assortment.constraints.windows import PriceWindow
from estimation.assortment.frontier import Frontier
from estimation.assortment.ladder import price_ladder
from estimation.assortment.menu import Menu
from estimation.assortment.oracles.choose import NotUnimodularWarning
from estimation.assortment.oracles.unimodular import Unimodularity, total_unimodularity
from estimation.assortment.placement import Placement, Plan
from estimation.assortment.posterior.decision import Decision
from estimation.assortment.posterior.risk import Expected, Risk, TailMean, WorstCase
from estimation.assortment.posterior.tradeoff import Tradeoff
from estimation.assortment.posterior.under_draws import UnderDraws, under_draws
from estimation.assortment.problem import Assortment

__all__ = [
    "Assortment",
    "AtLeast",
    "AtMost",
    "Constraint",
    "Decision",
    "Display",
    "Exactly",
    "Expected",
    "Frontier",
    "LinearRows",
    "Menu",
    "NotUnimodularWarning",
    "OnePrice",
    "PerCategory",
    "Placement",
    "Plan",
    "PriceWindow",
    "QualityConsistent",
    "Refresh",
    "Requires",
    "Risk",
    "TailMean",
    "Tradeoff",
    "UnderDraws",
    "Unimodularity",
    "WorstCase",
    "price_ladder",
    "total_unimodularity",
    "under_draws",
]
