"""A model of choice on a table: what is sampled, and what only the model can say of its draws."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
import xarray as xr

from estimation.allowed import word_problems
from estimation.arrays import Array, Mask, Spec
from estimation.choice.checks.identification import check_identified
from estimation.choice.checks.sample_weights import weighting_notes
from estimation.choice.likelihoods.arrays import CERTAIN
from estimation.choice.likelihoods.further import KINDS
from estimation.choice.likelihoods.target import prior_sd
from estimation.choice.maximum.mixed_mode import MixedMode
from estimation.choice.maximum.mode import Mode
from estimation.choice.sampling.draws import KNOWN, PEOPLE, Fitted, Tastes, Truth, by_label, flat, spread
from estimation.choice.sampling.people import representatives
from estimation.choice.utilities.design import UtilityDesign, arrays_of, design_of
from estimation.choice.utilities.meanings import meaning_of
from estimation.choice.utilities.products import product_terms
from estimation.choice.utilities.utility import Row, Utility
from estimation.counts import count_problems, seed_problems
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all
from estimation.fits.checkpoint import NOTHING_KEPT, Checkpoint
from estimation.fits.fit import CHOICES, Fit, Problem
from estimation.fits.job import Settings
from estimation.text.digits import EXACT, MIDDLE, number
from estimation.text.table import TextTable


@dataclass(frozen=True, eq=False)
class ChoiceProblem(Problem):
    """A model of choice on a table.

    Groups of its fits:

    * ``posterior``: of all. Pooled: ``coefficients`` (coefficient), ``dissimilarity`` (nest), ``allocation``
      (membership), ``scale`` (group). Random: ``mean``, ``sd`` (coefficient), ``covariance`` (coefficient, other),
      before the log-normal's exponential, 0 where all are alike; ``shift`` (covariate, coefficient), ``half_width``
      (triangle). Classes: ``coefficients`` (class, coefficient), ``share``, ``membership`` (class, covariate).
    * ``people``: ``coefficients`` (sample, subject, coefficient), draws of each person's own weights as they enter the
      utility (after the exponential); absent where everybody has the same.
    """

    model: Utility
    table: ChoiceTable

    family: ClassVar[str] = CHOICES
    people_differ: ClassVar[bool] = False  # then weights of a sample count people, not choices: `sample_weights`
    references: ClassVar[tuple[str, ...]] = ()
    """What a report on such a model cites besides the model's own source."""

    @property
    def title(self) -> str:
        """What the model is called."""
        return self.model.title

    @property
    def about(self) -> Spec:
        """Nothing that the model does not say."""
        return {}

    @abstractmethod
    def sampled(self, settings: Settings, checkpoint: Checkpoint = NOTHING_KEPT) -> Fitted:
        """Return draws of the posterior, with the groups of a fit; what takes long is kept in the checkpoint."""

    @abstractmethod
    def left_out(self, out: Mask, settings: Settings) -> tuple[Array, bool]:
        """Return log p(person | draw) of people, (draw, person), nats, by draws that have not seen them.

        And whether draws and integrals passed their checks. Priors stay as they are; `out` is (person,).
        """

    @abstractmethod
    def new_people(self, posterior: xr.Dataset, draws: int, rng: np.random.Generator) -> Array:
        """Return weights of people whom nobody has seen, as many as are in the data, (sample, person, coefficient)."""

    @abstractmethod
    def truth(self, rng: np.random.Generator) -> Truth:
        """Draw everything that choices depend on from the prior."""

    @abstractmethod
    def quantities(self, posterior: xr.Dataset) -> dict[str, Array]:
        """Return the draws of each quantity that `truth` names, (draw,)."""

    @abstractmethod
    def parameter_rows(self) -> list[Row]:
        """Return a row per parameter."""

    @abstractmethod
    def estimates(self, posterior: xr.Dataset, label: str) -> list[TextTable]:
        """Return what the posterior says of everybody, with as many digits as the Monte-Carlo error allows."""

    def mode(self, seed: int) -> Mode | MixedMode:
        """Return the maximum of the likelihood."""
        advice = f"the {self.model.name} has several; use estimation.fit, whose draws describe its posterior"
        raise ChoiceError("There is no quick mode:", [advice])

    def tastes(self, tree: xr.DataTree, people: str, draws: int, seed: int) -> Tastes:
        """Return draws of the weights of people.

        Parameters
        ----------
        people
            ``"known"``: the people in the data, each with their own posterior. ``"new"``: unseen people like them, as
            many and with their covariates, drawn from the population anew for every draw.
        draws
            Posterior draws to use, evenly spread over the chains; all of them if there are fewer.
        seed
            For the draws of new people.

        Raises
        ------
        ChoiceError
            If `people` is neither, or draws or seed are no number of draws and no seed.
        """
        problems = word_problems(PEOPLE, people=people) + count_problems(draws=draws) + seed_problems(seed)
        raise_all(problems, ChoiceError, "Weights of people cannot be drawn:")
        posterior = tree["posterior"].dataset
        if people == KNOWN and "people" in tree:
            own = tree["people"].dataset["coefficients"].transpose("sample", "subject", "coefficient")
            weights, whose = own.to_numpy()[spread(own.sizes["sample"], draws)], "the people in the data"
        else:
            weights = self.new_people(posterior, draws, np.random.default_rng(seed))
            whose = "new people like those in the data" if "people" in tree else "everybody alike"
        further = {kind.variable: flat(posterior[kind.variable], draws) for kind in KINDS if kind.variable in posterior}
        return Tastes(self.design.complete(weights), further, whose)

    def product_weights(  # type: ignore[override]  # options are spelled out
        self,
        tree: xr.DataTree,
        products: pd.DataFrame,
        *,
        people: str = KNOWN,
        draws: int = 200,
        most_people: int = 50,
        seed: int = 0,
        instead: Mapping[str, float] | None = None,
    ) -> Array:
        """Return exp(utility) of products relative to the outside option, (draw, person, product).

        Parameters
        ----------
        products
            One row per product, in the data or not, with the columns that the model reads; the index holds the labels.
            Where the model has constants, a column ``alternative``, or else the label, names whose each has.
        people, draws, seed
            As for `tastes`. The product of draws and people is what a decision costs.
        most_people
            People to use; if there are more, every k-th; those with more weight more often.
        instead
            Attributes of what people have if they take no product: an assumption, if choices have no outside option.

        Raises
        ------
        ChoiceError
            Listing why the model cannot say what the products are worth.
        """
        x = product_terms(self.model, self.table, products, instead)
        weights = self.tastes(tree, people, draws, seed).weights
        whose = representatives(self.table, weights.shape[1], most_people)
        return np.asarray(np.exp(np.clip(weights[:, whose] @ x.T, -CERTAIN, CERTAIN)))

    def draws(self, posterior: xr.Dataset) -> pd.DataFrame:
        """Return every number of the posterior, rows (chain, draw), one column each."""
        parts = [by_label(str(name), values) for name, values in posterior.data_vars.items()]
        return pd.concat(parts, axis=1)

    def summary(self, posterior: xr.Dataset) -> pd.DataFrame:
        """Return one row per quantity: mean, sd, median and central 90 % interval."""
        draws = self.draws(posterior)
        low, middle, high = np.quantile(draws.to_numpy(), MIDDLE, axis=0)
        moments = {"mean": draws.mean(), "sd": draws.std(), "median": middle, "low": low, "high": high}
        return pd.DataFrame(moments, index=draws.columns).rename_axis("quantity")

    def people(self, tree: xr.DataTree) -> pd.DataFrame:
        """Return each person's posterior mean of each weight."""
        if "people" not in tree:
            return super().people(tree)
        own = tree["people"].dataset["coefficients"].mean("sample").transpose("subject", "coefficient")
        subject, coefficient = (pd.Index(own[dim].to_numpy(), name=dim) for dim in ("subject", "coefficient"))
        return pd.DataFrame(own.to_numpy(), subject, coefficient)

    def varying(self, posterior: xr.Dataset) -> list[str]:
        """Return the coefficients whose spread over people a report shows."""
        return []

    def notes(self, posterior: xr.Dataset) -> list[str]:
        """Return what one must know to read the estimates, in sentences."""
        return weighting_notes(self.table, people_differ=self.people_differ)

    def is_negative(self, name: str) -> bool:
        """Return whether a coefficient is negative by construction."""
        return False

    def check(self) -> None:
        """Raise a `ChoiceError` that lists every coefficient that the choices cannot tell."""
        check_identified(arrays_of(self.model, self.table), self.table, self.design)

    @property
    def coefficients(self) -> list[str]:
        """The names of the coefficients, those whose weights are fixed among them, as `tastes` has them."""
        return list(self.design.names)

    @property
    def design(self) -> UtilityDesign:
        """How terms become columns."""
        return design_of(self.model, self.table)

    @property
    def prior_sd(self) -> Array:
        """Prior standard deviation of each coefficient that is estimated, (coefficient,)."""
        return prior_sd(arrays_of(self.model, self.table), self.model.prior_scale)

    def meaning(self, name: str) -> tuple[str, str]:
        """Return what a coefficient means, and its unit."""
        reference = self.model.reference or self.table.outside or self.table.alternatives[0]
        return meaning_of(self.design, name, str(reference))

    def coefficient_rows(self, suffix: str = "") -> list[Row]:
        """Return a row per coefficient with a normal prior; `suffix` says of whom each is."""
        sds, known = dict(zip(self.design.free, self.prior_sd.tolist(), strict=True)), self.design.fixed
        rows = [(self.coefficient_row(name, sds.get(name, 0.0), suffix), name) for name in self.design.names]
        return [(*row[:3], f"fixed at {known[n]:g}", "not estimated") if n in known else row for row, n in rows]

    def coefficient_row(self, name: str, sd: float, suffix: str = "") -> Row:
        """Return the row of a coefficient with the prior Normal(0, sd²)."""
        meaning, unit = self.meaning(name)
        reach = number(1.96 * self.model.prior_scale, significant=2)
        what = "being there or not" if name in self.design.constants else "the attribute within situations"
        why = f"one standard deviation of {what} is worth up to ±{reach} logits, with 95 %"
        return name, meaning + suffix, unit, f"Normal(0, {number(sd, sd * EXACT)})", why

    def covariate_rows(self, shifted: str) -> list[Row]:
        """Return a row per covariate; `shifted` is what they shift."""
        why = "one standard deviation may matter as much as tastes differ"
        unit, prior = "logits per unit", "Normal, around zero"
        return [(str(name), f"shifts {shifted}", unit, prior, why) for name in self.model.covariates]


ChoiceFit = Fit[ChoiceProblem]
"""A fit of a model of choice."""
