"""Whether a design could tell theories apart: data of each theory, fitted by all of them, and who wins."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from estimation.data.tables.table import Table
from estimation.drawing import axes_or_new, labelled
from estimation.inference.problem import MessageFit
from estimation.jobs.workers import AnyExecutor
from estimation.studies.contests import common_table, contests, frames_of, origins_of
from estimation.studies.plan import StudyPlan, facts_of
from estimation.studies.study import Frame, Study
from estimation.studies.truths import TruthSource
from estimation.text.sentences import per_cent
from estimation.theories.messages.theory import Theory

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RECOVERED = 0.9  # share of a theory's own data that it should win
TOLD_APART = 0.5  # share of data sets below which a pair counts as indistinguishable: more often undecided than not
JUDGED = 0.5  # share of data sets in which both fits are sound, below which nothing is said of a pair


class ModelRecovery(Study):
    """Who wins on whose data.

    Attributes
    ----------
    table
        The confusion matrix: share of the data sets made by each theory (rows) that each theory wins (columns): has
        the highest elpd for new people, and passed its checks.
    inversion
        Given the winner (rows), how probable each maker is (columns), if all were equally probable beforehand.
    pairs
        One row per pair of maker and rival: ``better`` (share of the maker's data sets in which the maker's elpd is
        higher), ``sound`` (share in which both fits passed their checks), ``named`` (share of these in which the maker
        is ahead by more than 4 nats and two standard errors), ``wrong`` (likewise the rival), and the mean
        ``difference`` in nats.
    contests
        One row per simulation: maker, winner (nobody, if the best theory failed its checks), whether every diagnostic
        passed.
    """

    kind: ClassVar[str] = "model recovery"
    inversion, pairs, contests = Frame(), Frame(), Frame()

    @property
    def unjudged(self) -> list[tuple[str, str]]:
        """Maker and rival of which nothing is said, because fits to the maker's data failed too often."""
        sound = self.pairs["sound"]
        return [pair for pair in itertools.permutations(self.table.index, 2) if sound[pair] < JUDGED]

    @property
    def indistinguishable(self) -> list[tuple[str, str]]:
        """Pairs that this design does not tell apart: on data of either, the maker is named less often than not."""
        return [pair for pair in itertools.combinations(self.table.index, 2) if {pair, pair[::-1]} <= self._seldom]

    @property
    def contained(self) -> list[tuple[str, str]]:
        """Maker and rival where data of the maker seldom rule the rival out, though the rival's rule out the maker.

        So it is where a rival can do what the maker does, and more: honest people are a limit of many theories.
        """
        open_, seldom = self._seldom | set(self.unjudged), self._seldom
        pairs = itertools.permutations(self.table.index, 2)
        return [pair for pair in pairs if pair in seldom and pair[::-1] not in open_]

    @property
    def half_judged(self) -> list[tuple[str, str]]:
        """Maker and rival where data of the maker seldom rule the rival out, and the reverse could not be judged."""
        return sorted(pair for pair in self._seldom if pair[::-1] in self.unjudged)

    @property
    def _seldom(self) -> set[tuple[str, str]]:
        """Maker and rival where the maker is named less often than not, as far as that can be judged."""
        pairs, named = itertools.permutations(self.table.index, 2), self.pairs["named"]
        return {pair for pair in pairs if named[pair] < TOLD_APART} - set(self.unjudged)

    @property
    def confused(self) -> list[tuple[str, str]]:
        """Maker and rival where the maker is told from the rival on less than 90 % of its data, though it could be."""
        excused = self._seldom | set(self.unjudged)
        pairs, better = itertools.permutations(self.table.index, 2), self.pairs["better"]
        return [pair for pair in pairs if better[pair] < RECOVERED and pair not in excused]

    @property
    def beaten(self) -> dict[str, list[str]]:
        """Maker → who wins its data, where it wins less than 90 % of them and only such win as are seldom ruled out."""
        wins, found = self.table.to_dict(orient="index"), {}
        for maker, shares in wins.items():
            winners = [str(name) for name, share in shares.items() if name != maker and share > 0]
            if winners and shares[maker] < RECOVERED and all((maker, name) in self._seldom for name in winners):
                found[str(maker)] = winners
        return found

    @property
    def verdict(self) -> str:
        """Which theories this design recovers, and which it cannot tell apart."""
        count = self.facts["simulations"]
        diagonal = {name: float(self.table.loc[name, name]) for name in self.table.index}
        shares = "; ".join(f"{name} {per_cent(share)}" for name, share in diagonal.items())
        text = f"{self.label}: of the {count} data sets that it makes, each theory wins: {shares}."
        for maker, winners in self.beaten.items():
            text += f" Losing only to rivals that its data seldom rule out: {maker} to {' and '.join(winners)}."
        failed = int((~self.contests["ok"].astype(bool)).sum())
        text += f" In {failed} of {len(self.contests)} contests some fit failed a check." if failed else ""
        rivals = {maker: [other for one, other in self.contained if one == maker] for maker in self.table.index}
        imitated = [f"{maker} by {' and '.join(found)}" for maker, found in rivals.items() if found]
        told = {
            "This design cannot tell apart": [f"{one} and {other}" for one, other in self.indistinguishable],
            "Imitated by theories that its data seldom rule out, though not the reverse": imitated,
            "Sometimes taken for the maker": _on_data(self.confused),
            "Seldom ruled out, the reverse not being judged": _on_data(self.half_judged),
            "Because too many failed, nothing is said of": _on_data(self.unjudged),
        }
        return text + "".join(f" {what}: {'; '.join(pairs)}." for what, pairs in told.items() if pairs)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the confusion matrix; return the axes."""
        size = 1.2 + 0.8 * len(self.table)
        axes = axes_or_new(ax, size + 1.4, size)
        axes.imshow(self.table.to_numpy(), cmap="Blues", vmin=0, vmax=1)
        for (row, column), share in np.ndenumerate(self.table.to_numpy()):
            axes.text(column, row, f"{share:.2f}", ha="center", va="center", color="white" if share > 0.6 else "black")
        places = range(len(self.table))
        axes.set_xticks(places, self.table.columns, rotation=30, ha="right")
        axes.set_yticks(places, self.table.index)
        return labelled(axes, "winner", "maker of the data", self.label)


def _on_data(pairs: list[tuple[str, str]]) -> list[str]:
    return [f"{rival} on data of {maker}" for maker, rival in pairs]


def model_recovery(
    theories: Mapping[str, Theory | MessageFit],
    table: Table | None = None,
    populations: Mapping[str, TruthSource] | None = None,
    *,
    simulations: int = 20,
    seed: int = 0,
    executor: AnyExecutor = None,
    store: str | Path | None = None,
    progress: bool = True,
    **settings: Any,
) -> ModelRecovery:
    """Simulate data of every theory in a design, fit every theory to them, and count who wins.

    Parameters
    ----------
    theories
        Name → theory, or a fit: then its data are made by its posterior, at parameters that suit real people.
    table
        The design: who meets what; that of the fits if left out.
    populations
        Name → where its truths come from, as in `recovery`; the fit's posterior or the theory's prior if left out.
        Drawn from wide priors, some people of any theory behave like those of another.
    simulations
        Data sets of each theory.
    seed, executor, store, progress, settings
        As in `recovery`.

    Raises
    ------
    StudyError
        If there are fewer than two theories, the study cannot be run or resumed, or fits failed.
    TheoryError
        If a theory does not suit the table, or a statement its theory.
    """
    plain, origins = origins_of(theories, populations)
    design = table if table is not None else common_table(theories)
    plan = StudyPlan(simulations, seed, executor, store, progress, settings)
    results, job = contests(plain, {"design": design}, origins, plan)
    label = f"Recovery of theories in the design of {design.label}"
    return ModelRecovery(label, facts_of(job, design, simulations), frames_of(list(plain), results))
