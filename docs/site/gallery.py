"""Draw the gallery of figures anew: `make gallery` writes docs/reports/gallery.md and the pictures beside it (minutes).

The pictures and their captions are those of reports. All data are SYNTHETIC or ship with the package.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import estimation as est
from estimation.report.choices.gallery import diversion_picture, people_gallery, worth_picture
from estimation.report.picture import Picture, picture
from estimation.report.theories.gallery import behaviour_pictures, difference_pictures, people_pictures, trust_pictures

FOLDER = Path(__file__).resolve().parents[1] / "reports"
DOTS = 110  # per inch
ELECTRICITY = ["pf", "cl", "loc", "wk", "tod", "seas"]
HEAD = """# Gallery of figures

Written by `make gallery`. Every figure function takes axes and returns axes, changes no global style, and uses colours
that people with any kind of colour vision tell apart. Captions and alternative texts are those that reports carry.
"""


def gallery() -> Iterator[tuple[str, str, Picture]]:
    """Draw each picture: a name, the call that makes it, and the picture."""
    talk = est.load("simulated_forecast_sharing").only("sender")
    fits = {"trust": est.fit(est.TrustEmbedded(), talk, seed=1), "level-k": est.fit(est.LevelK(), talk, seed=1)}
    yield "behaviour", "est.plot_behaviour(fits, 'sender')", behaviour_pictures(fits)[0]
    yield "differences", "est.plot_differences(study)", difference_pictures(est.compare(fits))[0]
    yield "people", "est.plot_people(fit, 'trust')", people_pictures({"trust": fits["trust"]})[0]
    moving = est.fit(est.DynamicTrust(), est.load("simulated_recommendations"), seed=1)
    yield "trust", "est.plot_trust(fit)", trust_pictures({"trust that moves": moving})[0]
    alike = est.fit(est.MultinomialLogit(ELECTRICITY), est.load("electricity"), seed=1)
    worth = est.willingness_to_pay(alike, "pf")
    yield "worth", "est.plot_willingness_to_pay(fit, 'pf')", worth_picture(worth, "alike")
    tastes = est.MultinomialLogit(["ink", "nib", "lead", "price"], random="all")
    pens = est.fit(tastes, est.load("simulated_pens"), seed=1)
    yield "tastes", "est.plot_people(fit, 'ink')", next(iter(people_gallery({"tastes that differ": pens})))
    yield "diversion", "est.plot_diversion(fit)", diversion_picture(est.diversion(pens), "tastes that differ")
    yield "frontier", "est.plot_frontier(frontier)", _frontier()


def _frontier() -> Picture:
    revenue = {"basic": 4.0, "plus": 7.0, "pro": 12.0, "ultra": 15.0, "mini": 2.0, "twin": 6.0}
    weight = {"basic": 1.8, "plus": 1.1, "pro": 0.7, "ultra": 0.3, "mini": 2.2, "twin": 0.9}
    found = est.Assortment(revenue, weight).about("six products (SYNTHETIC)").subject_to(est.AtMost(3)).frontier()
    alt = "Each menu of the frontier as a point: revenue upwards, customers' utility to the right; a falling curve."
    caption = "The frontier of six made-up products (SYNTHETIC), at most three on the menu. No menu has more of both."
    return picture(est.plot_frontier(found), alt, caption)


def main() -> None:
    """Write the pictures and the page."""
    text = [HEAD]
    for name, call, shown in gallery():
        shown.figure.savefig(FOLDER / f"{name}.png", dpi=DOTS)
        text += [f"## `{call}`\n", f"![{shown.alt}]({name}.png)\n", f"{shown.caption}\n"]
    (FOLDER / "gallery.md").write_text("\n".join(text), encoding="utf-8")


if __name__ == "__main__":
    main()
