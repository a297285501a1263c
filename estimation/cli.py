"""The command line: ``estimation COMMAND``.

Habits of every command: results go to standard output, progress and complaints to standard error; ``--json``
prints plain data; an error that the user can mend ends with exit code 2 and no traceback, and anything else
shows its traceback. A command is a plain function in `estimation.commands`, listed in `COMMANDS`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

import typer

from estimation.commands import (
    assort,
    choice,
    compare,
    data,
    demo,
    fit,
    interactive,
    layout,
    market,
    package,
    reproduce,
    simulate,
)
from estimation.commands.help import Command, Group
from estimation.commands.mistakes import own_mistake
from estimation.commands.output import JSON_FLAG, complain
from estimation.errors import EstimationError

USER_ERROR, INTERRUPTED = 2, 130
SAME = "start the same command again"
GOES_ON = {
    "fit": f"What was finished is kept: {SAME}, and it goes on there.",
    "fit-choice": f"What was finished is kept: {SAME}, and it goes on there.",
    "demo": f"Finished fits are kept: {SAME}, and it goes on there.",
    "fetch": f"Files that have arrived are kept: {SAME} for the others.",
}
"""What to do after Ctrl-C, by command."""

COMMANDS: dict[str, Callable[..., None]] = {
    "datasets": data.datasets,
    "fetch": data.fetch,
    "check": data.check,
    "layout": layout.layout,
    "fit": fit.fit,
    "fit-choice": choice.fit_choice,
    "market": market.market,
    "compare": compare.compare,
    "report": compare.report,
    "interactive": interactive.interactive,
    "simulate": simulate.simulate,
    "assort": assort.assort,
    "reproduce": reproduce.reproduce,
    "verify": package.verify,
    "demo": demo.demo,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line.

    Parameters
    ----------
    arguments
        What follows the program's name; those of the process if left out.

    Raises
    ------
    SystemExit
        Always: with code 0 on success, 2 on an error that the user can mend, 130 after Ctrl-C.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        app()(args=given, prog_name="estimation")
    except EstimationError as error:
        complain(error, as_json=JSON_FLAG in given)
        raise SystemExit(USER_ERROR) from None
    except Exception as problem:
        mistake = own_mistake(problem)
        if mistake is None:
            raise
        complain(mistake, as_json=JSON_FLAG in given)
        raise SystemExit(USER_ERROR) from None


def app() -> typer.Typer:
    """Return the program with all its commands; the reference of the documentation reads it, too."""
    made = typer.Typer(
        cls=Group,
        help="Which theory explains what people did, how sure can we be, and what should we do about it?",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # its panels break words on narrow screens
    )
    made.callback()(_options)
    for name, command in COMMANDS.items():
        made.command(name, cls=Command)(_interruptible(command, GOES_ON.get(name, f"No file is half-written: {SAME}.")))
    return made


def _interruptible(command: Callable[..., None], goes_on: str) -> Callable[..., None]:
    """Return a command that says how to go on if Ctrl-C ends it."""

    @wraps(command)
    def run(*given: object, **options: object) -> None:
        try:
            command(*given, **options)
        except KeyboardInterrupt:
            typer.echo(f"Interrupted. {goes_on}", err=True)
            raise typer.Exit(INTERRUPTED) from None

    return run


def _print_version(wanted: bool) -> None:
    if wanted:
        try:
            typer.echo(version("estimation"))
        except PackageNotFoundError:
            typer.echo("not installed: run from a checkout")
        raise typer.Exit


def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


if __name__ == "__main__":
    main()
