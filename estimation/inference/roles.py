"""Unrelated roles: a fit to senders and one to receivers, put together as the one fit that they are.

Where a person's parameters and kind as a sender say nothing of those as a receiver, prior and likelihood fall into a
part for each role, and so does the posterior: draws of one, side by side with draws of the other, are draws of both.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from estimation.errors import FitError
from estimation.fits.checkpoint import Checkpoint, unfinished
from estimation.fits.fit import AnyFit, Fit
from estimation.fits.job import Settings, job, manifest_of
from estimation.fits.storage import read
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.population.flat import FlatNodes, people_draws, some_draws
from estimation.population.shares import product_shares

ROLES_GROUP = "roles"
"""Where a fit of unrelated roles keeps the fits of which it consists."""


def fit_unrelated(
    fit_one: Callable[..., MessageFit],
    problem: MessageProblem,
    settings: Settings,
    path: str | Path | None,
    progress: bool,
) -> MessageFit:
    """Fit each role by itself (`fit_one`, as `fit_messages`), and return both as one fit to all decisions.

    Until both are finished they stand in the folder of the unfinished fit; a role that is there is not fitted again.
    """
    started = time.perf_counter()
    with unfinished(path, job(problem, settings)) as checkpoint:
        fits = {role: _in_one_role(fit_one, problem, role, settings, checkpoint, progress) for role in problem.roles}
        samplers = {role: one.manifest["sampler"]["name"] for role, one in fits.items()}
        tree, name = _together(problem, settings, fits), "; ".join(f"{role}s: {how}" for role, how in samplers.items())
        more = {"sampler": {"name": name, "by_role": samplers}, "draws_per_chain": tree["posterior"].sizes["draw"]}
        result = Fit(problem, tree, manifest_of(problem, settings, time.perf_counter() - started, **more))
        if path is not None:
            result.save(path)
    return result


def _in_one_role(
    fit_one: Callable[..., MessageFit],
    problem: MessageProblem,
    role: str,
    settings: Settings,
    checkpoint: Checkpoint,
    progress: bool,
) -> MessageFit:
    """Return the fit of one role: what an interrupted fit of both left of it, or else made now."""
    here, file = problem.in_role(role), None if checkpoint.folder is None else checkpoint.folder / f"{role}.nc"
    if file is not None and file.exists():
        with suppress(FitError):  # what is damaged is made anew
            tree, manifest = read(file)
            tree = xr.DataTree.from_dict({n.path: n.to_dataset() for n in tree.subtree if n.path != "/table"})
            return Fit(here, tree, manifest)
    return fit_one(here, settings, file, progress)


def role_fits(fit: AnyFit) -> dict[str, MessageFit]:
    """Return the fits, by role, of which a fit of unrelated roles consists; nothing if it is none."""
    if ROLES_GROUP not in fit.tree:
        return {}
    return {role: Fit(fit.problem.in_role(role), _tree(fit, role), _manifest(fit, role)) for role in fit.problem.roles}


def in_role(problem: MessageProblem, posterior: xr.Dataset, role: str) -> xr.Dataset:
    """Return what a posterior of unrelated roles says of one of them."""
    here, parts = problem.in_role(role), problem.theory.share_factors
    names = {"parameter": [p.name for p in here.parameters], "covariate": list(here.design.covariates.names)}
    found = posterior.sel({dim: labels for dim, labels in names.items() if dim in posterior.dims})
    found = found if names["covariate"] else found.drop_dims("covariate", errors="ignore")
    if "share" not in found:
        return found
    at, sizes = problem.theory.roles.index(role), [len(part) for part in parts]
    share = found["share"].transpose("chain", "draw", "kind").to_numpy()
    share = share.reshape(*share.shape[:2], *sizes).sum(axis=3 - at)
    found = found.drop_dims("kind")
    if sizes[at] == 1:
        return found
    return found.assign(share=(("chain", "draw", "kind"), share)).assign_coords(kind=list(here.theory.types))


def _tree(fit: MessageFit, role: str) -> xr.DataTree:
    inside = f"/{ROLES_GROUP}/{role}"
    nodes = (node for node in fit.tree.subtree if node.path.startswith(f"{inside}/"))
    return xr.DataTree.from_dict({"/": xr.Dataset(), **{n.path.removeprefix(inside): n.to_dataset() for n in nodes}})


def _manifest(fit: MessageFit, role: str) -> dict[str, Any]:
    here, how = fit.problem.in_role(role), fit.manifest["sampler"]["by_role"][role]
    return {**fit.manifest, "model": here.theory.spec(), "data": here.table.spec(), "sampler": {"name": how}}


def _together(problem: MessageProblem, settings: Settings, fits: Mapping[str, MessageFit]) -> xr.DataTree:
    """Return the tree of a fit to all decisions, as `fit_messages` makes it; nodes are those of the roles."""
    count = min(one.posterior.sizes["draw"] for one in fits.values())  # chains of one role may have been made longer
    kept = {role: _evenly(one.posterior.sizes["draw"], count) for role, one in fits.items()}
    posterior = _posterior(problem, [_renumbered(fits[role].posterior, draws) for role, draws in kept.items()])
    likelihoods = [_renumbered(fits[role].tree["log_likelihood"].dataset, draws) for role, draws in kept.items()]
    everybody = {"subject": problem.table.subjects}
    groups = {
        "/": xr.Dataset(),
        "posterior": posterior,
        "sample_stats": xr.Dataset(),
        "log_likelihood": sum(one.reindex(everybody, fill_value=0.0) for one in likelihoods),
        "people": _people(problem, posterior, fits, settings),
        "integration": integration_of_roles(
            [one.tree["integration"].dataset.reindex(everybody) for one in fits.values()]
        ),
    }
    for role, one in fits.items():
        inside = {
            f"{ROLES_GROUP}/{role}{node.path}": node.to_dataset() for node in one.tree.subtree if node.path != "/"
        }
        groups |= inside
    return xr.DataTree.from_dict(groups)


def _evenly(there: int, wanted: int) -> Any:
    return np.linspace(0, there - 1, wanted).round().astype("int64")


def _renumbered(found: xr.Dataset, draws: Any) -> xr.Dataset:
    """Return some draws of one role, numbered as those of the other, so that they stand side by side."""
    return found.isel(draw=draws).assign_coords(draw=np.arange(len(draws)))


def _posterior(problem: MessageProblem, by_role: list[xr.Dataset]) -> xr.Dataset:
    """Return draws of the population of both roles; shares of pairs of kinds are products."""
    order = {"parameter": [p.name for p in problem.parameters], "covariate": list(problem.design.covariates.names)}
    found = {}
    for name, dim in {"mean": "parameter", "sd": "parameter", "coefficient": "covariate"}.items():
        parts = [one[name] for one in by_role if name in one]
        if parts:
            found[name] = xr.concat(parts, dim).sel({dim: order[dim]}).transpose("chain", "draw", dim)
    if problem.kinds > 1:
        one = np.ones((*(by_role[0].sizes[dim] for dim in ("chain", "draw")), 1))
        share = product_shares([each["share"].to_numpy() if "share" in each else one for each in by_role])
        dims, kinds = ("chain", "draw", "kind"), {"kind": list(problem.theory.types)}
        found["share"] = xr.DataArray(share, dims=dims, coords=kinds)
    return xr.Dataset(found)


def integration_of_roles(each: list[xr.Dataset]) -> xr.Dataset:
    """Return how far people's integrals can be trusted: as far as those over the worse role, errors of both."""
    both = xr.concat([one[["k", "effective", "error"]] for one in each], "role")
    worst = {"k": both["k"].max("role"), "effective": both["effective"].min("role")}
    return xr.Dataset({**worst, "error": np.sqrt((both["error"] ** 2).sum("role"))})


def _people(
    problem: MessageProblem, posterior: xr.Dataset, fits: Mapping[str, MessageFit], settings: Settings
) -> xr.Dataset:
    """Return posterior draws of everybody in both roles; of one that a person never played, those of a new person."""
    rng, subjects = np.random.default_rng([settings.seed, 5]), problem.table.subjects
    populations = problem.structure.draws(posterior)
    chosen = some_draws(populations, settings.samples, rng)
    drawn = [populations[int(draw)].sample(len(subjects), rng) for draw in chosen]
    kind, theta = (np.stack(each) for each in zip(*drawn, strict=True))
    sizes, names = [len(part) for part in problem.theory.share_factors], [p.name for p in problem.parameters]
    at = list(np.unravel_index(kind, sizes))
    for role, one in fits.items():
        here = one.problem.structure.draws(in_role(problem, posterior, role))
        known = people_draws(nodes_of_fit(one), here, one.table.subjects, rng, chosen)
        where = np.searchsorted(subjects, one.table.subjects)
        columns = [names.index(p.name) for p in one.problem.parameters]
        theta[:, where[:, None], columns] = known["theta"].to_numpy()
        at[problem.theory.roles.index(role)][:, where] = known["kind"].to_numpy()
    data = {
        "theta": (("sample", "subject", "parameter"), theta),
        "kind": (("sample", "subject"), np.ravel_multi_index(at, sizes)),
        "population": ("sample", chosen),
    }
    return xr.Dataset(data, coords={"subject": subjects, "parameter": names})


def nodes_of_fit(fit: MessageFit) -> tuple[FlatNodes, ...]:
    """Return the nodes that were kept with a fit, for each part of its population."""
    nodes = fit.tree["nodes"]
    return tuple(FlatNodes.from_dataset(nodes[str(part)].dataset) for part in range(len(nodes)))
