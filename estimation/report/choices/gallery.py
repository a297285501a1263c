"""The pictures of a report on choices, each with a caption and with alternative text that says what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from estimation.choice.problem import ChoiceFit
from estimation.choice.quantities.quantity import Quantity
from estimation.choice.quantities.substitution import Substitution
from estimation.drawing import axes_or_new
from estimation.report.choices.figures import plot_diversion, plot_willingness_to_pay
from estimation.report.picture import Picture, picture
from estimation.report.theories.gallery import shares_picture, spread_picture
from estimation.report.theories.people import weight_of
from estimation.text.contrasts import in_words
from estimation.text.digits import number

MOST_TASTES = 8  # coefficients whose spread over people is drawn


def people_gallery(fits: Mapping[str, ChoiceFit]) -> Iterator[Picture]:
    """Yield how weights vary over people, and the shares of classes, under each model in which people differ."""
    for name, fit in fits.items():
        posterior = fit.tree["posterior"].dataset
        if "share" in posterior:
            yield shares_picture(fit, name, "classes of people")
        for coefficient in fit.problem.varying(posterior)[:MOST_TASTES]:
            yield spread_picture(fit, name, coefficient, *weight_of(fit, coefficient))


def worth_picture(worth: Quantity, name: str) -> Picture:
    """Return what people would pay."""
    rows = ((in_words(str(name), worth.called), row) for name, row in worth.table.head(6).iterrows())
    parts = [f"{name} {number(row['median'])} ({number(row['low'])} to {number(row['high'])})" for name, row in rows]
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
    axes = shown.plot(axes_or_new(None, width=5.6))
    parts = []
    for model in shown.diversions:
        shares: Any = 100 * shown.table["median"].loc[model]
        parts.append(f"{model} {', '.join(f'{name} {share:.0f} %' for name, share in shares.items())}")
    alt = f"Bars of where the buyers of {shown.removed} go: {'; '.join(parts)}. {shown.label}."
    return picture(axes, alt, f"If {shown.removed} is withdrawn: medians and 90 % intervals, model by model.")
