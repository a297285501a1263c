"""The public names and where they live; `estimation.__init__` imports each when it is first used."""

from .assortment.constraints.base import Constraint as Constraint
from .assortment.constraints.cardinality import AtLeast as AtLeast, AtMost as AtMost, Exactly as Exactly
from .assortment.constraints.category import PerCategory as PerCategory
from .assortment.constraints.display import Display as Display
from .assortment.constraints.general import LinearRows as LinearRows
from .assortment.constraints.pricing import OnePrice as OnePrice
from .assortment.constraints.quality import QualityConsistent as QualityConsistent
from .assortment.constraints.refresh import Refresh as Refresh
from .assortment.constraints.requires import Requires as Requires
from .assortment.constraints.windows import PriceWindow as PriceWindow
from .assortment.fastest_oracle import NotUnimodularWarning as NotUnimodularWarning
from .assortment.frontier import Frontier as Frontier
from .assortment.ladder import price_ladder as price_ladder
from .assortment.menu import Menu as Menu
from .assortment.oracles.unimodular import Unimodularity as Unimodularity, total_unimodularity as total_unimodularity
from .assortment.placement import Placement as Placement, Plan as Plan
from .assortment.posterior.decision import Decision as Decision
from .assortment.posterior.risk import Expected as Expected, Risk as Risk, TailMean as TailMean, WorstCase as WorstCase
from .assortment.posterior.tradeoff import Tradeoff as Tradeoff
from .assortment.posterior.under_draws import UnderDraws as UnderDraws, under_draws as under_draws
from .assortment.problem import Assortment as Assortment
from .choice.control_function import ControlFunction as ControlFunction, control_function as control_function
from .choice.maximum.mixed_mode import MixedMode as MixedMode
from .choice.maximum.mode import Mode as Mode
from .choice.model import ChoiceModel as ChoiceModel
from .choice.models.classes import LatentClassLogit as LatentClassLogit
from .choice.models.cross_nested import CrossNestedLogit as CrossNestedLogit
from .choice.models.heteroscedastic import HeteroscedasticLogit as HeteroscedasticLogit
from .choice.models.logit import MultinomialLogit as MultinomialLogit
from .choice.models.nested import NestedLogit as NestedLogit
from .choice.quantities.curve import price_curve as price_curve, share_table as share_table
from .choice.quantities.importance import (
    attribute_importances as attribute_importances,
    part_worth_table as part_worth_table,
)
from .choice.quantities.market import diversion as diversion, elasticities as elasticities, shares as shares
from .choice.quantities.quantity import Quantity as Quantity
from .choice.quantities.scenario import Scenario as Scenario, scenario as scenario
from .choice.quantities.simulate import simulate_choices as simulate_choices
from .choice.quantities.substitution import Substitution as Substitution, substitution as substitution
from .choice.quantities.value import (
    UnstableRatioWarning as UnstableRatioWarning,
    part_worths as part_worths,
    surplus as surplus,
    willingness_to_pay as willingness_to_pay,
)
from .data.choices.best_worst import read_best_worst as read_best_worst
from .data.choices.counts import choices_from_counts as choices_from_counts
from .data.choices.layout import ChoiceLayout as ChoiceLayout
from .data.choices.long import read_choices as read_choices
from .data.choices.partitions.folder import choice_partitions as choice_partitions
from .data.choices.partitions.partitions import ChoicePartitions as ChoicePartitions
from .data.choices.partitions.writer import write_choice_partitions as write_choice_partitions
from .data.choices.ranks import read_ranks as read_ranks
from .data.choices.survey import choices_from_survey as choices_from_survey
from .data.choices.table import ChoiceTable as ChoiceTable
from .data.choices.wide import choices_from_wide as choices_from_wide
from .data.exports.otree import read_otree as read_otree
from .data.exports.otree_layout import OTreeLayout as OTreeLayout
from .data.exports.row_layout import RowLayout as RowLayout
from .data.files.csv_file import read_table as read_table
from .data.files.game_files import read_games as read_games
from .data.files.selection import Selection as Selection
from .data.library.library import (
    Entry as Entry,
    catalogue as catalogue,
    describe as describe,
    fetch as fetch,
    load as load,
)
from .data.own import read_own as read_own
from .data.partitions.folder import partitions as partitions
from .data.partitions.partitions import Partitions as Partitions
from .data.partitions.writer import write_partitions as write_partitions
from .data.tables.plays import PlayTable as PlayTable
from .data.tables.source import Source as Source
from .data.tables.table import Table as Table
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
from .evaluation.comparison.benchmark import benchmark as benchmark
from .evaluation.comparison.compare import compare as compare
from .evaluation.comparison.comparison import Comparison as Comparison
from .evaluation.comparison.completeness import completeness as completeness
from .evaluation.comparison.likelihood_table import (
    likelihood_ratio as likelihood_ratio,
    likelihood_table as likelihood_table,
    vuong as vuong,
)
from .evaluation.comparison.shared_roles import sharing_costs as sharing_costs
from .evaluation.diagnosis import Diagnosis as Diagnosis, diagnose as diagnose
from .evaluation.experiments.synthesis import synthesis as synthesis
from .evaluation.experiments.synthesised import Synthesis as Synthesis
from .evaluation.experiments.transfer import transfer as transfer
from .evaluation.experiments.transferred import Transfer as Transfer
from .evaluation.facts.hit_rates import HitRates as HitRates, hit_rates as hit_rates, hold_out as hold_out
from .evaluation.facts.missed import missed as missed
from .evaluation.facts.predictive import predictive_check as predictive_check
from .examples.fulfilment import simulated_fulfilment as simulated_fulfilment
from .fits.fit import Fit as Fit
from .games.accusation import AccusationGame as AccusationGame
from .games.advice import AdviceGame as AdviceGame
from .games.beauty_contest import BeautyContest as BeautyContest
from .games.crawford_sobel import CrawfordSobel as CrawfordSobel
from .games.distribution import (
    Discrete as Discrete,
    at_quantiles as at_quantiles,
    beta_binomial as beta_binomial,
    on_grid as on_grid,
)
from .games.estimation_game import EstimationGame as EstimationGame
from .games.forecast_sharing import ForecastSharing as ForecastSharing
from .games.game import Game as Game
from .games.guessing import Guesser as Guesser, GuessingGame as GuessingGame
from .games.hide_and_hint import HideAndHint as HideAndHint
from .games.judge_advisor import JudgeAdvisor as JudgeAdvisor
from .games.money_request import money_request as money_request
from .games.normal_form import NormalForm as NormalForm
from .games.sender_receiver import SenderReceiverGame as SenderReceiverGame
from .games.two_audiences import TwoAudiences as TwoAudiences
from .games.two_receivers import TwoReceivers as TwoReceivers
from .inference.choice_partitions.fit import PartitionedChoiceFit as PartitionedChoiceFit
from .inference.fit import fit as fit, fit_or_load as fit_or_load, leave_out as leave_out
from .inference.load import load_fit as load_fit
from .inference.mode import mode as mode
from .inference.partitioned.effect import effect_by_partition as effect_by_partition
from .inference.partitioned.fit import PartitionedFit as PartitionedFit
from .inference.pooled.plays import PlayMode as PlayMode
from .inference.pooled.theory_mode import TheoryMode as TheoryMode
from .inference.pymc_model import pymc_model as pymc_model
from .inference.roles import role_fits as role_fits
from .inference.simulation.advice import with_accuracy as with_accuracy
from .inference.simulation.marketplace import marketplace as marketplace, simulate_marketplace as simulate_marketplace
from .inference.simulation.predict import effect as effect, predict as predict
from .inference.simulation.simulate import design as design, simulate as simulate
from .inference.simulation.simulate_choice_partitions import simulate_choice_partitions as simulate_choice_partitions
from .inference.simulation.simulate_partitions import simulate_partitions as simulate_partitions
from .papers.package import ReplicationPackage as ReplicationPackage, replication_package as replication_package
from .papers.results import write_results as write_results
from .papers.verify import Verification as Verification, verify_package as verify_package
from .registry import import_file as import_file
from .replication.ledger import Ledger as Ledger
from .replication.run import published as published, reproduce as reproduce
from .report.choices.figures import plot_diversion as plot_diversion, plot_willingness_to_pay as plot_willingness_to_pay
from .report.choices.market_figures import plot_importances as plot_importances, plot_price_curve as plot_price_curve
from .report.document import report as report
from .report.estimates_table import EstimatesTable as EstimatesTable, estimates_table as estimates_table
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
from .report.views import interactive as interactive
from .report.writers.interactive import Interactive as Interactive
from .studies.calibration import Calibration as Calibration, calibrate as calibrate
from .studies.choice_designs.choice_design import ChoiceDesign as ChoiceDesign, level_overlap as level_overlap
from .studies.choice_designs.choice_information import design_error as design_error
from .studies.choice_designs.design_precision import (
    DesignPrecision as DesignPrecision,
    design_precision as design_precision,
)
from .studies.choice_designs.efficient_design import efficient_design as efficient_design
from .studies.files import load_study as load_study
from .studies.model_recovery import ModelRecovery as ModelRecovery, model_recovery as model_recovery
from .studies.power import DesignPower as DesignPower, design_power as design_power
from .studies.recovery import Recovery as Recovery, recovery as recovery
from .studies.sensitivity import Sensitivity as Sensitivity, sensitivity as sensitivity
from .theories.messages.accusation import NaiveAccusation as NaiveAccusation, RecursiveAccusation as RecursiveAccusation
from .theories.messages.advice_taking import AdviceTaking as AdviceTaking
from .theories.messages.advice_weighting import AdviceWeighting as AdviceWeighting
from .theories.messages.adviser_learning import AdviserLearning as AdviserLearning
from .theories.messages.adviser_motives import AdviserMotives as AdviserMotives
from .theories.messages.babbling import Babbling as Babbling
from .theories.messages.cognitive_hierarchy import CognitiveHierarchy as CognitiveHierarchy
from .theories.messages.costly_lying import CostlyLying as CostlyLying
from .theories.messages.dynamic_trust import DynamicTrust as DynamicTrust
from .theories.messages.fixed_discount import FixedDiscount as FixedDiscount
from .theories.messages.honest import Honest as Honest
from .theories.messages.level_k import LevelK as LevelK
from .theories.messages.level_k_lying import LevelKLying as LevelKLying
from .theories.messages.mixture import Mixture as Mixture
from .theories.messages.quantal_response import QuantalResponse as QuantalResponse
from .theories.messages.roles_apart import RolesApart as RolesApart
from .theories.messages.theory import Theory as Theory
from .theories.messages.trust_embedded import TrustEmbedded as TrustEmbedded
from .theories.parameter import Parameter as Parameter
from .theories.plays.logit_equilibrium import (
    LogitEquilibrium as LogitEquilibrium,
    logit_equilibrium as logit_equilibrium,
)
from .theories.plays.nash import Nash as Nash, equilibria as equilibria
from .theories.plays.normal_form_cognitive_hierarchy import NormalFormCognitiveHierarchy as NormalFormCognitiveHierarchy
from .theories.plays.normal_form_level_k import NormalFormLevelK as NormalFormLevelK
from .theories.plays.theory import PlayTheory as PlayTheory

__version__: str
