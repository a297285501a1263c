"""Which theory predicts a new person better, by how much, and whether that is beyond doubt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from estimation.drawing import BLUE, VERMILION, axes_or_new, labelled
from estimation.errors import ComparisonError, raise_all
from estimation.evaluation.comparison.better import better_probabilities
from estimation.evaluation.comparison.random_effects import RandomEffects, random_effects
from estimation.evaluation.comparison.shared_roles import Scored
from estimation.evaluation.diagnosis import Diagnosis
from estimation.evaluation.scores.loo import LeaveOneOut
from estimation.evaluation.scores.scored import doubt_of, person_totals
from estimation.evaluation.words import FEWEST, about_benchmark, about_habits, about_roles, agreement, verdict, winner
from estimation.fits.fit import MESSAGES
from estimation.text.fragments import InLatex
from estimation.text.page import as_html

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROWS = {
    "subject": "people",
    "game": "games and players",
    "decision": "decisions",
    "condition": "people and conditions",
    "period": "people",
}


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(InLatex):
    """Theories side by side on the same data.

    Attributes
    ----------
    table
        One row per theory, best first, and those that failed after all others: ``elpd`` (expected log predictive
        density of new people, nats, higher is better), ``se``, ``elpd_diff`` to the best sound one (above 0 where one
        that failed seems ahead), ``dse`` (its standard error over people, whose scores are summed first), ``weight``
        (stacking of the sound ones; missing for others), ``pareto_k`` (worst), ``refitted`` (scores that come from
        exact refits: people, or folds), ``mc_error`` (Monte-Carlo error of elpd), ``ok`` (every diagnostic passed that
        a comparison needs), ``distance`` (to the best sound theory's predictions, from 0, the same, to 1; none for
        models of choice). With a benchmark also ``explained``, the share of the way from babbling to it (see
        `completeness`), and its standard error ``explained_se``.
    pointwise
        elpd of each person, decision, or person and fold (rows) under each theory (columns), nats.
    fits, diagnoses, scores
        By theory.
    label
        The data, with SYNTHETIC where a simulation made them.
    unit
        What was left out.
    others
        Comparisons of the same fits by other units, if they were asked for.
    unrelated
        How well the best sound theory of both roles predicts if a person's roles are unrelated; see `compare`.
    benchmark
        Scores of each person by the benchmark and by babbling, if it was asked for.
    """

    table: pd.DataFrame
    pointwise: pd.DataFrame
    fits: dict[str, Any]
    diagnoses: dict[str, Diagnosis]
    scores: dict[str, LeaveOneOut]
    label: str
    unit: str = "subject"
    others: tuple[Comparison, ...] = ()
    unrelated: Scored | None = None
    benchmark: pd.DataFrame | None = None

    @property
    def by_person(self) -> pd.DataFrame:
        """Sums of scores by person (person, theory), nats: what is independent, and what errors are made of."""
        return person_totals(self.pointwise, self.scores)

    @property
    def left_out(self) -> str:
        """What is left out: `unit`, or ``"game"`` (a game and player) where it is not known who chose."""
        is_known = next(iter(self.fits.values())).table.knows_people
        return self.unit if is_known else "game"

    @property
    def doubts(self) -> dict[str, str]:
        """Theory → why its scores are not to be trusted, where they are not."""
        found = {name: doubt_of(self.diagnoses[name], score) for name, score in self.scores.items()}
        return {name: doubt for name, doubt in found.items() if doubt}

    @property
    def sound(self) -> list[str]:
        """Theories whose diagnostics and scores are sound, best first: those that the verdict is about."""
        return [str(name) for name in self.table.index[self.table["ok"]]]

    @property
    def verdict(self) -> str:
        """Who wins and by how much, or why nobody does, between sound theories; the others are named with the reason.

        It also says which habits of response are in it, how much the best theory explains if there is a benchmark, what
        sharing parameters between roles costs it, and whether units agree.
        """
        named = {name: self.fits[name] for name in self.sound or self.fits}
        habits = {name: fit.theory.habits for name, fit in named.items() if fit.family == MESSAGES}
        own = verdict(self.table, len(self.by_person), self.label, self.left_out, self.doubts) + about_habits(habits)
        own += about_benchmark(self.table.loc[self.sound]) if self.benchmark is not None else ""
        if self.unrelated is not None:
            own += about_roles(
                self.sound[0],
                *self.unrelated.against(Scored.of(self.scores[self.sound[0]])),
                len(self.by_person),
                self.unrelated.doubt,
            )
        if not self.others:
            return own
        studies = (self, *self.others)
        return f"{own} {agreement({study.unit: study.winner for study in studies})}"

    @property
    def winner(self) -> str | None:
        """The theory that the verdict names, if it names one."""
        return winner(self.table, len(self.by_person))

    @property
    def better(self) -> pd.DataFrame:
        """The probability that the best sound theory predicts better than each other, and its conditions in words."""
        return better_probabilities(self.table.loc[self.sound], self.by_person)

    @cached_property
    def frequencies(self) -> RandomEffects:
        """How frequent each sound theory is, if people differ in the theory they follow.

        Raises
        ------
        ComparisonError
            If single persons were not what was left out, or there are fewer than two theories with sound scores.
        """
        is_possible = len(self.sound) >= FEWEST
        problems = [] if is_possible else [f"of {name}, {doubt}" for name, doubt in self.doubts.items()]
        if self.left_out != "subject":
            problems.append(
                f"it is about people, and this comparison is by {self.left_out}; compare with unit='subject'"
            )
        raise_all(problems, ComparisonError, "There is no random-effects analysis:")
        return random_effects(self.pointwise[self.sound], left_out=tuple(self.doubts))

    @property
    def reservations(self) -> list[str]:
        """What to know of fits that can be compared, but whose estimates are not to be used yet."""
        return [found.verdict for found in self.diagnoses.values() if found.comparable and not found.ok]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw each person's elpd difference between the two best theories; return the axes."""
        first, second = self.table.index[:2]
        difference = (self.pointwise[first] - self.pointwise[second]).sort_values()
        colours = np.where(difference > 0, BLUE, VERMILION)
        axes = axes_or_new(ax, 6, 3.5)
        axes.scatter(np.arange(1, len(difference) + 1), difference, s=10, c=colours)
        axes.axhline(0, color="black", linewidth=0.8)
        across = f"{ROWS[self.left_out]}, in order of the difference"
        return labelled(axes, across, f"elpd of {first}\nminus {second} (nats)", self.label)

    def __repr__(self) -> str:
        return f"{self.verdict}\n{self.table.round(2).to_string()}"

    def _repr_html_(self) -> str:
        return as_html(self.verdict, self.table.round(2))
