"""Models in which everybody has the same weights: everything about them follows from the likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from estimation.arrays import Array, Mask
from estimation.choice.likelihoods.arrays import ChoiceArrays
from estimation.choice.likelihoods.further import DISSIMILARITY, named_values
from estimation.choice.likelihoods.nested_identification import untold
from estimation.choice.likelihoods.newton import maximise
from estimation.choice.likelihoods.target import Pooled
from estimation.choice.maximum.maximum import mode_of
from estimation.choice.maximum.mode import UNSEEN, Mode, at_bound
from estimation.choice.problem import ChoiceProblem
from estimation.choice.sampling.draws import Fitted, Truth, flat
from estimation.choice.sampling.pooled_draws import sample_pooled, score_pooled
from estimation.choice.utilities.utility import Row
from estimation.errors import ChoiceError, raise_all
from estimation.fits.checkpoint import NOTHING_KEPT, Checkpoint
from estimation.fits.job import Settings
from estimation.text.digits import interval
from estimation.text.table import TextTable

NOTHING = 1e-3
"""A dissimilarity below it is on its way to zero."""
FAR = 1e6
"""An attribute so many spreads from zero has lost the digits that a search needs."""
NEARLY, MANY = 0.95, 0.25
"""A posterior stands at the bound if it has this part of its draws so high: five times what the prior has."""
PRIOR_SD, WIDE = 12**-0.5, 0.9
"""Of a uniform dissimilarity; and the part of it that a posterior may have before it tells little."""


@dataclass(frozen=True, eq=False)
class SharedWeights(ChoiceProblem):
    """A model on a table in which everybody has the same weights; `likelihood` is that of all choices."""

    likelihood: Pooled

    def check(self) -> None:
        """Raise a `ChoiceError` that lists every coefficient and further parameter that the choices cannot tell."""
        super().check()
        heading = f"These parameters cannot be told from {self.table.label}:"
        raise_all(untold(self.likelihood), ChoiceError, heading)

    def notes(self, posterior: xr.Dataset) -> list[str]:
        """Say which dissimilarities stand at their bound, and of which the posterior is the prior."""
        tau = {}
        if DISSIMILARITY.variable in posterior and not getattr(self.model, "above_one", False):
            own = posterior[DISSIMILARITY.variable]
            tau = {str(nest): flat(own.sel(nest=nest)) for nest in own["nest"].to_numpy()}
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
        """Draw weights and further parameters from their prior."""
        weights = dict(zip(self.design.free, rng.normal(0, self.prior_sd).tolist(), strict=True))
        further = named_values(self.likelihood.further, self.likelihood.drawn(rng))
        named = {f"{kind} of {label}": value for kind, of in further.items() for label, value in of.items()}
        return Truth(weights, further, weights | named)

    def quantities(self, posterior: xr.Dataset) -> dict[str, Array]:
        """Return the draws of each weight and further parameter, (draw,)."""
        weights = posterior["coefficients"]
        found = {str(name): flat(weights.sel(coefficient=name)) for name in weights["coefficient"].to_numpy()}
        for kind in self.likelihood.further:
            own = posterior[kind.variable]
            found |= {f"{kind.variable} of {label}": flat(own.sel({kind.dimension: label})) for label in kind.labels}
        return found

    def parameter_rows(self) -> list[Row]:
        """Return a row per coefficient, and those of further parameters."""
        return [*self.coefficient_rows(), *self.model.further_rows]

    def estimates(self, posterior: xr.Dataset, label: str) -> list[TextTable]:
        """Return posterior medians of weights and further parameters."""
        weights = posterior["coefficients"]
        rows: list[Row] = [
            (str(name), *interval(weights.sel(coefficient=name))) for name in weights["coefficient"].to_numpy()
        ]
        for kind in self.likelihood.further:
            own = posterior[kind.variable]
            rows += [(f"{label}, {kind.symbol}", *interval(own.sel({kind.dimension: label}))) for label in kind.labels]
        head = ("parameter", "estimate", "90 % interval")
        return [TextTable(f"What people value: {label} (posterior medians)", head, tuple(rows), (1, 2))]

    def mode(self, seed: int) -> Mode:
        """Return the maximum of the likelihood: there is one top, or the best of several."""
        self.check()
        top = maximise(self.likelihood, prior=False)
        if not top.converged:
            parts = named_values(self.likelihood.further, self.likelihood.natural(top.parameters)[1])
            none = [nest for nest, tau in parts.get(DISSIMILARITY.variable, {}).items() if tau < NOTHING]
            advice = [f"τ of nest {nest!r} goes to its bound 0; leave the nest out" for nest in none]
            raise ChoiceError("The search for the maximum did not end:", advice or simpler(self.likelihood.arrays))
        return mode_of(self.model, self.table, self.likelihood, top)


def simpler(arrays: ChoiceArrays) -> list[str]:
    """Say what makes a search end: attributes near zero, and of similar sizes."""
    return far_from_zero(arrays) or ["scale attributes to similar sizes, or simplify the model"]


def far_from_zero(arrays: ChoiceArrays) -> list[str]:
    """Say which attributes are too far from zero for what they differ by."""
    middle, spread = arrays.x.mean(axis=0), arrays.within_sd
    far = np.flatnonzero(np.abs(middle) > FAR * spread)
    return [
        f"{arrays.attributes[place]!r} is near {middle[place]:g} and differs by {spread[place]:g} only, of which "
        "numbers keep few digits; subtract a number near its mean from it"
        for place in far
    ]
