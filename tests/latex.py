"""Parts of a paper, put into one as their first lines say, and compiled."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

PDFLATEX = shutil.which("pdflatex")


def complaints(parts: Iterable[str], folder: Path) -> list[str]:
    """Return what LaTeX complains of in a paper of narrow lines: undefined, doubled, overfull, too high."""
    parts = list(parts)
    packages = {line for text in parts for line in re.findall(r"^%   (\\usepackage.*)$", text, re.MULTILINE)}
    body = "\\sloppy\n" + "\n\n".join(parts)  # paragraphs stretch; words of tables cannot
    whole = "\n".join([r"\documentclass{article}", *sorted(packages), r"\begin{document}", body, r"\end{document}"])
    (folder / "paper.tex").write_text(whole, encoding="utf-8")
    command = [str(PDFLATEX), "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    for _ in range(2):  # labels are known from the second time on
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            return [done.stdout[-2000:]]
    return re.findall(r".*(?:undefined|multiply defined|Overfull|too large).*", done.stdout)
