"""Values, counts and lists in words, as people read them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from dropsweep.analysis import format_p
from dropsweep.records import format_rate

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from dropsweep.analysis import Estimate

FEW_SEEDS = 5
"""With fewer, the lowest and highest value say more than an interval."""


def short_number(value: object) -> str:
    """Anything as text, a float in six digits."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def decimals(value: float, count: int = 3) -> str:
    """A number with so many digits after the point; a zero has no sign."""
    text = f"{value:.{count}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def signed(value: float) -> str:
    """A difference with its sign: +0.021, -0.003, 0.000."""
    text = decimals(value)
    return f"+{text}" if float(text) > 0 else text


def duration(seconds: float) -> str:
    """``40 s``, ``4 min``, ``2.5 h``."""
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def with_spread(value: Estimate, number: Callable[[float], str] = decimals) -> str:
    """A mean and its 95 % interval; of few seeds, the lowest and the highest value.

    ``0.908 ± 0.014``, ``0.310 (.300 to .320)``; equal values have neither.
    """
    mean = number(value.mean)
    if value.high is None or value.low is None or value.low == value.high:
        return mean
    if value.sd is None:  # of one net on its images, whose interval is not symmetric
        return f"{mean} ({number(value.low)} to {number(value.high)})"
    if value.count < FEW_SEEDS and value.least is not None and value.greatest is not None:
        least, greatest = (number(end).replace("0.", ".") for end in (value.least, value.greatest))
        return mean if least == greatest else f"{mean} ({least} to {greatest})"
    half = decimals(value.high - value.mean)
    return f"{mean} ± {half if float(half) else '<0.001'}"


difference_text = partial(with_spread, number=signed)
p_text = partial(format_p, equals="")


def counted(count: int, noun: str) -> str:
    """``1 seed``, ``3 seeds``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def span(counts: Collection[int]) -> str:
    """A number, or the range of numbers: ``500``, or ``100 to 1,000`` where runs differ."""
    low, high = min(counts), max(counts)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def joined(texts: Sequence[str]) -> str:
    """``a``, ``a, b and c``."""
    *before, last = texts
    return f"{', '.join(before)} and {last}" if before else last


def listed_rates(rates: Iterable[float], noun: str = "rate") -> str:
    """``rate 0.50``, ``rates 0.25, 0.50 and 0.75``."""
    names = [format_rate(rate) for rate in rates]
    return f"{noun if len(names) == 1 else f'{noun}s'} {joined(names)}"
