"""What to offer: the trade-off between revenue and utility over menus of products."""

from estimation.assortment.constraints.base import Constraint as Constraint
from estimation.assortment.constraints.cardinality import AtLeast as AtLeast, AtMost as AtMost, Exactly as Exactly
from estimation.assortment.constraints.category import PerCategory as PerCategory
from estimation.assortment.constraints.display import Display as Display
from estimation.assortment.constraints.general import LinearRows as LinearRows
from estimation.assortment.constraints.pricing import OnePrice as OnePrice
from estimation.assortment.constraints.quality import QualityConsistent as QualityConsistent
from estimation.assortment.constraints.refresh import Refresh as Refresh
from estimation.assortment.constraints.requires import Requires as Requires
from estimation.assortment.constraints.windows import PriceWindow as PriceWindow
from estimation.assortment.fastest_oracle import NotUnimodularWarning as NotUnimodularWarning
from estimation.assortment.frontier import Frontier as Frontier
from estimation.assortment.ladder import price_ladder as price_ladder
from estimation.assortment.menu import Menu as Menu
from estimation.assortment.oracles.unimodular import (
    Unimodularity as Unimodularity,
    total_unimodularity as total_unimodularity,
)
from estimation.assortment.placement import Placement as Placement, Plan as Plan
from estimation.assortment.posterior.decision import Decision as Decision
from estimation.assortment.posterior.risk import (
    Expected as Expected,
    Risk as Risk,
    TailMean as TailMean,
    WorstCase as WorstCase,
)
from estimation.assortment.posterior.tradeoff import Tradeoff as Tradeoff
from estimation.assortment.posterior.under_draws import UnderDraws as UnderDraws, under_draws as under_draws
from estimation.assortment.problem import Assortment as Assortment
