"""What is valued: the terms of a utility, as a frozen description. It holds no data and computes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from estimation.arrays import Spec, in_reach, is_real
from estimation.choice.utilities.options import LABEL, NUMBERS, TERMS, TRUTH, Form
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all

Row = tuple[str, ...]
"""What is told of a parameter: name, meaning, unit, prior and why."""


@dataclass(frozen=True, eq=True)
class Utility:
    """The terms of the utility, which all models of choice share.

    Parameters
    ----------
    attributes
        The terms of the utility, one coefficient each: columns of the table (``"price"``), products of columns
        (``"income:train"``; the name of an alternative stands for its 0/1 indicator), one coefficient per alternative
        (``"time:alternative"``; all but the reference where the column is constant within situations, as income is), or
        a formula of columns (``"np.log(price)"``, ``"C(brand)"``; `estimation.expressions` lists what it may contain).
    constants
        Whether each alternative has a utility of its own, named like the alternative. The reference and the outside
        option have none: only differences of utility can be seen.
    reference
        The alternative without constant; the outside option or else the first alternative if left out.
    fixed
        Term or coefficient → the weight that it has, which is then not estimated: ``{"price": -1}``, or
        ``{"np.log(size)": 1}`` for an offset. Terms need not be among the attributes.
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
    fixed: Mapping[str, float] = field(default_factory=dict, kw_only=True, hash=False)
    prior_scale: float = field(default=5.0, kw_only=True)

    name: ClassVar[str] = "logit"
    citation: ClassVar[str] = ""

    forms: ClassVar[Mapping[str, Form]] = {
        "attributes": TERMS,
        "constants": TRUTH,
        "reference": LABEL,
        "fixed": NUMBERS,
    }
    """In which form each option is given, and kept."""

    def __post_init__(self) -> None:
        heading = f"The description of the {self.name} is not valid:"
        given = [(name, form, getattr(self, name)) for name, form in self.forms.items()]
        raise_all([text for name, form, value in given for text in form.problems(name, value)], ChoiceError, heading)
        for name, form, value in given:
            object.__setattr__(self, name, form.kept(value))
        raise_all(self._problems(), ChoiceError, heading)

    def _problems(self) -> list[str]:
        """Return what makes no sense, in words."""
        problems = []
        if not self.attributes and not self.constants:
            problems.append("there is nothing to estimate: name attributes, or set constants=True")
        twice = sorted({term for term in self.attributes if self.attributes.count(term) > 1})
        problems += [f"attribute {term!r} is named twice; name it once" for term in twice]
        problems += [
            f"fixed[{term!r}] must be a finite number, not {in_reach(value)!r}"
            for term, value in self.fixed.items()
            if not is_real(value)
        ]
        if self.fixed and not self.may_fix:
            problems.append(
                "fixed needs weights that everybody shares in a utility that is a weighted sum; leave it out"
            )
        if not (is_real(self.prior_scale) and self.prior_scale > 0):
            problems.append(f"prior_scale must be positive and finite, not {in_reach(self.prior_scale)!r}")
        return problems

    @property
    def title(self) -> str:
        """What a fit of the model is called: its name, and what tells it from others of the name."""
        return self.name

    @property
    def may_fix(self) -> bool:
        """Whether some weights may be known beforehand."""
        return False

    @property
    def is_mixture_of_logits(self) -> bool:
        """Whether odds of two alternatives are independent of all others, given a person's weights."""
        return False

    @property
    def covariates(self) -> Sequence[str]:
        """Columns of the table that describe people, and on which their weights depend."""
        return ()

    @property
    def groups(self) -> Mapping[str, Sequence[str]]:
        """Alternatives that have something in common for a person, by name: error components."""
        return {}

    @property
    def further_rows(self) -> tuple[Row, ...]:
        """What is told of parameters beside the coefficients."""
        return ()

    def words(self, table: ChoiceTable) -> Mapping[str, str]:
        """Return what tables call those parameters whose names are the notation of formulas: name → words."""
        return {}

    def spec(self) -> Spec:
        """Return the description as plain data."""
        return {str(key): _plain(value) for key, value in asdict(self).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value
