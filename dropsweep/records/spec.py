"""What a run is to do: everything that changes its numbers, and the id that is made from it.

A `RunSpec` has the config's own key names, and nothing else: no host, date, path or worker count.
Its hash is the run's id.
"""

from __future__ import annotations

import functools
import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ALGORITHM = 2
"""Version of the numbers: raised by any change that makes an equal spec give other bits.

2: Adam's factors are folded into one, and gradients are taken a panel of rows at a time.
"""

CIFAR10_IDENTITY = "cifar10"
"""Identity of the official data set, whichever archive format it came in."""

SYNTHETIC_IDENTITY = "synthetic-1"
"""Identity of the generated data set; the number is its generator's version."""

IDENTITIES = {"cifar10": CIFAR10_IDENTITY, "synthetic": SYNTHETIC_IDENTITY}
"""Data identity by ``dataset.name``, where no ``dataset.path`` is given."""


@dataclass(frozen=True)
class DatasetSpec:
    """Which images a run sees."""

    identity: str
    """`CIFAR10_IDENTITY`, `SYNTHETIC_IDENTITY`, or ``sha256:`` over the pixels and labels."""
    train_size: int
    """Images: the first of the training pool."""
    val_size: int
    """Images: the last of the training batches."""
    test_size: int
    """Images: the first of the test batch; 0 for none."""
    preprocessing: Literal["mean_image", "standardize", "none"]

    @property
    def label(self) -> str:
        """What figures and tables call the data."""
        names = {CIFAR10_IDENTITY: "CIFAR-10", SYNTHETIC_IDENTITY: "synthetic images"}
        return names.get(self.identity, "not the full CIFAR-10")


@dataclass(frozen=True)
class ModelSpec:
    """The net before training."""

    hidden_sizes: tuple[int, ...] | None
    """Units of each hidden layer; None if ``kept_units`` says it."""
    kept_units: tuple[int, ...] | None
    """Units that each hidden layer keeps on average, whatever the rate."""
    activation: Literal["relu", "sigmoid", "tanh"]
    weight_scale: float
    """Standard deviation of the initial weights."""
    batch_norm: bool
    dtype: Literal["float32", "float64"]


@dataclass(frozen=True)
class DropoutSpec:
    """Which units are dropped, and how."""

    rate: float | None
    """Probability of dropping a hidden unit, in [0, 1); None if given as ``keep_prob``."""
    keep_prob: float | None
    """Probability of keeping a hidden unit, in (0, 1]: the other convention, with other masks."""
    kind: Literal["inverted", "vanilla", "binomial", "shared", "gaussian"]
    input_rate: float
    """Probability of dropping a pixel, in [0, 1)."""


@dataclass(frozen=True)
class TrainingSpec:
    """How the net is trained."""

    epochs: int
    batch_size: int
    """Images in a batch."""
    sampling: Literal["replacement", "shuffle"]
    optimizer: Literal["sgd", "momentum", "rmsprop", "adam"]
    learning_rate: float
    learning_rate_decay: float
    """What the learning rate is multiplied by after every epoch."""
    l2: float
    """Strength of the penalty 0.5 l2 sum(W^2)."""
    l1: float
    """Strength of the penalty l1 sum(|W|)."""
    max_norm: float | None
    """Largest norm of a unit's incoming weights; None for no bound."""


@dataclass(frozen=True)
class EvaluationSpec:
    """What is measured beside the history."""

    monte_carlo_samples: tuple[int, ...]
    """Numbers of masked passes to average."""


@dataclass(frozen=True)
class ResultsSpec:
    """What a run leaves beside its record."""

    keep_parameters: bool = False
    """Whether the parameters of the best epoch are kept, and how active the hidden units are."""


@dataclass(frozen=True)
class RunSpec:
    """One run, in full: equal specs give equal numbers."""

    dataset: DatasetSpec
    model: ModelSpec
    dropout: DropoutSpec
    training: TrainingSpec
    evaluation: EvaluationSpec
    seed: int
    algorithm: int = ALGORITHM
    results: ResultsSpec = ResultsSpec()

    @property
    def epochs_measured(self) -> tuple[int, ...]:
        """The points of a full history: epoch 0 is left out where it would be the first's end."""
        one = iterations_per_epoch(self.dataset.train_size, self.training.batch_size) == 1
        return tuple(range(1 if one else 0, self.training.epochs + 1))

    @property
    def rate(self) -> float:
        """Probability of dropping a hidden unit, whichever way it was given."""
        given, keep = self.dropout.rate, self.dropout.keep_prob
        if given is not None:
            return given
        return 0.0 if keep is None else round(1 - keep, 12)  # 0.3, not 0.30000000000000004

    @functools.cached_property
    def flat(self) -> Mapping[str, Any]:
        """Its values by dotted config key."""
        flat: dict[str, Any] = {}
        for section, content in _sections(self).items():
            if isinstance(content, dict):
                flat.update({f"{section}.{key}": value for key, value in content.items()})
            else:
                flat[section] = content
        return flat

    @functools.cached_property
    def run_id(self) -> str:
        """Readable prefix and ten hex digits of SHA-256 over the spec's canonical JSON."""
        content = _sections(self)
        if self.results == ResultsSpec():  # so that ids are those from before there was such a key
            del content["results"]
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
        digest = hashlib.sha256(canonical.encode()).hexdigest()[:10]
        keep = self.dropout.keep_prob
        level = f"rate-{format_rate(self.rate)}" if keep is None else f"keep-{format_rate(keep)}"
        return f"{level}_seed-{self.seed}_{digest}"


def iterations_per_epoch(images: int, batch_size: int) -> int:
    """Batches that make an epoch; a rest smaller than a batch is left out."""
    return max(images // batch_size, 1)


def format_rate(rate: float) -> str:
    """A probability in two decimals, or in all it has: 0.50, 0.125, 1e-09."""
    short = f"{rate:.2f}"
    return short if float(short) == rate else repr(rate)


def flatten(spec: RunSpec) -> Mapping[str, Any]:
    """The spec as dotted config keys: ``{"dataset.train_size": 500, ..., "seed": 0}``."""
    return spec.flat


def _sections(spec: RunSpec) -> dict[str, Any]:
    """What ``dataclasses.asdict`` gives, twenty times as fast: sweeps have thousands of specs."""
    contents = {field.name: getattr(spec, field.name) for field in fields(spec)}
    return {
        name: vars(content) if is_dataclass(content) else content
        for name, content in contents.items()
    }


def varying_keys(specs: Sequence[RunSpec]) -> tuple[str, ...]:
    """Dotted keys in which specs differ, other than the rate and the seed: the axes of a sweep.

    Runs that differ in one of them are different settings, never seeds of one setting.
    """
    if not specs:
        return ()
    flat = [flatten(spec) for spec in specs]
    swept = {"seed", "dropout.rate", "dropout.keep_prob"}
    if len({each["dropout.rate"] is None for each in flat}) > 1:
        swept.remove("dropout.keep_prob")  # both conventions: their masks differ at equal rates
    first, *others = flat
    return tuple(
        key
        for key, value in first.items()
        if key not in swept and any(other[key] != value for other in others)
    )
