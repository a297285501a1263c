"""The multinomial logit, with weights that everybody shares or that differ between people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from estimation.allowed import is_among, word_problems
from estimation.arrays import Array, is_whole
from estimation.choice.hierarchy.describe import problem_of
from estimation.choice.hierarchy.problem import FIXED, NORMAL, SIGNS, MixedLogit
from estimation.choice.hierarchy.triangular import TRIANGULAR
from estimation.choice.model import ChoiceModel
from estimation.choice.utilities.design import UtilityDesign, design_of
from estimation.choice.utilities.options import COUNT, GROUPS, LABEL, MAYBE_NAMES, NAMES, WORDS, Form
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all

if TYPE_CHECKING:
    from estimation.choice.problem import ChoiceProblem

COVARIANCES = ("full", "diagonal")
NEGATIVE = ("-lognormal", "fixed")
"""Distributions of a price in whose units others are."""


@dataclass(frozen=True, eq=True)
class MultinomialLogit(ChoiceModel):
    """Utility is a weighted sum of attributes plus a Gumbel error; the weights may differ between people.

    Person n has the weights β_n ~ N(b + Γ z_n, Σ) (or a log-normal of it); without random coefficients everybody has b.

    In willingness-to-pay space utility is α_n (ω_n'x - price), with a log-normal α_n > 0: the parameters are amounts of
    money, each with a prior, a mean and a spread over people (Train and Weeks 2005).

    Parameters
    ----------
    random
        The coefficients that differ between people: ``"all"``, a list of coefficients or terms, or None.
    covariance
        ``"full"`` (tastes may be correlated) or ``"diagonal"``.
    distributions
        By random coefficient: ``"normal"`` (the default), ``"lognormal"`` (positive), ``"-lognormal"`` (negative, as
        for prices), ``"triangular"`` (between two ends, likeliest in the middle; independent of all other tastes),
        ``"fixed"`` (the same for everybody).
    covariates
        Columns of the table that describe people and shift the means of the random coefficients.
    components
        How many normals the tastes of people are a mixture of, each with its own share, means and covariance: tails,
        skewness, several peaks (Rossi, Allenby and McCulloch 2005, ch. 5, as bayesm's rhierMnlRwMixture). All
        coefficients then differ between people, and not by covariates.
    error_components
        Name → alternatives that have something in common for a person beyond their attributes: a normal with mean zero
        over people, independent of all else (`covariance="diagonal"`). Groups may overlap.
    wtp_space
        The coefficient of price, if all others are to be willingness to pay in its units. Its own is negative:
        log-normal over people, or the same for everybody if it is not among the random coefficients.
    """

    random: str | Sequence[str] | None = field(default=None, kw_only=True)
    covariance: str = field(default="full", kw_only=True)
    distributions: Mapping[str, str] = field(default_factory=dict, kw_only=True, hash=False)
    covariates: Sequence[str] = field(default=(), kw_only=True)
    components: int = field(default=1, kw_only=True)
    error_components: Mapping[str, Sequence[str]] = field(default_factory=dict, kw_only=True, hash=False)
    wtp_space: str | None = field(default=None, kw_only=True)

    name: ClassVar[str] = "multinomial logit"
    citation: ClassVar[str] = (
        "McFadden, D. (1974). Conditional logit analysis of qualitative choice behavior. In P. Zarembka (ed.), "
        "Frontiers in Econometrics, 105-142."
    )

    forms: ClassVar[Mapping[str, Form]] = {
        **ChoiceModel.forms,
        "random": MAYBE_NAMES,
        "distributions": WORDS,
        "covariates": NAMES,
        "components": COUNT,
        "error_components": GROUPS,
        "wtp_space": LABEL,
    }

    def _problems(self) -> list[str]:
        problems = super()._problems()
        if isinstance(self.random, str) and self.random != "all":
            problems.append(f'random must be "all", a list of coefficients or None, not {self.random!r}')
        problems += word_problems(COVARIANCES, covariance=self.covariance)
        for name, kind in self.distributions.items():
            problems += word_problems(SIGNS, **{f"distributions[{name!r}]": kind})
        given = {"distributions": self.distributions, "covariates": self.covariates}
        if self.wtp_space is not None and self.distributions.get(self.wtp_space, "-lognormal") not in NEGATIVE:
            problems.append(f"{self.wtp_space!r} is the price of wtp_space: it must be {' or '.join(NEGATIVE)}")
        if not is_whole(self.components) or self.components < 1:
            problems.append(f"components must be 1 or a larger whole number, not {self.components!r}")
        elif self.components > 1 and (self.covariates or not self.hierarchical):
            problems.append('a mixture needs random coefficients (random="all") and takes no covariates')
        if self.error_components and (self.covariance != "diagonal" or self.components > 1):
            problems.append('error components are independent of tastes: give covariance="diagonal" and one component')
        problems += self._problems_of_triangles()
        needless = [word for word, value in given.items() if value and not self.hierarchical]
        return problems + [f"{word} need random coefficients; name them in random=" for word in needless]

    def _problems_of_triangles(self) -> list[str]:
        """Return what triangular tastes cannot be combined with."""
        names = [name for name, kind in self.distributions.items() if is_among(kind, (TRIANGULAR,))]
        given = {
            "covariates": self.covariates,
            "components": self.components if self.components != 1 else None,
            "error_components": self.error_components,
            "wtp_space": self.wtp_space,
        }
        advice = 'make it "normal" or "lognormal", or leave that away'
        return [
            f"{name!r} is triangular, which goes with no {word}: {advice}"
            for name in names
            for word in given
            if given[word]
        ]

    @property
    def hierarchical(self) -> bool:
        """Whether some coefficients differ between people."""
        return (self.random is not None and self.random != ()) or bool(self.error_components)

    @property
    def groups(self) -> Mapping[str, Sequence[str]]:
        """The error components."""
        return self.error_components

    @property
    def may_fix(self) -> bool:
        """Whether some weights may be known beforehand: where none differ between people."""
        return not self.hierarchical

    @property
    def title(self) -> str:
        """The name, and whether tastes differ."""
        title = self.name if self.wtp_space is None else f"{self.name} in willingness-to-pay space"
        if self.components > 1:
            return f"{title} with tastes that are a mixture of {self.components} normals"
        return f"{title} with tastes that differ" if self.hierarchical else title

    def on(self, table: ChoiceTable) -> ChoiceProblem:
        """Return the model on a table: weights that everybody shares, or random coefficients."""
        if not self.hierarchical:
            return super().on(table) if self.wtp_space is None else self._shared_worth(table)
        from estimation.choice.hierarchy.random import RandomCoefficients  # noqa: PLC0415 - compiled code is slow to load

        hierarchy = self.hierarchy(table)
        if self.components == 1:
            return RandomCoefficients(self, table, hierarchy)
        from estimation.choice.mixtures.problem import TasteMixture, of_components  # noqa: PLC0415 - as above

        if hierarchy.fixed:
            problem = f"{[design_of(self, table).names[place] for place in hierarchy.fixed]} are the same for everybody"
            raise ChoiceError("In a mixture all coefficients differ between people:", [problem])
        return TasteMixture(self, table, of_components(hierarchy), self.components)

    def hierarchy(self, table: ChoiceTable, spread: Array | None = None) -> MixedLogit:
        """Return what is sampled where coefficients differ between people; for `spread` see `problem_of`.

        Raises
        ------
        ChoiceError
            If names are not coefficients or covariates, or no coefficient differs between people.
        """
        design = design_of(self, table)
        kinds, price = self.kinds(design), self._price(design)
        if all(kind == FIXED for kind in kinds):
            problem = "every coefficient is fixed; leave random away, and the pooled model is fitted"
            raise ChoiceError("Nothing differs between people:", [problem])
        return problem_of(self, table, kinds, is_diagonal=self.covariance == "diagonal", price=price, spread=spread)

    def _shared_worth(self, table: ChoiceTable) -> ChoiceProblem:
        from estimation.choice.hierarchy.willingness import shared_worth  # noqa: PLC0415 - samplers are slow to import

        return shared_worth(self, table, self._price(design_of(self, table)))

    def _price(self, design: UtilityDesign) -> int:
        """Return the position of the price of willingness-to-pay space, -1 if amounts are not the parameters."""
        if self.wtp_space is None:
            return -1
        if self.wtp_space not in design.names:
            problem = f"wtp_space={self.wtp_space!r} is none of the coefficients {list(design.names)}"
            raise ChoiceError("The price is not clear:", [problem])
        return design.names.index(self.wtp_space)

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
        kinds |= dict.fromkeys(self.error_components, NORMAL)
        if kinds.get(str(self.wtp_space)) == NORMAL:
            kinds[str(self.wtp_space)] = "-lognormal"
        return tuple(kinds[coefficient] for coefficient in design.names)
