"""What was done where theories of messages or of play were fitted, and perhaps compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from estimation.data.tables.plays import PlayTable
from estimation.evaluation.comparison.comparison import Comparison
from estimation.fits.fit import AnyFit
from estimation.inference.pooled.few_numbers import FewNumbers
from estimation.inference.pooled.players import GRID, PlayerProblem
from estimation.inference.problem import MessageProblem
from estimation.report.called import short_name
from estimation.report.methods.citing import MIXTURES, NUTS, PARETO, Cited, Methods
from estimation.report.methods.shared import checked, compared, each, origin_of, predicted, software_of
from estimation.text.digits import number
from estimation.text.sentences import counted, enumerated

ADAPTIVE, IMPORTANCE, JOINT, CHAINS = "adaptive", "importance", "joint", "chains"
BETWEEN = "/"
RESPONSES = {
    "logit": "Given their parameters, people choose among the options with logit probabilities",
    "normal": "Given their parameters, people choose the best option with a normal error, rounded to the grid of "
    "options and censored at its ends",
    "spike-logit": "Given their parameters, people choose the best option exactly in a share of decisions, and with "
    "logit probabilities in the others",
}


def theory_methods(study: Comparison | AnyFit, *, checks: bool = True) -> Methods:
    """Return what was done; `checks` says whether facts of the data were compared with what fits predict."""
    fits = study.fits if isinstance(study, Comparison) else {short_name(study.theory): study}
    cite = Cited()
    sentences = [
        _data(fits, cite),
        _theories(fits, cite),
        *_people(fits),
        *_integrals(fits, cite),
        *_posterior(fits, cite),
        checked(study, cite),
        *(compared(study, cite) if isinstance(study, Comparison) else ()),
        *((predicted(),) if checks else ()),
        software_of(fits, _used(fits)),
    ]
    return Methods(tuple(sentences), cite.references)


def _data(fits: Mapping[str, AnyFit], cite: Cited) -> str:
    table = next(iter(fits.values())).table
    made = "simulated " if table.synthetic else ""
    if isinstance(table, PlayTable):
        games = counted(len(table.games), "game")
        who = f" by {counted(len(table.subjects), 'person')}" if table.individual else " (people are not told apart)"
        return f"We analysed {counted(len(table), made + 'choice')} in {games}{who}{origin_of(table, cite)}."
    roles = enumerated([f"{count:,} as {role}" for role, count in table.decisions.items()])
    conditions = counted(len(table.conditions), "condition")
    whose = f" ({roles})" if len(table.decisions) > 1 else f" of {next(iter(table.decisions))}s"
    return (
        f"We analysed {counted(len(table), made + 'decision')}{whose} by {counted(len(table.subjects), 'person')} "
        f"in {conditions}{origin_of(table, cite)}."
    )


def _theories(fits: Mapping[str, AnyFit], cite: Cited) -> str:
    named = [f"{name}{cite(fit.theory.citation)}" for name, fit in fits.items()]
    return f"We fitted {enumerated(named)}."


def _people(fits: Mapping[str, AnyFit]) -> Iterator[str]:
    """Yield how people choose and how they differ."""
    fit = next(iter(fits.values()))
    if fit.family == "messages":
        responses = {one.theory.response for one in fits.values()}
        yield enumerated([RESPONSES[response] for response in sorted(responses)]) + _lapses(fits) + "."
    pooled = [name for name, one in fits.items() if one.manifest.get("pooled")]
    apart = [name for name, one in fits.items() if not one.manifest.get("pooled")]
    if pooled:
        yield f"{_of(pooled, fits)}parameters are shared by everybody, with normal priors on transformed scales."
    if apart:
        correlated = any(getattr(fits[name].theory, "correlated", False) for name in apart)
        how = " and may be correlated over people (LKJ prior)" if correlated else " and independent of each other"
        yield (
            f"{_of(apart, fits)}each parameter is normal over people on a transformed scale (log, logit or none){how}; "
            "its mean has a normal and its standard deviation a log-normal prior."
        )
    kinds = [name for name in apart if len(fits[name].theory.types) > 1]
    if kinds:
        yield f"Under {enumerated(kinds)} people are of several kinds, whose shares are estimated."


def _of(names: list[str], fits: Mapping[str, AnyFit]) -> str:
    """Return of which theories a sentence is, if not of all; its next word is in lower case then."""
    return "In the population, " if len(names) == len(fits) else f"Under {enumerated(names)}, "


def _lapses(fits: Mapping[str, AnyFit]) -> str:
    """Return what is added about lapses and habits."""
    lapse, habits = ({getattr(fit.theory, name) for fit in fits.values()} for name in ("lapse", "habits"))
    told = ", except for lapses, which are uniform over the options" if lapse == {True} else ""
    if habits - {"none"}:
        told += f"; habits of response ({', '.join(sorted(habits - {'none'}))}) come beside the theory"
    return told


def _integrals(fits: Mapping[str, AnyFit], cite: Cited) -> Iterator[str]:
    """Yield how people were integrated out."""
    nodes = [fit.tree["integration"].dataset for fit in fits.values() if _is_integrated(fit)]
    if nodes:
        each_person = [
            np.atleast_1d(found["nodes"].to_numpy()) for found in nodes if "nodes" in found
        ]  # not in partitions
        middle = number(np.median(np.concatenate(each_person)), significant=2) if each_person else ""
        size = f" (median {middle} points a person)" if each_person else ""
        yield (
            "Each person's own parameters were integrated out of the likelihood by importance sampling from proposals "
            f"fitted to that person's decisions{size}, drawn anew once the proposals were fixed{cite(PARETO)}."
        )
    grids = {len(fit.problem.parameters) for fit in fits.values() if isinstance(fit.problem, PlayerProblem)}
    if grids:
        sizes = enumerated([f"{GRID[dims] ** dims:,}" for dims in sorted(grids)])
        yield f"Each person's own parameters were integrated out of the likelihood over a grid of {sizes} points."


def _is_integrated(fit: AnyFit) -> bool:
    return isinstance(fit.problem, MessageProblem) and "integration" in fit.tree


def _posterior(fits: Mapping[str, AnyFit], cite: Cited) -> Iterator[str]:
    """Yield how the posterior was drawn, once for all theories of which it was drawn alike."""
    for how, names in each({name: BETWEEN.join(_samplers(fit)) for name, fit in fits.items()}).items():
        whose = "" if len(names) == len(fits) else f" under {enumerated(names)}"
        said = " or, in the other role, ".join(_in_words(one, cite) for one in how.split(BETWEEN))
        yield f"The posterior of the population{whose} was drawn by {said}."


def _samplers(fit: AnyFit) -> list[str]:
    """Return how draws were made; of unrelated roles, each way once."""
    if isinstance(fit.problem, FewNumbers):
        return [ADAPTIVE]
    told = fit.manifest.get("sampler", {})
    names = [*dict.fromkeys(map(str, told.get("by_role", {}).values()))] or [str(told.get("name", ""))]
    return list(dict.fromkeys(_sampler(name) for name in names))


def _sampler(name: str) -> str:
    """Return the way that the manifest names: proposals, whether they passed or not, or chains."""
    if name.startswith(("importance", "proposals")):
        return IMPORTANCE
    return JOINT if "people and population" in name else CHAINS


def _in_words(how: str, cite: Cited) -> str:
    if how == ADAPTIVE:
        return f"adaptive importance sampling with mixtures of t kernels{cite(MIXTURES)}"
    if how == IMPORTANCE:
        return f"importance sampling around its mode, whose weights were checked by their Pareto k{cite(PARETO)}"
    on = "people and population jointly" if how == JOINT else "the integrated likelihood"
    return f"Hamiltonian Monte Carlo (the no-U-turn sampler) on {on}{cite(NUTS)}"


def _used(fits: Mapping[str, AnyFit]) -> tuple[str, ...]:
    chains = {how for fit in fits.values() for how in _samplers(fit)} & {JOINT, CHAINS}
    return ("estimation", "numpy", "scipy", *(("pymc", "nutpie") if chains else ()))
