"""Option values with a grammar of their own."""

from __future__ import annotations

from typing import Any

import click


class Jobs(click.ParamType[int]):
    """A number of processes, or ``auto`` for as many as there are CPUs to use."""

    name = "N|auto"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number."""
        from dropsweep.executors import available_cpus

        if value == "auto":
            return available_cpus()
        if str(value).isdecimal() and 1 <= int(value) <= 4096:
            return int(value)
        raise click.BadParameter(f"{value!r} is neither a number from 1 nor auto.", ctx, param)


class ShardType(click.ParamType[tuple[int, int]]):
    """``I/N``: the I-th of N parts, counted from 0."""

    name = "I/N"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Index and count."""
        index, _, count = str(value).partition("/")
        if index.isdecimal() and count.isdecimal() and int(index) < int(count):
            return int(index), int(count)
        raise click.BadParameter(f"{value!r} is not I/N with 0 <= I < N, as in 0/4.", ctx, param)


JOBS = Jobs()
SHARD = ShardType()
