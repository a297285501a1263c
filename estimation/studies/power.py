"""How many people and decisions it takes to tell theories apart, and which treatments tell most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from scipy import stats

from estimation.drawing import axes_or_new, labelled
from estimation.errors import StudyError, raise_all
from estimation.games.game import Game
from estimation.inference.problem import MessageFit
from estimation.inference.simulation.simulate import design
from estimation.jobs.workers import AnyExecutor
from estimation.names import RECEIVER, SENDER
from estimation.studies.contests import contests, origins_of, pairs_of
from estimation.studies.information import informations
from estimation.studies.model_recovery import JUDGED
from estimation.studies.plan import StudyPlan, facts_of
from estimation.studies.study import Frame, Study
from estimation.studies.truths import TruthSource
from estimation.text.sentences import per_cent
from estimation.theories.messages.theory import Theory

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ENOUGH = 0.8  # power that is usually asked for
CROWD = 12  # people for whom a treatment's information is averaged


class DesignPower(Study):
    """What designs of different size could show.

    Attributes
    ----------
    table
        One row per design (people, decisions in each role) and pair (maker, rival): ``named``, ``better``, ``wrong``,
        ``sound``, ``difference`` as `ModelRecovery.pairs`.
    power
        One row per design: the share of data sets in which the maker is named against a rival, for the pair where it is
        lowest, and that pair; ``low`` and ``high``, the ends of its exact 95 % interval. Missing where fits to more
        than half of a pair's data sets failed their checks: the pair stands there all the same.
    treatments
        One row per condition: ``information``, what one person's decisions in it alone are expected to say about the
        theory, in bits, and its Monte-Carlo ``error``; ``most``, what could be said at most.
    """

    kind: ClassVar[str] = "design power"
    treatments = Frame()

    @property
    def power(self) -> pd.DataFrame:
        """The lowest power of each design, the pair that has it, and between what it lies; missing if not judged."""
        named = self.table["named"].where(self.table["sound"] >= JUDGED)
        least = named.fillna(-1.0).groupby(["people", "decisions"], sort=False).idxmin()
        count = (self.table["sound"] * self.facts["simulations"]).round()[least]
        rows = [
            (share, f"{of[2]} against {of[3]}", *_interval(share, judged))
            for of, share, judged in zip(least, named[least], count, strict=True)
        ]
        return pd.DataFrame(rows, least.index, ["power", "pair", "low", "high"])

    @property
    def verdict(self) -> str:
        """The smallest design that is enough, and the treatment that tells most."""
        power = self.power
        enough = power[power["power"] >= ENOUGH]
        if len(enough):
            people, decisions = min(enough.index.tolist(), key=lambda size: size[0] * size[1])
            size = f"{people} people with {decisions} decisions in each role"
            found = f"{size} name the maker {_times(enough.loc[(people, decisions)])}"
        elif power["power"].isna().all():
            found = "fits to most data sets of some pair failed their checks, so nothing is known of any design's power"
        else:
            best = _times(power.iloc[int(np.nanargmax(power["power"]))])
            found = f"no design is seen to name the maker {per_cent(ENOUGH)} of times; at best {best}"
        failed = 1 - self.table["sound"].mean()
        found += f" (fits failed a check in {per_cent(failed)} of comparisons, which do not count)" if failed else ""
        return f"{self.label}: {found}; a person's decisions tell {_most_telling(self.treatments)}."

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw power against people, a line for each number of decisions; return the axes."""
        axes, power = axes_or_new(ax, 6, 4), self.power["power"]
        for decisions in dict.fromkeys(power.index.get_level_values("decisions")):
            line = power.xs(decisions, level="decisions")
            axes.plot(line.index, line, marker="o", label=f"{decisions} decisions in each role")
        axes.axhline(ENOUGH, color="black", linewidth=0.8, linestyle="--")
        axes.set_ylim(-0.02, 1.02)
        axes.legend(frameon=False, fontsize=8)
        return labelled(axes, "people", "share of data sets that name their maker\n(pair with the lowest)", self.label)


def design_power(
    theories: Mapping[str, Theory | MessageFit],
    games: Mapping[str, Game],
    populations: Mapping[str, TruthSource] | None = None,
    *,
    people: Sequence[int] = (10, 20, 40),
    decisions: Sequence[int] = (20,),
    roles: tuple[str, ...] = (SENDER, RECEIVER),
    simulations: int = 20,
    seed: int = 0,
    executor: AnyExecutor = None,
    store: str | Path | None = None,
    progress: bool = True,
    **settings: Any,
) -> DesignPower:
    """Simulate experiments of several sizes by every theory, and count how often the comparison names the maker.

    Parameters
    ----------
    theories, populations, simulations, seed, executor, store, progress, settings
        As in `model_recovery`.
    games
        Condition → game: the treatments, over which people are spread.
    people, decisions
        Sizes to try: people, and decisions of each in each role; all combinations.
    roles
        Which roles are played.

    Raises
    ------
    StudyError
        If there are fewer than two theories, a size makes no sense, or fits failed.
    TheoryError
        If a theory does not suit the games, or a statement its theory.
    """
    plan = StudyPlan(simulations, seed, executor, store, progress, settings)
    plain, origins = origins_of(theories, populations)
    sizes = [(n, t) for t in decisions for n in people]
    problems = [f"{n} people with {t} decisions is no experiment" for n, t in sizes if min(n, t) < 2]
    fewest = len(games) * (1 + ({SENDER, RECEIVER} <= set(roles)))  # who is alone in a condition hears what they sent
    problems += [
        f"{n} people cannot be spread over {len(games)} conditions; take {fewest} or more"
        for n in dict.fromkeys(people)
        if 2 <= n < fewest
    ]
    problems += ["give at least one number of people and of decisions"] * (not sizes)
    problems += [f"{n} people with {t} decisions are asked for twice" for n, t in set(sizes) if sizes.count((n, t)) > 1]
    raise_all(problems, StudyError, "The study cannot be run:")
    designs = {f"{n} people, {t} decisions": design(games, n, t, seed, roles) for n, t in sizes}
    results, job = contests(plain, designs, origins, plan)
    pairs = {
        size: pairs_of(list(plain), [result for result in results if result["design"] == name])
        for size, name in zip(sizes, designs, strict=True)
    }
    table = pd.concat(pairs, names=["people", "decisions"])
    alone = {name: design({name: game}, CROWD, max(decisions), seed, roles) for name, game in games.items()}
    treatments = informations(plain, alone, origins, plan)
    label = f"Power to tell {' and '.join(plain)} apart (SYNTHETIC)"
    return DesignPower(label, facts_of(job, None, simulations), {"table": table, "treatments": treatments})


def _interval(share: float, count: float) -> tuple[float, float]:
    """Return the ends of the exact 95 % interval of a share of so many data sets (Clopper and Pearson 1934)."""
    if np.isnan(share):
        return np.nan, np.nan
    ends = stats.binomtest(round(share * count), int(count)).proportion_ci(0.95)
    return float(ends.low), float(ends.high)


def _times(row: pd.Series[Any]) -> str:
    """Say how often, and between what that may lie."""
    reach = f"95 % interval {100 * row['low']:.0f} to {100 * row['high']:.0f} %"
    return f"{per_cent(row['power'])} of times ({row['pair']}; {reach})"


def _most_telling(treatments: pd.DataFrame) -> str:
    """Say how much the most informative treatment tells, and which ones may tell as much for all that is known."""
    ranked = treatments.sort_values("information", ascending=False, kind="stable")
    names, value, error = list(ranked.index), ranked["information"].to_numpy(), ranked["error"].to_numpy()
    amount = f"{value[0]:.2f} ± {error[0]:.2f} bits"
    if len(names) == 1:
        return amount
    is_close = value[0] - value[1:] <= 2 * np.hypot(error[0], error[1:]) + 1e-9  # rounding ranks nothing
    close = [str(name) for name, near in zip(names[1:], is_close, strict=True) if near]
    doubt = f"; {' and '.join(close)} may tell as much" if close else ""
    return f"most in {names[0]}, {amount}{doubt}"
