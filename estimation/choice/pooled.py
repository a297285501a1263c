"""Models in which everybody has the same weights: everything about them follows from the likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from estimation.arrays import Array, Mask
from estimation.choice.draws import Fitted, Truth, flat
from estimation.choice.mode import Mode
from estimation.choice.newton import maximise
from estimation.choice.pooled_draws import sample_pooled, score_pooled
from estimation.choice.problem import ChoiceProblem
from estimation.choice.target import Pooled
from estimation.choice.utility import Row
from estimation.errors import ChoiceError
from estimation.fits.checkpoint import NOTHING_KEPT, Checkpoint
from estimation.fits.job import Settings
from estimation.text.digits import interval
from estimation.text.table import TextTable

BOUND = 1 - 1e-6
"""A dissimilarity above it is at its bound, where it has no standard error."""


@dataclass(frozen=True, eq=False)
class SharedWeights(ChoiceProblem):
    """A model on a table in which everybody has the same weights; `likelihood` is that of all choices."""

    likelihood: Pooled

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
        if not top.converged:
            advice = "scale attributes to similar sizes, or simplify the model"
            raise ChoiceError("The search for the maximum did not end:", [advice])
        likelihood = self.likelihood
        coefficients, dissimilarity = likelihood.natural(top.parameters)
        names, nests = list(likelihood.arrays.attributes), list(likelihood.nests)
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
