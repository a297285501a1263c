"""A maximum-likelihood estimate whose standard errors are sums over partitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from estimation.choice.maximum.mode import Mode
from estimation.errors import ChoiceError


@dataclass(frozen=True, eq=False, repr=False)
class SummedMode(Mode):
    """The estimate of a logit on choices in partitions: a `Mode` that holds no situation.

    Attributes
    ----------
    covariances
        What errors are called → the covariance of estimates: ``information``, ``robust`` and ``subject``.
    counts
        Of situations (``robust``) and people (``subject``).
    """

    covariances: Mapping[str, pd.DataFrame]
    counts: Mapping[str, int]

    def with_errors(self, errors: str) -> SummedMode:
        """Return the same estimate with other standard errors: ``information``, ``robust`` or by ``subject``.

        Raises
        ------
        ChoiceError
            If there are no such errors: other clusters may lie in several partitions.
        """
        if errors not in self.covariances:
            problem = f"{errors!r} is none of {list(self.covariances)}; other clusters may lie in several partitions"
            raise ChoiceError("Standard errors are not clear:", [problem])
        return replace(self, errors=errors)

    @property
    def covariance(self) -> pd.DataFrame:  # type: ignore[override] # kept, not computed
        """Covariance of the estimates, over coefficients, as `errors` says."""
        return self.covariances[self.errors]

    @property
    def clusters(self) -> int:
        """How many clusters of situations the errors are made of."""
        return self.counts[self.errors]
