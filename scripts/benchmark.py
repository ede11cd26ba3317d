"""The speed of dropsweep: beside PyTorch and a textbook solver, and beside what the cores can do.

    python scripts/benchmark.py                  # about half an hour on two cores
    python scripts/benchmark.py start            # one part; see --help
    python scripts/benchmark.py answer --data cifar-10-python.tar.gz   # cost of a sure answer
    python scripts/benchmark.py scale            # many run files
    python scripts/benchmark.py dask             # 64 Dask workers

Whole processes are measured in turns, round after round, on random images of CIFAR-10's size in a
temporary folder. Only ratios within one call mean something. What others on the machine disturb is
measured again (on Linux, which can tell). PyTorch is compared with where it is installed. README.md
beside this file explains each part.
"""

from __future__ import annotations

import json
import platform
import tempfile
from dataclasses import asdict
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from benchmarks import anatomy, answer, cluster, growth, images, memory, race, scale, startup
from benchmarks.others import undisturbed
from benchmarks.workload import Workload

from dropsweep import tables
from dropsweep.columns import Table
from dropsweep.executors import available_cpus

if TYPE_CHECKING:
    from collections.abc import Callable

RATES = (0.0, 0.25, 0.5, 0.75, 0.8, 0.9, 0.99)
say = partial(click.echo, err=True)


class Setting(NamedTuple):
    """The options of all parts."""

    data: str
    """The prepared images."""
    folder: Path
    processes: int
    rounds: int
    naive_rounds: int
    cifar: Path | None
    """An archive or folder of real images for `sure`."""
    outcomes: Path
    """The folder of the runs that `sure` trains."""
    draws: int

    @property
    def source(self) -> Workload:
        """The source experiment with two seeds: 14 runs on 500 images."""
        runs = tuple((rate, seed) for seed in (0, 1) for rate in RATES)
        return Workload(self.data, train_size=500, epochs=25, runs=runs)

    @property
    def larger(self) -> Workload:
        """Six rates on 5,000 images, 5 epochs."""
        runs = tuple((rate, 0) for rate in RATES[:6])
        return Workload(self.data, train_size=5000, epochs=5, runs=runs)


class Part(NamedTuple):
    """A table, and what JSON keeps of it."""

    title: str
    table: Table
    values: Any


def race_source(setting: Setting) -> Part:
    """The source experiment against everyone."""
    return _race(setting, "14 runs, 500 images, 25 epochs", setting.source, setting.naive_rounds)


def race_larger(setting: Setting) -> Part:
    """More images, against PyTorch."""
    return _race(setting, "6 runs, 5,000 images, 5 epochs", setting.larger, 0)


def _race(setting: Setting, name: str, work: Workload, naive_rounds: int) -> Part:
    found = race.race(
        name,
        work,
        setting.folder / name,
        processes=setting.processes,
        rounds=setting.rounds,
        naive_rounds=naive_rounds,
        say=say,
    )
    columns = ("", "seconds", "from - to", "dropsweep / this")
    title = f"{name}, {found.tflop:.2f} TFLOP of products, {found.useful:.0%} of the limit"
    values = asdict(found) | {"useful": found.useful}
    return Part(title, Table.plain(columns, tuple(found.rows())), values)


def step(setting: Setting) -> Part:
    """The anatomy of a step."""
    found = undisturbed(
        lambda: anatomy.anatomy(setting.source, setting.folder, setting.processes), say
    )
    title = f"A step of the source experiment, {setting.processes} processes at once"
    return Part(title, Table.plain(("part", "ms", "share"), tuple(anatomy.rows(found))), found)


def start(setting: Setting) -> Part:
    """Start-up and overhead."""
    folder = setting.folder / "start"
    found = undisturbed(
        lambda: startup.startup(setting.source, folder, setting.processes, setting.rounds), say
    )
    columns = ("command", "seconds", "from - to")
    return Part("Start-up", Table.plain(columns, tuple(startup.rows(found))), found)


def resident(setting: Setting) -> Part:
    """Memory."""
    found = memory.memory(setting.larger, setting.folder / "memory", setting.processes)
    columns = ("process", "resident, MB", "of it in no file, MB")
    table = Table.plain(columns, tuple(memory.rows(found)))
    return Part(f"Memory at most, {images.TRAIN} images", table, [asdict(each) for each in found])


def linear(setting: Setting) -> Part:
    """Growth of the cost."""
    folder = setting.folder / "growth"
    found = undisturbed(lambda: growth.growth(setting.source, folder, setting.rounds), say)
    columns = ("more", "from - to", "seconds", "exponent")
    values = [asdict(each) | {"exponent": each.exponent} for each in found]
    return Part("Growth", Table.plain(columns, tuple(growth.rows(found))), values)


def many(setting: Setting) -> Part:
    """Commands on many run files."""
    found = scale.scale(setting.folder / "scale", (10_000, 100_000))
    columns = ("command", "runs", "CPU seconds", "exponent", "resident, MB")
    title = "Many run files"
    return Part(title, Table.plain(columns, scale.rows(found)), [asdict(each) for each in found])


def sure(setting: Setting) -> Part:
    """Cost of a sure answer, and of the rules that others use."""
    table = answer.train_outcomes(setting.outcomes, setting.cifar, say)
    data_dir = Path(setting.data).parents[1]
    seconds = answer.run_seconds(
        data_dir, setting.folder / "answer", setting.processes, setting.rounds
    )
    typical = {name: median(each) for name, each in seconds.items()}
    asked, published = seconds[answer.QUESTION], seconds[answer.PUBLISHED]
    ratio = median(a / b for a, b in zip(asked, published, strict=True))
    found = [
        cost
        for rates in (len(answer.RATES), len(answer.RATES) - 1)
        for cost in answer.simulate(table.first(rates), typical, setting.draws)
    ]
    title = (
        f"A sure answer, {table.data}, {len(table.all_images)} seeds in the table. A run of "
        + " and of ".join(f"{name} {each:.2f} CPU s" for name, each in typical.items())
        + f", ratio {ratio:.2f}"
    )
    kept = answer.values(found, seconds)
    return Part(title, Table.plain(answer.COLUMNS, tuple(answer.rows(found))), kept)


def dask(setting: Setting) -> Part:  # noqa: ARG001 it trains nothing
    """A Dask cluster of many workers."""
    found = [cluster.serve(*size) for size in cluster.SIZES]
    table = Table.plain(("", *("value" for _ in found)), tuple(cluster.rows(found)))
    title = f"{cluster.WORKERS} Dask workers, {cluster.KILLED} of them killed"
    return Part(title, table, [asdict(each) for each in found])


PARTS: dict[str, Callable[[Setting], Part]] = {
    "source": race_source,
    "larger": race_larger,
    "step": step,
    "start": start,
    "memory": resident,
    "growth": linear,
    "answer": sure,
    "scale": many,
    "dask": dask,
}
USUAL = tuple(name for name in PARTS if name not in {"answer", "scale", "dask"})
"""The parts that are measured when none is named: the others take long."""


@click.command
@click.argument("names", nargs=-1, type=click.Choice(list(PARTS)), metavar="[PART]...")
@click.option("--rounds", default=5, show_default=True, help="Times everyone has a turn.")
@click.option("--naive-rounds", default=2, show_default=True, help="Turns of the textbook solver.")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Keep all numbers here.")
@click.option("--data", "cifar", type=click.Path(path_type=Path), help="CIFAR-10 for `answer`.")
@click.option(
    "--outcomes",
    type=click.Path(path_type=Path),
    default=Path("build/outcomes"),
    show_default=True,
    help="The folder where `answer` keeps the runs that it trains.",
)
@click.option("--draws", default=400, show_default=True, help="Uses of each rule in `answer`.")
def main(names: tuple[str, ...], file: Path | None, **options: Any) -> None:
    """Measure how fast dropsweep is on this machine, and print tables.

    Parts: source, larger, step, start, memory, growth; by name only, since they take long: answer,
    scale, dask.
    """
    kept: dict[str, Any] = {"machine": platform.platform(), "processes": available_cpus()}
    with tempfile.TemporaryDirectory(prefix="dropsweep-benchmark-") as temporary:
        folder = Path(temporary)
        say("preparing 50,000 random images")
        prepared = str(images.prepare(folder / "data"))
        setting = Setting(prepared, folder, available_cpus(), **options)
        for name in names or USUAL:
            part = PARTS[name](setting)
            kept[name] = part.values
            click.echo(f"\n{part.title}\n{tables.render(part.table)}")
    if file is not None:
        file.write_text(json.dumps(kept, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
