"""What must hold of every notebook that was run."""

from __future__ import annotations

import nbformat
from notebook_runs import cells, complaints, pictures, shown


def assert_a_run_is_sound(name: str, ran: nbformat.NotebookNode) -> None:
    """Hold a run to what its readers may expect: every figure, no warnings, simulated data labelled."""
    assert complaints(ran) == []
    assert pictures(ran) == sum("subplots(" in cell.source for cell in cells(name, "code"))
    if "simulated_" in shown(ran):
        assert "SYNTHETIC" in shown(ran)
