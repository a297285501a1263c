"""Studies read back from their files, of whichever kind."""

from __future__ import annotations

import json
from pathlib import Path

from estimation.errors import StudyError
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
        If the file is missing or holds no study.
    """
    source = Path(path)
    try:
        content = json.loads(source.read_text(encoding="utf-8"))
        return KINDS[content["study"]].read(content)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise StudyError("The study cannot be read:", [f"{source} holds no study: {problem!r}"]) from problem
