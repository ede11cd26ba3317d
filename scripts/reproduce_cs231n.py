"""Replay the published dropout experiment of cs231n, and compare with its printed numbers.

Its notebooks draw everything from one legacy stream, seeded once with 231: the weights of the net
without dropout, its batches, then the weights, batches and masks of the net that drops .75. Here
dropsweep's own net, Adam and training loop take their randomness from such a stream.

    python scripts/reproduce_cs231n.py

Ends with exit code 1 if a number is off. On other data than the full CIFAR-10 both nets are trained
all the same, and there is nothing to compare with.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click
import numpy as np
from threadpoolctl import threadpool_limits

from dropsweep import datasets, errors, tables
from dropsweep.cli import options
from dropsweep.columns import Table
from dropsweep.progress import make_progress
from dropsweep.records import (
    ALGORITHM,
    CIFAR10_IDENTITY,
    DatasetSpec,
    DropoutSpec,
    EvaluationSpec,
    ModelSpec,
    RunSpec,
    TrainingSpec,
)
from dropsweep.training import Streams, solve, split

if TYPE_CHECKING:
    from dropsweep.datasets import Dataset
    from dropsweep.records import History

SEED = 231


@dataclass(frozen=True)
class Published:
    """The printed numbers of one net in public copies of the notebook."""

    rate: float
    first_loss: float
    """Of the first batch, nats."""
    accuracies: dict[int, tuple[float, float]]
    """Training and validation accuracy by epoch."""
    epochs: int
    """To train here."""


PUBLISHED = (
    Published(0.0, 7.856643, {0: (0.260, 0.184), 1: (0.416, 0.258), 5: (0.708, 0.299)}, 25),
    Published(0.75, 19.352450, {0: (0.256, 0.193), 1: (0.372, 0.245), 5: (0.622, 0.310)}, 5),
)
"""In the order in which the nets take from the stream. The first is trained to its end, where the
second begins; of the second nothing is printed after epoch 5."""

LOSS_TOLERANCE = 2e-6
"""Relative: float32 sums of 3,072 products in another order, and the last printed digit."""

ACCURACY_TOLERANCE = 0.0025
"""Such sums drift apart from step to step: by epoch 5 another BLAS may move one image of the 500
that training accuracy is measured on, or two of the 1,000 for validation, and hardly more."""


class Check(NamedTuple):
    """One published number beside the one found here."""

    net: str
    what: str
    found: float
    published: float
    off: float
    """Relative for a loss, absolute for an accuracy."""
    ok: bool


def experiment(published: Published, identity: str) -> RunSpec:
    """The notebook's settings; its seed is no part of them, for the stream is handed in."""
    return RunSpec(
        DatasetSpec(
            identity, train_size=500, val_size=1000, test_size=0, preprocessing="mean_image"
        ),
        ModelSpec((500,), None, "relu", 0.01, batch_norm=False, dtype="float32"),
        DropoutSpec(published.rate, None, "inverted", input_rate=0.0),
        TrainingSpec(published.epochs, 100, "replacement", "adam", 5e-4, 1.0, 0.0, 0.0, None),
        EvaluationSpec(()),
        seed=0,
        algorithm=ALGORITHM,
    )


def replay(dataset: Dataset) -> list[History]:
    """Train the nets of `PUBLISHED` one after another from one legacy stream.

    Nothing else draws: the notebook's accuracy check takes a random part of the images only of
    sets larger than it wants, which neither 500 nor 1,000 are.
    """
    stream = np.random.RandomState(SEED)
    streams = Streams(*[stream] * len(fields(Streams)))
    histories = []
    for published in PUBLISHED:
        spec = experiment(published, dataset.identity)
        with threadpool_limits(limits=1, user_api="blas"):
            images = split(dataset, spec.dataset, spec.model.dtype, stream)
            histories.append(solve(spec, images, streams, lambda _: None).history)
    return histories


def compare(history: History, published: Published) -> list[Check]:
    """Every published number of a net, in the order of the epochs."""
    net = name(published.rate)
    loss = history.train_loss[0]
    off = loss / published.first_loss - 1
    checks = [Check(net, "first loss", loss, published.first_loss, off, abs(off) <= LOSS_TOLERANCE)]
    for epoch, printed in published.accuracies.items():
        at = history.epoch.index(epoch)
        found = (history.train_accuracy[at], history.val_accuracy[at])
        for part, here, there in zip(("train", "val"), found, printed, strict=True):
            off = here - there
            ok = abs(off) <= ACCURACY_TOLERANCE
            checks.append(Check(net, f"{part} accuracy, epoch {epoch}", here, there, off, ok))
    return checks


def name(rate: float) -> str:
    """A net in words."""
    return f"drop {rate}" if rate else "no dropout"


def as_table(checks: list[Check], comparable: bool) -> Table:
    """The checks for reading; without a comparison only what was found."""
    rows = []
    for check in checks:
        digits = 6 if "loss" in check.what else 3
        found, published = (f"{each:.{digits}f}" for each in (check.found, check.published))
        verdict = "ok" if check.ok else "OFF"
        rows.append((check.net, check.what, found, published, f"{check.off:+.1e}", verdict))
    columns = ("net", "what", "found", "published", "off by", "verdict")
    shown = len(columns) if comparable else 3
    return Table.plain(columns[:shown], (row[:shown] for row in rows))


@click.command
@click.option(
    "--path", type=click.Path(path_type=Path), help="An archive or folder with CIFAR-10 files."
)
@options.data_dir
@options.offline
def main(path: Path | None, data_dir: Path | None, offline: bool) -> None:
    """Replay the published dropout experiment on CIFAR-10, and compare with its numbers."""
    progress = make_progress()
    try:
        folder = datasets.prepare(
            "cifar10",
            path=path,
            data_dir=datasets.default_data_dir(data_dir),
            offline=offline,
            on_note=progress.note,
            on_progress=progress.downloaded,
        )
        dataset = datasets.open_prepared(folder)
    except errors.DropsweepError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(error.exit_code)
    histories = zip(replay(dataset), PUBLISHED, strict=True)
    checks = [check for history, published in histories for check in compare(history, published)]
    comparable = dataset.identity == CIFAR10_IDENTITY
    click.echo(tables.render(as_table(checks, comparable)))
    if not comparable:
        click.echo("\nNot the full CIFAR-10: the published numbers do not apply.")
    elif not all(check.ok for check in checks):
        sys.exit(1)


if __name__ == "__main__":
    main()
