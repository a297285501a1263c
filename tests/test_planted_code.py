"""Nothing planted in a term, a formula, a column or a label ever runs, wherever it is written."""

from __future__ import annotations

import builtins
import json
from contextlib import suppress
from dataclasses import replace

import pytest
from choice_builders import branded, choice_frame, choice_table
from engine import GAMES, TRUST

import estimation as est
from estimation import cli
from estimation.choice.utilities.design import arrays_of, design_of
from estimation.errors import EstimationError
from estimation.inference.problem import MessageProblem

# Each would make the file {file} if it ran; `price` stands for a column of numbers, `brand` for one of labels.
PLANTED = [
    "{{open('{file}', 'w')}}",
    "open('{file}', 'w')",
    "__import__('os').system('touch {file}')",
    "{{__import__('pathlib').Path('{file}').touch() or price}}",
    "I(price + (open('{file}', 'w') and 0))",
    "price.to_csv('{file}')",
    "{{price.to_csv('{file}')}}",
    "I(price.to_csv('{file}'))",
    "`price`.to_csv('{file}')",
    "np.save('{file}', price)",
    "np.savetxt('{file}', price)",
    "I(np.lib.format.open_memmap('{file}', mode='w+', shape=1))",
    "{{[open('{file}', 'w') for _ in (1,)]}}",
    "{{(lambda: open('{file}', 'w'))()}}",
    "{{(file := open('{file}', 'w'))}}",
    "{{price if open('{file}', 'w') else price}}",
    '{{f\'{{open("{file}", "w")}}\'}}',
    '{{eval(\'open("{file}", "w")\')}}',
    "{{price[open('{file}', 'w')]}}",
    "price[open('{file}', 'w')]",
    "np.vectorize(open)('{file}', 'w')",
    "np.log(price, where=open('{file}', 'w'))",
    "np.log(*open('{file}', 'w'))",
    "np.log(**open('{file}', 'w'))",
    "center(price, _state=open('{file}', 'w'))",
    "C(brand, levels=[open('{file}', 'w')])",
    "C(brand, contr.treatment(open('{file}', 'w')))",
    "hashed(brand, 3, hash_func=lambda text: open('{file}', 'w'))",
    "(open('{file}', 'w') ~ price)",
    "{{open}}('{file}')",
    "price + {{().__class__.__base__.__subclasses__()}} + {{open('{file}', 'w')}}",
    'center(np.where(brand == \'\\\\"] + [open("{file}", "w")] + ["\', 1, 0))',
    "center(`price\"] + [open('{file}', 'w')] + [\"`)",
    "`open('{file}', 'w')`",
    "{{`open('{file}', 'w')`}}",
    "{{`x`open('{file}', 'w')`x`}}",
    "price:open('{file}', 'w')",
    "price:{{open('{file}', 'w')}}:alternative",
]


@pytest.fixture
def file(tmp_path, monkeypatch):
    """The file that planted code would make; opening it for whatever reason fails the test."""
    path = tmp_path / "planted"

    def watched(name, *rest, real=builtins.open, **options):
        assert str(name) != str(path), "the planted code has run"
        return real(name, *rest, **options)

    monkeypatch.setattr(builtins, "open", watched)
    yield path
    assert not path.exists(), "the planted code has run"


@pytest.mark.parametrize("planted", PLANTED)
def test_planted_code_runs_neither_as_a_term_nor_as_a_formula(planted, file):
    term = planted.format(file=file)
    with pytest.raises(est.ChoiceError):
        design_of(est.MultinomialLogit([term]), branded())
    table = est.design(GAMES, people=4, decisions=2, seed=3)
    people = table.frame.assign(price=1.0, brand="mine")
    theory = est.TrustEmbedded(trust=f"~ {term}", formulas={"lapse": f"{term} ~ {term}"})
    with pytest.raises(est.TheoryError) as caught:
        MessageProblem(theory, est.Table.from_frame(people, table.games)).design  # noqa: B018
    assert len(caught.value.problems) >= 2


@pytest.mark.parametrize("planted", PLANTED)
def test_columns_and_labels_that_are_code_are_text(planted, file):
    name = planted.format(file=file)
    frame = choice_frame().rename(columns={"quality": name}).assign(brand=name)
    table = est.read_choices(frame.assign(brand=frame.alternative.where(frame.alternative != "a", name)))
    found = arrays_of(est.MultinomialLogit(["brand"]), table)
    assert len(found.attributes) == 2
    with suppress(est.ChoiceError):  # a column of numbers is itself, whatever it is called, unless colons part it
        arrays_of(est.MultinomialLogit([name]), table)


def test_planted_code_runs_in_no_call(file):
    term, table = f"{{open('{file}', 'w')}}", choice_table(20)
    plain = est.MultinomialLogit(["price"])
    for run in (est.fit, est.mode):
        with pytest.raises(EstimationError, match="is not allowed"):
            run(est.MultinomialLogit([term]), table)
    mixed = est.MultinomialLogit([term, "price"], random=[term])
    with pytest.raises(EstimationError):
        est.fit(mixed, table)
    with pytest.raises(EstimationError):
        est.simulate_choices(est.MultinomialLogit([term]), table, {term: 1.0}, seed=1)
    with pytest.raises(EstimationError):
        est.willingness_to_pay(est.fit(plain, table, draws=50, seed=1), price=term)
    situations = est.design(GAMES, people=4, decisions=2, seed=3)
    theory = est.TrustEmbedded(trust=f"~ {term}")
    for act in (lambda: est.fit(theory, situations), lambda: est.simulate(theory, situations, TRUST, seed=1)):
        with pytest.raises(EstimationError, match="is not allowed"):
            act()


def test_planted_code_in_a_saved_fit_of_choices_does_not_run(file, tmp_path):
    term = f"{{open('{file}', 'w')}}"
    fit = est.fit(est.MultinomialLogit(["price", "quality"]), choice_table(20), draws=50, seed=1)
    crafted = json.loads(json.dumps(fit.manifest).replace('"price"', json.dumps(term)))
    assert term in json.dumps(crafted).replace("\\\\", "\\")
    path = replace(fit, manifest=crafted).save(tmp_path / "crafted.nc")
    with pytest.raises(EstimationError, match="is not allowed"):
        est.report(est.load_fit(path), tmp_path / "report.html")


def test_planted_code_in_a_saved_fit_of_messages_does_not_run(file, tmp_path):
    situations = est.design(GAMES, people=6, decisions=4, seed=3, roles=("receiver",))
    people = {"trust": (0.5, 0.7), "receiver_precision": (3.0, 0.3), "lapse": (0.03, 0.5)}
    table, _ = est.simulate(est.TrustEmbedded(), situations, people, seed=5)
    fit = est.fit(est.TrustEmbedded(lapse="~ 1"), table, draws=50, seed=1)
    crafted = json.loads(json.dumps(fit.manifest).replace('"~ 1"', json.dumps(f"~ {{open('{file}', 'w')}}")))
    assert crafted != fit.manifest
    path = replace(fit, manifest=crafted).save(tmp_path / "crafted.nc")
    with pytest.raises(EstimationError, match="is not allowed"):
        est.report(est.load_fit(path), tmp_path / "report.html")


def test_planted_code_on_the_command_line_does_not_run(file, tmp_path, capsys):
    term, data = f"{{open('{file}', 'w')}}", tmp_path / "mine.csv"
    choice_frame(20).to_csv(data, index=False)
    formula = ["--theory", "trust", "--option", f"trust=~ {term}"]
    for arguments in (["fit-choice", str(data), "-a", term], ["fit", "simulated_forecast_sharing", *formula]):
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        assert ended.value.code == 2
        told = capsys.readouterr().err
        assert "is not allowed; a term or formula consists of columns, numbers," in told
        assert "Traceback" not in told
