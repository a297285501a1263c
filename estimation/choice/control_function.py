"""An attribute that depends on what is not seen, as prices do on quality: a control function with instruments.

Petrin and Train (2010), Journal of Marketing Research 47(1):3-13. First stage: the attribute is regressed on
instruments and on the other terms of the utility. Second stage: the residual, which holds what sellers knew of unseen
utility, joins the utility as one more term.

Both stages are estimating equations, so that each situation moves the estimates by what it does in the second stage
plus what it does to the first stage, times how the estimates follow that: IF_t = C s_t + C (∂S/∂δ') IF_t(δ) (Newey and
McFadden 1994, Handbook of Econometrics 4, section 6). Standard errors are those of `sandwich`, of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from estimation.arrays import Array, Mask
from estimation.choice.likelihoods.logit import LogitLikelihood
from estimation.choice.maximum.mode import Mode
from estimation.choice.maximum.sandwich import INFORMATION, ROBUST, cluster_of, clustered
from estimation.choice.model import ChoiceModel
from estimation.choice.pooled import SharedWeights
from estimation.choice.utilities.design import arrays_of, design_of
from estimation.choice.utilities.options import names_of
from estimation.choice.utilities.terms import read_term
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all
from estimation.names import ALTERNATIVE, CHOSEN, STAGE
from estimation.text.page import as_html, rounded, table_text

HEADING = "The control function cannot be made:"
WEAK = 10.0
"""F of the instruments below which they are weak (Staiger and Stock 1997, Econometrica 65:557-586)."""
STEP = 1e-4
"""Of the differences that tell how estimates follow the first stage, in standard deviations of the residual."""
CONSTANT = "intercept"


@dataclass(frozen=True, eq=False, repr=False)
class ControlFunction:
    """A model of choice with an endogenous attribute, estimated in two stages.

    Attributes
    ----------
    mode
        The second stage, its standard errors corrected for the first. The z of the residual's coefficient tests whether
        the attribute is endogenous at all (0: it is not).
    model, table
        What the second stage is: ``est.fit(found.model, found.table)`` samples it, as if the residual were known.
    first_stage : DataFrame
        One row per regressor of the attribute: estimate, standard_error, z.
    strength
        F of the instruments in the first stage, with the same errors as the second stage.
    endogenous, instruments
        The attribute, and what it is instrumented by.
    """

    mode: Mode
    model: ChoiceModel
    table: ChoiceTable
    first_stage: pd.DataFrame
    strength: float
    endogenous: str
    instruments: tuple[str, ...]

    @property
    def notes(self) -> list[str]:
        """What the estimates assume, and what to doubt."""
        named = ", ".join(self.instruments)
        said = [
            f"Assumed: {named} move {self.endogenous} but are worth nothing themselves, and given the first stage's "
            "residual the rest of the utility is a Gumbel error, independent of everything. Weights are in its units.",
            f"F of the instruments: {self.strength:.1f}.",
        ]
        return said + ["The instruments are weak (F below 10), and estimates not to be trusted."] * (
            self.strength < WEAK
        )

    def __repr__(self) -> str:
        return "\n".join([repr(self.mode), *self.notes, table_text(self.first_stage, 6)])

    def _repr_html_(self) -> str:
        return self.mode._repr_html_() + as_html(
            f"First stage: {self.endogenous}", rounded(self.first_stage, 6), self.notes
        )


def control_function(
    model: ChoiceModel,
    table: ChoiceTable,
    endogenous: str,
    instruments: str | Sequence[str],
    *,
    errors: str | None = None,
) -> ControlFunction:
    """Estimate a multinomial logit with an attribute that is correlated with unseen utility, by maximum likelihood.

    Prices are high where something is good that the data do not hold, so that their weight comes out too small. What
    moves prices but not utility (costs, prices in other markets) tells how people react to prices themselves.

    Parameters
    ----------
    model
        A multinomial logit in which everybody has the same weights; the attribute may enter it in any way.
    table
        The choices; the instruments are columns of it.
    endogenous
        The attribute, a column of numbers.
    instruments
        Columns or formulas of columns.
    errors
        As for `Mode.with_errors`, but from the curvature. Where prices are the same for everybody in a market, cluster
        by market: what is not seen is, too.

    Raises
    ------
    ChoiceError
        If the model is another, columns are missing, or the instruments say nothing that the other terms do not.
    """
    instruments, residual = names_of(instruments), f"{endogenous}_residual"
    raise_all(_problems(model, table, endogenous, instruments, residual), ChoiceError, HEADING)
    inside = (table.rows[ALTERNATIVE.name].astype(str) != str(table.outside)).to_numpy() | (table.outside is None)
    names, regressors, added = _regressors(model, table, endogenous, instruments, inside)
    weight = np.repeat(arrays_of(model, table).weight, np.diff(table.first_row))[inside]
    price = table.rows[endogenous].to_numpy(dtype=float)[inside]
    bread = np.linalg.pinv((regressors * weight[:, None]).T @ regressors, hermitian=True)
    delta = bread @ (regressors.T @ (weight * price))
    left = np.zeros(len(inside))
    left[inside] = price - regressors @ delta
    frame = table.rows.assign(**{residual: left}).astype({CHOSEN.name: int})
    widened = ChoiceTable.from_frame(frame, outside=table.outside, name=table.name, synthetic=table.synthetic)
    second = replace(model, attributes=(*model.attributes, residual))
    problem = second.on(widened)
    assert isinstance(problem, SharedWeights)
    assert isinstance(problem.likelihood, LogitLikelihood)
    plain = problem.mode(0)
    moved = np.zeros((len(inside), len(delta)))
    moved[inside] = regressors * (weight * left[inside])[:, None]
    first_influence = np.add.reduceat(moved, table.first_row[:-1], axis=0) @ bread
    follow = _follow(problem.likelihood, plain, regressors, inside, residual)
    chosen = errors or (ROBUST if plain.errors == INFORMATION else plain.errors)
    corrected = replace(plain, inverse_information=None, influence=plain.influence + first_influence @ follow.T)
    corrected = corrected.with_errors(chosen)
    covariance = clustered(first_influence, cluster_of(chosen, widened))
    return ControlFunction(
        corrected,
        second,
        widened,
        _first_stage(names, delta, covariance),
        float(delta[added] @ np.linalg.solve(covariance[np.ix_(added, added)], delta[added]) / added.sum()),
        endogenous,
        instruments,
    )


def _problems(
    model: ChoiceModel, table: ChoiceTable, endogenous: str, instruments: Sequence[str], residual: str
) -> list[str]:
    problems = []
    if not isinstance(model.on(table), SharedWeights) or not model.is_mixture_of_logits:
        problems.append(f"a {model.title} has none here; take a MultinomialLogit without random coefficients")
    if endogenous not in table.attributes or not pd.api.types.is_numeric_dtype(table.rows[endogenous].dtype):
        problems.append(f"{endogenous!r} is no column of numbers; there are {table.attributes}")
    elif not any(endogenous in term.columns for term in design_of(model, table).terms):
        problems.append(f"{endogenous!r} is in no term of the utility")
    problems += ["instruments are missing: name columns that move it but not utility"] * (not instruments)
    problems += [f"there is a column {residual!r}, the residual's name; rename it"] * (residual in table.rows)
    advice = "ranks and best-worst tasks are several choices of one price; take the choice of the best alone"
    problems += [advice] * (STAGE.name in table.rows)
    return problems


def _regressors(
    model: ChoiceModel, table: ChoiceTable, endogenous: str, instruments: Sequence[str], inside: Mask
) -> tuple[list[str], Array, Mask]:
    """Return the regressors of the first stage: names, values (row inside, regressor), and which are instruments.

    Raises
    ------
    ChoiceError
        If instruments cannot be read, or say nothing that the other terms do not.
    """
    design, rows = design_of(model, table), table.rows[inside]
    reads = {name for term in design.terms if endogenous in term.columns for name in term.names}
    kept = np.array([name not in reads and name != table.outside for name in design.names])
    terms = [read_term(text, rows, [], None) for text in instruments]
    own = np.column_stack([values for term in terms for values in term.values(rows)])
    plain, own_names = design.matrix(table.rows)[inside][:, kept], list(np.array(design.names)[kept])
    whole = np.column_stack([np.ones(len(rows)), plain])
    if np.linalg.matrix_rank(whole) > np.linalg.matrix_rank(plain):  # constants of all that is not the outside are one
        plain, own_names = whole, [CONSTANT, *own_names]
    both = np.column_stack([plain, own])
    if np.linalg.matrix_rank(both) < np.linalg.matrix_rank(plain) + own.shape[1]:
        advice = "the instruments say nothing that the other terms and each other do not; name others"
        raise ChoiceError(HEADING, [advice])
    names = [*own_names, *(name for term in terms for name in term.names)]
    return [str(name) for name in names], both, np.arange(both.shape[1]) >= plain.shape[1]


def _follow(likelihood: LogitLikelihood, mode: Mode, regressors: Array, inside: Mask, residual: str) -> Array:
    """Return how second-stage estimates follow coefficients of the first stage, (coefficient, regressor)."""
    arrays, inverse = likelihood.arrays, mode.inverse_information
    assert inverse is not None
    place, here, rates = arrays.attributes.index(residual), mode.coefficients.to_numpy(), []
    for values in regressors.T:
        step = STEP * np.std(arrays.x[:, place]) / max(float(np.abs(values).mean()), 1e-300)
        slopes = []
        for sign in (1, -1):
            x = arrays.x.copy()
            x[inside, place] -= sign * step * values
            slopes.append(replace(likelihood, arrays=replace(arrays, x=x)).slope(here)[1])
        rates.append((slopes[0] - slopes[1]) / (2 * step))
    return np.asarray(inverse.to_numpy() @ np.array(rates).T)


def _first_stage(names: list[str], delta: Array, covariance: Array) -> pd.DataFrame:
    frame = pd.DataFrame({"estimate": delta, "standard_error": np.sqrt(np.diag(covariance))}, index=names)
    return frame.assign(z=frame["estimate"] / frame["standard_error"]).rename_axis("regressor")
