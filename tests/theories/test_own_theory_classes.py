"""What a class of a theory of somebody's own says counts: options, units, shapes, its code, and where it is found."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import pytest
from own_sceptic import POPULATION, QUICK, SCEPTIC, experiment, python

import estimation as est
from estimation.inference.asked import problem_of


@pytest.fixture
def table(tmp_path):
    """Decisions of receivers, as the theory of the file makes them."""
    (tmp_path / "receivers.py").write_text(SCEPTIC, encoding="utf-8")
    return experiment(est.import_file(tmp_path / "receivers.py").Sceptic())


def test_a_list_of_one_parameter_may_lack_its_comma():
    class Doubting(est.Theory):
        traits = est.Parameter("doubt", "δ", "how far messages are moved back", "1", "logit", -2.0, 1.0, 1.0, "small")

        def receiver_target(self, game, kind, values, message, xp):  # noqa: ARG002
            return message[:, None] - values["doubt"]

    assert Doubting().parameters([est.EstimationGame()], ("receiver",))[0].name == "doubt"


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["doubt", "doubt"], "2 parameters are called 'doubt'"),
        (["doubt", "lapse"], "2 parameters are called 'lapse', one perhaps of lapses, habits or the response"),
        (["receiver_precision"], "2 parameters are called 'receiver_precision'"),
        ([], "'doubt' is no Parameter"),
    ],
)
def test_parameters_of_one_name_are_refused(names, told):
    doubts = [est.Parameter(name, "δ", "doubt", "1", "logit", -2.0, 1.0, 1.0, "small") for name in names]

    class Doubting(est.Theory):
        traits = tuple(doubts or ["doubt"])

        def receiver_target(self, game, kind, values, message, xp):  # noqa: ARG002
            return message[:, None] - values["doubt"]

    table = est.design({"over": est.EstimationGame(highest=9)}, 3, 4, seed=1, roles=("receiver",))
    with pytest.raises(est.TheoryError, match=told):
        est.mode(Doubting(), table, pooled=True)


def test_options_that_a_class_of_ones_own_sets_count_annotated_or_not(table):
    """Python itself would let the defaults of the bases win, without a word."""

    class Doubtful(est.TrustEmbedded):
        priors = {"trust": {"centre": -1.0}}  # noqa: RUF012 - as a user writes it
        lapse = False

    @dataclass(frozen=True)
    class Decorated(Doubtful):
        habits = "all"
        depth: int = 2

    class Long(est.EstimationGame):
        highest = 20

    class WithConstants(est.MultinomialLogit):
        constants = True

    assert (Doubtful().priors, Doubtful().lapse, Doubtful().response) == ({"trust": {"centre": -1.0}}, False, "logit")
    assert Doubtful(lapse=True).lapse
    assert Doubtful() == Doubtful() != Doubtful(lapse=True)
    assert (Decorated().habits, Decorated().priors, Decorated(depth=3).depth) == ("all", Doubtful().priors, 3)
    assert problem_of(Doubtful(), table).parameters[0].centre == -1.0
    assert (Long().highest, len(Long().states), Long(highest=5).highest) == (20, 21, 5)
    assert (WithConstants(["price"]).constants, WithConstants(["price"], constants=False).constants) == (True, False)


def test_work_on_an_earlier_version_of_a_theory_is_not_continued(tmp_path):
    specs = []
    for text in (SCEPTIC, SCEPTIC.replace('values["doubt"]', 'values["doubt"] / 2')):
        (tmp_path / "moving.py").write_text(text.replace("Sceptic", "Moving"), encoding="utf-8")
        specs.append(est.import_file(tmp_path / "moving.py").Moving().spec())
    assert specs[0]["origin"]["code"] != specs[1]["origin"]["code"]
    assert est.theories.from_spec(specs[0]).spec() == specs[1]


def test_annotated_attributes_are_options_with_or_without_the_decorator(tmp_path):
    lines = ["from dataclasses import dataclass", SCEPTIC.replace("    traits", "    depth: int = 2\n\n    traits")]
    text = "\n".join(lines).replace("Sceptic", "Plain")
    (tmp_path / "options.py").write_text(
        f"{text}\n\n@dataclass(frozen=True)\nclass Decorated(Plain):\n    width: float = 1.0\n", encoding="utf-8"
    )
    module = est.import_file(tmp_path / "options.py")
    for theory in (module.Plain(3), module.Decorated(depth=3, width=2.0, doubt="~ country")):
        assert theory.depth == 3
        assert est.theories.from_spec(json.loads(json.dumps(theory.spec()))) == theory
    assert module.Plain(3) != module.Plain(4)
    assert module.Decorated().in_a_sentence == "The theory 'decorated'."  # its author wrote no documentation
    with pytest.raises(est.TheoryError, match="unexpected keyword argument 'dept'"):
        est.theories.from_spec(module.Plain(3).spec() | {"dept": 3})


@pytest.mark.usefixtures("_few_experiments")
def test_coefficients_of_a_parameter_that_is_not_transformed_are_in_its_own_unit(tmp_path):
    text = SCEPTIC.replace('"share of the range", "logit"', '"points", "identity"').replace("Sceptic", "Shift")
    (tmp_path / "shift.py").write_text(text, encoding="utf-8")
    theory = est.import_file(tmp_path / "shift.py").Shift
    games = {str(highest): est.EstimationGame(highest=highest) for highest in (8, 10)}
    situations = est.design(games, 10, 3, seed=1, roles=("receiver",))
    table, _ = est.simulate(theory(), situations, POPULATION, seed=1)
    fit = est.fit(theory(doubt="~ highest", receiver_precision="~ highest"), table, **QUICK)
    assert fit.summary.loc["doubt: highest", "unit"] == "points per unit"
    assert fit.summary.loc["receiver_precision: highest", "unit"] == "log scale per unit"
    est.report(fit, tmp_path / "report.md")
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "change of the typical value with one unit of the column, points" in text
    assert "identity" not in text


def test_a_target_of_the_wrong_shape_is_explained(tmp_path):
    (tmp_path / "flat.py").write_text(SCEPTIC.replace("[:, None]", "").replace("Sceptic", "Flat"))
    theory, game = est.import_file(tmp_path / "flat.py").Flat(), est.EstimationGame(highest=10)
    with pytest.raises(est.TheoryError, match=r"write state\[:, None\] or message\[:, None\]"):
        theory.receiver_payoff(game, 0, {"doubt": 0.1}, game.messages)


def test_a_theory_of_an_installed_package_is_found_by_its_entry_point(tmp_path):
    package, record = tmp_path / "cheap_talk", tmp_path / "cheap_talk-1.0.dist-info"
    package.mkdir()
    record.mkdir()
    (package / "__init__.py").write_text("")
    (package / "doubts.py").write_text(SCEPTIC, encoding="utf-8")
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: cheap-talk\nVersion: 1.0\n")
    (record / "entry_points.txt").write_text("[estimation.theories]\nwary = cheap_talk.doubts:Sceptic\n")
    code = """
import estimation as est, sys
assert "cheap_talk.doubts" not in sys.modules
spec = {"theory": "Sceptic", "origin": {"place": "cheap_talk.doubts", "code": ""}}
found = est.Theory.from_spec(spec)
from estimation.commands.own import theory_class
assert theory_class("wary") is type(found)
print(found.spec()["origin"]["place"])
"""
    done = python(tmp_path, "-c", "import sys; sys.path.insert(0, '.')\n" + code)
    assert done.stdout == "cheap_talk.doubts\n", done.stderr


@pytest.mark.parametrize(
    ("place", "how"),
    [
        ("my_lab.theories", "'Sceptical' is not defined here; import my_lab.theories first"),
        ("mine.py", "'Sceptical' of mine.py is not defined here; import the file first: est.import_file('mine.py')"),
    ],
)
def test_a_theory_that_is_not_defined_here_is_asked_for_by_where_it_is(place, how):
    spec = {**est.Honest().spec(), "theory": "Sceptical", "origin": {"place": place}}
    with pytest.raises((LookupError, est.TheoryError), match=re.escape(how)):
        est.theories.from_spec(spec)
