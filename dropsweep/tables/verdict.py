"""What a sweep found, in sentences that claim no more than its seeds can show."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from dropsweep.tables.details import details
from dropsweep.tables.headline import headline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.analysis import Findings
    from dropsweep.records import RunRecord

WIDTH = 80
"""Characters of a line."""


def verdict(findings: Findings) -> str:
    """The data, the headline and the details, each sentence on lines of its own."""
    sentences = [data_line(findings.records), headline(findings), *details(findings)]
    return "\n".join(textwrap.fill(sentence, WIDTH) for sentence in sentences if sentence)


def data_line(records: Sequence[RunRecord]) -> str:
    """On which data the runs were trained; empty without runs."""
    if not records:
        return ""
    labels = sorted({record.spec.dataset.label for record in records})
    sizes = sorted({record.spec.dataset.train_size for record in records})
    span = f"{sizes[0]}" if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"
    return f"Data: {', '.join(labels)}; {span} training images."
