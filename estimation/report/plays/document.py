"""What stands in a report on theories of play in games without communication."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd

from estimation.report import words
from estimation.report.blocks import Document, Facts, Gallery, Paragraph, Section, Verdict, bullets, some
from estimation.report.picture import Picture, picture
from estimation.report.plays.figures import plot_plays, predicted_shares, shared_fits
from estimation.report.reversals import carried_by, is_clear, needed_for
from estimation.report.theories.tables import prior_of
from estimation.strategic import PlaysFit, scores
from estimation.strategic.importance import GOOD_K
from estimation.strategic.likelihood import Shared
from estimation.text.digits import fixed, number
from estimation.text.table import TextTable

MOST_GAMES = 8  # games and sides that are drawn
SIMULATED = "A simulation made these choices, not people. Nothing here is evidence about human behaviour."
COLUMNS = {
    "elpd": "elpd, nats",
    "elpd_diff": "behind the best, nats",
    "dse": "SE of the difference",
    "log_evidence": "log evidence, nats",
    "refitted": "units sampled anew",
}
HEAD = ("parameter", "symbol", "meaning", "unit", "prior", "why")


def plays_document(fits: Mapping[str, PlaysFit]) -> Document:
    """Return the report of theories of play on the same choices."""
    plays = next(iter(fits.values())).plays
    table = _compared(fits) if len(fits) > 1 else None
    failed = [name for name, fit in fits.items() if not fit.ok]
    problems = [
        f"{name}: the weights of its posterior cannot be trusted (Pareto k too high)." for name in failed
    ]
    sections = (
        _data(plays),
        Section("models", "Models", (Paragraph(words.PLAYS),), tuple(map(_model, fits, fits.values()))),
        Section("diagnosis", "Diagnosis", (Paragraph(words.DIAGNOSIS), _diagnosis(fits))),
        _estimates(fits),
        Section("comparison", "Comparison", (_comparison(table, plays.label), Paragraph(words.UNITS_OF_PLAY)))
        if table is not None and not problems
        else None,
        _pictures(fits),
        Section("reversals", "What would change the verdict", (bullets(_reversals(fits, table, problems)),)),
        _provenance(fits),
        Section("citations", "What to cite", (bullets(_citations(fits)),)),
    )
    return Document(
        "How do people play?" if len(fits) == 1 else "Which theory predicts best how people play?",
        plays.label,
        Verdict(words.AGAIN, tuple(problems)) if problems else Verdict(_verdict(fits, table)),
        tuple(section for section in sections if section is not None),
        SIMULATED if plays.synthetic else "",
    )


def _compared(fits: Mapping[str, PlaysFit]) -> pd.DataFrame:
    """Return theories side by side, best first; by their evidence alone if there is one unit only."""
    first = next(iter(fits.values()))
    if len(first.model.units) > 1:
        return scores(fits)
    evidence = pd.Series(
        {name: fit.posterior.log_evidence for name, fit in fits.items()}, name="log_evidence"
    )
    return evidence.sort_values(ascending=False).rename_axis("theory").to_frame()


def _verdict(fits: Mapping[str, PlaysFit], table: pd.DataFrame | None) -> str:
    plays = next(iter(fits.values())).plays
    if table is None:
        return f"{next(iter(fits))} on {plays.label}: the posterior can be used. {words.ALONE}"
    best, second = map(str, table.index[:2])
    row: Any = table.loc[second]
    if "elpd" not in table:
        ahead = table["log_evidence"].iloc[0] - row["log_evidence"]
        found = f"the evidence for {best} is larger than for {second}, by {ahead:.1f} nats"
        return f"On {plays.label}, {found}. {words.ONE_UNIT}"
    gap = _gap(fits, best, second)
    behind = f"{-row['elpd_diff']:.1f} nats (standard error {row['dse']:.1f}; {len(gap)} units)"
    if is_clear(gap):
        return f"On {plays.label}, {best} predicts what was left out better than {second}, by {behind}."
    return f"On {plays.label}, {best} cannot be told apart from {second}, which is behind by {behind}."


def _gap(fits: Mapping[str, PlaysFit], best: str, second: str) -> Any:
    return (fits[best].elpd["elpd"] - fits[second].elpd["elpd"]).to_numpy()


def _data(plays: Any) -> Section:
    facts = {
        "table": plays.label,
        "what": plays.source.description,
        "people": f"{len(plays.subjects):,}" if plays.individual else "not told apart",
        "choices": f"{len(plays):,} in {len(plays.games):,} games",
        "source": plays.source.citation or plays.source.title,
        "published at": plays.source.url,
        "licence": plays.source.licence,
        "fingerprint": plays.fingerprint[:16],
    }
    caveats = Section("", "What to know before trusting a result", (bullets(plays.source.caveats),))
    shown = Facts(tuple((key, value) for key, value in facts.items() if value))
    return Section("data", "Data", (shown,), (caveats,) if plays.source.caveats else ())


def _model(name: str, fit: PlaysFit) -> Section:
    parameters = fit.theory.parameters(list(fit.plays.games.values()))
    shared = isinstance(fit.model, Shared)
    rows = tuple((p.name, p.symbol, p.meaning, p.unit, prior_of(p, shared=shared), p.why) for p in parameters)
    about = Paragraph((type(fit.theory).__doc__ or "").strip().split("\n")[0])
    table = TextTable(f"Parameters of {fit.theory.name}", HEAD, rows) if rows else None
    return Section("", name, some(about, table))


def _diagnosis(fits: Mapping[str, PlaysFit]) -> TextTable:
    checks = (
        ("Pareto k", f"below {GOOD_K:g}, or no weight above a hundredth", "pareto_k"),
        ("effective draws", "many", "effective"),
    )
    rows = tuple(
        (check, wanted, *(number(getattr(fit.posterior, name)) for fit in fits.values()))
        for check, wanted, name in checks
    )
    marked = tuple((0, 2 + at) for at, fit in enumerate(fits.values()) if not fit.ok)
    return TextTable(
        "Checks of each posterior", ("check", "wanted", *fits), rows, tuple(range(2, 2 + len(fits))), marked
    )


def _estimates(fits: Mapping[str, PlaysFit]) -> Section:
    head, parts = ("quantity", "median", "90 % interval"), []
    for name, fit in fits.items():
        if fit.ok:
            effective = fit.posterior.effective
            rows = tuple(_row(str(quantity), row, effective) for quantity, row in fit.summary.iterrows())
            parts.append(Section("", name, (TextTable(f"Posterior of {name}", head, rows, (1, 2)),)))
    return Section("estimates", "Estimates", (), tuple(parts))


def _row(name: str, row: pd.Series, effective: float) -> tuple[str, ...]:
    """Return one line; the Monte-Carlo error of a quantile is about 1.25 standard deviations over the root of draws."""
    error = 1.25 * (row["high"] - row["low"]) / 3.29 / np.sqrt(effective)
    low, middle, high = (number(row[column], error) for column in ("low", "median", "high"))
    return name, middle, f"{low} to {high}"


def _comparison(table: pd.DataFrame, label: str) -> TextTable:
    shown = [name for name in COLUMNS if name in table]
    rows = tuple(
        (str(name), *(fixed(row[column], 0 if column == "refitted" else 1) for column in shown))
        for name, row in table.iterrows()
    )
    head = ("theory", *(COLUMNS[name] for name in shown))
    return TextTable(f"Theories compared on {label}", head, rows, tuple(range(1, len(head))))


def _pictures(fits: Mapping[str, PlaysFit]) -> Section | None:
    shown = shared_fits(fits)
    if not shown:
        return None
    cells = list(next(iter(shown.values())).plays.counts()[0])[:MOST_GAMES]
    pictures = tuple(_picture(shown, game, player) for game, player in cells)
    return Section(
        "checks",
        "What people chose, and what each theory expects",
        (Paragraph(words.PLAYED), Gallery(pictures)),
    )


def _picture(fits: Mapping[str, PlaysFit], game: str, player: str) -> Picture:
    observed, predicted = predicted_shares(fits, game, player)
    most: Any = observed.idxmax()
    said = "; ".join(f"{name} {100 * table.loc[most, 'median']:.0f} %" for name, table in predicted.items())
    label = next(iter(fits.values())).plays.label
    alt = (
        f"Shares of choices of the {player} player in {game}: most often {most} ({100 * observed[most]:.0f} %), for "
        f"which the theories expect {said}. {label}."
    )
    return picture(
        plot_plays(fits, game, player),
        alt,
        f"{game}, {player} player: observed shares and what theories expect.",
    )


def _reversals(
    fits: Mapping[str, PlaysFit], table: pd.DataFrame | None, problems: list[str]
) -> list[tuple[str, str]]:
    if problems:
        return [
            (
                "A sound computation.",
                "No verdict is given; once the posteriors can be trusted there may be one.",
            )
        ]
    if table is None:
        return [("A comparison.", "Nothing was compared yet: a rival may predict the same choices better.")]
    if "elpd" not in table:
        return [("More units.", words.ONE_UNIT)]
    best, second = map(str, table.index[:2])
    gap = _gap(fits, best, second)
    if is_clear(gap):
        count = carried_by(gap)
        return [
            (
                "Fewer units.",
                f"Without the {count} of {len(gap)} units that speak most for {best}, its lead is not clear.",
            )
        ]
    return [
        (
            "More units.",
            f"If more differed like these, about {needed_for(gap):,} would make the lead of {best} clear.",
        )
    ]


def _provenance(fits: Mapping[str, PlaysFit]) -> Section:
    rows = tuple(
        (name, str(fit.theory), str(fit.seed), type(fit.model).__name__.lower()) for name, fit in fits.items()
    )
    head = ("fit", "theory with options", "seed", "parameters of people")
    facts = Facts((("version of estimation", version("estimation")),))
    return Section("provenance", "Provenance", (TextTable("How each fit was computed", head, rows), facts))


def _citations(fits: Mapping[str, PlaysFit]) -> list[str]:
    plays = next(iter(fits.values())).plays
    found = [plays.source.citation, *(fit.theory.citation for fit in fits.values()), words.METHODS[0]]
    return [text for text in dict.fromkeys(found) if text]
