"""How well a fit predicts single choices that it has not seen: hit rates and root likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from estimation.choice.problem import ChoiceFit
from estimation.choice.quantities.asked import check_asked
from estimation.choice.quantities.prediction import offer_of
from estimation.choice.quantities.scenario import every_situation
from estimation.choice.sampling.draws import KNOWN
from estimation.choice.sampling.people import weight_of_situations
from estimation.counts import count_problems, seed_problems
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, DataError, raise_all
from estimation.fits.checks import GOOD_K, smoothed
from estimation.names import CHOSEN, SUBJECT
from estimation.text.digits import REACH
from estimation.text.page import as_html

DRAWS = 1000
HEADING = "The left-out choices cannot be predicted:"


@dataclass(frozen=True, eq=False, repr=False)
class HitRates:
    """How well choices are predicted, made by `hit_rates`.

    Attributes
    ----------
    choices
        One row per choice that was left out: ``subject``; ``probability`` of what was chosen; ``hit``, 1 if nothing was
        likelier (a share of it among equals); ``offered``, how many alternatives there were; ``pareto_k``, how far the
        weights can be trusted that leave the choice out (0 if it was really left out); ``weight``, how much it counts.
    label
        Of which fit, and which choices.
    notes
        What one must know to read it.
    """

    choices: pd.DataFrame
    label: str
    notes: tuple[str, ...] = ()

    @property
    def table(self) -> pd.DataFrame:
        """Hit rate and root likelihood with 90 % intervals over people, beside what guessing would give.

        The root likelihood is the geometric mean of the probabilities of what was chosen.
        """
        people, weight, offered = (self.choices[name] for name in (SUBJECT.name, "weight", "offered"))
        hits, hits_error = _mean_over_people(self.choices["hit"], people, weight)
        logs, logs_error = _mean_over_people(np.log(self.choices["probability"]), people, weight)
        ends = np.array([-REACH, 0, REACH])
        guessed, log_guessed = (float(np.average(values, weights=weight)) for values in (1 / offered, -np.log(offered)))
        rows = [
            [*np.clip(hits + ends * hits_error, 0, 1), guessed],
            [*np.exp(np.minimum(logs + ends * logs_error, 0)), np.exp(log_guessed)],
        ]
        names = pd.Index(["hit rate", "root likelihood"], name="measure")
        return pd.DataFrame(rows, names, ["low", "estimate", "high", "by guessing"])

    def __repr__(self) -> str:
        return "\n".join([self.label, self.table.round(3).to_string(), *self.notes])

    def _repr_html_(self) -> str:
        return as_html(self.label, self.table.round(3), self.notes)


def hold_out(choices: ChoiceTable, each: int = 1, *, seed: int = 0) -> tuple[ChoiceTable, ChoiceTable]:
    """Return choices in two parts: what to fit, and what to predict, so many choices of each person.

    Parameters
    ----------
    each
        Choices of each person that are left out, at random. People with no more than these stay whole.
    seed
        For the choices that are drawn.

    Raises
    ------
    DataError, ChoiceError
        If nobody has more choices than these, or what is left is no table of choices.
    """
    problem = f"give choices, as est.read_choices makes them, not a {type(choices).__name__}"
    raise_all([problem] * (not isinstance(choices, ChoiceTable)), DataError, "No choices can be left out:")
    heading = f"No choices of {choices.label} can be left out:"
    raise_all(count_problems(each=each) + seed_problems(seed), ChoiceError, heading)
    rng, counts = np.random.default_rng(seed), np.diff(choices.first_situation)
    out = np.zeros(len(choices), dtype=bool)
    for first, count in zip(choices.first_situation, counts, strict=False):
        if count > each:
            out[first + rng.choice(count, each, replace=False)] = True
    problem = f"nobody made more than {each} choices"
    raise_all([problem] * (not out.any()), ChoiceError, heading)
    rows = np.repeat(out, np.diff(choices.first_row))
    return choices.where(~rows, f"without {each} of each person"), choices.where(rows, f"{each} of each person")


def hit_rates(fit: ChoiceFit, left_out: ChoiceTable | None = None, *, draws: int = DRAWS) -> HitRates:
    """Return how well choices are predicted that the fit has not seen, by what is known of each person.

    Parameters
    ----------
    left_out
        Choices of the people of the fit, as `hold_out` leaves them out. If left out, each choice of the data is
        predicted by draws reweighted as if the fit had not seen it (Pareto-smoothed importance sampling), which takes
        no other fit.
    draws
        Posterior draws to use.

    Raises
    ------
    ChoiceError
        If choices are of people that the fit does not know, or lack what the model reads.
    """
    check_asked(fit)
    table = fit.table if left_out is None else left_out
    strangers = [who for who in table.subjects if who not in set(fit.table.subjects)] if "people" in fit.tree else []
    problem = f"the fit does not know {len(strangers)} of these people ({', '.join(strangers[:3])}); leave choices out"
    advice = f"{problem} (estimation.hold_out), not people (estimation.leave_out)"
    raise_all([advice] * bool(strangers), ChoiceError, HEADING)
    tastes = fit.problem.tastes(fit.tree, KNOWN, draws, seed=0)
    offer = offer_of(fit.model, fit.table, every_situation(table))
    shares = np.concatenate([share for _, share, _ in offer.predicted(tastes)], axis=1)
    chosen = np.flatnonzero(table.rows[CHOSEN.name].to_numpy())
    sizes, first = np.diff(table.first_row), table.first_row
    shape = np.zeros(len(table))
    weight = weight_of_situations(table)
    left = weight if table.is_sample_weighted else np.ones(len(table))  # of several choices alike, one is left out
    if left_out is None:
        likely = np.empty(len(shares))
        for place, row in enumerate(chosen):
            without, shape[place] = smoothed(-left[place] * np.log(shares[row]))
            own = slice(first[place], first[place + 1])
            likely[own] = shares[own] @ np.exp(without)
    else:
        likely = shares.mean(axis=1)
    best = np.maximum.reduceat(likely, first[:-1])
    is_best = likely >= np.repeat(best, sizes) * (1 - 1e-12)
    hit = is_best[chosen] / np.add.reduceat(is_best.astype(float), first[:-1])
    subject = table.rows[SUBJECT.name].astype(str).to_numpy()[first[:-1]]
    columns = {SUBJECT.name: subject, "probability": likely[chosen], "hit": hit, "offered": sizes, "pareto_k": shape}
    rows = pd.DataFrame(columns | {"weight": weight}, pd.Index(table.situations, name="situation"))
    what = "each choice left out in turn" if left_out is None else table.label
    return HitRates(rows, f"{fit.label}: {what}", tuple(_notes(rows)))


def _notes(rows: pd.DataFrame) -> list[str]:
    poor = int((rows["pareto_k"] > GOOD_K).sum())
    text = (
        f"{poor:,} of {len(rows):,} choices are more than their weights can leave out (Pareto k above {GOOD_K:g}), and "
        "may seem predicted too well: fit without them (estimation.hold_out, or --hold-out) and predict them."
    )
    return [text] * (poor > 0)


def _mean_over_people(values: pd.Series, people: pd.Series, weight: pd.Series) -> tuple[float, float]:
    """Return the weighted mean and its standard error, clustered by person; NaN with one person."""
    mean = float(np.average(values, weights=weight))
    sums = (weight * (values - mean)).groupby(people.to_numpy()).sum().to_numpy()
    count = len(sums)
    error = float(np.sqrt((sums**2).sum() * count / (count - 1)) / weight.sum()) if count > 1 else np.nan
    return mean, error
