"""Which of many trained nets a figure shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dropsweep.records import NetArrays, RunRecord

MOST_RATES = 8
"""More rows or lines than these are not told apart."""


def kept_nets(
    records: Sequence[RunRecord],
    kept: Callable[[RunRecord], NetArrays | None],
    seeds: int,
    is_usable: Callable[[NetArrays], bool],
) -> dict[float, list[tuple[RunRecord, NetArrays]]]:
    """By rate, what was kept of its lowest seeds; rates without any are left out.

    Parameters
    ----------
    records
        Of one setting. Of more than `MOST_RATES` rates as many are taken, evenly spread.
    seeds
        Nets of a rate at most.
    is_usable
        Whether a file holds the arrays that are to be drawn; one that does not is as good as none.
    """
    found: dict[float, list[tuple[RunRecord, NetArrays]]] = {}
    for rate in _evenly(sorted({record.spec.rate for record in records})):
        for record in sorted(records, key=lambda each: each.spec.seed):
            if record.spec.rate == rate and len(found.get(rate, ())) < seeds:
                arrays = kept(record)
                if arrays is not None and is_usable(arrays):
                    found.setdefault(rate, []).append((record, arrays))
    return found


def left_out(records: Sequence[RunRecord], shown: int) -> str:
    """What a reader must know of rates that are not shown; empty if all are."""
    count = len({record.spec.rate for record in records})
    return "" if shown == count else f"{shown} of {count} rates"


def _evenly(rates: Sequence[float]) -> list[float]:
    if len(rates) <= MOST_RATES:
        return list(rates)
    at = np.linspace(0, len(rates) - 1, MOST_RATES).round().astype(int)
    return [rates[index] for index in at]
