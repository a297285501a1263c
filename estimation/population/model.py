"""The population model in PyMC: how parameters vary over people, given nodes or given the decisions themselves."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pytensor.gradient import DisconnectedType, disconnected_type
from pytensor.graph import Apply, Op
from pytensor.link.numba.dispatch.basic import numba_njit, register_funcify_default_op_cache_key

from estimation.population import integral
from estimation.population.correlation import correlation_root, lkj_shapes
from estimation.population.flat import of_part
from estimation.population.structure import Part
from estimation.theories.parameter import SPREAD_LOG_SD


@dataclass(frozen=True, eq=False)
class Variables:
    """The population's variables in a PyMC model.

    Attributes
    ----------
    mean : (1, dim) or (person, dim)
    root : (dim, dim)
        Lower Cholesky factor of the covariance.
    share : (kind,)
    """

    mean: Any
    root: Any
    share: Any


def population_variables(
    dims: int, concentration: tuple[float, ...], columns: int = 0, correlated: bool = False
) -> Variables:
    """Declare ``mean`` and ``sd`` (effect,), ``share`` (kind,), ``coefficient`` (column,) and correlations.

    Priors and covariates are data of the current PyMC model. Correlations are LKJ, built of partial correlations
    (Lewandowski, Kurowicka and Joe 2009, Journal of Multivariate Analysis 100:1989-2001).
    """
    data = {name: pm.Data(name, np.ones(dims), **_over("parameter")) for name in ("centre", "centre_sd", "spread")}
    mean = pm.Normal("mean", data["centre"], data["centre_sd"], shape=dims, **_over("parameter"))[None, :]
    sd = pm.LogNormal("sd", pt.log(data["spread"]), SPREAD_LOG_SD, shape=dims, **_over("parameter"))
    if columns:
        covariate = pm.Data("covariate", np.zeros((2, columns)))
        to_dim = pm.Data("to_dim", np.zeros((columns, dims)))
        coefficient_sd = pm.Data("coefficient_sd", np.ones(columns))
        coefficient = pm.Normal("coefficient", 0, coefficient_sd, shape=columns, **_over("covariate"))
        mean = mean + (covariate * coefficient) @ to_dim
    root = sd[:, None] * _correlated(dims) if correlated else pt.diag(sd)
    several = len(concentration) > 1
    share = pm.Dirichlet("share", np.array(concentration), **_over("kind")) if several else pt.ones(1)
    return Variables(mean, root, share)


def _over(dimension: str) -> dict[str, str]:
    """Return the name of a variable's dimension, if the current model gives it labels."""
    return {"dims": dimension} if dimension in pm.modelcontext(None).coords else {}


def _correlated(dims: int) -> Any:
    """Declare the correlations of a person's effects; return the Cholesky factor of their matrix, (dim, dim)."""
    shapes = np.array(lkj_shapes(dims))
    partial = 2 * pm.Beta("partial", shapes, shapes, shape=len(shapes)) - 1
    rows = correlation_root(partial, dims, pt.sqrt)
    root = pt.zeros((dims, dims))
    for d, row in enumerate(rows):
        root = pt.set_subtensor(root[d, : d + 1], pt.stack([pt.as_tensor(entry) for entry in row]))
    below = np.tril_indices(dims, -1)
    pm.Deterministic("correlation", (root @ root.T)[below], **_over("pair"))
    return root


@lru_cache(maxsize=16)
def integrated_model(
    dims: int, parts: tuple[Part, ...], concentration: tuple[float, ...], columns: int = 0, correlated: bool = False
) -> pm.Model:
    """Return the PyMC model of the population alone, people integrated out by nodes.

    It depends on the shape of the population only; nodes, priors, covariates and who counts are data, so that one
    compiled model serves every fit of the same shape. `person_weight` is 0 for people who are left out.

    Parameters
    ----------
    dims, parts
        The number of effects, and the kinds of people in groups to whom the same of them matter.
    concentration
        Of the Dirichlet prior of the shares of kinds.
    columns
        Covariates that shift means.
    """
    order = [kind for part in parts for kind in part.kinds]
    with pm.Model() as model:
        person_weight = pm.Data("person_weight", np.ones(2))
        variables = population_variables(dims, concentration, columns, correlated)
        terms = [_integrals(variables, index, part, correlated) for index, part in enumerate(parts)]
        everything = pt.concatenate(terms) if len(terms) > 1 else terms[0]
        log_share = pt.log(variables.share)[order][:, None]
        total = everything[0] if len(order) == 1 else pt.logsumexp(everything + log_share, axis=0)
        pm.Potential("people", (person_weight * total).sum())
    return model


def _integrals(variables: Variables, index: int, part: Part, correlated: bool) -> Any:
    """Return log p(person | kind), (kind, person), of the kinds of one part."""
    kinds, dims = len(part.kinds), list(part.dims)
    arrays = [
        pm.Data(of_part("theta", index), np.zeros((len(dims), 2 * kinds))),
        pm.Data(of_part("log_weight", index), np.zeros(2 * kinds)),
        pm.Data(of_part("first_node", index), np.arange(2 * kinds + 1)),
    ]
    rows = arrays[2].shape[0] - 1
    mean = pt.broadcast_to(variables.mean[:, dims], (rows // kinds, len(dims)))
    everyone = pt.concatenate([mean] * kinds) if kinds > 1 else mean
    whitener = _whitener(variables.root, dims, correlated)
    return PersonIntegral(not correlated)(everyone, whitener, *arrays)[0].reshape((kinds, -1))


def _whitener(root: Any, dims: list[int], correlated: bool) -> Any:
    """Return the inverse of the Cholesky factor of the covariance of some effects."""
    if not correlated:
        return pt.diag(1 / pt.diag(root)[dims])
    if dims != list(range(root.type.shape[0])):
        root = pt.linalg.cholesky((root @ root.T)[dims][:, dims])
    return pt.linalg.solve_triangular(root, pt.eye(len(dims)), lower=True)


class PersonIntegral(Op):
    """``mean (person, dim), whitener (dim, dim), nodes (dim, node), log_weight (node,), first_node (person + 1,)``.

    → log likelihood (person,) and its gradients in mean (person, dim) and in whitener (person, dim, dim).
    A sampler pays for value and gradient in one pass. Nodes and weights are data and have no gradient.

    Parameters
    ----------
    diagonal
        Whether the population's parameters are independent: then only the whitener's diagonal gets a gradient.
    """

    __props__ = ("diagonal",)

    def __init__(self, diagonal: bool) -> None:
        self.diagonal = diagonal

    def make_node(self, mean: Any, whitener: Any, nodes: Any, log_weight: Any, first_node: Any) -> Apply:
        """Declare inputs and outputs."""
        inputs = [pt.as_tensor(x, dtype="float64") for x in (mean, whitener, nodes, log_weight)]
        inputs.append(pt.as_tensor(first_node, dtype="int64"))
        outputs = [pt.dvector("log_likelihood"), pt.dmatrix("to_mean"), pt.dtensor3("to_whitener")]
        return Apply(self, inputs, outputs)

    def infer_shape(self, node: Any, shapes: Any) -> Any:  # noqa: ARG002
        """Return the shapes of the outputs."""
        people, dims = shapes[0]
        return [(people,), (people, dims), (people, dims, dims)]

    def perform(self, node: Any, inputs: Any, outputs: Any) -> None:  # noqa: ARG002
        """Evaluate outside compiled graphs."""
        for storage, result in zip(outputs, integral.integrate(*inputs, self.diagonal), strict=True):
            storage[0] = result

    def pullback(self, inputs: Any, outputs: Any, cotangents: Any) -> list[Any]:
        """Chain the stored gradients of the first output; the others are never differentiated."""
        _, to_mean, to_whitener = outputs
        weight = cotangents[0]
        if isinstance(weight.type, DisconnectedType):
            return [disconnected_type() for _ in inputs]
        return [
            weight[:, None] * to_mean,
            (weight[:, None, None] * to_whitener).sum(axis=0),
            disconnected_type(),
            disconnected_type(),
            disconnected_type(),
        ]

    def connection_pattern(self, node: Any) -> list[list[bool]]:  # noqa: ARG002
        """Only mean and whitener reach the first output."""
        return [[True, False, False], [True, False, False], *([False] * 3 for _ in range(3))]


_SOURCE_VERSION = zlib.crc32(Path(integral.__file__).read_bytes())
"""PyTensor's disk cache must forget older versions of the loop."""


@register_funcify_default_op_cache_key(PersonIntegral)
def _compiled(op: PersonIntegral, **_: Any) -> Any:
    diagonal = op.diagonal

    @numba_njit
    def person_integral(mean, whitener, nodes, log_weight, first_node):  # noqa: ANN001, ANN202
        return integral.integrate(mean, whitener, nodes, log_weight, first_node, diagonal)

    return person_integral, _SOURCE_VERSION
