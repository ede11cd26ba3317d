"""Cost of a sure answer: CPU seconds until a rule has one, and how often it is wrong.

A table of outcomes, 100 seeds of every rate, is trained once. Each rule then meets seeds drawn
from it at random, with replacement: they are independent, and the truth is the table's mean. A run
costs what it costs on images of CIFAR-10's size under the protocol that the rule belongs to:
``configs/which_rate.yaml`` for dropsweep's race, ``configs/cs231n.yaml`` for all others.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks import rules
from benchmarks.contenders import ENVIRONMENT, Contender, dropsweep_command
from dropsweep.analysis import images_right
from dropsweep.collection import collect
from dropsweep.results import ResultsFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from benchmarks.rules import Outcome, Right

RATES = (0.0, 0.25, 0.5, 0.75, 0.8, 0.9, 0.99)
"""Of the published protocol; the question's own config leaves out the last."""
SEEDS = 100
MARGIN = Fraction(1, 100)

CONFIGS = Path(__file__).parents[2] / "configs"
PUBLISHED, QUESTION = "cs231n.yaml", "which_rate.yaml"

_VAL_SIZE = 4000
"""Validation images of a run of the table: a pool of 5,000 has as many beside 500 for training and
500 to choose from."""


@dataclass(frozen=True)
class Outcomes:
    """The table: validation images named right, an entry for each (seed, rate)."""

    data: str
    """The images, in words."""
    rates: tuple[float, ...]
    all_images: Right
    """Of all validation images, as in the question's config."""
    val_size: int
    few_images: Right
    """Of the first ones only, as many as the published protocol uses."""
    few: int

    def first(self, count: int) -> Outcomes:
        """Its first rates only."""
        return Outcomes(
            self.data,
            self.rates[:count],
            self.all_images[:, :count],
            self.val_size,
            self.few_images[:, :count],
            self.few,
        )

    @property
    def wrong(self) -> frozenset[int]:
        """Places of the rates whose mean is below the best one's by the margin or more."""
        means = self.all_images.mean(axis=0) / self.val_size
        return frozenset(map(int, np.flatnonzero(means <= means.max() - float(MARGIN) + 1e-12)))

    @property
    def spread(self) -> float:
        """Standard deviation of a paired difference to the lowest rate, on few images; pooled."""
        differences = (self.few_images[:, 1:] - self.few_images[:, :1]) / self.few
        return float(np.sqrt(differences.var(axis=0, ddof=1).mean()))


@dataclass(frozen=True)
class Cost:
    """A rule, over all draws."""

    rates: int
    rule: str
    runs: list[int]
    """Of each draw."""
    run_seconds: float
    """CPU seconds of one run."""
    wrong: float
    """Share of answers that are worse than the best rate by the margin or more."""
    unsettled: float | None
    """Share that ended without its claim; None of a rule that makes none."""

    @property
    def seconds(self) -> float:
        """CPU seconds until the answer, on average."""
        return self.run_seconds * sum(self.runs) / len(self.runs)


def train_outcomes(folder: Path, data: Path | None, say: Callable[[str], object]) -> Outcomes:
    """Train the runs of the table that are missing in a results folder, and read all.

    Parameters
    ----------
    data
        An archive or folder of CIFAR-10, whole or in part; None for synthetic images.
    """
    source = "dataset.name=synthetic" if data is None else f"dataset.path={data.resolve()}"
    settings = (
        source,
        f"dataset.val_size={_VAL_SIZE}",
        "dataset.test_size=1000",
        f"dropout.rates={list(RATES)}",
        "evaluation.every=25",  # the last epoch only: on all images, and on few
        f"seeds={SEEDS}",
    )
    say(f"training what is missing of {SEEDS * len(RATES)} runs in {folder}; may be interrupted")
    options = [word for setting in settings for word in ("-s", setting)]
    command = dropsweep_command("run", CONFIGS / QUESTION, "-o", folder, "--no-plots", *options)
    subprocess.run(command, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return read_outcomes(folder)


def read_outcomes(folder: Path) -> Outcomes:
    """The table of a results folder, of the seeds that every rate has finished."""
    runs = {(run.spec.seed, run.spec.rate): run for run in collect(ResultsFolder(folder)).records}
    spec = next(iter(runs.values())).spec
    rates = tuple(sorted({rate for _, rate in runs}))
    seeds = [seed for seed in range(SEEDS) if all((seed, rate) in runs for rate in rates)]
    few = spec.evaluation.curve_images or spec.dataset.val_size
    table = [[runs[seed, rate] for rate in rates] for seed in seeds]
    return Outcomes(
        spec.dataset.label,
        rates,
        np.array([[images_right(run) or 0 for run in row] for row in table]),
        spec.dataset.val_size,
        np.array([[round(run.history.val_accuracy[-1] * few) for run in row] for row in table]),
        few,
    )


def run_seconds(data: Path, folder: Path, processes: int, rounds: int) -> dict[str, list[float]]:
    """CPU seconds of a run under each protocol, round by round, in turns.

    A whole ``dropsweep run`` of one seed, by its number of runs. CPU time hardly depends on what
    others do meanwhile, so a busy machine is no reason to measure again.
    """
    folder.mkdir(exist_ok=True)
    found: dict[str, list[float]] = {PUBLISHED: [], QUESTION: []}
    options = ["-s", f"dropout.rates={list(RATES)}", "-s", "seeds=1", "-j", processes]
    where = ["-o", folder / "results", "--data-dir", data, "--offline", "--no-plots", "--quiet"]
    for _ in range(rounds):
        for name, seconds in found.items():
            shutil.rmtree(folder / "results", ignore_errors=True)
            command = dropsweep_command("run", CONFIGS / name, *options, *where)
            before = _children()
            Contender(name, [command]).seconds()
            seconds.append((_children() - before) / len(RATES))
    return found


def _children() -> float:
    """CPU seconds, user and system, of all processes that this one and they have waited for."""
    return sum(os.times()[2:4])


def simulate(table: Outcomes, seconds: dict[str, float], draws: int) -> list[Cost]:
    """Every rule on the same random draws of the table's seeds; the fixed number comes first."""
    rates = len(table.rates)
    margin = float(MARGIN)
    most = rules.seeds_needed(table.spread, margin, rates - 1)
    found: dict[str, list[Outcome]] = {}
    for drawn, tries in _draws(table, draws):
        few, every = table.few_images[drawn], table.all_images[drawn]
        by_rule: dict[str, Callable[[], Outcome]] = {
            f"fixed: {most} seeds": partial(rules.fixed, few, most, margin * table.few),
            "Optuna's WilcoxonPruner": partial(rules.wilcoxon_pruner, few, most, tries),
            "irace, Friedman": partial(rules.irace_friedman, few, most),
            "irace, paired t": partial(rules.irace_t, few, most),
            "dropsweep's race": partial(rules.race, every, table.val_size, MARGIN),
        }
        for name, rule in by_rule.items():
            found.setdefault(name, []).append(rule())
    return [
        Cost(
            rates,
            name,
            [outcome.runs for outcome in outcomes],
            seconds[QUESTION if "dropsweep" in name else PUBLISHED],
            sum(outcome.answer in table.wrong for outcome in outcomes) / draws,
            None if "Optuna" in name else sum(not outcome.settled for outcome in outcomes) / draws,
        )
        for name, outcomes in found.items()
    ]


def _draws(table: Outcomes, count: int) -> Iterator[tuple[Right, Right]]:
    """Places of seeds, as many as the question's config allows, and an order of the rates."""
    random = np.random.default_rng(0)
    for _ in range(count):
        seeds = random.integers(len(table.all_images), size=SEEDS)
        yield seeds, random.permutation(len(table.rates))


def rows(found: Sequence[Cost]) -> list[tuple[str, ...]]:
    """Rule, runs and CPU seconds (median, mean), part of the fixed number's, errors."""
    table: list[tuple[str, ...]] = []
    for each in found:
        fixed = next(other for other in found if other.rates == each.rates)
        middle, mean = median(each.runs), sum(each.runs) / len(each.runs)
        table.append(
            (
                f"{each.rates}",
                each.rule,
                f"{middle:.0f}",
                f"{mean:.0f}",
                f"{middle * each.run_seconds:.0f}",
                f"{each.seconds:.0f}",
                f"{each.seconds / fixed.seconds:.2f}",
                f"{each.wrong:.3f}",
                "" if each.unsettled is None else f"{each.unsettled:.2f}",
            )
        )
    return table


COLUMNS = (
    "rates", "rule", "runs, median", "mean", "CPU s, median", "mean ", "of fixed", "wrong",
    "not settled",
)  # fmt: skip


def values(found: Sequence[Cost], seconds: dict[str, list[float]]) -> dict[str, Any]:
    """Everything for JSON."""
    return {"run_seconds": seconds, "rules": [asdict(each) for each in found]}
