"""The public names and where they live; `estimation.__init__` imports each when it is first used."""

from .assortment import (
    Assortment as Assortment,
    AtLeast as AtLeast,
    AtMost as AtMost,
    Decision as Decision,
    Display as Display,
    Exactly as Exactly,
    Expected as Expected,
    Frontier as Frontier,
    LinearRows as LinearRows,
    Menu as Menu,
    NotUnimodularWarning as NotUnimodularWarning,
    OnePrice as OnePrice,
    PerCategory as PerCategory,
    PriceWindow as PriceWindow,
    QualityConsistent as QualityConsistent,
    Refresh as Refresh,
    Requires as Requires,
    Risk as Risk,
    TailMean as TailMean,
    UnderDraws as UnderDraws,
    Unimodularity as Unimodularity,
    WorstCase as WorstCase,
    price_ladder as price_ladder,
    total_unimodularity as total_unimodularity,
    under_draws as under_draws,
)
from .data import (
    Entry as Entry,
    Source as Source,
    Table as Table,
    catalogue as catalogue,
    describe as describe,
    fetch as fetch,
    load as load,
    read_games as read_games,
    read_table as read_table,
)
from .errors import (
    AssortmentError as AssortmentError,
    ComparisonError as ComparisonError,
    DataError as DataError,
    DatasetError as DatasetError,
    EstimationError as EstimationError,
    FitError as FitError,
    GameError as GameError,
    TheoryError as TheoryError,
)
from .evaluation.comparison import (
    Comparison as Comparison,
    compare as compare,
)
from .evaluation.diagnosis import (
    Diagnosis as Diagnosis,
    diagnose as diagnose,
)
from .evaluation.predictive import (
    predictive_check as predictive_check,
)
from .games import (
    Discrete as Discrete,
    EstimationGame as EstimationGame,
    ForecastSharing as ForecastSharing,
    at_quantiles as at_quantiles,
    beta_binomial as beta_binomial,
    on_grid as on_grid,
)
from .inference.artifact import (
    Fit as Fit,
    load_fit as load_fit,
)
from .inference.fit import (
    fit as fit,
)
from .inference.simulate import (
    design as design,
    simulate as simulate,
)
from .report.document import report as report
from .theories import (
    Babbling as Babbling,
    CognitiveHierarchy as CognitiveHierarchy,
    CostlyLying as CostlyLying,
    Honest as Honest,
    LevelK as LevelK,
    LevelKLying as LevelKLying,
    QuantalResponse as QuantalResponse,
    Theory as Theory,
    TrustEmbedded as TrustEmbedded,
)

__version__: str
