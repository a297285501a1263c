"""The command that fits a model of choice, checks the fit and says what people value."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from estimation.commands.choice_models import (
    Classes,
    Covariate,
    ErrorComponent,
    Independent,
    Mixture,
    ModelOptions,
    Negative,
    Nest,
    Own,
    Random,
    Scale,
    Triangular,
    WtpSpace,
)
from estimation.commands.choice_options import (
    Alternative,
    Alternatives,
    Best,
    Chosen,
    Columns,
    Layout,
    Offered,
    Outside,
    Rank,
    Situation,
    Subject,
    Weight,
    Wide,
    Without,
    Worst,
    as_options,
    layout_of,
    spoken,
)
from estimation.commands.fit import file_name, fit_file
from estimation.commands.inputs import SIMULATED, is_file
from estimation.commands.output import AsJson, say
from estimation.commands.shown import fit_as_data, fit_as_text, plain
from estimation.errors import DataError

if TYPE_CHECKING:
    from estimation.choice.problem import ChoiceFit
    from estimation.data import ChoiceTable
    from estimation.data.choices.layout import ChoiceLayout


def fit_choice(
    data: Annotated[str, typer.Argument(metavar="DATA", help="A data set, or a comma-separated file.")],
    *,
    attribute: Annotated[
        list[str] | None,
        typer.Option(
            "--attribute", "-a", metavar="TERM", help="A term of the utility: price, income:train, …; repeat it."
        ),
    ] = None,
    constants: Annotated[bool, typer.Option("--constants", help="Give each alternative a utility of its own.")] = False,
    reference: Annotated[str | None, typer.Option(metavar="NAME", help="The alternative without constant.")] = None,
    random: Random = None,
    negative: Negative = None,
    triangular: Triangular = None,
    independent: Independent = False,
    mixture: Mixture = None,
    wtp_space: WtpSpace = None,
    error_component: ErrorComponent = None,
    covariate: Covariate = None,
    nest: Nest = None,
    scale: Scale = None,
    classes: Classes = None,
    own: Own = None,
    price: Annotated[
        str | None, typer.Option(metavar="TERM", help="The weight of price: shows willingness to pay.")
    ] = None,
    outside: Outside = None,
    without: Without = None,
    situation: Situation = None,
    alternative: Alternative = None,
    chosen: Chosen = None,
    subject: Subject = None,
    weight: Weight = None,
    columns: Columns = None,
    wide: Wide = None,
    alternatives: Alternatives = None,
    best: Best = None,
    worst: Worst = None,
    offered: Offered = None,
    rank: Rank = None,
    layout: Layout = None,
    synthetic: Annotated[bool, typer.Option("--synthetic", help="The file was made by a simulation.")] = False,
    seed: Annotated[int, typer.Option(help="Root of all randomness.")] = 1,
    draws: Annotated[int, typer.Option(help="Draws kept in each chain.")] = 500,
    chains: Annotated[int, typer.Option(help="Chains.")] = 4,
    out: Annotated[Path | None, typer.Option(metavar="NC", help="Where to keep the fit.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fit a model of choice, check the fit, and keep it in a file.

    An interrupted fit goes on where it stopped when it is started again in the same way.

    Weights are the same for everybody unless --random names those that differ; --nest makes a nested logit, --classes
    latent classes, --scale choices of unequal noise; --model names another, or one of yours.
    """
    roles = {"situation": situation, "alternative": alternative, "chosen": chosen, "subject": subject}
    roles |= {"weight": weight, "outside": outside, "wide": wide, "best": best, "worst": worst, "rank": rank}
    with as_options():
        model = ModelOptions(
            attribute or [],
            constants,
            reference,
            random or [],
            negative or [],
            triangular or [],
            independent,
            mixture,
            wtp_space,
            error_component or [],
            covariate or [],
            nest or [],
            scale or [],
            classes,
            own,
        ).model()
        table = choices_of(data, layout_of(layout, columns, alternatives, offered, **roles), synthetic=synthetic)
        table = table.without(without) if without else table
        target = fit_file(out or Path(f"{file_name(table.name, model.name)}.nc"))
        from estimation.inference.fit import fit

        fitted = fit(model, table, seed=seed, draws=draws, chains=chains, path=target)
        text, found = shown(fitted, price)
    say(f"{text}\nThe fit is in {target}", {"file": str(target)} | found, as_json=as_json)


def shown(fit: ChoiceFit, price: str | None) -> tuple[str, dict[str, Any]]:
    """Return a fit, checked, and with a price what people would pay: as a terminal shows it, and as plain data."""
    from estimation.evaluation.diagnosis import diagnose
    from estimation.report.choices.figures import worth_of
    from estimation.report.choices.tables import choice_estimate_tables

    diagnosis = diagnose(fit)
    found = fit_as_data(fit, diagnosis, "model")
    worth = None if price is None else worth_of(fit, price)
    if worth is not None:
        found["willingness_to_pay"] = plain(worth.table)
    notes = fit.problem.notes(fit.tree["posterior"].dataset)
    worth = None if worth is None else replace(worth, notes=tuple(map(spoken, worth.notes)))
    return "\n".join([fit_as_text(fit, diagnosis, choice_estimate_tables, worth), *notes]), found | {"notes": notes}


def choices_of(data: str, layout: ChoiceLayout | None = None, *, synthetic: bool = False) -> ChoiceTable:
    """Return the table of choices that a command was given: a data set's name, or a file with its layout.

    Raises
    ------
    DataError, DatasetError
        If there is no such table, it holds no choices, or its columns are known and named all the same.
    """
    from estimation.data import ChoiceTable, load
    from estimation.data.choices.layout import ChoiceLayout

    layout = ChoiceLayout() if layout is None else layout
    if is_file(data):
        return layout.table(data, synthetic=synthetic or Path(data).name.startswith(SIMULATED))
    table = load(data)
    if not isinstance(table, ChoiceTable):
        problem = f"{data} holds decisions in games; fit it with: estimation fit {data} --theory …"
        raise DataError("The data are of another kind:", [problem])
    if layout != ChoiceLayout():
        raise DataError("The columns are known:", [f"{data} is a data set of the package; leave their options out"])
    return table
