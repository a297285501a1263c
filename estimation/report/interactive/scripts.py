"""The scripts of views, and their data as text that no page reads as a mark."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

FOLDER = "estimation.report.interactive"
ACTIVE = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
"""Signs by which a name in data could end the element that holds it; JSON may write any sign as its number."""
WIDGET = """
// A notebook takes keys such as arrows for its cells, and the focus with them: those of a view stay with it.
function keepKey(event) {
  if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
}

export default {
  render({ model, el }) {
    const data = model.get("data");
    const panel = element("div", { class: "interactive" });
    panel.addEventListener("keydown", keepKey);
    const told = (texts) => texts.map((text) => element("p", {}, text));
    el.append(...told(data.before), panel, ...told(data.after));
    let own = "";
    const view = VIEWS[data.kind](panel, data, model.get("state"), (state) => {
      own = JSON.stringify(state);
      model.set("state", state);
      model.save_changes();
    });
    const follow = () => {
      if (JSON.stringify(model.get("state")) !== own) view.show(model.get("state"));
    };
    model.on("change:state", follow);
    return () => model.off("change:state", follow);
  },
};
"""
"""How a notebook starts a view: its state is the widget's, in both directions."""


@cache
def asset(name: str) -> str:
    """Return a script or a style of this folder."""
    return files(FOLDER).joinpath(name).read_text(encoding="utf-8")


def page_script(kinds: Iterable[str]) -> str:
    """Return the script of a page that shows views of these kinds."""
    return _joined(kinds, "boot();\n")


def widget_script(kind: str) -> str:
    """Return the script of a widget of this kind, an ECMAScript module."""
    return _joined([kind], WIDGET)


def _joined(kinds: Iterable[str], start: str) -> str:
    return "\n".join([asset("base.js"), *(asset(f"{kind}.js") for kind in dict.fromkeys(kinds)), start])


def digest(script: str) -> str:
    """Return what a page names as the only script that may run in it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")


def as_json(data: Mapping[str, Any]) -> str:
    """Return data as JSON in which nothing ends the element that it stands in."""
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.translate(ACTIVE)
