"""The multinomial logit, with weights that everybody shares or that differ between people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from estimation.choice.design import UtilityDesign, design_of
from estimation.choice.hierarchy.describe import problem_of
from estimation.choice.hierarchy.problem import FIXED, NORMAL, SIGNS, MixedLogit
from estimation.choice.model import ChoiceModel
from estimation.choice.utility import listed
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all

if TYPE_CHECKING:
    from estimation.choice.problem import ChoiceProblem

COVARIANCES = ("full", "diagonal")


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
        object.__setattr__(self, "covariates", listed(self.covariates))
        object.__setattr__(self, "distributions", dict(self.distributions))
        super().__post_init__()

    def _problems(self) -> list[str]:
        problems = super()._problems()
        if isinstance(self.random, str) and self.random != "all":
            problems.append(f'random must be "all", a list of coefficients or None, not {self.random!r}')
        if self.covariance not in COVARIANCES:
            problems.append(f"covariance must be one of {COVARIANCES}, not {self.covariance!r}")
        problems += [
            f"distributions[{name!r}] must be one of {tuple(SIGNS)}, not {kind!r}"
            for name, kind in self.distributions.items()
            if kind not in SIGNS
        ]
        given = {"distributions": self.distributions, "covariates": self.covariates}
        needless = [word for word, value in given.items() if value and not self.hierarchical]
        return problems + [f"{word} need random coefficients; name them in random=" for word in needless]

    @property
    def hierarchical(self) -> bool:
        """Whether some coefficients differ between people."""
        return self.random is not None and self.random != ()

    @property
    def may_fix(self) -> bool:
        """Whether some weights may be known beforehand: where none differ between people."""
        return not self.hierarchical

    @property
    def title(self) -> str:
        """The name, and whether tastes differ."""
        return f"{self.name} with tastes that differ" if self.hierarchical else self.name

    def on(self, table: ChoiceTable) -> ChoiceProblem:
        """Return the model on a table: weights that everybody shares, or random coefficients."""
        if not self.hierarchical:
            return super().on(table)
        from estimation.choice.hierarchy.random import RandomCoefficients  # noqa: PLC0415 - compiled code is slow to load

        return RandomCoefficients(self, table, self.hierarchy(table))

    def hierarchy(self, table: ChoiceTable) -> MixedLogit:
        """Return what is sampled where coefficients differ between people.

        Raises
        ------
        ChoiceError
            If names are not coefficients or covariates, or no coefficient differs between people.
        """
        kinds = self.kinds(design_of(self, table))
        if all(kind == FIXED for kind in kinds):
            problem = "every coefficient is fixed; leave random away, and the pooled model is fitted"
            raise ChoiceError("Nothing differs between people:", [problem])
        return problem_of(self, table, kinds, is_diagonal=self.covariance == "diagonal")

    def kinds(self, design: UtilityDesign) -> tuple[str, ...]:
        """Return the distribution of each coefficient over people: see `SIGNS`.

        Raises
        ------
        ChoiceError
            If the model names coefficients or terms that its utility does not have.
        """
        named = design.names if self.random == "all" else tuple(self.random or ())
        unknown = dict.fromkeys(name for name in (*named, *self.distributions) if not design.of_term(name))
        problems = [f"{name!r} is neither a term nor a coefficient; there are {list(design.names)}" for name in unknown]
        raise_all(problems, ChoiceError, "The random coefficients are not clear:")
        random = {coefficient for name in named for coefficient in design.of_term(name)}
        kinds = {coefficient: NORMAL if coefficient in random else FIXED for coefficient in design.names}
        for name, kind in self.distributions.items():
            kinds |= dict.fromkeys(design.of_term(name), kind)
        return tuple(kinds[coefficient] for coefficient in design.names)
