"""The findings of a sweep as text: tables in several formats, and the answer below them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep import columns
from dropsweep.tables.advice import Line, Place, can_show
from dropsweep.tables.answers import answer, answer_text
from dropsweep.tables.formats import RENDERERS, cards, render
from dropsweep.tables.scope import data_line

if TYPE_CHECKING:
    from dropsweep.analysis import Findings

__all__ = [
    "RENDERERS",
    "Line",
    "Place",
    "answer",
    "answer_text",
    "can_show",
    "cards",
    "data_line",
    "render",
    "summary",
]


def summary(findings: Findings, place: Place | None = None, width: int | None = None) -> str:
    """A sweep's table of rates, and the answer under it."""
    lines = answer_text(answer(findings, place), width)
    if not findings.summaries:
        return lines
    return f"{render(columns.rates(findings), width=width)}\n\n{lines}"
