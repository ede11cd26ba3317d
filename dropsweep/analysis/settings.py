"""Groups of runs: those of one setting and rate belong together, whatever their seed."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from dropsweep.records import varying_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dropsweep.records import RunRecord

Setting: TypeAlias = tuple[tuple[str, Any], ...]
"""One setting of a sweep: dotted key and value of every axis; empty where only the rate varies."""


def by_setting(records: Sequence[RunRecord]) -> dict[Setting, list[RunRecord]]:
    """Records by setting, settings in the order of their values, each by rate and then seed.

    Any key in which the records differ, except the rate and the seed, tells settings apart:
    different settings are never averaged as if they were seeds.
    """
    keys = varying_keys([record.spec for record in records])
    axes = [(key, attrgetter(key)) for key in keys]
    settings: dict[Setting, list[RunRecord]] = {}
    for record in sorted(records, key=lambda each: (each.spec.rate, each.spec.seed)):
        setting = tuple((key, value(record.spec)) for key, value in axes)
        settings.setdefault(setting, []).append(record)
    return dict(sorted(settings.items(), key=lambda item: [_order(value) for _, value in item[0]]))


def by_setting_and_rate(
    records: Sequence[RunRecord],
) -> Iterator[tuple[Setting, float, list[RunRecord]]]:
    """The seeds of each rate in each setting, in this order."""
    for setting, members in by_setting(records).items():
        rates: dict[float, list[RunRecord]] = {}
        for record in members:
            rates.setdefault(record.spec.rate, []).append(record)
        for rate, runs in rates.items():
            yield setting, rate, runs


def finished(runs: Iterable[RunRecord]) -> list[RunRecord]:
    """Those that did not diverge."""
    return [run for run in runs if not diverged(run)]


def diverged(run: RunRecord) -> bool:
    """True if the loss stopped being a finite number."""
    return run.status == "diverged"


def format_value(value: object) -> str:
    """An axis value as a config writes it: 500, [500, 100], null."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(format_value(item) for item in value)}]"
    return "null" if value is None else str(value)


def format_setting(setting: Setting) -> str:
    """A setting in words: ``dataset.train_size = 500, model.activation = relu``."""
    return ", ".join(f"{key} = {format_value(value)}" for key, value in setting)


def _order(value: object) -> tuple[int, Any]:
    """A sort key that never compares a number with a list or a word."""
    if isinstance(value, int | float):
        return 0, value
    return (1, value) if isinstance(value, tuple) else (2, str(value))
