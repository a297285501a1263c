"""Whether a verdict survives other beliefs, rules, levels, responses, habits, priors, and variants of theories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from estimation.data.tables.table import Table
from estimation.drawing import BLUE, GREY, VERMILION, axes_or_new, labelled
from estimation.errors import StudyError, TheoryError, raise_all
from estimation.evaluation.words import FEWEST
from estimation.inference.problem import MessageFit
from estimation.jobs.unit import Result, Unit
from estimation.jobs.workers import AnyExecutor
from estimation.studies.contests import common_table, origins_of, suitable
from estimation.studies.leads import leads
from estimation.studies.plan import StudyPlan, facts_of
from estimation.studies.same_models import same_models, spec_key
from estimation.studies.scores import Scoring, compared
from estimation.studies.study import Frame, Study
from estimation.studies.trial import QUICK
from estimation.studies.variations import AS_GIVEN, Variation, variations
from estimation.theories.messages.theory import Theory

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ACCURATE = QUICK | {"accuracy": 1.0, "draws": 500}
"""Settings of refits: there are few, of data that matter."""


class Sensitivity(Study):
    """A comparison under other choices.

    Attributes
    ----------
    table
        One row per variation: its ``kind``, the theories that it ``concerns`` (the others lack the option, or it has no
        say there, and are as given), ``best`` theory, ``second``, by how many nats (``difference``, ``error``), whether
        that is ``clear``, all of these among theories whose fits are sound; ``left_out``: the others; ``ok``: whether
        there is a verdict, with two sound theories at least, the one that is best as given among them; ``ahead``: by
        how much that one leads (or trails) the best other sound one (``ahead_error``: its error); and whether the
        verdict ``survives``: it is there, and the same theory is clearly best, or still none is. Theories that are the
        same under a variation count as one.
    elpd
        Expected log predictive density of new people, (variation, theory), nats.
    fits
        One row per model that was fitted: its ``elpd``, the Monte-Carlo ``error``, and the ``doubt`` there is, if any.
    """

    kind: ClassVar[str] = "sensitivity"
    elpd = Frame()
    fits = Frame()

    @property
    def survives(self) -> bool:
        """Whether the verdict is the same under every variation."""
        return bool(self.table["survives"].all())

    @property
    def by_kind(self) -> pd.DataFrame:
        """One row per kind: ``variations``, those that the verdict ``survives``, and the lead's range, nats."""
        varied = self.table.drop(AS_GIVEN).groupby("kind", sort=False)
        counts = varied["survives"].agg(variations="count", survives="sum")
        range_of_leads = varied["ahead"].agg(least_ahead="min", most_ahead="max")
        return pd.concat([counts, range_of_leads], axis=1)

    @property
    def verdict(self) -> str:
        """Whether the verdict survives, and what changes it, by kind of variation."""
        given, varied = self.table.loc[AS_GIVEN], self.table.drop(AS_GIVEN)
        if not given["ok"]:
            return f"{self.label}: fits failed as given; there is no verdict that could survive."
        found = f"{given['best']} {'clearly ' if given['clear'] else 'not clearly '}ahead of {given['second']}"
        lacking = {name: row["left_out"] for name, row in self.table.iterrows() if _lacks(row)}
        without = "".join(f" Left out, {name}: {names}." for name, names in lacking.items())
        if self.survives:
            return f"{self.label}: {found} as given, and under all {len(varied)} variations.{without}"
        changed = varied[~varied["survives"]]
        groups = []
        for kind, rows in changed.groupby("kind", sort=False):
            each = ", ".join(f"{name} ({_changed_finding(row)})" for name, row in rows.iterrows())
            groups.append(f"{kind}, {len(rows)} of {(varied['kind'] == kind).sum()}: {each}")
        under = f"not under {len(changed)} of {len(varied)} variations. Of {'. Of '.join(groups)}"
        return f"{self.label}: {found} as given, but {under}.{without}"

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw how far the theory that is best as given leads, under each variation; return the axes."""
        axes, table = axes_or_new(ax, 7, 1 + 0.3 * len(self.table)), self.table
        places = np.arange(len(table))[::-1]
        colours = np.where(table["survives"], BLUE, VERMILION)
        axes.errorbar(table["ahead"], places, xerr=2 * table["ahead_error"], fmt="none", ecolor=GREY)
        axes.scatter(table["ahead"], places, c=colours, zorder=3)
        axes.axvline(0, color="black", linewidth=0.8)
        axes.set_yticks(places, table.index)
        leader = table["best"][AS_GIVEN]
        return labelled(axes, f"elpd of {leader} minus the best other (nats, ± 2 standard errors)", "", self.label)


def sensitivity(
    theories: Mapping[str, Theory | MessageFit],
    table: Table | None = None,
    *,
    vary: str | Sequence[str] | None = None,
    seed: int = 0,
    executor: AnyExecutor = None,
    store: str | Path | None = None,
    progress: bool = True,
    **settings: Any,
) -> Sensitivity:
    """Compare theories again under other choices, one at a time; a theory without the option is as given meanwhile.

    Each model is fitted once, in however many variations it occurs, and options that have no say for these data (rules
    for unexpected messages where others are noisy) make no other model.

    Parameters
    ----------
    theories
        Name → theory, mixtures and roles apart included, or a fit of it.
    table
        The data; those of the fits if left out. Of one role or of both.
    vary
        Kinds of variation, all if left out: ``"beliefs"`` (how precise others are thought to be, their cost of lying,
        their trust), ``"unexpected messages"``, ``"ties"``, ``"highest level"`` (1 to 4), ``"convention"`` (of
        level-k), ``"response"``, ``"lapses"``, ``"habits"``, ``"priors"`` (where they stand, how wide they are, how
        much people differ, how alike shares are) and ``"variants"`` (any other option of a theory that is one of a few
        words, such as a personal discount of trust).
    seed, executor, store, progress
        As in `recovery`; one unit of work fits and scores one model. A store serves other theories and kinds as well,
        as long as data, seed and settings are the same.
    settings
        Of the fits, where they are to differ from `ACCURATE`.

    Raises
    ------
    StudyError
        If there are fewer than two theories, some have lapses and others not, a kind is unknown, or the study cannot be
        run or resumed.
    TheoryError
        If a theory cannot be applied to the table as given.
    """
    plain, _ = origins_of(theories, None)
    data = table if table is not None else common_table(theories)
    suitable(plain, data)
    uneven = len({theory.lapse for theory in plain.values()}) > 1
    raise_all(["some theories have lapses and others not"] * uneven, StudyError, "The study cannot be run:")
    varied = variations(plain, data, vary)
    model = same_models([theory for each in varied.values() for theory in each.theories.values()], data)
    _check_distinct(_keys(varied[AS_GIVEN], model))
    entries = {name: _keys(each, model) for name, each in varied.items() if _differs(each, plain, model)}
    needed = {key: model[key] for keys in entries.values() for key in keys.values()}
    how = ACCURATE | settings
    job = {"data": data.fingerprint, "settings": how, "seed": seed}
    plan = StudyPlan(len(needed), seed, executor, store, progress, settings)
    units = [Unit(key, {"theory": theory}) for key, theory in needed.items()]
    scores = plan.run(units, Scoring(data, how, seed), job, "fitting models")
    kinds = {name: varied[name].kind for name in entries}
    facts = {"theories": {name: theory.spec() for name, theory in plain.items()}, **facts_of(job, data, len(needed))}
    return Sensitivity(f"Sensitivity of the comparison on {data.label}", facts, _frames(entries, kinds, scores))


def _keys(variation: Variation, model: Mapping[str, Theory]) -> dict[str, str]:
    """Return, for each theory by name, the key of the model that is fitted for it."""
    return {name: spec_key(model[spec_key(theory)]) for name, theory in variation.theories.items()}


def _check_distinct(given: Mapping[str, str]) -> None:
    """Raise `StudyError` if theories are the same model as given."""
    same = [f"{name!r} is the same model of these data as {twin!r}" for name, twin in _twins(given, given).items()]
    raise_all(same, StudyError, "The study cannot be run:")


def _differs(variation: Variation, given: Mapping[str, Theory], model: Mapping[str, Theory]) -> bool:
    """Return whether a variation makes another model of some theory, and leaves two at least to be compared."""
    keys, before = _keys(variation, model), _keys(Variation(AS_GIVEN, dict(given)), model)
    return variation.kind == AS_GIVEN or (keys != before and len(set(keys.values())) >= FEWEST)


def _frames(
    entries: Mapping[str, Mapping[str, str]], kinds: Mapping[str, str], scores: Mapping[str, Result]
) -> dict[str, pd.DataFrame]:
    """Return the frames of a study from the models of each variation (name → key) and their scores."""
    given, names = entries[AS_GIVEN], list(entries[AS_GIVEN])
    refused = {name: scores[key]["refused"] for name, key in given.items() if "refused" in scores[key]}
    raise_all([f"{name}: {why}" for name, why in refused.items()], TheoryError, "Not every theory can be applied:")
    found, concerns = {}, {}
    for variation, keys in entries.items():
        used = {name: given[name] if "refused" in scores[key] else key for name, key in keys.items()}
        changed = [name for name in names if used[name] != given[name]]
        if changed or variation == AS_GIVEN:
            concerns[variation] = "all" if len(changed) == len(names) else ", ".join(changed)
            found[variation] = {**compared({name: scores[used[name]] for name in names}), "twins": _twins(used, given)}
    table = leads(names, found)
    table.insert(0, "kind", [kinds[name] for name in table.index])
    table.insert(1, "concerns", [concerns[name] for name in table.index])
    elpd = pd.DataFrame({name: result["elpd"] for name, result in found.items()}).T[names]
    made = {key: {**one, "elpd": sum(one["elpd"].values())} for key, one in scores.items() if "refused" not in one}
    fits = pd.DataFrame.from_dict(made, orient="index", columns=["elpd", "error", "doubt"])
    return {"table": table, "elpd": elpd.rename_axis("variation"), "fits": fits.rename_axis("model")}


def _twins(used: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Return theories that are the same model as another one here → that one: one that is as given, if any is."""
    order = sorted(used, key=lambda name: used[name] != given[name])
    first = {key: name for name, key in reversed([(name, used[name]) for name in order])}
    return {name: first[key] for name, key in used.items() if first[key] != name}


def _lacks(row: pd.Series) -> bool:
    """Return whether a verdict is there, but without some theory, whose fit failed."""
    return bool(row["ok"] and row.get("left_out", ""))


def _changed_finding(row: pd.Series) -> str:
    """Return what a variation found instead."""
    if not row["ok"]:
        return "fits failed"
    clearly = "" if row["clear"] else "not clearly "
    return f"{row['best']} {clearly}ahead by {row['difference']:.0f} ± {row['error']:.0f} nats"
