"""Views as widgets of a notebook, by anywidget: what a reader moves can be read and set from Python."""

from __future__ import annotations

from typing import Any

from estimation.errors import ReportError
from estimation.report.interactive.scripts import asset, widget_script
from estimation.report.interactive.view import View


def widget_of(view: View) -> Any:
    """Return a widget with traits ``data`` and ``state``.

    Raises
    ------
    ReportError
        If anywidget is not installed.
    """
    try:
        import anywidget  # noqa: PLC0415 - an extra
        import traitlets  # noqa: PLC0415 - comes with it
    except ImportError:
        advice = "install the extra: pip install 'estimation[widgets]'; or save the page: .save('page.html')"
        raise ReportError("There is no widget:", [advice]) from None

    class InteractiveWidget(anywidget.AnyWidget):  # type: ignore[misc]
        _esm = widget_script(view.kind)
        _css = asset("interactive.css")
        data = traitlets.Dict().tag(sync=True)
        state = traitlets.Dict().tag(sync=True)

    around = {"before": [view.label, *view.warnings], "after": list(view.notes)}
    return InteractiveWidget(data={**view.data, **around})
