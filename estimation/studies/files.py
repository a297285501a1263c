"""Studies read back from their files, of whichever kind."""

from __future__ import annotations

from pathlib import Path

from estimation.errors import StudyError
from estimation.sealing import UNREADABLE, read_json
from estimation.studies.calibration import Calibration
from estimation.studies.model_recovery import ModelRecovery
from estimation.studies.power import DesignPower
from estimation.studies.recovery import Recovery
from estimation.studies.sensitivity import Sensitivity
from estimation.studies.study import Study

KINDS = {study.kind: study for study in (Calibration, DesignPower, ModelRecovery, Recovery, Sensitivity)}


def load_study(path: str | Path) -> Study:
    """Read a study that was saved, of whichever kind.

    Raises
    ------
    StudyError
        If the file is missing, holds no study, or anything else than what was written.
    """
    source = Path(path)
    try:
        content = read_json(source)
        return KINDS[content["study"]].read(content)
    except UNREADABLE as problem:
        what = problem.strerror if isinstance(problem, OSError) else problem
        raise StudyError(
            "The study cannot be read:", [f"{source} holds no study that can be used: {what}"]
        ) from problem
