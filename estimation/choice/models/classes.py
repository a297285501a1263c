"""The latent class logit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from estimation.arrays import is_whole
from estimation.choice.model import ChoiceModel
from estimation.choice.utilities.options import COUNT, NAMES, Form
from estimation.data.choices.table import ChoiceTable

if TYPE_CHECKING:
    from estimation.choice.problem import ChoiceProblem

MOST = 50


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

    forms: ClassVar[Mapping[str, Form]] = {**ChoiceModel.forms, "classes": COUNT, "covariates": NAMES}

    def _problems(self) -> list[str]:
        problems = super()._problems()
        if not is_whole(self.classes) or self.classes < 1:
            problems.append(f"classes must be a whole number of at least 1, not {self.classes!r}")
        elif self.classes > MOST:
            problems.append(f"classes must be at most {MOST}, not {self.classes}: no data tell so many apart")
        return problems

    @property
    def may_fix(self) -> bool:
        """Weights of classes are all estimated."""
        return False

    def on(self, table: ChoiceTable) -> ChoiceProblem:
        """Return the model on a table."""
        from estimation.choice.classes.problem import LatentClasses  # noqa: PLC0415 - compiled code is slow to load

        return LatentClasses(self, table, self.classes)
