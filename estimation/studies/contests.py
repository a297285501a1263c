"""Contests of all theories on data of each: given out, collected, and counted."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from estimation.data.tables.table import Table
from estimation.errors import StudyError, TheoryError, raise_all
from estimation.fits.fit import Fit
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.jobs.unit import Result, Unit
from estimation.studies.contest import Contest
from estimation.studies.plan import StudyPlan
from estimation.studies.trial import QUICK
from estimation.studies.truths import TruthSource, origin_spec, truths
from estimation.theories.messages.theory import Theory

NOBODY = ""  # who wins where the theory with the highest elpd failed its checks


def origins_of(
    theories: Mapping[str, Theory | MessageFit], populations: Mapping[str, TruthSource] | None
) -> tuple[dict[str, Theory], dict[str, TruthSource]]:
    """Return theories by name, and where the truths of each come from."""
    how = f"give theories by name, as in {{'trust': est.TrustEmbedded()}}, not as a {type(theories).__name__}"
    raise_all([] if isinstance(theories, Mapping) else [how], StudyError, "The study cannot be run:")
    given = populations or {}
    problems = [f"give at least two theories, not {len(theories)}"] * (len(theories) < 2)
    problems += [f"{name!r} has a population and is no theory" for name in given if name not in theories]
    raise_all(problems, StudyError, "The study cannot be run:")
    plain = {name: one.theory if isinstance(one, Fit) else one for name, one in theories.items()}
    return plain, {name: given.get(name, one if isinstance(one, Fit) else None) for name, one in theories.items()}


def contests(
    theories: Mapping[str, Theory], tables: Mapping[str, Table], origins: Mapping[str, TruthSource], plan: StudyPlan
) -> tuple[list[Result], dict[str, Any]]:
    """Return the results of all contests, and everything that they depend on."""
    units = []
    for design, table in tables.items():
        for maker, problem in suitable(theories, table).items():
            keys = [f"{design}, {maker}, {number + 1}" for number in range(plan.simulations)]
            drawn = zip(keys, truths(problem, origins[maker], keys, plan.seed), strict=True)
            units += [Unit(key, {"maker": maker, "design": design, "truth": truth}) for key, truth in drawn]
    job = {**what_is_simulated(theories, tables, origins, plan), "settings": QUICK | dict(plan.settings)}
    work = Contest(dict(theories), dict(tables), dict(plan.settings), plan.seed)
    return list(plan.run(units, work, job, "simulating, fitting and comparing").values()), job


def what_is_simulated(
    theories: Mapping[str, Theory], tables: Mapping[str, Table], origins: Mapping[str, TruthSource], plan: StudyPlan
) -> dict[str, Any]:
    """Return what simulated experiments depend on, as plain data."""
    return {
        "theories": {name: theory.spec() for name, theory in theories.items()},
        "designs": {name: table.fingerprint for name, table in tables.items()},
        "truth": {name: origin_spec(origin) for name, origin in origins.items()},
        "seed": plan.seed,
    }


def frames_of(names: Sequence[str], results: Sequence[Result]) -> dict[str, pd.DataFrame]:
    """Return confusion, inversion, pairs and contests of one design's results."""
    found = pd.DataFrame(results, columns=["maker", "winner", "verdict"])
    found["ok"] = [all(result["ok"].values()) for result in results]
    confusion = pd.crosstab(found["maker"], found["winner"].fillna(NOBODY), normalize="index")
    confusion = confusion.reindex(index=list(names), columns=list(names), fill_value=0.0)
    wins = confusion.sum(axis=0).replace(0.0, np.nan)
    inversion = (confusion / wins).T
    return {
        "table": confusion,
        "inversion": inversion.rename_axis(index="winner", columns="maker"),
        "pairs": pairs_of(names, results),
        "contests": found,
    }


def pairs_of(names: Sequence[str], results: Sequence[Result]) -> pd.DataFrame:
    """Return, for each maker and rival, how often the comparison tells them apart on the maker's data.

    A fit that failed a check says nothing of the design: ``named`` and ``wrong`` are shares of the sound contests.
    """
    rows = {}
    for maker, rival in itertools.permutations(names, 2):
        mine = [result for result in results if result["maker"] == maker]
        here, there = names.index(maker), names.index(rival)
        sound = np.array([result["ok"][maker] and result["ok"][rival] for result in mine])
        difference = np.array([result["difference"][here][there] for result in mine])
        clear = {
            "named": np.array([result["clear"][here][there] for result in mine]),
            "wrong": np.array([result["clear"][there][here] for result in mine]),
        }
        rows[maker, rival] = {
            "better": float((difference > 0).mean()),
            **{name: float(found[sound].mean()) if sound.any() else np.nan for name, found in clear.items()},
            "sound": float(sound.mean()),
            "difference": float(difference.mean()),
        }
    return pd.DataFrame(rows).T.rename_axis(["maker", "rival"])


def suitable(theories: Mapping[str, Theory], table: Table) -> dict[str, MessageProblem]:
    """Return theories applied to a table by name; raise `TheoryError` for all those that cannot be."""
    problems, found = {maker: MessageProblem(theory, table) for maker, theory in theories.items()}, []
    for name, problem in problems.items():
        try:
            problem.check()
        except TheoryError as error:
            found += [f"{name}: {text}" for text in error.problems]
    raise_all(found, TheoryError, f"Not every theory can be applied to {table.label}:")
    return problems


def common_table(theories: Mapping[str, Theory | MessageFit]) -> Table:
    """Return the table of the fits among theories; raise `StudyError` if there is none, or more than one."""
    tables: list[Table] = [one.table for one in theories.values() if isinstance(one, Fit)]
    if len({table.fingerprint for table in tables}) > 1:
        labels = ", ".join(dict.fromkeys(table.label for table in tables))
        problem = f"the fits are to different data ({labels}); say whose design it is by table="
        raise StudyError("The study cannot be run:", [problem])
    if not tables:
        raise StudyError("The study cannot be run:", ["give a table of situations, for example from est.design"])
    return tables[0]
