"""What becomes of an input: accepted and right, or refused in a sentence; everything else is a failure."""

from __future__ import annotations

import contextlib
import io
import signal
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import independent_reading as independent
import independent_surveys as surveys
from base_files import GAMES, LAYOUT
from hostile_inputs import Hostile

import estimation as est
from estimation.cli import main
from estimation.commands.assort_inputs import read_products

PATIENCE = 20.0  # seconds of CPU for one small input; a hundred times what it takes
LONGEST = 20_000  # characters of a message


class TooLongError(BaseException):
    """Nothing in the package catches it."""


@contextlib.contextmanager
def patience(seconds: float = PATIENCE) -> Iterator[None]:
    """Stop what takes more CPU than that."""

    def stop(*_: object) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


class Judge:
    """Reads inputs, counts what became of them, and keeps those that failed."""

    def __init__(self, folder: Path) -> None:
        self.file, self.games, self.layout = folder / "input.csv", folder / "games.toml", folder / "layout.toml"
        self.games.write_text(GAMES)
        self.layout.write_text(GAMES + LAYOUT)
        self.counts: Counter[str] = Counter()
        self.failed: list[str] = []
        self.readers = {
            "talk": (lambda: est.read_own(self.file, self.games).frame, independent.check_talk),
            "choices": (lambda: est.read_choices(self.file).frame, independent.check_choices),
            "products": (lambda: read_products(self.file), independent.check_products),
            "export": (lambda: est.read_own(self.file, self.layout).frame, independent.check_export),
            "wide": (lambda: est.choices_from_wide(self.file, **surveys.WIDE).frame, surveys.check_wide),
            "ranks": (lambda: est.read_ranks(self.file, attributes=["price"]).frame, surveys.check_ranks),
            "tasks": (lambda: est.read_best_worst(self.file, **surveys.TASKS).frame, surveys.check_tasks),
        }

    def read(self, given: Hostile) -> None:
        """Read a file as what it is meant to be, and compare what was read."""
        self.file.write_bytes(given.content)
        reader, check = self.readers[given.kind]

        def run() -> str:
            frame = reader()
            try:
                check(given.content, frame)
            except Exception as problem:
                raise AssertionError(f"read otherwise by loops: {problem!r}") from problem
            return "accepted"

        self.judge(given.kind, f"{given.what}: {given.content[:300]!r}", run)

    def command(self, *arguments: str) -> None:
        """Run a command, which ends with 0, or with 2 and words."""

        def run() -> str:
            said, complained, code = io.StringIO(), io.StringIO(), None
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(complained):
                try:
                    main(list(arguments))
                except SystemExit as ended:
                    code = ended.code
            assert code in (0, 2), code
            assert "Traceback" not in complained.getvalue()
            assert code == 0 or 0 < len(complained.getvalue()) <= LONGEST
            return "accepted" if code == 0 else "refused"

        self.judge(f"command {arguments[0]}", " ".join(arguments)[:300], run)

    def judge(self, kind: str, what: str, run: Callable[[], str]) -> None:
        """Run something and count what came of it."""
        try:
            with patience():
                found = run()
        except est.EstimationError as error:
            found = "refused" if len(str(error)) <= LONGEST else "long message"
        except TooLongError:
            found = "hang"
        except AssertionError as error:
            found, what = "wrong", f"{what} {error}"
        except Exception:
            found, what = "traceback", f"{what} {traceback.format_exc(limit=-4)}"
        self.counts[f"{kind}: {found}"] += 1
        if found not in ("accepted", "refused"):
            self.failed.append(f"{kind}: {found}: {what}")

    def report(self) -> str:
        """Return the counts by class."""
        return "\n".join(f"{count:>6}  {name}" for name, count in sorted(self.counts.items()))
