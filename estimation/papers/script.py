"""The one script of a replication package: from the data to every number, table and figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from estimation.data.stored import AnyTable
from estimation.errors import ReplicationError, raise_all
from estimation.evaluation.comparison.comparison import Comparison
from estimation.fits.fit import AnyFit
from estimation.papers.python_code import NotWritten, code_of, module_name, text_code
from estimation.papers.tables import PackagedTable

SCRIPT = "replicate.py"
NO_SCRIPT = "No script can make these results anew:"
OF_MACHINES = ("cores",)
"""Settings that say how fast, not what."""

HEAD = '''"""Makes every number, table and figure of this folder from the data.

    python replicate.py           # into the folder results
    python replicate.py FOLDER    # into another one, to be compared with it

A run that was interrupted goes on where it stopped: a fit that is finished lies in the folder fits of the results, and
is read from there. Remove it to make everything anew.
"""

import sys
from pathlib import Path

import estimation as est

HERE = Path(__file__).resolve().parent
RESULTS = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else HERE / "results"


def fitted(name, model, table, **settings):
    """Fit a model to a table, or read the fit that an earlier run has finished."""
    return est.fit_or_load(model, table, RESULTS / "fits" / f"{name}.nc", **settings)


def checked(table, fingerprint):
    """Return a table if it is the one that the paper is about."""
    if table.fingerprint != fingerprint:
        raise SystemExit(f"{table.label} is not the table of the paper: fingerprint {table.fingerprint}")
    return table


def main():
    """Read the data, fit the models, and write what they come to."""
    (RESULTS / "fits").mkdir(parents=True, exist_ok=True)
'''
TAIL = """

if __name__ == "__main__":
    main()
"""


@dataclass(frozen=True)
class NamedStudy:
    """A study of a paper.

    Parameters
    ----------
    name
        What its folder of results is called.
    study
        A fit, or a comparison.
    options
        Those of its report.
    """

    name: str
    study: AnyFit | Comparison
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fits(self) -> dict[str, AnyFit]:
        """Its fits by the names of their models."""
        return dict(self.study.fits) if isinstance(self.study, Comparison) else {self.study.problem.title: self.study}

    @property
    def table(self) -> AnyTable:
        """The table that they are of."""
        table: AnyTable = next(iter(self.fits.values())).table
        return table

    def file_of(self, model: str) -> str:
        """Return what the file of a fit is called, without its suffix."""
        return f"{module_name(self.name)}-{module_name(model)}"


def script_text(studies: list[NamedStudy], tables: Mapping[str, PackagedTable], own: Mapping[str, str]) -> str:
    """Return the script.

    Parameters
    ----------
    tables
        Fingerprint → how the script gets the table.
    own
        File of models of the authors' own, in the folder ``code`` → the name that its module has.

    Raises
    ------
    ReplicationError
        Listing every model that cannot be written as Python.
    """
    problems: list[str] = []
    lines = [f'    {name} = est.import_file(HERE / "code" / {text_code(file)})' for file, name in own.items()]
    for table in tables.values():
        lines += ["", f"    {table.variable} = checked(", f"        {table.code},"]
        lines += [f"        {text_code(table.table.fingerprint)},", "    )"]
    for study in studies:
        lines += ["", *_study_lines(study, tables, problems)]
    raise_all(problems, ReplicationError, NO_SCRIPT)
    body = "\n".join(lines)
    head = HEAD.replace("import estimation", "import pandas as pd\n\nimport estimation") if "pd." in body else HEAD
    return f"{head}{body}\n{TAIL}"


def _study_lines(named: NamedStudy, tables: Mapping[str, PackagedTable], problems: list[str]) -> Iterator[str]:
    options = "".join(f", {name}={_option(value)}" for name, value in named.options.items() if value is not None)
    calls = {str(name): _fit_lines(named, str(name), fit, tables, problems) for name, fit in named.fits.items()}
    yield f"    # {named.name}"
    if not isinstance(named.study, Comparison):
        first, *others = next(iter(calls.values()))
        yield from (f"    study = {first}", *(f"    {line}" for line in others))
    else:
        yield from ("    study = est.compare(", "        {")
        for name, (first, *others) in calls.items():
            lines = (f"{text_code(name)}: {first}", *others[:-1], f"{others[-1]},")
            yield from (f"            {line}" for line in lines)
        yield "        },"
        yield from (f"        {option}," for option in _how_compared(named.study))
        yield f'        store=RESULTS / "fits" / {text_code(named.file_of("refits"))},'
        yield "    )"
    yield f"    est.write_results(study, RESULTS / {text_code(named.name)}{options})"


def _fit_lines(
    named: NamedStudy, name: str, fit: AnyFit, tables: Mapping[str, PackagedTable], problems: list[str]
) -> list[str]:
    """Return the call that makes a fit, line by line."""
    manifest = fit.manifest
    settings = {key: value for key, value in manifest["settings"].items() if key not in OF_MACHINES}
    settings |= {key: manifest[key] for key in ("pooled", "equal") if manifest.get(key) not in (None, {})}
    try:
        model, given = code_of(fit.model), [f"{key}={code_of(value)}" for key, value in settings.items()]
    except NotWritten as problem:
        problems.append(f"{name}: {problem}")
        return ["", ""]
    what = [text_code(named.file_of(name)), model, tables[fit.fingerprint].variable]
    return ["fitted(", *(f"    {line}," for line in [*what, ", ".join(given)]), ")"]


def _how_compared(study: Comparison) -> list[str]:
    """Return the options with which fits were compared, as code."""
    units = [study.unit, *(other.unit for other in study.others)]
    how = [text_code(units[0]) if len(units) == 1 else code_of(units), f"roles_apart={study.unrelated is not None}"]
    return [*how, *(["benchmark=True"] if study.benchmark is not None else [])]


def _option(value: Any) -> str:
    """Return an option of a report as code: products with their attributes as a frame."""
    if isinstance(value, pd.DataFrame):
        return f"pd.DataFrame({code_of(value.to_dict('list'))}, index={code_of(list(value.index))})"
    return code_of(value)
