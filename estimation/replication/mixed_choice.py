"""Mixed logits: tables of simulated maximum likelihood (xlogit, mlogit), beside our maxima or posterior means."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from arviz_stats import mcse

from estimation.choice.models import MultinomialLogit
from estimation.data import ChoiceTable
from estimation.inference.fit import fit
from estimation.inference.mode import mode
from estimation.replication import loaded
from estimation.replication.listing import printed_values
from estimation.replication.pooled_choice import COST, SUPPLIERS, TIME, commuters
from estimation.replication.route import Cost, Route, by_quantity
from estimation.replication.simulated_likelihood import simulated_log_likelihood
from estimation.replication.target import Found

SEED = 1
REPEATED = 3  # times that a maximum is found with other nodes, for its Monte-Carlo error
LOG_LIKELIHOOD = "log likelihood"
SUPPLIER_MODEL = MultinomialLogit(SUPPLIERS, random="all", covariance="diagonal")
"""Of xlogit's and mlogit's examples: six independent normal coefficients."""
TIME_MODEL = MultinomialLogit([TIME, COST], constants=True, reference="swissmetro", random=[TIME])
"""Of xlogit's benchmark: a normal coefficient of time, the others shared."""


def posterior_means(
    model: MultinomialLogit, choices: ChoiceTable, names: Mapping[str, str] | None = None
) -> dict[str, Found]:
    """Return posterior means with their Monte-Carlo errors: ``mean of x`` and ``sd of x``, or ``x`` if it is fixed.

    `names` are the tables' names of coefficients.
    """
    posterior = fit(model, choices, seed=SEED, progress=False).tree["posterior"].dataset
    found: dict[str, Found] = {}
    for coefficient in posterior["coefficient"].to_numpy():
        name = (names or {}).get(str(coefficient), str(coefficient))
        mean, sd = (posterior[kind].sel(coefficient=coefficient).to_numpy() for kind in ("mean", "sd"))
        if np.ptp(sd) == 0:
            found[name] = _mean_of(mean)
        else:
            found |= {f"mean of {name}": _mean_of(mean), f"sd of {name}": _mean_of(sd)}
    return found


def maxima(model: MultinomialLogit, choices: ChoiceTable) -> dict[str, Found]:
    """Return maximum-likelihood estimates, ``mean of x`` and ``sd of x``, with the errors of their integrals."""
    seeds = [SEED + more for more in range(REPEATED)]
    estimates = [mode(model, choices, seed=seed).summary["estimate"] for seed in seeds]
    return {
        str(name): Found(float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(REPEATED)))
        for name, values in zip(estimates[0].index, np.transpose(estimates), strict=True)
    }


def suppliers() -> dict[str, Found]:
    """Tastes for suppliers, and the likelihood at xlogit's estimates with as many draws as it used."""
    choices = loaded.choices("electricity")
    at = estimates("electricity/xlogit-mixed-logit", {name: name for name in SUPPLIERS})
    likelihood = simulated_log_likelihood(SUPPLIER_MODEL, choices, at, draws=600, seed=SEED)
    return maxima(SUPPLIER_MODEL, choices) | {LOG_LIKELIHOOD: likelihood}


def travel_time() -> dict[str, Found]:
    """Tastes for travel time, and the likelihood at xlogit's estimates with as many draws as it used."""
    names = {TIME: "time", COST: "cost"}
    at = estimates("swissmetro/xlogit-mixed-logit", names | {"car": "car", "train": "train"})
    likelihood = simulated_log_likelihood(TIME_MODEL, commuters(), at, draws=1500, seed=SEED)
    return posterior_means(TIME_MODEL, commuters(), names) | {LOG_LIKELIHOOD: likelihood}


def yogurts() -> dict[str, Found]:
    """Tastes for brands of yogurt and for being featured; the price is shared."""
    random = ["hiland", "weight", "yoplait", "feat"]
    model = MultinomialLogit(
        ["price", "feat"], constants=True, reference="dannon", random=random, covariance="diagonal"
    )
    return posterior_means(model, loaded.choices("yogurt"))


def estimates(table: str, names: Mapping[str, str]) -> dict[str, tuple[float, float]]:
    """Return the printed mean and standard deviation over people of each coefficient; 0 where all share it.

    `names` are the table's names of coefficients.
    """
    numbers = printed_values(table)
    return {
        coefficient: (numbers[f"mean of {name}"], numbers[f"sd of {name}"])
        if f"sd of {name}" in numbers
        else (numbers[name], 0.0)
        for coefficient, name in names.items()
    }


def _mean_of(draws: np.ndarray) -> Found:
    return Found(float(draws.mean()), float(mcse(draws)))


MEANS = "posterior means of a mixed logit"
MAXIMUM = "maximum of the likelihood of a mixed logit"
ROUTES: dict[str, Route] = {
    "electricity/xlogit-mixed-logit": Route(by_quantity(suppliers), MAXIMUM, "electricity", Cost.MINUTES),
    "electricity/mlogit-e3": Route(by_quantity(suppliers), MAXIMUM, "electricity", Cost.MINUTES),
    "swissmetro/xlogit-mixed-logit": Route(by_quantity(travel_time), MEANS, "swissmetro", Cost.MINUTES),
    "yogurt/xlogit-mixed-logit": Route(by_quantity(yogurts), MEANS, "yogurt", Cost.MINUTES),
}
