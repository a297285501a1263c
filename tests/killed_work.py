"""Work that is killed: `python killed_work.py WHAT FOLDER`. What was kept is written down in FOLDER/log."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from choice_builders import choice_table
from engine import trust_experiment

import estimation as est
from estimation import cli
from estimation.data.library.files import obtain
from estimation.data.tables.source import Source, SourceFile
from estimation.fits.checkpoint import Checkpoint
from estimation.jobs.store import Store

TREE = {"draws": 60, "chains": 2, "seed": 3}
DIFFERENT = est.MultinomialLogit(["price", "quality"], random="all")


def fit(folder: Path) -> None:
    table, _ = trust_experiment(people=4, decisions=6, roles=("receiver",))
    how = {"tune": 60, "accuracy": 0.1, "cores": 1, "samples": 5, "method": "integrated", "progress": False}
    est.fit(est.TrustEmbedded(), table, path=folder / "end.nc", **TREE, **how)


def fit_choice(folder: Path) -> None:
    est.fit(DIFFERENT, choice_table(12), path=folder / "end.nc", **TREE)


def study(folder: Path) -> None:
    how = {"simulations": 20, "store": folder / "store", "progress": False, "draws": 60}
    est.calibrate(est.MultinomialLogit(["price"]), choice_table(30), **how).save(folder / "end.json")


def report(folder: Path) -> None:
    path = folder / "mnl.nc"
    if not path.exists():
        est.fit(est.MultinomialLogit(["price"]), choice_table(30), path=path, **TREE)
    est.report(est.load_fit(path), folder / "end.md")


def fetch(folder: Path) -> None:
    """Five files of 200 kB; the server, its files and their digests stand in FOLDER/source."""
    lines = [line.split() for line in (folder / "source").read_text().splitlines()]
    files = tuple(SourceFile(url.rpartition("/")[2], digest, url) for url, digest in lines)
    found = obtain("made_up", Source(title="made up", files=files), progress=False)
    (folder / "end.txt").write_text("\n".join(sorted(found)))


def reproduce(folder: Path) -> None:
    with (folder / "printed").open("w") as out:
        sys.stdout = out
        try:
            cli.main(["reproduce", sys.argv[3]])
        except SystemExit:
            out.flush()
            os.replace(folder / "printed", folder / "end.txt")


def watch(folder: Path) -> None:
    """Write down whatever is kept, once it is."""
    for owner, name in ((Checkpoint, "keep_arrays"), (Checkpoint, "keep_chains"), (Store, "keep")):
        real = getattr(owner, name)

        def kept(self, key, *what, real=real):
            result = real(self, key, *what)
            if self.folder is None:  # a fit without a file of its own keeps nothing
                return result
            with (folder / "log").open("a") as log:
                log.write(f"{key}\n")
            return result

        setattr(owner, name, kept)


if __name__ == "__main__":
    watch(Path(sys.argv[2]))
    globals()[sys.argv[1]](Path(sys.argv[2]))
