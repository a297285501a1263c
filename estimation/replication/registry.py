"""Which way leads to which published table: one entry per table, gathered from the file of each family."""

from __future__ import annotations

from estimation.replication import (
    accusations,
    hierarchy_estimates,
    hierarchy_predictions,
    lies_and_corrections,
    mixed_choice,
    pooled_choice,
    small_games,
    trust_updates,
)
from estimation.replication.route import Route

ROUTES: dict[str, Route] = {
    **pooled_choice.ROUTES,
    **mixed_choice.ROUTES,
    **lies_and_corrections.ROUTES,
    **accusations.ROUTES,
    **hierarchy_predictions.ROUTES,
    **hierarchy_estimates.ROUTES,
    **small_games.ROUTES,
    **trust_updates.ROUTES,
}
"""``folder/table`` → the way to its numbers."""
