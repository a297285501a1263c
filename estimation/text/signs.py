"""Texts that stand on one line, and signs that a font does not have, as their names in brackets."""

from __future__ import annotations

import re
import unicodedata

BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")  # ends of lines and other signs that command a printer
TURNS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")  # what makes all that follows run the other way
SELECTORS = range(0xFE00, 0xFE10)  # how the sign before looks: of two drawings, that in colour


def one_line(text: str) -> str:
    """Return text without ends of lines and other signs that are commands: a name may hold some."""
    return TURNS.sub("", BREAKS.sub(" ", text))


def in_brackets(sign: str) -> str:
    """Return the name of a sign in brackets; nothing for a sign that cannot be seen.

    Examples
    --------
    >>> in_brackets("😀"), in_brackets("漢")
    ('[GRINNING FACE]', '[CJK UNIFIED IDEOGRAPH-6F22]')
    """
    unseen = unicodedata.category(sign) == "Cf" or ord(sign) in SELECTORS
    return "" if unseen else f"[{unicodedata.name(sign, f'U+{ord(sign):04X}')}]"
