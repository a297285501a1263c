"""The public names and where they live; `estimation.__init__` imports each when it is first used."""

from .assortment import (
    Assortment as Assortment,
    AtLeast as AtLeast,
    AtMost as AtMost,
    Constraint as Constraint,
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
    Placement as Placement,
    Plan as Plan,
    PriceWindow as PriceWindow,
    QualityConsistent as QualityConsistent,
    Refresh as Refresh,
    Requires as Requires,
    Risk as Risk,
    TailMean as TailMean,
    Tradeoff as Tradeoff,
    UnderDraws as UnderDraws,
    Unimodularity as Unimodularity,
    WorstCase as WorstCase,
    price_ladder as price_ladder,
    total_unimodularity as total_unimodularity,
    under_draws as under_draws,
)
from .choice.market import diversion as diversion, elasticities as elasticities, shares as shares
from .choice.mode import MixedMode as MixedMode, Mode as Mode
from .choice.model import ChoiceModel as ChoiceModel
from .choice.models import (
    LatentClassLogit as LatentClassLogit,
    MultinomialLogit as MultinomialLogit,
    NestedLogit as NestedLogit,
)
from .choice.quantity import Quantity as Quantity
from .choice.scenario import Scenario as Scenario, scenario as scenario
from .choice.simulate import simulate_choices as simulate_choices
from .choice.substitution import Substitution as Substitution, substitution as substitution
from .choice.value import (
    UnstableRatioWarning as UnstableRatioWarning,
    part_worths as part_worths,
    surplus as surplus,
    willingness_to_pay as willingness_to_pay,
)
from .data import (
    ChoiceTable as ChoiceTable,
    Entry as Entry,
    OTreeLayout as OTreeLayout,
    PlayTable as PlayTable,
    Source as Source,
    Table as Table,
    catalogue as catalogue,
    choices_from_wide as choices_from_wide,
    describe as describe,
    fetch as fetch,
    load as load,
    read_choices as read_choices,
    read_games as read_games,
    read_otree as read_otree,
    read_own as read_own,
    read_table as read_table,
)
from .errors import (
    AssortmentError as AssortmentError,
    ChoiceError as ChoiceError,
    ComparisonError as ComparisonError,
    DataError as DataError,
    DatasetError as DatasetError,
    EstimationError as EstimationError,
    FitError as FitError,
    GameError as GameError,
    ReplicationError as ReplicationError,
    ReportError as ReportError,
    StudyError as StudyError,
    TheoryError as TheoryError,
)
from .evaluation.comparison import Comparison as Comparison, compare as compare
from .evaluation.diagnosis import Diagnosis as Diagnosis, diagnose as diagnose
from .evaluation.predictive import predictive_check as predictive_check
from .examples.fulfilment import simulated_fulfilment as simulated_fulfilment
from .fits.fit import Fit as Fit
from .games import (
    AccusationGame as AccusationGame,
    BeautyContest as BeautyContest,
    CrawfordSobel as CrawfordSobel,
    Discrete as Discrete,
    EstimationGame as EstimationGame,
    ForecastSharing as ForecastSharing,
    Game as Game,
    Guesser as Guesser,
    GuessingGame as GuessingGame,
    NormalForm as NormalForm,
    at_quantiles as at_quantiles,
    beta_binomial as beta_binomial,
    money_request as money_request,
    on_grid as on_grid,
)
from .inference.fit import fit as fit, leave_out as leave_out, load_fit as load_fit, mode as mode
from .inference.plays import PlayMode as PlayMode
from .inference.predict import effect as effect, predict as predict
from .inference.simulate import design as design, simulate as simulate
from .registry import import_file as import_file
from .replication.ledger import Ledger as Ledger
from .replication.run import published as published, reproduce as reproduce
from .report.choices.figures import plot_diversion as plot_diversion, plot_willingness_to_pay as plot_willingness_to_pay
from .report.document import report as report
from .report.menus.figures import (
    plot_bands as plot_bands,
    plot_frontier as plot_frontier,
    plot_menus as plot_menus,
    plot_tradeoff as plot_tradeoff,
)
from .report.plays.figures import plot_plays as plot_plays
from .report.theories.figures import plot_behaviour as plot_behaviour, plot_differences as plot_differences
from .report.theories.people_figures import (
    plot_people as plot_people,
    plot_shares as plot_shares,
    plot_types as plot_types,
)
from .report.theories.trust_figures import plot_trust as plot_trust
from .studies.calibration import Calibration as Calibration, calibrate as calibrate
from .studies.files import load_study as load_study
from .studies.model_recovery import ModelRecovery as ModelRecovery, model_recovery as model_recovery
from .studies.power import DesignPower as DesignPower, design_power as design_power
from .studies.recovery import Recovery as Recovery, recovery as recovery
from .studies.sensitivity import Sensitivity as Sensitivity, sensitivity as sensitivity
from .theories import (
    Babbling as Babbling,
    CognitiveHierarchy as CognitiveHierarchy,
    CostlyLying as CostlyLying,
    DynamicTrust as DynamicTrust,
    Honest as Honest,
    LevelK as LevelK,
    LevelKLying as LevelKLying,
    LogitEquilibrium as LogitEquilibrium,
    Mixture as Mixture,
    NaiveAccusation as NaiveAccusation,
    Nash as Nash,
    NormalFormCognitiveHierarchy as NormalFormCognitiveHierarchy,
    NormalFormLevelK as NormalFormLevelK,
    PlayTheory as PlayTheory,
    QuantalResponse as QuantalResponse,
    RecursiveAccusation as RecursiveAccusation,
    Theory as Theory,
    TrustEmbedded as TrustEmbedded,
    equilibria as equilibria,
    logit_equilibrium as logit_equilibrium,
)
from .theories.description import Parameter as Parameter

__version__: str
