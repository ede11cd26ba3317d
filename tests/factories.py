"""Specs, plausible records, results folders and prepared data, without training a net."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from dropsweep import config, datasets
from dropsweep.records import (
    ALGORITHM,
    CIFAR10_IDENTITY,
    SCHEMA,
    SYNTHETIC_IDENTITY,
    DatasetSpec,
    DropoutSpec,
    EvaluationSpec,
    FailureRecord,
    History,
    ModelSpec,
    MonteCarlo,
    ResultsSpec,
    RunRecord,
    RunSpec,
    TrainingSpec,
)
from dropsweep.results import ResultsFolder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

RATES = (0.0, 0.25, 0.5, 0.75, 0.8, 0.9, 0.99)

_TRAIN = (0.99, 0.976, 0.961, 0.91, 0.897, 0.733, 0.34)
_VAL = (0.298, 0.305, 0.311, 0.32, 0.318, 0.319, 0.288)


def make_spec(
    rate: float = 0.5,
    seed: int = 0,
    *,
    epochs: int = 25,
    train_size: int = 500,
    hidden_sizes: tuple[int, ...] = (500,),
    identity: str = CIFAR10_IDENTITY,
    monte_carlo_samples: tuple[int, ...] = (),
    keep_parameters: bool = False,
) -> RunSpec:
    """The seven-rate experiment's spec, with what tests vary."""
    return RunSpec(
        DatasetSpec(identity, train_size, 1000, 1000, "mean_image"),
        ModelSpec(hidden_sizes, None, "relu", 0.01, False, "float32"),
        DropoutSpec(rate, None, "inverted", 0.0),
        TrainingSpec(epochs, 100, "replacement", "adam", 5e-4, 1.0, 0.0, 0.0, None),
        EvaluationSpec(monte_carlo_samples),
        seed,
        ALGORITHM,
        ResultsSpec(keep_parameters),
    )


def varied(spec: RunSpec, values: Mapping[str, Any]) -> RunSpec:
    """The spec with other values at dotted keys, such as ``{"dropout.kind": "vanilla"}``."""
    for key, value in values.items():
        section, name = key.split(".")
        spec = replace(spec, **{section: replace(getattr(spec, section), **{name: value})})
    return spec


def make_record(
    spec: RunSpec,
    *,
    train: float | None = None,
    val: float | None = None,
    test: float | None = 0.3,
    points: int | None = None,
) -> RunRecord:
    """A run that ends at ``train`` and ``val``, or at the rate's usual accuracies.

    ``points`` cuts the history there, as divergence does.
    """
    full = _history(spec, train, val)
    history = full if points is None else _cut(full, points)
    status: Literal["done", "diverged"] = "done" if points is None else "diverged"
    best = max(history.val_accuracy, default=None)
    return RunRecord(
        schema=SCHEMA,
        run_id=spec.run_id,
        spec=spec,
        status=status,
        history=history,
        best_epoch=None if best is None else history.epoch[history.val_accuracy.index(best)],
        best_val_accuracy=best,
        test_accuracy=test if best is not None and spec.dataset.test_size else None,
        monte_carlo=MonteCarlo() if best is None else _monte_carlo(spec, best),
        seconds=1.5,
        environment={"numpy": np.__version__},
        val_accuracy=history.val_accuracy[-1] if status == "done" else None,
    )


def make_sweep(
    rates: Iterable[float] = RATES, seeds: int | Iterable[int] = 1, **spec: Any
) -> list[RunRecord]:
    """One finished run per rate and seed; ``spec`` is for `make_spec`."""
    return [
        make_record(make_spec(rate, seed, **spec))
        for seed in (range(seeds) if isinstance(seeds, int) else seeds)
        for rate in rates
    ]


def make_runs(vals: Mapping[float, Iterable[float | None]], **spec: Any) -> list[RunRecord]:
    """Runs of each rate that end at these validation accuracies, of seeds 0, 1, ...

    None is a run that diverged; ``spec`` is for `make_spec`.
    """
    return [
        make_record(made, points=2) if val is None else make_record(made, val=val)
        for rate, of_rate in vals.items()
        for seed, val in enumerate(of_rate)
        for made in [make_spec(rate, seed, **spec)]
    ]


def one_wins(seeds: int) -> list[RunRecord]:
    """Rate .5 is far better than the two others in every seed."""
    ends = {0.0: 0.3, 0.5: 0.4, 0.9: 0.3}
    return make_runs(
        {rate: [end + 0.001 * seed for seed in range(seeds)] for rate, end in ends.items()},
        epochs=1,
    )


def make_failure(spec: RunSpec, error: str = "ValueError: no") -> FailureRecord:
    """A run that ended in an error of this type and message."""
    return FailureRecord(spec.run_id, spec, error, f"Traceback: {error}", "node-1")


def make_folder(path: Path | str, records: Iterable[RunRecord] = ()) -> ResultsFolder:
    """A results folder with these runs."""
    folder = ResultsFolder(Path(path))
    folder.create()
    for record in records:
        folder.publish(record)
    return folder


def plan_folder(path: Path, text: str) -> tuple[ResultsFolder, list[RunSpec]]:
    """A results folder with this config and no runs, and the specs that it plans."""
    folder, source = make_folder(path), path.with_suffix(".yaml")
    source.write_text(text)
    resolved = config.load(str(source)).config
    folder.write_config(config.dump(resolved, SYNTHETIC_IDENTITY))
    return folder, config.specs(resolved, SYNTHETIC_IDENTITY)


def prepare(name: str, data_dir: Path, path: Path | None = None) -> Path:
    """Prepare a data set offline, and tell nobody."""
    return datasets.prepare(
        name,
        path=path,
        data_dir=data_dir,
        offline=True,
        on_note=lambda _note: None,
        on_progress=lambda _done, _total: None,
    )


def _history(spec: RunSpec, train: float | None, val: float | None) -> History:
    """Exponential approach to the final accuracies, with a seed's noise, in whole images."""
    rng = np.random.default_rng([spec.seed, round(spec.rate * 1000)])
    rate = spec.rate
    epochs = spec.epochs_measured
    ends = (
        _end(rate, _TRAIN, rng) if train is None else train,
        _end(rate, _VAL, rng) if val is None else val,
    )
    courses = []
    for start, end, pace in ((0.22, ends[0], 6.0), (0.18, ends[1], 2.0)):
        course = [end - (end - start) * math.exp(-epoch / pace) for epoch in epochs]
        noisy = [round(each + rng.normal(0, 0.006), 3) for each in course]
        courses.append((*(min(max(each, 0.0), 1.0) for each in noisy[:-1]), end))
    loss = tuple(8 * math.exp(-epoch / 4) + 0.5 for epoch in epochs)
    return History(epochs, loss, courses[0], courses[1])


def _monte_carlo(spec: RunSpec, best: float) -> MonteCarlo:
    """One pass of the strongest dropout is .1 worse than weight scaling; many passes meet it."""
    samples = spec.evaluation.monte_carlo_samples
    return MonteCarlo(samples, tuple(round(best - 0.1 * spec.rate / k, 3) for k in samples))


def _end(rate: float, usual: Sequence[float], rng: np.random.Generator) -> float:
    end = float(np.interp(rate, RATES, usual) + rng.normal(0, 0.01))
    return round(min(end, 1.0), 3)


def _cut(history: History, points: int) -> History:
    return History(
        history.epoch[:points],
        history.train_loss[:points],
        history.train_accuracy[:points],
        history.val_accuracy[:points],
    )
