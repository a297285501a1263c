"""Amounts as surveys and shops write them, `$1,000` or `5 %`: numbers, where nothing else can be meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

import pandas as pd

from estimation.arrays import is_real

AMOUNT = re.compile(r"(?=.*[$€£¥₹%,'])[-+]?\s*[$€£¥₹]?\s*[-+]?\d[\d.,' ]*[$€£¥₹%]?")
"""What is meant as an amount, well written or not."""

SIGNED = re.compile(r"([+-]?)\s*([$€£¥₹]?)\s*([+-]?)\s*(?=.*\d)([\d.,]+)\s*([$€£¥₹%]?)")
PLAIN = re.compile(r"\d+(\.\d*)?|\.\d+")
GROUPED, POINTED = re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?"), re.compile(r"[1-9]\d{0,2}\.\d{3}")
WITH_POINTS = ("$", "£", "¥", "₹")
"""Money whose decimals follow a point, or do not come in threes; €1,234 a litre is one euro and a bit."""


def without_signs(cells: pd.Series) -> pd.Series:
    """Return amounts as digits where all have one and the same sign of money or per cent; what is unclear stays.

    Commas go where they can only stand between thousands. A number beside them has no sign: 0.1 is not ``10%`` in its
    units; 0 is nothing in any.

    Examples
    --------
    >>> without_signs(pd.Series(["$400", "$1,000", "-$1,250.50", "about $5"])).tolist()
    ['400', '1000', '-1250.50', 'about $5']
    >>> without_signs(pd.Series(["€1,234", "€2,345"])).tolist()
    ['€1,234', '€2,345']
    >>> without_signs(pd.Series(["1.234 €", "900 €"])).tolist()
    ['1.234 €', '900']
    """
    texts = {cell for cell in cells if isinstance(cell, str)}
    found = {text: match.groups() for text in texts if (match := SIGNED.fullmatch(text.strip()))}
    signs = {before + after for _, before, _, _, after in found.values()}
    signs |= {""} if signs and any(map(_is_amount, cells)) else set()
    if len(signs) != 1 or signs == {""}:
        return cells
    written = {digits for *_, digits, _ in found.values()}
    grouped, unclear = _are_thousands(written, signs), _may_be_thousands(written, signs)
    known = {}
    for text, (first, _, then, digits, _) in found.items():
        bare = digits.replace(",", "") if grouped else digits
        if PLAIN.fullmatch(bare) and not (first and then) and not (unclear and "." in bare):
            known[text] = f"{first}{then}{bare}"
    return cells.map(lambda cell: known.get(cell, cell) if isinstance(cell, str) else cell)


def _is_amount(cell: object) -> bool:
    """Return whether a cell is a number that has a unit: not 0, and not what is missing."""
    return is_real(cell) and cell != 0


def _are_thousands(digits: Collection[str], signs: Iterable[str]) -> bool:
    """Return whether all commas stand between thousands, and none could be a decimal comma."""
    with_commas = [text for text in digits if "," in text]
    whole = [text.partition(".")[0] for text in digits if "," not in text]
    if not all(map(GROUPED.fullmatch, with_commas)) or any(len(text) > 3 for text in whole):
        return False
    is_certain = any(text.count(",") > 1 or "." in text for text in with_commas)
    return is_certain or any(len(text) == 3 for text in whole) or all(sign in WITH_POINTS for sign in signs)


def _may_be_thousands(digits: Collection[str], signs: Iterable[str]) -> bool:
    """Return whether all points may stand between thousands, as in 1.234 €, where they are no decimals for certain."""
    with_points = [text for text in digits if "." in text]
    is_certain = any(len(text) > 3 or "," in text for text in digits if text not in with_points)
    is_certain |= all(sign in WITH_POINTS for sign in signs)
    return bool(with_points) and all(map(POINTED.fullmatch, with_points)) and not is_certain
