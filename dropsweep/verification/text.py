"""What the checks found, as text: three tables one after another, or one JSON object."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from dropsweep import tables
from dropsweep.columns import Table
from dropsweep.verification.statistics import Z_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dropsweep.verification.checks import Check, PublishedNumber
    from dropsweep.verification.outcome import Verification

TITLES = (
    f"Mask statistics: z = (observed - expected) / standard error, ok if |z| < {Z_LIMIT:g}",
    "Gradients: largest difference to central differences, relative to the largest gradient",
    "Published numbers",
)


def render(verification: Verification, output_format: str = "table") -> str:
    """In one of the formats of `tables.render`, without a line break at its end."""
    return RENDERERS[output_format](verification)


def _aligned(verification: Verification) -> str:
    return _titled(verification, "table", "{}\n")


def _markdown(verification: Verification) -> str:
    return _titled(verification, "markdown", "## {}\n\n")


def _titled(verification: Verification, output_format: str, heading: str) -> str:
    published = tuple(map(_in_all_digits, verification.published))
    checks = replace(verification, published=published).tables
    return "\n\n".join(
        heading.format(title) + tables.render(_table(rows), output_format)
        for title, rows in zip(TITLES, checks, strict=True)
    )


def _in_all_digits(number: PublishedNumber) -> PublishedNumber:
    """As text, which no table shortens: all digits are what is compared."""
    return replace(number, published=str(number.published), computed=str(number.computed))


def _csv(verification: Verification) -> str:
    return "\n\n".join(tables.render(_table(rows), "csv") for rows in verification.tables)


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


RENDERERS: dict[str, Callable[[Verification], str]] = {
    "table": _aligned,
    "csv": _csv,
    "json": _json,
    "markdown": _markdown,
    "latex": partial(_titled, output_format="latex", heading="% {}\n"),
}
