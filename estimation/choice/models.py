"""What people are supposed to value: models of choice as frozen descriptions. They hold no data and compute nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar

from estimation.arrays import Spec
from estimation.errors import ChoiceError, raise_all

if TYPE_CHECKING:
    from estimation.choice.fitted import ChoiceFit
    from estimation.data.choices.table import ChoiceTable

COVARIANCES = ("full", "diagonal")
DISTRIBUTIONS = ("normal", "lognormal", "-lognormal", "fixed")


@dataclass(frozen=True, eq=True)
class ChoiceModel:
    """What all models of choice share: the terms of the utility.

    Parameters
    ----------
    attributes
        The terms of the utility, one coefficient each: columns of the table (``"price"``), products of columns
        (``"income:train"``; the name of an alternative stands for its 0/1 indicator), one coefficient per alternative
        (``"time:alternative"``; all but the reference where the column is constant within situations, as income is), or
        anything that formulaic understands (``"np.log(price)"``, ``"C(brand)"``).
    constants
        Whether each alternative has a utility of its own, named like the alternative. The reference and the outside
        option have none: only differences of utility can be seen.
    reference
        The alternative without constant; the outside option or else the first alternative if left out.
    prior_scale : logits
        Prior standard deviation of each coefficient times the standard deviation of its attribute within situations.
        The default of 5 means that a typical contrast hardly ever multiplies the odds by more than e¹⁰.

    Raises
    ------
    ChoiceError
        Listing every option that makes no sense.
    """

    attributes: Sequence[str]
    constants: bool = field(default=False, kw_only=True)
    reference: str | None = field(default=None, kw_only=True)
    prior_scale: float = field(default=5.0, kw_only=True)

    name: ClassVar[str] = ""
    citation: ClassVar[str] = ""

    def __post_init__(self) -> None:
        problems = []
        if isinstance(self.attributes, str):
            problems.append(f"attributes must be a list of terms, not the text {self.attributes!r}")
        else:
            object.__setattr__(self, "attributes", tuple(str(term) for term in self.attributes))
            problems += self._problems()
        raise_all(problems, ChoiceError, f"The description of the {self.name} is not valid:")

    def _problems(self) -> list[str]:
        """Return what makes no sense, in words."""
        problems = []
        if not self.attributes and not self.constants:
            problems.append("there is nothing to estimate: name attributes, or set constants=True")
        twice = sorted({term for term in self.attributes if self.attributes.count(term) > 1})
        problems += [f"attribute {term!r} is named twice; name it once" for term in twice]
        if not self.prior_scale > 0:
            problems.append(f"prior_scale must be positive, not {self.prior_scale!r}")
        return problems

    def fit_to(self, choices: ChoiceTable, **settings: Any) -> ChoiceFit:
        """Return the posterior of this model; `estimation.fit` calls it."""
        from estimation.choice.fit import fit_choices  # noqa: PLC0415 - samplers are slow to import

        return fit_choices(self, choices, **settings)

    def spec(self) -> Spec:
        """Return the description as plain data."""
        return {"model": type(self).__name__, **_plain(asdict(self))}


@dataclass(frozen=True, eq=True)
class MultinomialLogit(ChoiceModel):
    """Utility is a weighted sum of attributes plus a Gumbel error; the weights may differ between people.

    Person n has the weights β_n ~ N(b + Γ z_n, Σ) (or a log-normal of it); without random coefficients everybody has b.

    Parameters
    ----------
    random
        The coefficients that differ between people: ``"all"``, a list of coefficients or terms, or None.
    covariance
        ``"full"`` (tastes may be correlated) or ``"diagonal"``.
    distributions
        By random coefficient: ``"normal"`` (the default), ``"lognormal"`` (positive), ``"-lognormal"`` (negative, as
        for prices), ``"fixed"`` (the same for everybody).
    covariates
        Columns of the table that describe people and shift the means of the random coefficients.
    """

    random: str | Sequence[str] | None = field(default=None, kw_only=True)
    covariance: str = field(default="full", kw_only=True)
    distributions: Mapping[str, str] = field(default_factory=dict, kw_only=True, hash=False)
    covariates: Sequence[str] = field(default=(), kw_only=True)

    name: ClassVar[str] = "multinomial logit"
    citation: ClassVar[str] = (
        "McFadden, D. (1974). Conditional logit analysis of qualitative choice behavior. In P. Zarembka (ed.), "
        "Frontiers in Econometrics, 105-142."
    )

    def __post_init__(self) -> None:
        if self.random is not None and not isinstance(self.random, str):
            object.__setattr__(self, "random", tuple(self.random))
        object.__setattr__(self, "covariates", _listed(self.covariates))
        object.__setattr__(self, "distributions", dict(self.distributions))
        super().__post_init__()

    def _problems(self) -> list[str]:
        problems = super()._problems()
        if isinstance(self.random, str) and self.random != "all":
            problems.append(f'random must be "all", a list of coefficients or None, not {self.random!r}')
        if self.covariance not in COVARIANCES:
            problems.append(f"covariance must be one of {COVARIANCES}, not {self.covariance!r}")
        problems += [
            f"distributions[{name!r}] must be one of {DISTRIBUTIONS}, not {kind!r}"
            for name, kind in self.distributions.items()
            if kind not in DISTRIBUTIONS
        ]
        if not self.hierarchical:
            needless = [
                word
                for word, given in (("distributions", self.distributions), ("covariates", self.covariates))
                if given
            ]
            problems += [f"{word} need random coefficients; name them in random=" for word in needless]
        return problems

    @property
    def hierarchical(self) -> bool:
        """Whether some coefficients differ between people."""
        return self.random is not None and self.random != ()


@dataclass(frozen=True, eq=True)
class NestedLogit(ChoiceModel):
    """Alternatives of a nest share unobserved utility, so that they are closer substitutes for each other.

    P(j) = P(nest) P(j | nest), P(nest) ∝ exp(τ I), I = log Σ exp(V / τ), P(j | nest) ∝ exp(V / τ). The dissimilarity τ
    (also called IV parameter) of each nest lies in (0, 1]; at 1 the nest does not matter.

    Parameters
    ----------
    nests
        Name → its alternatives. Alternatives in no nest, the outside option among them, stand alone.
    unscaled
        Leave V undivided inside nests, I = log Σ exp(V), as in Greene's tables. Then even a nest of one alternative
        has a τ that shows, but equal changes of all utilities change the choice between nests.
    """

    nests: Mapping[str, Sequence[str]] = field(default_factory=dict, kw_only=True, hash=False)
    unscaled: bool = field(default=False, kw_only=True)

    name: ClassVar[str] = "nested logit"
    citation: ClassVar[str] = (
        "McFadden, D. (1978). Modelling the choice of residential location. In A. Karlqvist et al. (eds.), Spatial "
        "Interaction Theory and Planning Models, 75-96."
    )

    def __post_init__(self) -> None:
        nests = {str(nest): _listed(members) for nest, members in dict(self.nests).items()}
        object.__setattr__(self, "nests", nests)
        super().__post_init__()

    def _problems(self) -> list[str]:
        problems = super()._problems()
        if not self.nests:
            problems.append("nests are missing: {name of the nest: its alternatives}")
        members = [member for nest in self.nests.values() for member in nest]
        twice = sorted({member for member in members if members.count(member) > 1})
        problems += [f"alternative {member!r} is in more than one nest; keep one" for member in twice]
        problems += [
            f"nest {nest!r} is empty; remove it" for nest, inside in self.nests.items() if not inside
        ]
        if not self.unscaled:
            problems += [
                f"nest {nest!r} holds {inside[0]!r} alone: its dissimilarity is not seen; leave it out of the nests, "
                "or set unscaled=True"
                for nest, inside in self.nests.items()
                if len(inside) == 1
            ]
        return problems


@dataclass(frozen=True, eq=True)
class LatentClassLogit(ChoiceModel):
    """People belong to one of a few classes; each class has its own weights.

    Parameters
    ----------
    classes
        How many classes.
    covariates
        Columns of the table that describe people and shift their chances of belonging to a class.
    """

    classes: int = field(default=2, kw_only=True)
    covariates: Sequence[str] = field(default=(), kw_only=True)

    name: ClassVar[str] = "latent class logit"
    citation: ClassVar[str] = (
        "Kamakura, W. A. and Russell, G. J. (1989). A probabilistic choice model for market segmentation and "
        "elasticity structure. Journal of Marketing Research 26(4):379-390."
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "covariates", _listed(self.covariates))
        super().__post_init__()

    def _problems(self) -> list[str]:
        problems = super()._problems()
        if not isinstance(self.classes, int) or self.classes < 1:
            problems.append(f"classes must be a whole number of at least 1, not {self.classes!r}")
        return problems


MODELS: dict[str, type[ChoiceModel]] = {
    model.__name__: model for model in (MultinomialLogit, NestedLogit, LatentClassLogit)
}


def from_spec(spec: Mapping[str, Any]) -> ChoiceModel:
    """Return the model that `ChoiceModel.spec` wrote down."""
    content = dict(spec)
    kind = MODELS[content.pop("model")]
    known = {option.name for option in fields(kind)}
    return kind(**{key: value for key, value in content.items() if key in known})


def _listed(given: str | Iterable[object]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(str(item) for item in given)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value
