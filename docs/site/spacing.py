"""Spaces inside formulas: what the converter leaves to guess is said, since browsers space a sign by its role."""

from __future__ import annotations

from xml.etree import ElementTree

MATHML = "http://www.w3.org/1998/Math/MathML"
SIGNS = {"~": "\N{TILDE OPERATOR}", ";": ";"}
"""What the converter takes for a letter → the sign that it is."""
FUNCTIONS = {"log", "exp", "max", "min"}
BAR, CLOSING = "|", set(")]}")
SIGNED = {"\N{MINUS SIGN}", "-", "+", "\N{PLUS-MINUS SIGN}"}
THIN = "0.167em"

ElementTree.register_namespace("", MATHML)


def spaced(formula: str) -> str:
    """Return MathML in which bars open or close, signs of numbers are close to them, and functions apart from letters.

    Examples
    --------
    >>> spaced("<math><mo>|</mo><mi>x</mi><mo>|</mo></math>")
    '<math><mo form="prefix">|</mo><mi>x</mi><mo form="postfix">|</mo></math>'
    """
    tree = ElementTree.fromstring(formula)  # noqa: S314 - what the converter has just made
    for row in tree.iter():
        for child in row:
            if _name(child) == "mi" and child.text in SIGNS:
                child.tag, child.text = child.tag[:-1] + "o", SIGNS[child.text]
        _form(row)
        _apart(row)
    return ElementTree.tostring(tree, encoding="unicode")


def _form(row: ElementTree.Element) -> None:
    """Say of bars and signs in a row whether something stands before them to which they belong."""
    open_place, unclosed = True, 0
    for child in row:
        sign = (child.text or "") if _name(child) == "mo" else ""
        if sign == BAR and "form" not in child.attrib:
            opens = open_place or not unclosed
            child.set("form", "prefix" if opens else "postfix")
            unclosed += 1 if opens else -1
        elif sign in SIGNED and open_place:
            child.set("form", "prefix")
        if _name(child) != "mspace":
            open_place = bool(sign) and sign not in CLOSING and child.get("form") != "postfix"


def _apart(row: ElementTree.Element) -> None:
    """Put a thin space between the name of a function and the letter that it is of."""
    children = list(row)
    for place in range(len(children) - 2, -1, -1):
        one, following = children[place], children[place + 1]
        letter = _name(following) in {"mi", "mn", "mtext", "msub", "msup", "mfrac"}
        if _name(one) == "mi" and one.text in FUNCTIONS and letter:
            row.insert(place + 1, ElementTree.Element(one.tag[:-2] + "mspace", width=THIN))


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
