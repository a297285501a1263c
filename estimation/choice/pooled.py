"""Models in which everybody has the same weights: everything about them follows from the likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from estimation.arrays import Array, Mask
from estimation.choice.draws import Fitted, Truth, flat
from estimation.choice.mode import UNSEEN, Mode, at_bound
from estimation.choice.nested import Nested
from estimation.choice.nested_identification import untold
from estimation.choice.newton import maximise
from estimation.choice.pooled_draws import sample_pooled, score_pooled
from estimation.choice.problem import ChoiceProblem
from estimation.choice.target import Pooled
from estimation.choice.utility import Row
from estimation.errors import ChoiceError, raise_all
from estimation.fits.checkpoint import NOTHING_KEPT, Checkpoint
from estimation.fits.job import Settings
from estimation.text.digits import interval
from estimation.text.table import TextTable

BOUND = 1 - 1e-6
"""A dissimilarity above it is at its bound, where it has no standard error."""
NOTHING = 1e-3
"""A dissimilarity below it is on its way to zero."""
NEARLY, MANY = 0.95, 0.25
"""A posterior stands at the bound if it has this part of its draws so high: five times what the prior has."""
PRIOR_SD, WIDE = 12**-0.5, 0.9
"""Of a uniform dissimilarity; and the part of it that a posterior may have before it tells little."""


@dataclass(frozen=True, eq=False)
class SharedWeights(ChoiceProblem):
    """A model on a table in which everybody has the same weights; `likelihood` is that of all choices."""

    likelihood: Pooled

    def check(self) -> None:
        """Raise a `ChoiceError` that lists every coefficient and every dissimilarity that the choices cannot tell."""
        super().check()
        problems = untold(self.likelihood) if isinstance(self.likelihood, Nested) else []
        raise_all(problems, ChoiceError, f"These nests cannot be told from {self.table.label}:")

    def notes(self, posterior: xr.Dataset) -> list[str]:
        """Say which dissimilarities stand at their bound, and of which the posterior is the prior."""
        tau = {nest: flat(posterior["dissimilarity"].sel(nest=nest)) for nest in self.likelihood.nests}
        return [
            *super().notes(posterior),
            *(at_bound(nest) for nest, values in tau.items() if (values > NEARLY).mean() > MANY),
            *(UNSEEN.format(nest=nest) for nest, values in tau.items() if values.std() > WIDE * PRIOR_SD),
        ]

    def sampled(self, settings: Settings, checkpoint: Checkpoint = NOTHING_KEPT) -> Fitted:
        """Return draws by proposals around the mode, or by NUTS."""
        self.check()
        return sample_pooled(self.likelihood, settings, checkpoint)

    def left_out(self, out: Mask, settings: Settings) -> tuple[Array, bool]:
        """Return log p(person | draw) of people who were left out, (draw, person), nats, and whether draws suffice."""
        return score_pooled(self.likelihood, out, settings)

    def new_people(self, posterior: xr.Dataset, draws: int, rng: np.random.Generator) -> Array:
        """Return draws of everybody's weights, (sample, 1, coefficient)."""
        return flat(posterior["coefficients"], draws)[:, None, :]

    def truth(self, rng: np.random.Generator) -> Truth:
        """Draw weights and dissimilarities from their prior."""
        weights = dict(zip(self.design.names, rng.normal(0, self.prior_sd).tolist(), strict=True))
        tau = {nest: float(rng.uniform()) for nest in self.likelihood.nests}
        named = {f"dissimilarity of {nest}": value for nest, value in tau.items()}
        return Truth(weights, tau, weights | named)

    def quantities(self, posterior: xr.Dataset) -> dict[str, Array]:
        """Return the draws of each weight and dissimilarity, (draw,)."""
        weights = posterior["coefficients"]
        found = {str(name): flat(weights.sel(coefficient=name)) for name in weights["coefficient"].to_numpy()}
        for nest in self.likelihood.nests:
            found[f"dissimilarity of {nest}"] = flat(posterior["dissimilarity"].sel(nest=nest))
        return found

    def parameter_rows(self) -> list[Row]:
        """Return a row per coefficient, and those of dissimilarities."""
        return [*self.coefficient_rows(), *self.model.further_rows]

    def estimates(self, posterior: xr.Dataset, label: str) -> list[TextTable]:
        """Return posterior medians of weights and dissimilarities."""
        weights = posterior["coefficients"]
        rows: list[Row] = [
            (str(name), *interval(weights.sel(coefficient=name))) for name in weights["coefficient"].to_numpy()
        ]
        rows += [(f"{nest}, τ", *interval(posterior["dissimilarity"].sel(nest=nest))) for nest in self.likelihood.nests]
        head = ("parameter", "estimate", "90 % interval")
        return [TextTable(f"What people value: {label} (posterior medians)", head, tuple(rows), (1, 2))]

    def mode(self, seed: int) -> Mode:
        """Return the maximum of the likelihood: there is one top, or the best of several."""
        self.check()
        top = maximise(self.likelihood, prior=False)
        likelihood = self.likelihood
        coefficients, dissimilarity = likelihood.natural(top.parameters)
        names, nests = list(likelihood.arrays.attributes), list(likelihood.nests)
        if not top.converged:
            advice = ["scale attributes to similar sizes, or simplify the model"]
            none = [nest for nest, tau in zip(nests, dissimilarity, strict=True) if tau < NOTHING]
            advice = [f"τ of nest {nest!r} goes to its bound 0; leave the nest out" for nest in none] or advice
            raise ChoiceError("The search for the maximum did not end:", advice)
        slope = np.concatenate([np.ones(len(names)), dissimilarity * (1 - dissimilarity)])
        inside = np.concatenate([np.ones(len(names), dtype=bool), dissimilarity < BOUND])
        covariance = np.full((len(slope),) * 2, np.nan)
        covariance[np.ix_(inside, inside)] = np.linalg.inv(top.information[np.ix_(inside, inside)])
        index = [*names, *(f"τ[{nest}]" for nest in nests)]
        return Mode(
            self.model,
            self.table,
            top.value,
            likelihood.arrays.null_log_likelihood,
            pd.Series(coefficients, index=pd.Index(names, name="coefficient"), name="estimate"),
            pd.Series(dissimilarity, index=pd.Index(nests, name="nest"), name="dissimilarity"),
            pd.DataFrame(covariance * np.outer(slope, slope), index=index, columns=index),
        )
