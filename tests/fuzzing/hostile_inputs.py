"""Inputs that nobody means well by: cells, structures and bytes, from a fixed list or by chance from a seed."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass, replace

from base_files import BASES

CELLS = (
    *(
        "",
        " ",
        "NA",
        "na",
        "nan",
        "-nan",
        "+nan",
        "NaN ",
        "None",
        "null",
        ".",
        "n/a",
        "inf",
        "-inf",
        "Infinity",
        "1e999",
    ),
    *(
        "0",
        "-0",
        "-0.0",
        "1",
        "1.0",
        "01",
        "1 ",
        " 1",
        "+1",
        "1e0",
        "0x1",
        "1_0",
        "1,5",
        "1.234,5",
        "$3",
        "3%",
        "١",
        "²",
        "½",
    ),
    *(
        "1e308",
        "1e-320",
        "9007199254740993",
        "9" * 20,
        "1" * 400,
        "-" + "9" * 400,
        "1e400",
        "1e-400",
        "--1",
        "1-2",
        "1/2",
    ),
    *("True", "false", "yes", "TRUE", "2020-01-01", "[1]", "{}", '{"a": 1}', "=1+1", "@x", "a\nb", "a\r\nb", "a\tb"),
    *(
        "a\0b",
        "a/b",
        "/",
        "//",
        "漢字",
        "é",
        "e\u0301",
        "\u202eabc",
        "\ufeff1",
        "1\u200b",
        "a\u00a0b",
        "\x07",
        "\ud7ff",
        "😀",
    ),
    *(
        "x" * 5000,
        '"',
        '""',
        "'",
        "\\",
        ",",
        ";",
        "|",
        "s1",
        "S1",
        "sender",
        "Sender",
        "receiver",
        "over",
        "Over",
        "a",
        "b",
    ),
    *(
        "<script>",
        "__import__('os')",
        "{{x}}",
        "%s",
        "$x^$",
        "DROP",
        "NULL",
        "#REF!",
        "#DIV/0!",
        "1:2",
        "1e",
        "e1",
        "++",
    ),
)
"""What may stand in any cell."""


@dataclass(frozen=True)
class Hostile:
    """A file of some kind, and what was done to it."""

    kind: str  # which reader it is for: a key of BASES
    content: bytes
    what: str = ""


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def written(rows: list[list[str]], delimiter: str = ",", end: str = "\n") -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=end).writerows(rows)
    return stream.getvalue()


def fixed() -> list[Hostile]:
    """Return every cell in every kind of file, one place each in turn, and every structure that can be broken."""
    found = []
    for kind, text in BASES.items():
        rows = rows_of(text)
        width = len(rows[0])
        for number, cell in enumerate(CELLS):
            changed = [list(row) for row in rows]
            changed[1 + number % (len(rows) - 1)][(number * 5) % width] = cell
            found.append(Hostile(kind, written(changed).encode("utf-8", "surrogatepass"), f"cell {cell[:20]!r}"))
            named = [list(row) for row in rows]
            named[0][(number * 7) % width] = cell
            if number % 3 == 0:
                found.append(Hostile(kind, written(named).encode("utf-8", "surrogatepass"), f"column {cell[:20]!r}"))
        found += [Hostile(kind, content, what) for what, content in _structures(text).items()]
    return found


def _structures(text: str) -> dict[str, bytes]:
    rows = rows_of(text)
    plain = text.encode()
    made = {
        **{f"separator {sign!r}": written(rows, sign).encode() for sign in ";\t|: "},
        **{f"encoding {name}": text.encode(name) for name in ("utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp037")},
        **{f"end of line {end!r}": written(rows, end=end).encode() for end in ("\r\n", "\r", "\n\n")},
        "trailing commas": "\n".join(line + "," for line in text.splitlines()).encode(),
        "trailing commas in rows": text.replace("\n", ",\n").replace(",\n", "\n", 1).encode(),
        "no end of line": plain.rstrip(),
        "no rows": written(rows[:1]).encode(),
        "no header": written(rows[1:]).encode(),
        "header twice": written([rows[0], *rows]).encode(),
        "rows twice": written([*rows, *rows[1:]]).encode(),
        "columns twice": written([row + row for row in rows]).encode(),
        "columns turned": written([row[::-1] for row in rows]).encode(),
        "capitals": written([[name.upper() for name in rows[0]], *rows[1:]]).encode(),
        "decimal commas": written([[cell.replace(".", ",") for cell in row] for row in rows], ";").encode(),
        "an open quote": plain + b'"x',
        "latin-1": plain + "Jos\xe9".encode("latin-1"),
        "a workbook": b"PK\x03\x04" + plain,
        "compressed": b"\x1f\x8b" + plain,
        "zeros": b"\0" * 100,
        "nothing": b"",
        "blank": b"\n \n,,\n",
        "one sign": b"x",
        "a long line": b"x," * 50_000,
        "a long cell": plain.replace(b"a", b"y" * 100_000, 1),
        "a cell beyond the limit": plain + b"z" * 200_000,
    }
    return made | {f"cut at {place}": plain[: len(plain) * place // 7] for place in range(1, 7)}


def by_chance(kind: str, rng: random.Random) -> Hostile:
    """Return a file with one to four changes."""
    made = Hostile(kind, BASES[kind].encode())
    for _ in range(rng.randint(1, 4)):
        made = changed(made, rng)
    return made


def changed(given: Hostile, rng: random.Random) -> Hostile:
    """Return a file with one more change: of bytes, of a cell, or of rows and columns."""
    content = given.content
    if rng.random() < 0.25:
        place = rng.randrange(len(content) + 1)
        what, content = rng.choice(
            [
                ("byte", content[:place] + bytes([rng.randrange(256)]) + content[place + 1 :]),
                ("cut", content[:place]),
                ("insertion", content[:place] + rng.choice(CELLS).encode("utf-8", "surrogatepass") + content[place:]),
                ("doubled", content[:place] + content[place // 2 : place] + content[place:]),
            ]
        )
        return replace(given, content=content, what=f"{given.what}, {what}")
    try:
        rows = rows_of(content.decode())
    except (UnicodeDecodeError, csv.Error):
        return replace(given, content=BASES[given.kind].encode(), what="anew")
    rows = [row for row in rows if row] or [[""]]
    row = rng.choice(rows)
    action = rng.choice(["cell", "cell", "cell", "swap", "row", "drop", "column", "same"])
    if action == "cell":
        row[rng.randrange(len(row))] = rng.choice(CELLS)
    elif action == "swap":
        other = rng.choice(rows)
        place = rng.randrange(min(len(row), len(other)))
        row[place], other[place] = other[place], row[place]
    elif action == "row":
        rows.insert(rng.randrange(1, len(rows) + 1), list(row))
    elif action == "drop":
        rows.remove(row)
    elif action == "column":
        cell = rng.choice(CELLS)
        rows = [[*each, cell if at else f"column {rng.randrange(9)}"] for at, each in enumerate(rows)]
    else:
        place = rng.randrange(len(row))
        rows = [
            [*each[:place], row[place], *each[place + 1 :]] if at and place < len(each) else each
            for at, each in enumerate(rows)
        ]
    sign = rng.choice([",", ",", ",", ",", ";", "\t"])
    return replace(given, content=written(rows, sign).encode("utf-8", "surrogatepass"), what=f"{given.what}, {action}")
