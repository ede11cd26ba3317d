"""What a sweep found, as text: tables in several formats, and the answer under them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep import columns
from dropsweep.analysis import find
from dropsweep.tables.details import details
from dropsweep.tables.formats import RENDERERS, cards, render
from dropsweep.tables.headline import headline
from dropsweep.tables.verdict import data_line, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.records import RunRecord

__all__ = [
    "RENDERERS",
    "cards",
    "data_line",
    "details",
    "headline",
    "render",
    "report",
    "verdict",
]


def report(records: Sequence[RunRecord], width: int | None = None) -> str:
    """What a sweep ends with: the table of its rates, and the answer under it."""
    findings = find(records)
    if not findings.summaries:
        return verdict(findings)
    return f"{render(columns.rates(findings), width=width)}\n\n{verdict(findings)}"
