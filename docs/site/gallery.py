"""Draw the gallery of figures anew: `make gallery` writes docs/reports/gallery.md and the pictures beside it (minutes).

The pictures and their captions are those of reports. All data are SYNTHETIC or ship with the package.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import estimation as est
from estimation.report.choices.gallery import diversion_picture, people_gallery, worth_picture
from estimation.report.picture import Picture, picture
from estimation.report.theories.gallery import behaviour_pictures, difference_pictures, people_pictures, trust_pictures

FOLDER = Path(__file__).resolve().parents[1] / "reports"
DOTS = 110  # per inch
HEAD = """# Gallery of figures, with code

Written by `make gallery`. Every figure function takes axes and returns axes, changes no global style, and uses colours
that people with any kind of colour vision tell apart. Captions and alternative texts are those that reports carry.
What each theory predicts over its parameters is drawn on [its page](../theories/README.md).

Blocks go on from one to the next, after `import estimation as est`.
"""
Names = dict[str, Any]
"""What the code has left: name → value."""
FIGURES: dict[str, tuple[str, Callable[[Names], Picture]]] = {
    "behaviour": (
        """table = est.load("simulated_forecast_sharing").only("sender")  # SYNTHETIC
fits = est.fit({"trust": est.TrustEmbedded(), "level-k": est.LevelK()}, table, seed=1)
est.plot_behaviour(fits, "sender")""",
        lambda names: behaviour_pictures(names["fits"])[0],
    ),
    "differences": (
        """study = est.compare(fits)
est.plot_differences(study)""",
        lambda names: difference_pictures(names["study"])[0],
    ),
    "people": (
        """est.plot_people(fits["trust"], "trust")""",
        lambda names: people_pictures({"trust": names["fits"]["trust"]})[0],
    ),
    "trust": (
        """weeks = est.load("simulated_recommendations")  # SYNTHETIC
moving = est.fit(est.DynamicTrust(), weeks, seed=1)
est.plot_trust(moving)""",
        lambda names: trust_pictures({"trust that moves": names["moving"]})[0],
    ),
    "worth": (
        """choices = est.load("electricity")
alike = est.fit(est.MultinomialLogit(["pf", "cl", "loc", "wk", "tod", "seas"]), choices, seed=1)
est.plot_willingness_to_pay(alike, "pf")""",
        lambda names: worth_picture(est.willingness_to_pay(names["alike"], "pf"), "alike"),
    ),
    "tastes": (
        """pens = est.load("simulated_pens")  # SYNTHETIC
tastes = est.fit(est.MultinomialLogit(["ink", "nib", "lead", "price"], random="all"), pens, seed=1)
est.plot_people(tastes, "ink")""",
        lambda names: next(iter(people_gallery({"tastes that differ": names["tastes"]}))),
    ),
    "diversion": (
        """est.plot_diversion(tastes)""",
        lambda names: diversion_picture(est.diversion(names["tastes"]), "tastes that differ"),
    ),
    "frontier": (
        """revenue = {"basic": 4.0, "plus": 7.0, "pro": 12.0, "ultra": 15.0, "mini": 2.0, "twin": 6.0}
weight = {"basic": 1.8, "plus": 1.1, "pro": 0.7, "ultra": 0.3, "mini": 2.2, "twin": 0.9}
problem = est.Assortment(revenue, weight).about("six products (SYNTHETIC)").subject_to(est.AtMost(3))
est.plot_frontier(problem.frontier())""",
        lambda names: _frontier(names["problem"]),
    ),
}
"""Picture → the code that draws it, and the same with caption and alternative text."""
HEADINGS = {
    "behaviour": "What people did, and what theories expect",
    "differences": "Whom one theory predicts better than another",
    "people": "A parameter, person by person",
    "trust": "Trust over periods",
    "worth": "Willingness to pay",
    "tastes": "A taste, person by person",
    "diversion": "Where the buyers of a withdrawn product go",
    "frontier": "Menus between revenue and utility",
}
"""Picture → what it shows."""


def _frontier(problem: est.Assortment) -> Picture:
    alt = "Each menu of the frontier as a point: revenue upwards, customers' utility to the right; a falling curve."
    caption = "The frontier of six made-up products (SYNTHETIC), at most three on the menu. No menu has more of both."
    return picture(est.plot_frontier(problem.frontier()), alt, caption)


def section(name: str, code: str, alt: str, caption: str) -> str:
    """Return the section of a picture."""
    drawn = re.search(r"est\.plot_\w+", code)
    assert drawn is not None
    return f"## {HEADINGS[name]} (`{drawn[0]}`)\n\n```python\n{code}\n```\n\n![{alt}]({name}.png)\n\n{caption}\n"


def main() -> None:
    """Write the pictures and the page."""
    text, names = [HEAD], {"est": est}
    for name, (code, draw) in FIGURES.items():
        exec(compile(code, name, "exec"), names)  # noqa: S102 - the code above
        shown = draw(names)
        shown.figure.savefig(FOLDER / f"{name}.png", dpi=DOTS)
        text.append(section(name, code, shown.alt, shown.caption))
    (FOLDER / "gallery.md").write_text("\n".join(text), encoding="utf-8")


if __name__ == "__main__":
    main()
