"""What every command prints of real results: at any usual width lines fit, and no word is broken."""

from __future__ import annotations

import re

import pytest
from choice_builders import with_outside

import estimation as est
from estimation.cli import COMMANDS

WIDTHS, WIDE, HERE = (60, 80, 120), 1000, "PATH"
GAMES = "".join(
    f'[conditions.{name}]\nfamily = "estimation"\ndirection = "{name}"\nhighest = 20\n' for name in ("over", "under")
)
DRAWS = ("--draws", 60, "--chains", 2, "--seed", 3)
DEAR = (
    "fit",
    "fit-choice",
    "compare",
    "report",
    "interactive",
)  # they show what others do: the narrowest says enough of them
PEOPLE = {"trust": (0.6, 1), "lying_cost": (0.4, 0.8), "lapse": (0.05, 0.3)}
PEOPLE |= {f"{role}_precision": (1, 0.3) for role in ("sender", "receiver")}
SHOP = "product,revenue,weight,kind,price\npen,1.2,0.9,writing,2\npad,2.1,0.5,paper,4\nnotebook,3,0.6,paper,6\n"
MARKET = "product,price,quality,margin\na,2,0.5,1\nb,3,1,1.4\n"
CALLS = {
    "datasets": ["datasets"],
    "fetch": ["fetch", "simulated_forecast_sharing"],
    "check": ["check", "{0}/simulated_talk.csv", "--games", "{0}/games.toml"],
    "layout": ["layout", "{0}/simulated_talk.csv"],
    "fit": [
        "fit",
        "{0}/simulated_talk.csv",
        "--games",
        "{0}/games.toml",
        "--theory",
        "babbling",
        *DRAWS,
        "--out",
        "{1}.nc",
    ],
    "fit-choice": ["fit-choice", "{0}/choices.csv", "-a", "price", "-a", "quality", *DRAWS, "--out", "{1}.nc"],
    "market": ["market", "{0}/choices.nc", "--products", "{0}/market.csv", "--change", "a:price=1.5", "--curve", "a"],
    "compare": ["compare", "{0}/trust.nc", "{0}/babbling.nc"],
    "report": ["report", "{0}/babbling.nc", "--out", "{1}.md"],
    "interactive": ["interactive", "{0}/choices.nc", "--products", "{0}/market.csv", "--out", "{1}.html"],
    "simulate": ["simulate", "--fit", "{0}/trust.nc", "--out", "{0}/simulated_{2}.csv"],
    "assort": ["assort", "{0}/shop.csv", "--at-most", 2],
    "reproduce": ["reproduce"],
    "verify": ["verify", "{0}/package"],
    "demo": ["demo", "--quick", "--out", "{1}"],
}


def test_every_command_is_among_them():
    assert set(CALLS) == set(COMMANDS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Decisions and choices with fits of them, a shop, a market, and a replication package."""
    place = tmp_path_factory.mktemp("terminal")
    games = {name: est.EstimationGame(name, highest=20) for name in ("over", "under")}
    table, _ = est.simulate(est.TrustEmbedded(), est.design(games, people=6, decisions=6, seed=2), PEOPLE, seed=2)
    table.frame.to_csv(place / "simulated_talk.csv", index=False)
    (place / "games.toml").write_text(GAMES, encoding="utf-8")
    for name, theory in (("trust", est.TrustEmbedded()), ("babbling", est.Babbling())):
        est.fit(theory, table, path=place / f"{name}.nc", seed=3, draws=200, chains=2, progress=False)
    choices = with_outside(40, 5)
    fit = est.fit(est.MultinomialLogit(["price", "quality"]), choices, path=place / "choices.nc", seed=1, draws=200)
    choices.frame.to_csv(place / "choices.csv", index=False)
    (place / "shop.csv").write_text(SHOP, encoding="utf-8")
    (place / "market.csv").write_text(MARKET, encoding="utf-8")
    est.replication_package(place / "package", {"prices": fit}, title="Prices")
    return place


def words(lines):
    return {word for line in lines for word in line.replace("│", " ").split() if word.strip("─╭╮╰╯|")}


@pytest.mark.parametrize(
    ("command", "widths"),
    [
        pytest.param(n, WIDTHS[:1] if n in DEAR else WIDTHS, id=n, marks=pytest.mark.slow if n == "demo" else ())
        for n in CALLS
    ],
)
@pytest.mark.usefixtures("_few_experiments")
def test_what_a_command_prints_fits_the_screen_and_breaks_no_word(
    command, widths, folder, tmp_path, tmp_path_factory, estimation, monkeypatch
):
    made = re.escape(str(tmp_path_factory.getbasetemp()))

    def printed(columns):
        monkeypatch.setenv("COLUMNS", str(columns))
        given = [str(word).format(folder, tmp_path / f"at-{columns}", columns) for word in CALLS[command]]
        text = re.sub(rf"\S*{made}\S*", HERE, estimation(*given))  # a path is as long as it is
        text = re.sub(r"\d+ seconds", "some seconds", text)
        return text.replace(f"_{columns}", "").splitlines()

    known = words(printed(WIDE))
    for width in widths:
        lines = printed(width)
        assert lines
        assert max(len(line) for line in lines if HERE not in line and " " in line.strip()) <= width
        assert words(lines) <= known
