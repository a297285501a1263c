"""What a term or a formula may contain: it is checked before it is read, so that nothing in it runs as a program.

The reader of formulas, formulaic, evaluates calls and braces as Python. Terms come with files of results, from command
lines and from code; whoever wrote them, they are held to columns, numbers, operators and the functions listed here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Any

from estimation.errors import did_you_mean

LONGEST = 1000  # characters: deeper nesting than fits into these breaks Python's own parser
MOST = 50  # columns that one spline or polynomial may become
HIGHEST_POWER = 4  # of a sum of terms: (a + b + c)**4 has all interactions of up to four
POWERS = ("**", "^")
OPERATORS = ("~", "+", "-", "*", "/", ":", "**", "^", "%in%")
NUMBER = re.compile(r"\d+\.?\d*|\.\d+")
COUNTS = {"df", "degree"}  # arguments that say how many columns are made
TYPED = set("\"'`\\{}")  # signs that end a text early where formulaic writes it into a program

_ONE = ("abs", "cbrt", "ceil", "cos", "exp", "exp2", "expm1", "floor", "log", "log10", "log1p", "log2", "sign", "sin")
_SPLINE = ("x", "df", "knots", "lower_bound", "upper_bound", "constraints", "extrapolation")
FUNCTIONS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("I", "center", "exp", "exp2", "exp10", "log", "log2", "log10"), ("x",)),
    **{f"np.{name}": ("x",) for name in (*_ONE, "sqrt", "square", "tan", "tanh")},  # a second would be written to
    **{f"np.{name}": ("x", "y") for name in ("maximum", "minimum")},
    "np.where": ("x", "then", "otherwise"),
    "scale": ("x", "center", "scale", "ddof"),
    "standardize": ("x", "center", "rescale", "ddof"),
    "poly": ("x", "degree", "raw"),
    "bs": ("x", "df", "knots", "degree", "include_intercept", "lower_bound", "upper_bound", "extrapolation"),
    **dict.fromkeys(("cr", "cs", "cc"), _SPLINE),
    "C": ("x", "contrasts", "levels"),
    "Treatment": ("reference",),
    "Sum": (),
    "Helmert": ("reverse", "scale"),
    "Diff": ("backward",),
    "Poly": ("scores",),
}
"""Function → its arguments, in order. All are pure: their values depend on their arguments alone."""

ALLOWED = (
    f"a term or formula consists of columns, numbers, the operators {' '.join(OPERATORS)}, arithmetic inside I( ) or "
    f"{{ }}, and the functions {', '.join(sorted(FUNCTIONS, key=str.lower))}"
)
ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.BitAnd, ast.BitOr)
SIGNS = (ast.UAdd, ast.USub, ast.Invert)


def read_expression(text: str) -> tuple[set[str], list[str]]:
    """Return the columns that a term or a formula names, and everything in it that is not allowed, in words.

    Parameters
    ----------
    text
        For example ``"np.log(price)"`` or ``"~ country * I(period > 5)"``.
    """
    from formulaic.errors import FormulaicError  # noqa: PLC0415 - slow to import, and most fits have no formula

    if len(text) > LONGEST:
        return set(), [f"{_short(text)!r} has {len(text):,} characters; a term or formula has at most {LONGEST:,}"]
    names: set[str] = set()
    refused: list[str] = []
    raised: list[str] = []
    before = ""
    try:
        for token in _tokens(text):
            kind = token.kind.value if token.kind else ""
            if kind == "name":
                names.add(token.token)
            elif kind == "python":
                found, parts = _python(token.token)
                names |= found
                refused += parts
            elif not _is_plain(kind, token.token.strip(), before):
                refused.append(token.token)
            elif token.token.strip() in POWERS and before != ")":
                raised.append(_short(before))
            before = token.token.strip()
    except (FormulaicError, SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        what = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        return set(), [f"{_short(text)!r} is not a term or formula ({what}); {ALLOWED}"]
    problems = [f"{part!r} in {_short(text)!r} is not allowed; {_instead(part)}" for part in map(_short, refused)]
    powers = [f"{_short(text)!r}: a power of {part!r} alone is itself; raise it by I({part} ** 2)" for part in raised]
    return names, problems + powers


def no_columns(names: Iterable[str], columns: Iterable[object]) -> list[str]:
    """Say which names are no columns, and which column each may have meant."""
    known = [str(column) for column in columns]
    missing = sorted(set(names) - set(known))
    return [
        f"there is no column {_short(name)!r}{did_you_mean(name, known, f'; columns: {known}')}" for name in missing
    ]


def no_part(names: Iterable[str], used: Iterable[object]) -> list[str]:
    """Say which names were taken away again by a minus: in formulas it removes terms, and subtracts nothing."""
    lost = sorted(set(names) - set(map(str, used)))
    return [f"{_short(name)!r} has no part in it; a difference of columns is I(a - b)" for name in lost]


def no_ratio(text: str) -> list[str]:
    """Say that a stroke divides nothing in an allowed expression, if one stands outside of arithmetic."""
    is_there = any(token.kind and token.kind.value == "operator" and "/" in token.token for token in _tokens(text))
    return ["a / b stands for a + a:b; a ratio of columns is I(a / b), and terms are named one by one"] * is_there


def _tokens(text: str) -> Iterable[Any]:
    """Return the pieces of an expression as formulaic takes it apart."""
    from formulaic.parser.algos.sanitize_tokens import sanitize_tokens  # noqa: PLC0415 - slow to import
    from formulaic.parser.algos.tokenize import tokenize  # noqa: PLC0415

    found: Iterable[Any] = sanitize_tokens(tokenize(text))
    return found


def _is_plain(kind: str, token: str, before: str) -> bool:
    """Return whether a token that is no name and no Python may stand where it stands."""
    if kind == "value":
        return bool(NUMBER.fullmatch(token)) and not (before in POWERS and float(token) > HIGHEST_POWER)
    if "~" in token and before:
        return False  # it begins a formula; in the midst of one it has two sides
    return token in ("(", ")", "in") or (kind == "operator" and bool(token) and set(token) <= set("~+-*/:^"))


def _instead(part: str) -> str:
    return "write only what something depends on, as in '~ country'" if part == "~" else ALLOWED


def _python(code: str) -> tuple[set[str], list[str]]:
    """Return the columns of a call or of braces, and the parts that are not allowed."""
    from formulaic.utils.code import sanitize_variable_names  # noqa: PLC0415

    aliases: dict[str, str] = {}
    tree = ast.parse(sanitize_variable_names(code, {}, aliases), mode="eval").body
    return {aliases.get(name, name) for name in _columns(tree)}, [ast.unparse(part) for part in _refused(tree)]


def _columns(node: ast.AST) -> set[str]:
    """Return the names in an expression that are not those of functions."""
    functions = {id(part) for call in ast.walk(node) if isinstance(call, ast.Call) for part in ast.walk(call.func)}
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and id(part) not in functions}


def _refused(node: ast.expr) -> Iterator[ast.AST]:
    """Yield the parts of an expression that are not allowed."""
    match node:
        case ast.Name() | ast.Constant(value=bool() | int() | float()):
            return
        case ast.UnaryOp(op=op, operand=operand) if isinstance(op, SIGNS):
            yield from _refused(operand)
        case ast.BinOp(left=left, op=op, right=right) if isinstance(op, ARITHMETIC):
            if isinstance(op, ast.Pow) and not _columns(node):
                yield node  # a power of numbers alone has as many digits as somebody likes
            yield from (*_refused(left), *_refused(right))
        case ast.Compare(left=left, comparators=[right]):
            yield from (*_argument(left), *_argument(right))
        case ast.Call():
            yield from _call(node)
        case _:
            yield node


def _call(node: ast.Call) -> Iterator[ast.AST]:
    known = FUNCTIONS.get(ast.unparse(node.func))
    if known is None or len(node.args) > len(known):
        yield node.func if known is None else node
        return
    named = [(known[place], value) for place, value in enumerate(node.args)]
    for name, value in [*named, *((keyword.arg or "", keyword.value) for keyword in node.keywords)]:
        if name not in known or (name in COUNTS and not _is_count(value)):
            yield node
        else:
            yield from _argument(value)


def _argument(node: ast.expr) -> Iterator[ast.AST]:
    """Yield what is not allowed where a list or a label may stand."""
    if isinstance(node, ast.List | ast.Tuple):
        for item in node.elts:
            yield from _argument(item)
    elif not (isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_label(node.value)):
        yield from _refused(node)


def _is_label(text: str) -> bool:
    return text.isprintable() and not TYPED & set(text)


def _is_count(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int) and 0 <= node.value <= MOST


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
