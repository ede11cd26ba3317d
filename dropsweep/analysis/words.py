"""A probability in words, the same wherever it is read."""

from __future__ import annotations


def format_p(p: float | None, equals: str = "= ") -> str:
    """A probability in three decimals: ``= 0.012``, or ``< 0.001``; ``equals`` may be left out."""
    if p is None:
        return "-"
    return "< 0.001" if p < 0.001 else f"{equals}{p:.3f}"
