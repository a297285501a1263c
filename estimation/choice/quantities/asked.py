"""What quantities are asked of: a fit of choices that has draws, and what is offered."""

from __future__ import annotations

from collections.abc import Mapping

from estimation.choice.problem import ChoiceFit
from estimation.choice.quantities.scenario import Scenario, scenario as scenario_of
from estimation.data.choices.table import ChoiceTable
from estimation.errors import ChoiceError, raise_all
from estimation.fits.fit import CHOICES, Fit

HEADING = "There is no such quantity:"


def check_asked(*fits: object, **scenarios: object) -> None:
    """Refuse what is no fit of choices with draws of its posterior, and what is no scenario.

    Parameters
    ----------
    scenarios
        By the names that the caller has for them.

    Raises
    ------
    ChoiceError
        Listing what to give instead.
    """
    problems = [problem for fit in fits for problem in _fit_problems(fit)]
    problems += [problem for name, scenario in scenarios.items() for problem in scenario_problems(name, scenario)]
    raise_all(problems, ChoiceError, HEADING)


def check_fits(fits: object) -> None:
    """Refuse what is no mapping of names to fits of choices; errors as `check_asked`."""
    if not isinstance(fits, Mapping):
        raise ChoiceError(HEADING, [f"give name → fit, as {{'logit': fit}}, not a {type(fits).__name__}"])
    check_asked(*fits.values())


def given(**scenarios: object) -> dict[str, object]:
    """Return the scenarios that are given, of those that need not be."""
    return {name: scenario for name, scenario in scenarios.items() if scenario is not None}


def offered_of(fit: ChoiceFit, scenario: Scenario | None) -> Scenario:
    """Return what is offered: the scenario, or the situations of the data of the fit if there is none.

    Raises
    ------
    ChoiceError
        If one is no fit of choices, or the other no scenario.
    """
    check_asked(fit, **given(scenario=scenario))
    return scenario_of(fit.table) if scenario is None else scenario


def scenario_problems(name: str, scenario: object) -> list[str]:
    """Say what to give for a scenario, by the name that the caller has for it, if it is none."""
    if isinstance(scenario, Scenario):
        return []
    how = "est.scenario(choices)" if isinstance(scenario, ChoiceTable) else "est.scenario(choices, products)"
    return [f"{name} must be a scenario, as {how} makes it, not a {type(scenario).__name__}"]


def _fit_problems(fit: object) -> list[str]:
    if isinstance(fit, Fit) and fit.family == CHOICES:
        return []
    what = f"a fit of {fit.family}" if isinstance(fit, Fit) else f"a {type(fit).__name__}"
    why = "; what est.mode returns has no draws, from which quantities follow" if hasattr(fit, "log_likelihood") else ""
    return [f"give a fit of choices, as est.fit makes it and est.load_fit reads it, not {what}{why}"]
