"""Kill work at random moments until it has ended, and see that it ends as it would have, with nothing done twice."""

from __future__ import annotations

import hashlib
import http.server
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import numpy as np

import estimation as est

HERE = Path(__file__).parent
PYTHONPATH = os.pathsep.join([str(HERE.parent), str(HERE)])


def start(what, folder, *more):
    folder.mkdir(exist_ok=True)
    places = {"PYTHONPATH": PYTHONPATH, "XDG_CACHE_HOME": str(folder / "cache"), "PYTHONWARNINGS": "error"}
    command = [sys.executable, str(HERE / "killed_work.py"), what, str(folder), *more]
    return subprocess.Popen(command, env=os.environ | places)


def whole(what, folder, *more):
    """Do the work without interruption; return its seconds."""
    before = time.monotonic()
    assert start(what, folder, *more).wait() == 0
    return time.monotonic() - before


def killed(what, folder, delays, *more):
    """Kill the work after each delay, then let it end; return how often it was killed before it had ended.

    Where it ends before it is killed, what it made is looked at and removed: the next kill meets new work.
    """
    count = 0
    for delay in delays:
        process = start(what, folder, *more)
        with suppress(subprocess.TimeoutExpired):
            process.wait(delay)
        if process.poll() is not None:
            assert process.returncode == 0
        else:
            process.send_signal(signal.SIGKILL)
            count += 1
        process.wait()
        ends = [path for path in folder.glob("end*") if not path.name.endswith(("unfinished", "figures"))]
        for path in ends:  # whatever has its name is whole
            content(path)
        if ends and kept(folder) and not list(folder.glob("*.unfinished")):  # killed too late, or not at all
            _nothing_is_done_twice(folder)
            for path in (*ends, folder / "log"):
                path.unlink()
            shutil.rmtree(folder / "store", ignore_errors=True)
    whole(what, folder, *more)
    _nothing_is_done_twice(folder)
    return count


def _nothing_is_done_twice(folder):
    twice = [key for key, times in Counter(kept(folder)).items() if times > 1 and key != "nodes"]  # made better
    assert not twice, f"done again: {twice}"
    assert not list(folder.rglob("*.partial")), "half-written files are left"
    assert not list(folder.glob("*.unfinished"))


def kept(folder):
    return (folder / "log").read_text().splitlines() if (folder / "log").exists() else []


def content(path):
    """Return what a file says, without what differs between two runs that say the same."""
    if path.suffix == ".nc":
        fit = est.load_fit(path)
        found = {node.path: node.dataset.to_dict() for node in fit.tree.subtree}
        for dataset in found.values():
            dataset["attrs"].pop("created_at", None)
        return found
    if path.suffix == ".json":
        return json.loads(path.read_text())["frames"]
    return [line for line in path.read_text().splitlines() if not line.startswith("| seconds |")]


def same(one, other):
    ends = [sorted(path for path in folder.glob("end*") if path.is_file()) for folder in (one, other)]
    assert [path.name for path in ends[0]] == [path.name for path in ends[1]]
    assert ends[0]
    return all(repr(content(a)) == repr(content(b)) for a, b in zip(*ends, strict=True))


@contextmanager
def served(folder):
    """Serve five files, slowly enough to be interrupted; yields what was asked for."""
    asked, place, rng = [], folder / "served", np.random.default_rng(5)
    place.mkdir(parents=True)
    for number in range(5):
        (place / f"{number}.csv").write_bytes(rng.bytes(200_000))

    class Slow(http.server.SimpleHTTPRequestHandler):
        def copyfile(self, source, outputfile):
            with suppress(OSError):
                while part := source.read(20_000):
                    outputfile.write(part)
                    time.sleep(0.02)
                asked.append(self.path)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Slow, directory=place))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    files = sorted(place.iterdir())
    digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    lines = [f"http://127.0.0.1:{server.server_port}/{f.name} {d}" for f, d in zip(files, digests, strict=True)]
    try:
        yield "\n".join(lines), asked
    finally:
        server.shutdown()
        server.server_close()
