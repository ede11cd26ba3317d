"""The findings as text: three tables one after another, one JSON object, or one line."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from dropsweep import tables
from dropsweep.columns import Table
from dropsweep.verification.statistics import Z_LIMIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.verification.checks import Check, PublishedNumber, Verification

TITLES = (
    f"Mask statistics: z = (observed - expected) / standard error, ok if |z| < {Z_LIMIT:g}",
    "Gradients: largest difference to central differences, relative to the largest gradient",
    "Published numbers",
)


_HEADINGS = {"markdown": "## {}\n\n", "latex": "% {}\n"}


def summary(verification: Verification) -> str:
    """One line: how many checks hold, and of which sorts they are."""
    statistics, gradients, published = map(len, verification.tables)
    total = statistics + gradients + published
    return (
        f"{total - len(verification.failed)} of {total} checks hold: {statistics} mask statistics, "
        f"{gradients} gradients, {published} published numbers."
    )


def render(verification: Verification, output_format: str = "table") -> str:
    """All checks in one of the formats of `tables.render`, without a line break at the end."""
    if output_format == "json":
        return _json(verification)
    if output_format == "csv":  # numbers whole, no headings
        return "\n\n".join(tables.render(_table(rows), "csv") for rows in verification.tables)
    heading = _HEADINGS.get(output_format, "{}\n")
    published = tuple(map(_in_all_digits, verification.published))
    checks = replace(verification, published=published).tables
    return "\n\n".join(
        heading.format(title) + tables.render(_table(rows), output_format)
        for title, rows in zip(TITLES, checks, strict=True)
    )


def _in_all_digits(number: PublishedNumber) -> PublishedNumber:
    """As text, which no table shortens: all digits are compared."""
    return replace(number, published=str(number.published), computed=str(number.computed))


def _json(verification: Verification) -> str:
    found = {name: list(map(_valid, rows)) for name, rows in asdict(verification).items()}
    return json.dumps({**found, "ok": not verification.failed}, indent=2, allow_nan=False)


def _valid(row: dict[str, Any]) -> dict[str, Any]:
    """JSON has no NaN, which wrong mathematics may well give: null stands for it."""
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in row.items()
    }


def _table(rows: Sequence[Check]) -> Table:
    plain = [asdict(row) for row in rows]
    return Table.plain(plain[0], (tuple(row.values()) for row in plain))
