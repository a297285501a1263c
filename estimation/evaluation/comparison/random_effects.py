"""Which theory each person follows, if people differ in that: random-effects model selection on person-level scores.

Everybody follows one of the theories; how frequent each is has a uniform (Dirichlet) prior. Variational posterior of
Stephan, Penny, Daunizeau, Moran and Friston (2009, NeuroImage 46:1004-1017); Bayesian omnibus risk and protected
exceedance probabilities of Rigoux, Stephan, Friston and Daunizeau (2014, NeuroImage 84:971-985). Log evidences are
replaced by log p(person | everybody else), so that a theory with wide priors is not punished for what the other people
settle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import integrate, special, stats

from estimation.arrays import Array
from estimation.text.page import as_html
from estimation.text.sentences import per_cent

PRIOR = 1.0  # Dirichlet count of each theory beforehand: every composition of the population is equally probable
STEPS, SETTLED = 10_000, 1e-10


@dataclass(frozen=True, eq=False, repr=False)
class RandomEffects:
    """How frequent each theory is among people.

    Attributes
    ----------
    table
        One row per theory: ``frequency`` (expected share of people who follow it), ``exceedance`` (probability that it
        is the most frequent one), ``protected`` (the same, allowing for the risk that all are equally frequent).
    people
        Probability that each person (rows) follows each theory (columns).
    omnibus_risk
        Probability that frequencies are equal and differences between theories chance.
    left_out
        Theories that are not in it, because their scores are not sound.
    """

    table: pd.DataFrame
    people: pd.DataFrame
    omnibus_risk: float
    left_out: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """One sentence: which theory most people follow, and how sure that is."""
        first = self.table.iloc[0]
        share, protected, risk = first["frequency"], first["protected"], self.omnibus_risk
        most = f"{self.table.index[0]} is expected of {per_cent(share)} of people, and the most frequent theory"
        chance = f"probability that all are equally frequent {in_digits(risk)}"
        without = f" Left out, because scores are not sound: {', '.join(self.left_out)}." if self.left_out else ""
        return f"{most} with probability {in_digits(protected)} ({chance}).{without}"

    def __repr__(self) -> str:
        return f"{self.verdict}\n{self.table.round(3).to_string()}"

    def _repr_html_(self) -> str:
        return as_html(self.verdict, self.table.round(3))


def random_effects(pointwise: pd.DataFrame, left_out: tuple[str, ...] = ()) -> RandomEffects:
    """Return how frequent theories are, given each person's score (rows) under each theory (columns), nats."""
    score = pointwise.to_numpy()
    count, people = _posterior(score)
    exceedance = exceedance_probabilities(count)
    risk = float(special.expit(null_evidence(score) - free_energy(score, count, people)))
    table = pd.DataFrame(
        {
            "frequency": count / count.sum(),
            "exceedance": exceedance,
            "protected": (1 - risk) * exceedance + risk / len(count),
        },
        index=pd.Index(pointwise.columns, name="theory"),
    ).sort_values("frequency", ascending=False)
    return RandomEffects(table, pd.DataFrame(people, pointwise.index, pointwise.columns), risk, left_out)


def _posterior(score: Array) -> tuple[Array, Array]:
    """Return Dirichlet counts (theory,) and who follows what (person, theory): Stephan et al. (2009), eq. 14."""
    count = np.full(score.shape[1], PRIOR)
    for _ in range(STEPS):
        people = special.softmax(score + special.digamma(count), axis=1)
        new = PRIOR + people.sum(axis=0)
        if np.abs(new - count).max() < SETTLED:
            break
        count = new
    return new, people


def free_energy(score: Array, count: Array, people: Array) -> float:
    """Return the variational bound of the log evidence of unequal frequencies: Rigoux et al. (2014), appendix, nats."""
    log_share = special.digamma(count) - special.digamma(count.sum())
    theories = len(count)
    joint = (people * (score + log_share)).sum() + (PRIOR - 1) * log_share.sum()
    joint += special.gammaln(theories * PRIOR) - theories * special.gammaln(PRIOR)
    entropy = special.gammaln(count).sum() - special.gammaln(count.sum()) - ((count - 1) * log_share).sum()
    return float(joint + entropy + special.entr(people).sum())


def null_evidence(score: Array) -> float:
    """Return the log evidence of equal frequencies, nats."""
    return float((special.logsumexp(score, axis=1) - np.log(score.shape[1])).sum())


def exceedance_probabilities(count: Array) -> Array:
    """Return the probability that each theory is the most frequent, (theory,), of Dirichlet counts.

    Shares are gamma variables over their sum, and the largest of them is the largest gamma: one integral for each.
    """
    found = []
    for place, own in enumerate(count):
        others = np.delete(count, place)

        def density(x: float, own: float = own, others: Array = others) -> float:
            return float(stats.gamma.pdf(x, own) * stats.gamma.cdf(x, others).prod())

        low, high = stats.gamma.ppf([1e-14, 1 - 1e-14], own)
        found.append(integrate.quad(density, low, high, limit=400, epsabs=1e-10, points=[own])[0])
    return np.array(found, dtype=float) / float(np.sum(found))


def in_digits(probability: float) -> str:
    """Return a probability in two digits, and no surer than these can say."""
    if probability < 0.005:
        return "below .01"
    return "above .99" if probability > 0.995 else f"{probability:.2f}"
