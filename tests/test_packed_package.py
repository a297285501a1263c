"""The package can be packed with a function that names it, as when a script gives work to other processes."""

from __future__ import annotations

import cloudpickle

import estimation as est


def test_the_package_arrives_in_another_process_as_itself():
    assert cloudpickle.loads(cloudpickle.dumps(est)) is est


def test_a_function_that_cannot_be_imported_arrives_with_the_package_it_names():
    scope = {"est": est, "__name__": "__main__"}
    exec("def game(): return est.Honest()", scope)
    assert cloudpickle.loads(cloudpickle.dumps(scope["game"]))() == est.Honest()
