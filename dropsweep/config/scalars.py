"""What a word without quotes means: YAML 1.2's core schema, decimal numbers only.

PyYAML reads YAML 1.1, where ``on`` is true, ``1:30`` is 90, ``010`` is 8, ``2001-01-01`` a date,
and ``1e-3`` text.
"""

from __future__ import annotations

import re

from dropsweep import errors

MOST_DIGITS = 18
"""Of a whole number: what fits 64 bits, here and in every reader of the results."""

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITY = re.compile(r"([-+]?)\.(inf|Inf|INF)")
_NAN = re.compile(r"\.(nan|NaN|NAN)")


def plain_scalar(text: str) -> str | int | float | bool | None:
    """The value of an unquoted scalar.

    Raises
    ------
    ValueError
        For a whole number of more than `MOST_DIGITS` digits, with the sentence to tell.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if infinity := _INFINITY.fullmatch(text):
        return float(f"{infinity[1]}inf")
    return float("nan") if _NAN.fullmatch(text) else text


def _integer(text: str) -> int:
    digits = len(text.lstrip("+-0"))
    if digits > MOST_DIGITS:
        raise ValueError(errors.integer_too_long(digits))
    return int(text.lstrip("+-0") or "0") * (-1 if text.startswith("-") else 1)
