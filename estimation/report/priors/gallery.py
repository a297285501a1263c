"""The pictures of priors, each with a caption and with alternative text that says what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from estimation.choice.problem import ChoiceFit
from estimation.fits.fit import PLAYS, AnyFit
from estimation.inference.problem import MessageFit, MessageProblem
from estimation.report import words
from estimation.report.blocks import Gallery, Section, referred
from estimation.report.picture import Picture, picture
from estimation.report.priors.figures import plot_certainty, plot_prior_behaviour, plot_prior_plays, plot_priors
from estimation.report.priors.implied import people_interval, typical_interval
from estimation.text.digits import number

MOST_PLAYS = 2  # games and players that are drawn


def priors_picture(fit: AnyFit, name: str) -> Picture:
    """Return the priors of a theory's parameters."""
    parts = []
    for p in fit.problem.parameters:
        typical, people = (
            " to ".join(number(end, significant=2) for end in ends(p)) for ends in (typical_interval, people_interval)
        )
        spread = "" if fit.manifest.get("pooled") else f", 90 % of people {people}"
        parts.append(f"{p.name.replace('_', ' ')} {typical}{spread}")
    alt = f"Densities of the prior of each parameter of {name}; with 95 % {'; '.join(parts)}. {fit.table.label}."
    what = "everybody" if fit.manifest.get("pooled") else "the typical person (line) and any person (area)"
    return Picture(plot_priors(fit), alt, f"Priors of {name}: {what}, natural scales.")


def expected_sections(fits: Mapping[str, AnyFit]) -> tuple[Section, ...]:
    """Return what theories expect of behaviour before the data; nothing for fits that give everybody the same."""
    if next(iter(fits.values())).family == PLAYS:
        return _section(words.EXPECTED_PLAY, _plays(fits))
    known = {name: fit for name, fit in fits.items() if isinstance(fit.problem, MessageProblem)}
    return _section(words.EXPECTED, _messages(known)) if known else ()


def certainty_picture(fits: Mapping[str, ChoiceFit]) -> Picture:
    """Return how surely people take what suits them best, before and after the data."""
    table = next(iter(fits.values())).table
    axes = plot_certainty(fits)
    alt = (
        "Histograms of the probability of the likeliest alternative of each situation, by draws of the prior (dashed) "
        f"and of the posterior (solid), under {', '.join(fits)}. {table.label}."
    )
    return picture(axes, alt, "How surely people take the likeliest alternative, before and after the data.")


def _section(titled: tuple[str, str], pictures: Iterator[Picture]) -> tuple[Section, ...]:
    title, note = titled
    return (Section("", title, referred(note, Gallery(tuple(pictures)))),)


def _messages(fits: Mapping[str, MessageFit]) -> Iterator[Picture]:
    """Yield what people in each role would do in the first condition that has them."""
    table = next(iter(fits.values())).table
    for role in table.roles:
        condition = str(table.frame.loc[table.frame["role"] == role, "condition"].iloc[0])
        axes = plot_prior_behaviour(fits, role, condition)
        middle = {line.get_label(): np.asarray(line.get_ydata(), float) for line in axes.get_lines()[: len(fits)]}
        ends = [f"{name} from {number(at[0])} to {number(at[-1])}" for name, at in middle.items()]
        alt = (
            f"What {role}s in condition {condition} would do on average by the priors, against what they see: "
            f"{'; '.join(ends)}; with bands for 90 % of populations, and averages of the data as dots. {table.label}."
        )
        yield picture(axes, alt, f"{role.capitalize()}s, {condition}: what the priors expect, and what was done.")


def _plays(fits: Mapping[str, AnyFit]) -> Iterator[Picture]:
    table = next(iter(fits.values())).table
    for game, player in list(table.counts()[0])[:MOST_PLAYS]:
        alt = (
            f"Shares of choices of the {player} player in {game} that {', '.join(fits)} expect before the data, with "
            f"the middle 90 % of draws of the prior, over bars of what was observed. {table.label}."
        )
        caption = f"{game}, {player} player: what the priors expect, and what was chosen."
        yield picture(plot_prior_plays(fits, game, player), alt, caption)
