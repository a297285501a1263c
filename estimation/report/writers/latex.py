"""A report as LaTeX: tables with booktabs that can be copied into a paper, figures as PDF in a folder beside it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from estimation.report.blocks import Document
from estimation.report.numbering import Number
from estimation.report.picture import Picture
from estimation.report.writers.markup import Markup
from estimation.report.writers.text import letters, unbroken, widths
from estimation.text.signs import in_brackets
from estimation.text.table import TextTable

PREAMBLE = r"""% for pdflatex; signs that its standard fonts do not have stand as their names in brackets
\documentclass[11pt,a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage[margin=2.2cm]{geometry}
\usepackage{amssymb,array,booktabs,caption,graphicx,longtable,textcomp}
\usepackage[hidelinks]{hyperref}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.5em}
\setlength{\LTleft}{0pt}
\setlength{\LTcapwidth}{\textwidth}
\captionsetup{font=small,labelfont=bf,singlelinecheck=false}
\setlength{\tabcolsep}{4pt}
\setcounter{secnumdepth}{0}
\hyphenpenalty=500
\newcommand{\atmost}[1]{\ifdim #1<\linewidth #1\else\linewidth\fi}
\sloppy
"""
PACKAGES = (
    r"\usepackage[T1]{fontenc}",
    r"\usepackage[utf8]{inputenc}",
    r"\usepackage{amssymb,array,booktabs,graphicx,textcomp}",
)
"""What a paper loads for parts that are placed in it."""
NEEDED = "\n".join(["% The paper loads, before its \\begin{document}:", *(f"%   {package}" for package in PACKAGES)])
SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#{}"},
    "_": r"\_\allowbreak{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
    "\N{NO-BREAK SPACE}": "~",
    "\N{ZERO WIDTH SPACE}": "{}",
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
SMALL = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu"),
    *("xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
)
CAPITAL = ("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega")
GREEK = {name: f"\\{name}" for name in (*SMALL, *CAPITAL)} | {
    "omicron": "o",
    **dict(zip(("Alpha", "Beta", "Epsilon", "Zeta", "Eta", "Iota", "Kappa"), r"ABEZHIK", strict=True)),
    **dict(zip(("Mu", "Nu", "Omicron", "Rho", "Tau", "Chi"), "MNOPTX", strict=True)),
}
"""Greek letters as commands; those that look like Latin ones have none."""
LATIN = {chr(code) for code in (*range(0xA1, 0x17F), *range(0x218, 0x21C))} - set("ĦħĸĿŀŉŦŧ\N{SOFT HYPHEN}")
"""Letters and signs that TeX's standard fonts have, as they are."""
SET = LATIN | set("—‘’‚“”„†‡•‰‹›€™")


EM = 0.47  # of a letter, on average and with room to spare, in widths of a dash

RAISED = {"SUPERSCRIPT ": "^", "MODIFIER LETTER SMALL ": "^", "SUBSCRIPT ": "_", "LATIN SUBSCRIPT SMALL LETTER ": "_"}
"""How Unicode names signs that stand above or below the line → how TeX puts them there."""


def tex(text: str) -> str:
    """Return text as TeX: special signs escaped, Greek letters and signs of mathematics as their commands."""
    apart = re.sub("-(?=-)", "-\N{ZERO WIDTH SPACE}", unicodedata.normalize("NFC", unbroken(text)))
    return "".join(map(_sign, apart))


def _sign(sign: str) -> str:
    if sign in SPECIAL:
        return SPECIAL[sign]
    if sign.isascii():
        return sign
    name, plain = unicodedata.name(sign, ""), unicodedata.normalize("NFKC", sign)
    _, greek, letter = name.replace("LAMDA", "LAMBDA").partition("GREEK SMALL LETTER ")
    capital = name.replace("LAMDA", "LAMBDA").removeprefix("GREEK CAPITAL LETTER ")
    command = GREEK.get(letter.lower() if greek else capital.capitalize())
    if command and name.startswith("GREEK "):
        return f"${command}$"
    for words, mark in RAISED.items():
        if name.startswith(words) and plain.isalnum() and plain.isascii():
            return f"${mark}{{{plain}}}$"
    return sign if sign in SET else in_brackets(sign)


def _start(report: Document) -> list[str]:
    return [PREAMBLE, r"\begin{document}", rf"\section*{{{tex(report.question)}}}", tex(report.subject)]


def _bold(text: str) -> str:
    return rf"\textbf{{{tex(text)}}}"


def _warning(text: str) -> str:
    return rf"\fbox{{\parbox{{0.96\linewidth}}{{\textbf{{SYNTHETIC.}} {tex(text)}}}}}"


def _heading(text: str, depth: int) -> str:
    return rf"\{'subsection' if depth else 'section'}{{{tex(text)}}}"


def _items(texts: Iterable[str]) -> str:
    lines = "\n".join(rf"\item {{}}{text}" for text in texts)
    return f"\\begin{{itemize}}\n{lines}\n\\end{{itemize}}"


def _reference(text: str, anchor: str) -> str:
    return rf"\hyperref[{anchor}]{{{tex(text).replace(' ', '~')}}}"


def _figure(picture: Picture, number: Number, caption: str, place: str) -> str:
    width = f"{picture.figure.get_figwidth():.2f}in"
    lines = [
        r"\noindent\begin{minipage}{\linewidth}",
        rf"\includegraphics[width=\atmost{{{width}}}]{{{place}}}",
        rf"\captionof{{figure}}{{{tex(caption)}}}\label{{{number.anchor}}}",
        f"% what the figure shows: {' '.join(picture.alt.split())}",
        r"\end{minipage}",
    ]
    return "\n".join(lines)


def _table(table: TextTable, number: Number, rows: list[list[str]]) -> str:
    head = latex_row(map(tex, table.head)) + r" \\"
    lines = [
        r"{\footnotesize",
        rf"\begin{{longtable}}{{{_columns(table)}}}",
        rf"\caption{{{tex(table.caption)}}}\label{{{number.anchor}}}\\",
        *(r"\toprule", head, r"\midrule", r"\endfirsthead"),
        *(r"\toprule", head, r"\midrule", r"\endhead"),
        *(r"\bottomrule", r"\endlastfoot"),
    ]
    end = r" \\" if widths(table) is None else r" \\ \addlinespace[2pt]"  # rows of several lines stand apart
    return "\n".join([*lines, *(latex_row(row) + end for row in rows), r"\end{longtable}", "}"])


def tabular(table: TextTable) -> str:
    """Return a table as a ``tabular``, without its caption; a paper puts it where it likes.

    Columns are as wide as their words in the letters of the paper, whatever the width of its lines: see `fitted`.
    """
    rows = [
        latex_row(_bold(cell) if cell and table.is_marked(at, place) else tex(cell) for place, cell in enumerate(cells))
        + r" \\"
        for at, cells in enumerate(table.rows)
    ]
    head = latex_row(map(tex, table.head)) + r" \\"
    given = letters(table)
    columns = _columns(table) if given is None else _wrapping(table, [rf"{EM * width:.2f}em" for width in given])
    begin = rf"\begin{{tabular}}{{{columns}}}"
    return "\n".join([begin, r"\toprule", head, r"\midrule", *rows, r"\bottomrule", r"\end{tabular}"])


def placed(caption: str, label: str, body: str) -> str:
    """Return a table that LaTeX places, small, and smaller where it is wider than the lines of the paper."""
    lines = [r"\begin{table}[htbp]", r"\centering", rf"\caption{{{tex(caption)}}}", rf"\label{{{label}}}"]
    return "\n".join([*lines, r"\footnotesize\setlength{\tabcolsep}{3pt}", fitted(body), r"\end{table}"])


def fitted(body: str) -> str:
    """Return a table that becomes smaller where it is wider than the lines of the paper, letters and all."""
    width = r"\ifdim\width>\linewidth\linewidth\else\width\fi"
    return f"\\resizebox{{{width}}}{{!}}{{%\n{body}%\n}}"


def latex_row(cells: Iterable[str]) -> str:
    """Return the cells of a row; a bracket or star at its start would belong to the command before."""
    row = " & ".join(cells)
    return f"{{}}{row}" if row.startswith(("[", "*")) else row


def _columns(table: TextTable) -> str:
    shares = widths(table)
    if shares is None:
        return "".join("r" if place in table.numeric else "l" for place in range(len(table.head)))
    room = rf"\dimexpr\linewidth-{2 * len(shares)}\tabcolsep\relax"
    return _wrapping(table, [f"{share:.4f}{room}" for share in shares])


def _wrapping(table: TextTable, wide: Iterable[str]) -> str:
    """Return columns of these widths whose cells are broken into lines."""
    sides = ("left" if place in table.numeric else "right" for place in range(len(table.head)))
    return "".join(rf">{{\ragged{side}\arraybackslash}}p{{{width}}}" for side, width in zip(sides, wide, strict=True))


END = [r"\end{document}"]
LATEX = Markup("pdf", _start, END, tex, _bold, _warning, _heading, _items, _reference, _figure, _table)
written = LATEX.written
