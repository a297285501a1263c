"""Nothing in a file is ever run, whichever reader it is given to."""

from __future__ import annotations

import io
import json
import pickle
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from choice_builders import choice_frame

import estimation as est
from estimation.commands.assort_inputs import read_products
from estimation.data.tables.source import read_source
from estimation.errors import EstimationError
from estimation.fits.checkpoint import Checkpoint
from estimation.inference.reached import _read as read_reached
from estimation.jobs.store import Store
from estimation.sealing import sealed, sealed_json


class Planted:
    """What an unpickler would run."""

    def __init__(self, place):
        self.place = place

    def __reduce__(self):
        return open, (str(self.place), "w")


READERS = {
    "fit": est.load_fit,
    "study": est.load_study,
    "choices": est.read_choices,
    "products": read_products,
    "games": lambda path: est.read_table(path, est.read_games(path)),
    "source": read_source,
    "own.toml": lambda path: est.read_own(path.with_name("talk.csv"), path),
    "arrays": lambda path: Checkpoint(path.parent).arrays(path.stem, read_reached),
    "chains": lambda path: Checkpoint(path.parent).chains(path.stem.removeprefix("chains-")),
    "result": lambda path: Store(path.parent.parent).finished([path.stem]),
}
NAMES = {"fit": "f.nc", "study": "f.json", "arrays": "f.npz", "chains": "chains-f.nc", "choices": "f.csv"}


@pytest.mark.filterwarnings("ignore:.*cannot be read:UserWarning")
@pytest.mark.parametrize("kind", READERS)
def test_code_in_a_file_is_never_run(tmp_path, kind):
    """Whole files, sealed or not; cells, names of columns and keys that look like code to one reader or another."""
    run = tmp_path / "run"
    python = f"__import__('pathlib').Path({str(run)!r}).touch()"
    objects = io.BytesIO()
    np.savez(objects, state=np.array([Planted(run)]), form=np.array([Planted(run)], dtype=object))
    texts = [
        python,
        f"{{{{{python}}}}}",
        f"!!python/object/apply:os.system ['touch {run}']",
        f"=cmd|'touch {run}'!A1",
        f"$(touch {run})",
        f"subject,role,period,condition,state,message,action\n1,sender,1,{python},1,1,1\n",
        f"situation,alternative,chosen,{python}\n1,a,1,2\n1,b,0,{python}\n",
        f"product,revenue,weight\n{python},1,{python}\n",
        f"title = {json.dumps(python)}\nreader = {json.dumps(python)}\n[conditions.a]\nfamily = {json.dumps(python)}\n",
        f'[conditions.a]\nfamily = "os:system"\nhighest = {json.dumps(python)}\n[otree]\napp = {json.dumps(python)}\n',
        json.dumps({"study": python, "label": python, "facts": {python: python}, "frames": {"table": python}}),
        sealed_json({"study": "recovery", "label": python, "facts": {}, "frames": {"table": {"index": python}}}),
        sealed_json({"key": python, "result": {"__reduce__": python}}),
    ]
    planted = [pickle.dumps(Planted(run)), objects.getvalue(), *(text.encode() for text in texts)]
    (tmp_path / "talk.csv").write_text(texts[5])
    file = tmp_path / NAMES.get(kind, "f.toml" if kind in ("games", "source", "own.toml") else "f.csv")
    for content in [*planted, *map(sealed, planted)]:
        file.write_bytes(content)
        with suppress(EstimationError):
            READERS[kind](file)
        assert not run.exists(), content


def test_tables_of_choices_are_read_from_frames_without_running_names(tmp_path):
    frame = choice_frame(3).rename(columns={"price": f"__import__('pathlib').Path({str(tmp_path / 'run')!r}).touch()"})
    est.read_choices(frame)
    assert not Path(tmp_path / "run").exists()
