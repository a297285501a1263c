"""Models as Python: what is written builds the same model again, and what cannot be written is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import estimation as est
from estimation.papers.python_code import NotWritten, code_of, module_name, own_classes, text_code
from estimation.registry import file_of, shipped
from estimation.theories.description import Description

MODELS = [
    est.TrustEmbedded(discount="personal", trust="~ capacity_cost", priors={"trust": {"centre": 0.5}}),
    est.Mixture([est.TrustEmbedded(), est.LevelK(max_level=2)], shared="all"),
    est.RolesApart(est.TrustEmbedded()),
    est.NormalFormLevelK(2, per="choice"),
    est.MultinomialLogit(["price", "quality"], random="all", distributions={"price": "lognormal"}),
    est.MultinomialLogit(["price", "quality"], fixed={"quality": 1}),
    est.NestedLogit(["price"], nests={"pens": ["ballpoint pen", "fountain pen"]}),
    est.LatentClassLogit(["price"], classes=3),
    est.HeteroscedasticLogit(["price"], scale=["source"]),
]
OWN = Path(est.__file__).parent / "examples" / "discounting.py"


def built(code, **names):
    return eval(code, {"est": est, **names})  # noqa: S307 - what is tested was written here


def same(one, other):
    return type(one) is type(other) and one == other and one.spec() == other.spec()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_the_code_of_a_model_builds_the_model(model):
    assert same(built(code_of(model)), model)


@pytest.mark.parametrize("name", sorted(shipped(Description)))
def test_every_theory_that_needs_no_options_is_written_by_its_public_name(name):
    theory = shipped(Description)[name]
    if hasattr(est, name) and name not in ("Mixture", "RolesApart"):
        assert code_of(theory()) == f"est.{name}()"


def test_a_theory_of_a_file_is_reached_through_the_module_of_that_file(tmp_path):
    (tmp_path / "sceptics.py").write_text(OWN.read_text().replace("class Discounting", "class Sceptics"))
    sceptics = est.import_file(tmp_path / "sceptics.py")
    mixture = est.Mixture([sceptics.Sceptics(), est.Honest()])
    assert same(built(code_of(mixture), sceptics=sceptics), mixture)
    (cls,) = own_classes(mixture)
    assert file_of(cls) == tmp_path / "sceptics.py"


def test_a_theory_of_a_notebook_is_refused_with_what_to_do():
    space = {"est": est}
    exec("class Cell(est.Honest):\n    pass", space)
    with pytest.raises(NotWritten, match="define it in a file"):
        code_of(space["Cell"]())


@pytest.mark.parametrize("text", ["plain", 'with "quotes"', "back\\slash", "two\nlines", "{braces}", "ünïcode"])
def test_text_stands_in_quotes_from_which_it_is_read_back(text):
    assert built(text_code(text)) == text


@pytest.mark.parametrize(
    "value",
    [
        float("inf"),
        float("-inf"),
        0.1 + 0.2,
        (1,),
        (),
        [1, (2.5, None)],
        {"a": {"b": True}},
        {"b", "a"},
        frozenset([2, 1]),
        frozenset(),
    ],
)
def test_values_of_options_are_read_back(value):
    assert built(code_of(value)) == value


def test_numbers_of_numpy_are_written_as_plain_ones():
    assert [code_of(value) for value in (np.array([1.5, 2.0]), np.float64(0.25), np.bool_(True))] == [
        "[1.5, 2.0]",
        "0.25",
        "True",
    ]


def test_sets_are_written_in_the_same_order_every_time():
    assert code_of({"b", "c", "a"}) == 'set(["a", "b", "c"])'


def test_what_is_no_plain_value_is_refused_by_its_type():
    with pytest.raises(NotWritten, match="a range cannot be written as Python"):
        code_of(range(3))


def test_a_class_that_the_package_does_not_offer_is_refused():
    class Hidden(est.Honest):
        pass

    Hidden.origin = {}  # as of the package itself, where a class may have no public name
    with pytest.raises(NotWritten, match="Hidden is no public model"):
        code_of(Hidden())


def test_names_of_modules_are_names_that_python_allows():
    assert [module_name(file) for file in ("2nd try.py", "est.py", "own.py", "class.py")] == [
        "_2nd_try",
        "est_",
        "own",
        "class_",
    ]
