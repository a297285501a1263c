"""Sentences on methods that studies of every kind have: data, checks, comparison, predictive checks, software."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from estimation.data.stored import AnyTable
from estimation.evaluation.comparison.comparison import Comparison
from estimation.evaluation.diagnosis import BFMI, EFFECTIVE_NODES, Diagnosis, diagnose
from estimation.evaluation.facts.predictive import SURPRISING
from estimation.evaluation.words import CLEAR, SMALL_DIFFERENCE, reach
from estimation.fits.checks import EFFECTIVE, ESS_PER_CHAIN, GOOD_K, RHAT
from estimation.fits.fit import AnyFit
from estimation.population.likelihoods import TOLERATED
from estimation.report.methods.citing import CHAINS, FLEXIBLE, LOO, PARETO, PERSON, STACKING, UNCERTAIN, Cited, software
from estimation.report.origin import origin
from estimation.text.sentences import counted, enumerated

CHECK_DRAWS = 50  # simulated data sets behind the predictive checks
LEFT_OUT = {
    "subject": "one person at a time",
    "game": "the choices of one game and player at a time",
    "decision": "one decision at a time",
    "condition": "one condition at a time",
    "period": "the later periods",
}


def each(found: Mapping[str, str]) -> dict[str, list[str]]:
    """Return names by what holds for them, in order."""
    groups: dict[str, list[str]] = {}
    for name, what in found.items():
        groups.setdefault(what, []).append(name)
    return groups


def origin_of(table: AnyTable, cite: Cited) -> str:
    """Return where data come from, in brackets."""
    known = origin(table)
    return cite(known.citation) if known.citation else f" ({table.label.replace(' (SYNTHETIC)', ', SYNTHETIC')})"


def checked(study: Comparison | AnyFit, cite: Cited) -> str:
    """Return what was asked of fits, and what came out."""
    diagnoses = study.diagnoses if isinstance(study, Comparison) else {study.label: diagnose(study)}
    criteria = list(
        dict.fromkeys(str(name).split(",")[0] for found in diagnoses.values() for name in found.table.index)
    )
    known = {
        "R-hat": f"R-hat at most {RHAT}{cite(CHAINS) if 'R-hat' in criteria else ''}",
        "bulk ESS": f"bulk and tail effective sample sizes of at least {ESS_PER_CHAIN} a chain",
        "divergences": "no divergent transition",
        "E-BFMI": f"an E-BFMI of at least {BFMI}",
        "Pareto k of proposals": f"a Pareto k of the proposals below {GOOD_K}",
        "effective draws": f"at least {EFFECTIVE} effective draws",
        "Pareto k": f"a Pareto k of {_weights(diagnoses.values())} below {GOOD_K}",
        "effective nodes": f"at least {EFFECTIVE_NODES} effective points in every person's integral",
        "missed peaks": "no missed peak that points drawn without regard to the data would show",
        "integral error": f"errors of the integrals below {TOLERATED} posterior standard deviations of any estimate",
    }
    wanted = enumerated([text for name, text in known.items() if name in criteria])
    failed = [name for name, found in diagnoses.items() if not found.ok]
    outcome = f"not met by {enumerated(failed)}" if failed else "all met"
    return f"Fits were required to have {wanted}: {outcome}."


def _weights(diagnoses: Iterable[Diagnosis]) -> str:
    """Return of what the criterion ``Pareto k`` is: of people's integrals, or of proposals where people are alike."""
    told = {str(found.table["meaning"].get("Pareto k", "")) for found in diagnoses}
    return "every person's importance weights" if any("person" in text for text in told) else "the proposals"


def compared(study: Comparison, cite: Cited) -> Iterator[str]:
    """Yield how a comparison was made."""
    integrated = study.left_out == "subject"
    averaged = f", the person's own parameters averaged over the population{cite(PERSON)}" if integrated else ""
    yield (
        "We compared expected log predictive densities of what was left out, "
        f"{LEFT_OUT.get(study.left_out, study.left_out)}{averaged}."
    )
    refitted = int(study.table["refitted"].sum())
    again = counted(refitted, "exact refit")
    if study.unit in ("condition", "period") or refitted >= len(study.pointwise) * len(study.fits):
        yield f"Models were fitted again without what was left out ({again})."
    else:
        exact = f"; where its Pareto k was too high, by {again}" if refitted else "; no refit was needed"
        yield f"Leaving out was done by Pareto-smoothed importance sampling{cite(LOO, PARETO)}{exact}."
    errors = f"{reach(len(study.by_person)):.2g}" if len(study.by_person) > 1 else f"{CLEAR:g}"
    yield (
        f"A difference counts if it exceeds {SMALL_DIFFERENCE:g} nats and {errors} standard errors, which are taken "
        f"over {'people' if study.left_out != 'game' else 'games and players'} and contain the Monte-Carlo errors of "
        f"both models{cite(UNCERTAIN)}; weights are by stacking{cite(STACKING)}."
    )
    if study.benchmark is not None:
        yield f"Completeness is measured against a flexible benchmark{cite(FLEXIBLE)}."


def predicted() -> str:
    """Return how fits were held against the data."""
    return (
        f"Posterior predictive checks compare facts of the data with {CHECK_DRAWS} data sets simulated from each fit; "
        f"a fact is missed if its two-sided tail probability is below {100 * SURPRISING:g} %."
    )


def software_of(fits: Mapping[str, AnyFit], used: Iterable[str]) -> str:
    """Return which software in which version, and with which seeds."""
    seeds = sorted({str(seed) for fit in fits.values() if (seed := _setting(fit, "seed")) is not None})
    told = f" (seed {', '.join(seeds)})" if seeds else ""
    return software([fit.manifest.get("versions", {}) for fit in fits.values()], used)[:-1] + f"{told}."


def _setting(fit: AnyFit, name: str) -> Any:
    return fit.manifest.get("settings", {}).get(name)
