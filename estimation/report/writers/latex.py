"""A report as LaTeX: tables with booktabs that can be copied into a paper, figures as PDF in a folder beside it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from estimation.report.blocks import WITHHELD, Bullets, Document, Facts, Gallery, Paragraph, Section
from estimation.report.picture import Picture
from estimation.report.writers.text import Written, caption_of, named_pictures, unbroken, widths
from estimation.text.table import TextTable

PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage[margin=2.2cm]{geometry}
\usepackage{amssymb,array,booktabs,graphicx,longtable}
\usepackage[hidelinks]{hyperref}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.5em}
\setlength{\LTleft}{0pt}
\setlength{\LTcapwidth}{\linewidth}
\setlength{\tabcolsep}{4pt}
\setcounter{secnumdepth}{0}
\hyphenpenalty=500
\newcommand{\atmost}[1]{\ifdim #1<\linewidth #1\else\linewidth\fi}
\sloppy
"""
SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#{}"},
    "_": r"\_\allowbreak{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "\N{NO-BREAK SPACE}": "~",
    "\N{MINUS SIGN}": "$-$",
    "\N{EN DASH}": "--",
    "\N{HORIZONTAL ELLIPSIS}": r"\dots{}",
    "\N{INFINITY}": r"$\infty$",
    "\N{MULTIPLICATION SIGN}": r"$\times$",
    "\N{PLUS-MINUS SIGN}": r"$\pm$",
    "\N{MIDDLE DOT}": r"$\cdot$",
    "\N{RIGHTWARDS ARROW}": r"$\rightarrow$",
    "\N{LESS-THAN OR EQUAL TO}": r"$\leq$",
    "\N{GREATER-THAN OR EQUAL TO}": r"$\geq$",
    "\N{PROPORTIONAL TO}": r"$\propto$",
    "\N{ELEMENT OF}": r"$\in$",
    "\N{NOT EQUAL TO}": r"$\neq$",
    "\N{ALMOST EQUAL TO}": r"$\approx$",
    "\N{DOT OPERATOR}": r"$\cdot$",
    "\N{N-ARY SUMMATION}": r"$\sum$",
    "\N{SUPERSCRIPT MINUS}": "$^{-}$",
    "\N{SUPERSCRIPT PLUS SIGN}": "$^{+}$",
}
LIKE_LATIN = {"omicron": "o"}
"""Greek letters that TeX has no command for, because they look like Latin ones."""


def latex(report: Document, folder: str) -> Written:
    """Return a report as a LaTeX document, with figures in a folder of this name.

    Parameters
    ----------
    report
        What to write.
    folder
        The name of the folder beside the file in which figures will lie.
    """
    pictures = dict(named_pictures(report, "pdf"))
    places = {id(picture): f"{folder}/{name}" for name, picture in pictures.items()}
    parts = [PREAMBLE, r"\begin{document}", rf"\section*{{{tex(report.question)}}}", tex(report.subject)]
    parts += _opening(report)
    for section in report.sections:
        parts += _section(section, "section", report, places)
    parts.append(r"\end{document}")
    beside = {name: picture.image("pdf") for name, picture in pictures.items()}
    return Written(("\n\n".join(parts) + "\n").encode("utf-8"), beside)


def tex(text: str) -> str:
    """Return text as TeX: special signs escaped, Greek letters and signs of mathematics as their commands."""
    return "".join(_sign(sign) for sign in unbroken(text))


def _sign(sign: str) -> str:
    if sign in SPECIAL:
        return SPECIAL[sign]
    if sign.isascii():
        return sign
    name = unicodedata.name(sign, "")
    for words, upper in (("GREEK SMALL LETTER ", False), ("GREEK CAPITAL LETTER ", True)):
        if name.startswith(words) and " " not in name.removeprefix(words):
            letter = name.removeprefix(words).lower().replace("lamda", "lambda")
            command = LIKE_LATIN.get(letter, f"\\{letter.capitalize() if upper else letter}")
            return f"${command}$"
    for words, mark in (("SUPERSCRIPT ", "^"), ("SUBSCRIPT ", "_")):
        if name.startswith(words):
            return f"${mark}{{{unicodedata.normalize('NFKC', sign)}}}$"
    return sign


def _opening(report: Document) -> list[str]:
    verdict = report.verdict
    parts = [rf"\fbox{{\parbox{{0.96\linewidth}}{{\textbf{{SYNTHETIC.}} {tex(report.warning)}}}}}"]
    parts = parts if report.warning else []
    if verdict.withheld:
        parts.append(rf"\textbf{{{tex(WITHHELD)}}}")
        parts.append(_itemize(tex(problem) for problem in verdict.problems))
        parts.append(tex(verdict.text))
    else:
        parts.append(rf"\textbf{{{tex(verdict.text)}}}")
    return parts + [_led(note) for note in verdict.notes]


def _section(section: Section, command: str, report: Document, places: dict[int, str]) -> list[str]:
    parts = [rf"\{command}{{{tex(section.title)}}}"]
    for block in section.blocks:
        if isinstance(block, Paragraph):
            parts.append(_led(block))
        elif isinstance(block, Bullets):
            parts.append(_itemize(_led(Paragraph(text, lead)) for lead, text in block.items))
        elif isinstance(block, Facts):
            parts.append(_itemize(rf"\textbf{{{tex(name)}}}: {tex(value)}" for name, value in block.pairs))
        elif isinstance(block, Gallery):
            parts += [_figure(picture, report, places[id(picture)]) for picture in block.pictures]
        else:
            parts.append(_table(block))
    for part in section.parts:
        parts += _section(part, "subsection", report, places)
    return parts


def _led(block: Paragraph) -> str:
    return (rf"\textbf{{{tex(block.lead)}}} " if block.lead else "") + tex(block.text)


def _itemize(items: Iterator[str]) -> str:
    lines = "\n".join(rf"\item {{}}{item}" for item in items)
    return f"\\begin{{itemize}}\n{lines}\n\\end{{itemize}}"


def _figure(picture: Picture, report: Document, place: str) -> str:
    width = f"{picture.figure.get_figwidth():.2f}in"
    lines = [
        r"\begin{center}",
        rf"\includegraphics[width=\atmost{{{width}}}]{{{place}}}",
        r"\par\nopagebreak",
        rf"{{\small {tex(caption_of(picture, report))}}}",
        f"% what the figure shows: {' '.join(picture.alt.split())}",
        r"\end{center}",
    ]
    return "\n".join(lines)


def _table(table: TextTable) -> str:
    head = _cells(table.head) + r" \\"
    lines = [
        r"{\footnotesize",
        rf"\begin{{longtable}}{{{_columns(table)}}}",
        rf"\caption{{{tex(table.caption)}}}\\",
        r"\toprule",
        head,
        r"\midrule",
        r"\endfirsthead",
        r"\toprule",
        head,
        r"\midrule",
        r"\endhead",
        r"\bottomrule",
        r"\endlastfoot",
    ]
    end = r" \\" if widths(table) is None else r" \\ \addlinespace[2pt]"  # rows of several lines stand apart
    for at, row in enumerate(table.rows):
        marked = [
            rf"\textbf{{{tex(cell)}}}" if cell and table.is_marked(at, place) else tex(cell)
            for place, cell in enumerate(row)
        ]
        lines.append(" & ".join(marked) + end)
    return "\n".join([*lines, r"\end{longtable}", "}"])


def _cells(cells: tuple[str, ...]) -> str:
    return " & ".join(tex(cell) for cell in cells)


def _columns(table: TextTable) -> str:
    shares = widths(table)
    if shares is None:
        return "".join("r" if place in table.numeric else "l" for place in range(len(table.head)))
    room = rf"\dimexpr\linewidth-{2 * len(shares)}\tabcolsep\relax"
    return "".join(_column(share, room, place in table.numeric) for place, share in enumerate(shares))


def _column(share: float, room: str, numeric: bool) -> str:
    side = r"\raggedleft" if numeric else r"\raggedright"
    return rf">{{{side}\arraybackslash}}p{{{share:.4f}{room}}}"
