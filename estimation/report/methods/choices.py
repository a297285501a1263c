"""What was done where models of choice were fitted, and perhaps compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from estimation.choice.hierarchy.triangular import SOURCE
from estimation.choice.problem import ChoiceFit
from estimation.evaluation.comparison.comparison import Comparison
from estimation.report.methods.citing import INDEPENDENCE, KERNELS, NUTS, PARETO, SLICES, Cited, Methods
from estimation.report.methods.shared import checked, compared, each, origin_of, predicted, software_of
from estimation.text.sentences import counted, enumerated


def choice_methods(study: Comparison | ChoiceFit, *, checks: bool = True) -> Methods:
    """Return what was done; `checks` says whether facts of the data were compared with what fits predict."""
    fits: Mapping[str, ChoiceFit] = study.fits if isinstance(study, Comparison) else {study.problem.title: study}
    cite = Cited()
    sentences = [
        _data(fits, cite),
        *(_model(name, fit, cite) for name, fit in fits.items()),
        *_posterior(fits, cite),
        checked(study, cite),
        *(compared(study, cite) if isinstance(study, Comparison) else ()),
        *((predicted(),) if checks else ()),
        software_of(fits, _used(fits)),
    ]
    return Methods(tuple(sentences), cite.references)


def _data(fits: Mapping[str, ChoiceFit], cite: Cited) -> str:
    table = next(iter(fits.values())).table
    made = "simulated " if table.synthetic else ""
    weighted = f"; {table.weighting}" if table.weighting else ""
    people = counted(len(table.subjects), "person")
    return f"We analysed {counted(len(table), made + 'choice')} by {people}{weighted}{origin_of(table, cite)}."


def _model(name: str, fit: ChoiceFit, cite: Cited) -> str:
    """Return what a model says of utility and of how people differ."""
    terms = enumerated([fit.model.words(fit.table).get(name, name) for name in fit.problem.coefficients])
    source = cite(fit.model.citation)
    classes = fit.posterior.sizes.get("class", 0) if "share" in fit.posterior else 0
    differ = (
        f"weights that differ between {classes} latent classes" if classes else "weights that differ between people"
    )
    how = differ if "people" in fit.tree else "the same weights for everybody"
    return f"The {name}{source} has {how}, of {terms}{_triangles(fit, cite)}; {_priors(fit, cite)}."


def _triangles(fit: ChoiceFit, cite: Cited) -> str:
    """Return which weights are triangular over people, if any are."""
    if "triangle" not in fit.posterior:
        return ""
    names = enumerated(list(map(str, fit.posterior["triangle"].to_numpy())))
    return f", with a triangular distribution over people of {names}{cite(SOURCE)}"


def _priors(fit: ChoiceFit, cite: Cited) -> str:
    """Return what the priors are, as far as a sentence holds it."""
    spread = cite(*fit.problem.references)
    if getattr(fit.model, "wtp_space", None):
        return f"priors are those of the table of parameters{spread}"
    more = f", and covariances over people a prior that does not depend on their units{spread}" if spread else ""
    return (
        f"weights have normal priors with a standard deviation of {fit.model.prior_scale:g} logits for each standard "
        f"deviation of the attribute within situations{more}"
    )


def _posterior(fits: Mapping[str, ChoiceFit], cite: Cited) -> Iterator[str]:
    """Yield how posteriors were drawn, once for all models of which they were drawn alike."""
    for how, names in each({name: _sampler(fit) for name, fit in fits.items()}).items():
        whose = "" if len(names) == len(fits) else f" of {enumerated(names)}"
        yield f"The posterior{whose} was drawn by {_in_words(how, cite)}, in {_chains(fits[names[0]])}."


def _sampler(fit: ChoiceFit) -> str:
    return str(fit.manifest.get("sampler", {}).get("name", ""))


def _in_words(how: str, cite: Cited) -> str:
    if how == "independence":
        known = cite(INDEPENDENCE, PARETO)
        return f"an independence Metropolis-Hastings sampler with t proposals around the mode{known}"
    if how.startswith("independence"):
        known = cite(INDEPENDENCE, KERNELS, PARETO)
        return f"an independence Metropolis-Hastings sampler with t proposals around draws of earlier rounds{known}"
    if how.startswith("NUTS"):
        return f"Hamiltonian Monte Carlo (the no-U-turn sampler){cite(NUTS)}, since independent proposals failed"
    if how.startswith("elliptical"):
        return (
            f"Gibbs steps: elliptical slices for the weights of people{cite(SLICES)}, Hamiltonian moves for the "
            "population, and slices for its standard deviations"
        )
    return f"Gibbs steps ({how})" if how else "Markov chains"


def _chains(fit: ChoiceFit) -> str:
    sizes: Any = fit.posterior.sizes
    return f"{counted(sizes['chain'], 'chain')} of {counted(sizes['draw'], 'draw')}"


def _used(fits: Mapping[str, ChoiceFit]) -> tuple[str, ...]:
    is_walked = any(_sampler(fit).startswith("NUTS") for fit in fits.values())
    return ("estimation", "numpy", "scipy", *(("pymc", "nutpie") if is_walked else ()))
