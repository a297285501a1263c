"""Options that take one of a few words."""

from __future__ import annotations

from collections.abc import Iterable


def is_among(value: object, words: Iterable[str | None]) -> bool:
    """Whether a value is one of these words (or None, if None is allowed), whatever else it may be."""
    return any(value is word if word is None else isinstance(value, str) and value == word for word in words)


def word_problems(words: Iterable[str | None], **options: object) -> list[str]:
    """List which options, by name, are none of the words that they take."""
    words = tuple(words)
    *first, last = map(repr, words)
    listed = f"{', '.join(first)} or {last}" if first else last
    return [f"{name} must be {listed}, not {value!r}" for name, value in options.items() if not is_among(value, words)]
