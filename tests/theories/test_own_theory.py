"""A theory of somebody's own, in a file of at most 15 lines, does everything that a theory of the package does."""

from __future__ import annotations

import json

import pytest
from own_sceptic import POPULATION, QUICK, SCEPTIC, experiment, python

import estimation as est
from estimation import cli
from estimation.commands.own import theory_class


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the theory, a table, and fits of it and of a rival."""
    place = tmp_path_factory.mktemp("own")
    (place / "sceptic.py").write_text(SCEPTIC, encoding="utf-8")
    theory = est.import_file(place / "sceptic.py").Sceptic()
    table = experiment(theory)
    est.fit(theory, table, path=place / "sceptic.nc", **QUICK)
    est.fit(est.TrustEmbedded(), table, path=place / "trust.nc", **QUICK)
    return place


@pytest.fixture
def sceptic(folder):
    return est.import_file(folder / "sceptic.py").Sceptic


@pytest.fixture
def table(folder):
    return est.load_fit(folder / "trust.nc").table


def test_the_theory_is_one_function_for_one_role_in_at_most_15_lines(sceptic):
    assert len(SCEPTIC.splitlines()) <= 15
    assert SCEPTIC.count("def ") == 1
    assert sceptic().roles == ("receiver",)
    assert (sceptic.name, sceptic().in_a_sentence) == ("sceptic", sceptic.__doc__)


MISTAKES = {
    'values["doubt"]': ('values["dubt"]', "line 13, in receiver_target: return message", "did you mean 'doubt'?"),
    "message[:, None]": ("mesage[:, None]", "NameError: name 'mesage' is not defined"),
    "def receiver_target": ("def reciever_target", "it says nothing about receivers ('reciever_target' is not"),
    "game.states[0])": ("game.states[0]", "line 13, '(' was never closed"),
}


@pytest.mark.parametrize(("right", "wrong"), MISTAKES.items(), ids=list(MISTAKES))
def test_a_mistake_in_the_file_is_told_by_its_line(folder, tmp_path, right, wrong, capsys):
    (tmp_path / "wrong.py").write_text(SCEPTIC.replace(right, wrong[0]), encoding="utf-8")
    table = est.load_fit(folder / "sceptic.nc").table
    table.frame.to_csv(tmp_path / "table.csv", index=False)
    (tmp_path / "games.toml").write_text('[conditions.over]\nfamily = "estimation"\ndirection = "over"\nhighest = 10\n')
    given = [str(tmp_path / name) for name in ("table.csv", "games.toml", "wrong.py")]
    with pytest.raises(SystemExit) as ended:
        cli.main(
            ["fit", given[0], "--games", given[1], "--theory", f"{given[2]}:Sceptic", "--out", str(tmp_path / "x.nc")]
        )
    assert ended.value.code == 2
    told = " ".join(capsys.readouterr().err.split())
    for words in wrong[1:]:
        assert words in told
    assert not (tmp_path / "x.nc").exists()


@pytest.fixture(scope="module")
def elsewhere(folder):
    """What a fresh process says of the fit before it has imported the file, and after."""
    code = """
import estimation as est, json, sys
from contextlib import redirect_stderr
from io import StringIO
from estimation import cli
told = {}
try:
    est.load_fit("sceptic.nc")
except est.EstimationError as refusal:
    told["refusal"] = str(refusal)
with redirect_stderr(StringIO()) as said:
    try:
        cli.main(["compare", "sceptic.nc", "trust.nc", "--json"])
    except SystemExit as ended:
        told["compared"] = [ended.code, said.getvalue()]
est.import_file("sceptic.py")
told["median"] = est.load_fit("sceptic.nc").summary.loc["doubt", "median"]
print(json.dumps(told))
"""
    done = python(folder, code=code)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_its_fit_is_read_back_once_its_file_has_been_imported_and_not_before(folder, elsewhere):
    assert "'Sceptic' of sceptic.py is not defined here" in elsewhere["refusal"]
    assert "est.import_file('sceptic.py'), on the command line --own sceptic.py" in elsewhere["refusal"]
    assert elsewhere["median"] == est.load_fit(folder / "sceptic.nc").summary.loc["doubt", "median"]


@pytest.mark.usefixtures("_few_experiments")
def test_it_is_compared_and_reported_from_the_command_line(folder, elsewhere, estimation, monkeypatch):
    monkeypatch.chdir(folder)
    code, said = elsewhere["compared"]
    assert (code, "--own sceptic.py" in " ".join(said.split()), "Traceback" in said) == (2, True, False)
    fits = ["sceptic.nc", "trust.nc", "--json"]
    said = estimation("compare", *fits, "--own", "sceptic.py", "--out", "report.md")
    assert [row["theory"] for row in json.loads(said)["table"]] == ["sceptic", "trust-embedded"]
    text = (folder / "report.md").read_text(encoding="utf-8")
    assert "Receivers who take off what the sender would like them to believe." in text
    assert "how far messages are moved back" in text


def test_it_is_compared_from_python_and_found_where_it_made_the_data(folder, sceptic):
    fits = {name: est.load_fit(folder / f"{name}.nc") for name in ("sceptic", "trust")}
    assert isinstance(fits["sceptic"].theory, sceptic)
    assert est.compare(fits, roles_apart=False, progress=False).table.index[0] == "sceptic"


def test_its_parameters_are_recovered_by_worker_processes(sceptic, table):
    how = {"simulations": 2, "seed": 1, "executor": 1, "progress": False, "draws": 60}
    study = est.recovery(sceptic(), table, POPULATION, **how)
    assert abs(study.table.loc["doubt: mean", "bias"]) < 4 * study.table.loc["doubt: mean", "sd"]


def test_it_is_a_component_of_a_mixture(sceptic, table):
    mixture = est.Mixture([sceptic(), est.Babbling()])
    assert est.theories.from_spec(mixture.spec()) == mixture
    shares = est.fit(mixture, table, **QUICK).summary
    assert shares.loc["sceptic", "median"] > shares.loc["babbling", "median"]


def test_decisions_of_a_role_that_it_says_nothing_about_are_refused_in_one_sentence(sceptic):
    both = est.design({"over": est.EstimationGame(highest=10)}, 4, 4, seed=1)
    for refused in (
        lambda: est.fit(sceptic(), both, **QUICK),
        lambda: est.simulate(sceptic(), both, POPULATION, seed=1),
        lambda: sceptic().sender_payoff(both.games["over"], 0, {}, both.games["over"].states),
    ):
        with pytest.raises(est.TheoryError, match=r"says nothing about senders; use table.only\('receiver'\)"):
            refused()


def test_a_theory_of_a_notebook_is_fitted_by_workers_and_read_where_it_is_defined_again(folder):
    define = SCEPTIC.replace("Sceptic", "Cell")
    use = f"""
table = est.load_fit("trust.nc").table
est.fit(Cell(), table, path="cell.nc", **{QUICK})
est.recovery(Cell(), table, {POPULATION}, simulations=1, executor=1, progress=False, draws=60)
"""
    done = python(folder, code=define + use)
    assert done.returncode == 0, done.stderr
    (folder / "cell.py").write_text(define, encoding="utf-8")
    refused = """
import estimation as est, sys
try:
    est.load_fit("cell.nc")
except est.EstimationError as refusal:
    print(refusal, file=sys.stderr)
"""
    for again in (define, "est.import_file('cell.py')"):
        done = python(folder, code=f"{refused}{again}\nprint(est.load_fit('cell.nc').theory)")
        assert "'Cell' of a notebook is not defined here; run the cell that defines it first" in done.stderr
        assert done.stdout.startswith("Cell("), done.stderr


def test_two_theories_of_one_name_are_told_apart_by_their_files(folder, tmp_path, sceptic):
    spec = sceptic().spec()
    (tmp_path / "other.py").write_text(SCEPTIC, encoding="utf-8")
    est.import_file(tmp_path / "other.py")
    assert est.theories.from_spec(spec) == sceptic()
    (tmp_path / "sceptic.py").write_text(SCEPTIC, encoding="utf-8")
    est.import_file(tmp_path / "sceptic.py")
    with pytest.raises(est.TheoryError, match="are both defined; import only the one that is meant"):
        est.theories.from_spec(spec)


def test_the_command_line_takes_a_class_of_a_file(folder, tmp_path):
    assert theory_class(f"{folder / 'sceptic.py'}:Sceptic").__name__ == "Sceptic"
    with pytest.raises(est.TheoryError, match="defines no theory 'Believer'"):
        theory_class(f"{folder / 'sceptic.py'}:Believer")
    with pytest.raises(est.EstimationError, match=r"absent.py is no Python file"):
        theory_class("absent.py:Sceptic")
