"""Tables as values: their columns, each declared once, and what stands in them in words."""

from dropsweep.columns.lists import (
    HISTORY_COLUMNS,
    RATE_COLUMNS,
    RUN_COLUMNS,
    best,
    history,
    in_order,
    plan,
    points,
    rates,
    runs,
)
from dropsweep.columns.table import Column, Table

__all__ = [
    "HISTORY_COLUMNS",
    "RATE_COLUMNS",
    "RUN_COLUMNS",
    "Column",
    "Table",
    "best",
    "history",
    "in_order",
    "plan",
    "points",
    "rates",
    "runs",
]
