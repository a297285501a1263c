"""The pictures of a report on choices, each with a caption and with alternative text that says what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from estimation.choice.problem import ChoiceFit
from estimation.choice.quantity import Quantity
from estimation.choice.substitution import Substitution
from estimation.drawing import new_axes
from estimation.evaluation.comparison import Comparison
from estimation.report import words
from estimation.report.blocks import Gallery, Paragraph, Section
from estimation.report.choices.figures import plot_diversion, plot_willingness_to_pay
from estimation.report.picture import Picture, picture
from estimation.report.theories.gallery import difference_pictures
from estimation.report.theories.people import spread_of
from estimation.report.theories.people_figures import plot_people, plot_shares, shares_of
from estimation.text.digits import number

MOST_TASTES = 8  # coefficients whose spread over people is drawn


def difference_gallery(study: Comparison) -> Section:
    """Return the comparison person by person, or decision by decision."""
    title, note = words.DIFFERENCES if study.unit == "subject" else words.DECISION_DIFFERENCES
    return Section("", title, (Paragraph(note), Gallery(tuple(difference_pictures(study)))))


def people_gallery(fits: Mapping[str, ChoiceFit]) -> Iterator[Picture]:
    """Yield how weights vary over people, and the shares of classes, under each model in which people differ."""
    for name, fit in fits.items():
        posterior = fit.tree["posterior"].dataset
        if "share" in posterior:
            yield _shares(fit, name)
        for coefficient in fit.problem.varying(posterior)[:MOST_TASTES]:
            yield _weights(fit, name, coefficient)


def worth_picture(worth: Quantity, name: str) -> Picture:
    """Return what people would pay."""
    parts = [
        f"{attribute} {number(row['median'])} ({number(row['low'])} to {number(row['high'])})"
        for attribute, row in worth.table.head(6).iterrows()
    ]
    alt = f"Median and 90 % interval of {worth.name} under {name}: {'; '.join(parts)}. {worth.label}."
    return picture(plot_willingness_to_pay(worth), alt, f"Willingness to pay under {name}: median and 90 % interval.")


def diversion_picture(found: Quantity, name: str) -> Picture:
    """Return where the buyers of each alternative would go."""
    matrix: Any = found.matrix
    nearest = matrix.idxmax(axis=1)
    parts = "; ".join(f"{gone} most often to {to} ({100 * matrix.loc[gone, to]:.0f} %)" for gone, to in nearest.items())
    alt = f"A matrix of where buyers go under {name} if an alternative is withdrawn: {parts}. {found.label}."
    return picture(plot_diversion(found), alt, f"Where buyers go under {name}, per cent of those who lose a row.")


def substitution_picture(shown: Substitution) -> Picture:
    """Return where the buyers of one alternative go, model by model."""
    axes = shown.plot(new_axes(width=5.6))
    parts = []
    for model in shown.diversions:
        shares: Any = 100 * shown.table["median"].loc[model]
        parts.append(f"{model} {', '.join(f'{name} {share:.0f} %' for name, share in shares.items())}")
    alt = f"Bars of where the buyers of {shown.removed} go: {'; '.join(parts)}. {shown.label}."
    return picture(axes, alt, f"If {shown.removed} is withdrawn: medians and 90 % intervals, model by model.")


def _weights(fit: ChoiceFit, name: str, coefficient: str) -> Picture:
    spread = spread_of(fit, coefficient)
    low, middle, high = (number(value, significant=2) for value in np.quantile(spread.median, [0.05, 0.5, 0.95]))
    alt = (
        f"Weight of {coefficient} of {len(spread.median)} people under {name}, one line each: middle person {middle}, "
        f"90 % of people between {low} and {high} logits per unit; pooling {spread.pooling:.2f}. {fit.table.label}."
    )
    pooled = f"Pooling {spread.pooling:.2f} (0: choices tell everything, 1: nothing)"
    caption = f"Weight of {coefficient} under {name}. {pooled}."
    return picture(plot_people(fit, coefficient), alt, caption)


def _shares(fit: ChoiceFit, name: str) -> Picture:
    kinds, _, middle, _ = shares_of(fit)
    parts = ", ".join(f"{kind} {number(share, significant=2)} %" for kind, share in zip(kinds, middle, strict=True))
    alt = f"Bars of the shares of latent classes of people under {name}: {parts}. {fit.table.label}."
    return picture(plot_shares(fit), alt, f"Shares of classes under {name}: posterior median and 90 % interval.")
