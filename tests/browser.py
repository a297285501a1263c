"""A real browser without a window, driven through its debugging pipe: nothing to install beside the browser itself."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless_shell")
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions", "--mute-audio")
PATIENCE = 60.0  # seconds for an answer
KEYS = {"Tab": 9, "Enter": 13, " ": 32, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowRight": 39, "ArrowDown": 40}
MEASURE = """
function scrolls(e) {
  return e && (/auto|scroll/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
}
JSON.stringify({
  width: document.documentElement.scrollWidth,
  broken: [...document.images].filter(i => !(i.complete && i.naturalWidth > 0)).map(i => i.alt),
  images: document.images.length,
  outside: [...document.querySelectorAll('main p, main li, main dd, main img, h1, h2, h3')]
    .filter(e => e.getBoundingClientRect().right > WIDTH + 1 && !scrolls(e)).map(e => e.textContent.slice(0, 60)),
})
"""


def find_browser() -> str | None:
    """Return the path of a browser of the Chromium family, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@dataclass
class Seen:
    """What a page looked like.

    Attributes
    ----------
    facts
        Its width, broken images, texts that reach beyond the screen.
    complaints
        What the console said, and errors of loading or of scripts.
    picture
        PNG of the whole page.
    """

    facts: dict[str, Any]
    complaints: list[str]
    picture: bytes


@dataclass
class Browser:
    """A browser that is running; use it with ``with``."""

    path: str
    counter: int = 0
    events: list[dict[str, Any]] = field(default_factory=list)

    def __enter__(self) -> Browser:
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_browser, self.write = _high_pipe()
        self.read, from_browser = _high_pipe()

        def wire() -> None:
            os.dup2(to_browser, 3)
            os.dup2(from_browser, 4)

        command = [self.path, *FLAGS, "--remote-debugging-pipe", f"--user-data-dir={self.folder.name}"]
        self.buffer = b""
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        wired = {"preexec_fn": wire, "close_fds": False}  # there are no threads here
        self.process = subprocess.Popen(command, **wired, **quiet)
        os.close(to_browser)
        os.close(from_browser)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        os.close(self.write)
        os.close(self.read)
        self.folder.cleanup()

    def look(self, page: Path, width: int, height: int = 900, *, dark: bool = False) -> Seen:
        """Open a page on a screen of some width and return what it looks like."""
        visit = self.visit(page, width, height, dark=dark)
        facts = json.loads(visit.run(MEASURE.replace("WIDTH", str(width))))
        seen = Seen(facts, visit.complaints, visit.picture())
        visit.close()
        return seen

    def visit(
        self,
        page: Path,
        width: int,
        height: int = 900,
        *,
        dark: bool = False,
        scripts: bool = True,
        paper: bool = False,
    ) -> Visit:
        """Open a page on a screen of some width, and stay."""
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.events.clear()
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._ask(f"{domain}.enable", session)
        screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self._ask("Emulation.setDeviceMetricsOverride", session, **screen)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self._ask("Emulation.setEmulatedMedia", session, features=scheme, media="print" if paper else "")
        self._ask("Emulation.setScriptExecutionDisabled", session, value=not scripts)
        self._ask("Page.navigate", session, url=page.resolve().as_uri())
        self._wait_for("Page.loadEventFired")
        return Visit(self, target, session)

    def _ask(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        self.counter += 1
        message: dict[str, Any] = {"id": self.counter, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self.write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self.counter:
                assert "error" not in answer, answer
                return dict(answer["result"])
            self.events.append(answer)

    def _wait_for(self, method: str) -> None:
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self._next())

    def _next(self) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.read], [], [], max(0.0, until - time.monotonic()))
            assert ready, "the browser does not answer"
            part = os.read(self.read, 1 << 20)
            assert part, "the browser has gone"
            self.buffer += part
        message, self.buffer = self.buffer.split(b"\0", 1)
        return dict(json.loads(message))


@dataclass
class Visit:
    """A page that is open: what a person may do there, and what it then holds."""

    browser: Browser
    target: str
    session: str

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Ask the browser about this page."""
        return self.browser._ask(method, self.session, **params)

    def run(self, expression: str) -> Any:
        """Return the value of an expression, once it is there if it is a promise."""
        found = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def press(self, *keys: str) -> None:
        """Press keys one after the other, as ``Tab`` or ``ArrowRight``; what has the focus takes them."""
        for key in keys:
            code = KEYS.get(key, 0)
            text = {"text": "\r"} if key == "Enter" else {"text": " "} if key == " " else {}
            what = {"key": key, "code": "Space" if key == " " else key, "windowsVirtualKeyCode": code}
            self.ask("Input.dispatchKeyEvent", type="keyDown", **what, **text)
            self.ask("Input.dispatchKeyEvent", type="keyUp", **what)
        self.settle()

    def drag(self, selector: str, start: float, end: float) -> None:
        """Drag along an element, from and to shares of its width, with the mouse."""
        box = self.run(
            f"(e => {{ e.scrollIntoView({{block: 'center'}}); const b = e.getBoundingClientRect();"
            f" return [b.left, b.top + b.height / 2, b.width]; }})(document.querySelector({json.dumps(selector)}))"
        )
        at = [{"x": box[0] + share * box[2], "y": box[1]} for share in (start, (start + end) / 2, end)]
        self.ask("Input.dispatchMouseEvent", type="mousePressed", button="left", clickCount=1, **at[0])
        for place in at[1:]:
            self.ask("Input.dispatchMouseEvent", type="mouseMoved", button="left", buttons=1, **place)
        self.ask("Input.dispatchMouseEvent", type="mouseReleased", button="left", clickCount=1, **at[-1])
        self.settle()

    def settle(self) -> None:
        """Wait until the page is drawn, and until it has said to readers of screens what changed."""
        self.run("new Promise(done => setTimeout(() => requestAnimationFrame(() => done(1)), 450))")

    def picture(self) -> bytes:
        """Return the whole page as PNG."""
        shot = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        return base64.b64decode(shot["data"])

    @property
    def complaints(self) -> list[str]:
        """What the console has said, and errors of loading or of scripts, since the page was opened."""
        return [text for text in map(_complaint, self.browser.events) if text]

    @property
    def fetched(self) -> list[str]:
        """The addresses that were asked for since the page was opened, but its own."""
        sent = [event["params"] for event in self.browser.events if event.get("method") == "Network.requestWillBeSent"]
        return [params["request"]["url"] for params in sent if params.get("type") != "Document"]

    def close(self) -> None:
        """Leave the page."""
        self.browser._ask("Target.closeTarget", targetId=self.target)


def _high_pipe() -> tuple[int, int]:
    """Return a pipe whose ends are not 3 and 4, where the browser listens and speaks."""
    ends = os.pipe()
    high = tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 20) for end in ends)
    for end in ends:
        os.close(end)
    return high[0], high[1]


def _complaint(event: dict[str, Any]) -> str:
    """Return what an event complains about; nothing if it does not."""
    method, params = event.get("method"), event.get("params", {})
    if method == "Runtime.exceptionThrown":
        return str(params["exceptionDetails"])
    if method == "Runtime.consoleAPICalled":
        return str(params["args"])
    if method == "Log.entryAdded":
        return str(params["entry"])
    return str(params) if method == "Network.loadingFailed" else ""
