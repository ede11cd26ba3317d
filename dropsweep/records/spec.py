"""The spec of a run: everything that changes its numbers, and the id that is made from it.

A `RunSpec` has the config's own key names, and nothing else: no host, date, path or worker count.
Its hash is the run's id. A field that was added later has a default, and is left out of the hash
while it has that default, so that runs finished before it are found again. A default therefore
never changes, and a field that was there from the start has none. A field that is not compared
follows from the others: it is left out always.
"""

from __future__ import annotations

import functools
import hashlib
import json
import math
from dataclasses import MISSING, dataclass, field, fields
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ALGORITHM = 3
"""Version of the numbers: raised by any change that makes an equal spec give other bits.

2: Adam's factors are folded into one, and gradients are taken a panel of rows at a time.
3: The loss sets tiny gradients to zero.
"""

CIFAR10_IDENTITY = "cifar10"
"""Identity of the official data set, whichever archive format it came in."""

SYNTHETIC_IDENTITY = "synthetic-1"
"""Identity of the generated data set; the number is its generator's version."""

Images: TypeAlias = Literal["first", "drawn"]
Preprocessing: TypeAlias = Literal["mean_image", "standardize", "none"]
Activation: TypeAlias = Literal["relu", "sigmoid", "tanh"]
Dtype: TypeAlias = Literal["float32", "float64"]
Kind: TypeAlias = Literal["inverted", "vanilla", "binomial", "shared", "gaussian"]
Schedule: TypeAlias = Literal["constant", "early", "late", "decreasing", "increasing"]
Sampling: TypeAlias = Literal["replacement", "shuffle"]
Optimizer: TypeAlias = Literal["sgd", "momentum", "rmsprop", "adam"]

IDENTITIES = {"cifar10": CIFAR10_IDENTITY, "synthetic": SYNTHETIC_IDENTITY}
"""Data identity by ``dataset.name``, where no ``dataset.path`` is given."""


_NOTHING = "{}"
"""JSON of a section that has only defaults: it is left out of the id."""


@dataclass(frozen=True)
class Section:
    """One part of a spec; runs may share it."""

    @functools.cached_property
    def canonical(self) -> str:
        """JSON of the fields that make the id: not those with their default."""
        content = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if each.compare and (each.default is MISSING or value != each.default):
                content[each.name] = value
        return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True)
class Content:
    """The inputs and classes of a data set, which follow from its identity; CIFAR-10's."""

    shape: tuple[int, ...] = (3, 32, 32)
    """Of an input: (values,); or (planes, height, width) of a picture, stored plane by plane."""
    classes: int = 10
    chance: float = 0.1
    """The largest class's share of the training rows: the accuracy of always naming it."""
    title: str = ""
    """Name of the user's file; empty for CIFAR-10 and the generated images."""

    @property
    def examples(self) -> str:
        """The noun for what a net is trained on: a user's arrays have rows, not images."""
        return "rows" if self.title else "images"

    @property
    def inputs(self) -> int:
        """Values of one input."""
        return math.prod(self.shape)

    @property
    def picture(self) -> tuple[int, ...] | None:
        """Planes, height and width of a grey or coloured picture; None of other inputs."""
        return self.shape if len(self.shape) == 3 and self.shape[0] in (1, 3) else None


CIFAR10_CONTENT = Content()
"""Also of the generated images."""


@dataclass(frozen=True)
class Rows:
    """The order of a data set's rows, as far as a split can go wrong by it."""

    complete: int = 0
    """The first so many training rows have every class."""
    varied_end: int = 0
    """The last so many training rows have two classes."""


ANY_ORDER = Rows()
"""Of a data set that no split goes wrong by."""


@dataclass(frozen=True)
class DatasetSpec(Section):
    """The images of a run."""

    identity: str
    """`CIFAR10_IDENTITY`, `SYNTHETIC_IDENTITY`, ``sha256:`` over the pixels and labels of other
    files of CIFAR-10, or ``arrays:`` and the hash of a user's arrays."""
    train_size: int
    """Number of training images."""
    val_size: int
    """Number of validation images."""
    test_size: int
    """Number of test images, the first of the test batch; 0 for none."""
    preprocessing: Preprocessing
    images: Images = "first"
    """The first of the training pool and the last of the training batches, or drawn per seed."""
    content: Content = field(default=CIFAR10_CONTENT, compare=False)
    """Of the data with this identity."""

    @property
    def label(self) -> str:
        """The name of the data in figures and tables."""
        names = {CIFAR10_IDENTITY: "CIFAR-10", SYNTHETIC_IDENTITY: "synthetic images"}
        return names.get(self.identity, self.content.title or "not the full CIFAR-10")

    @property
    def caution(self) -> str:
        """A sentence about data that could be taken for CIFAR-10; empty where none is needed."""
        if self.identity == CIFAR10_IDENTITY or self.content.title:
            return ""
        if self.identity == SYNTHETIC_IDENTITY:
            return (
                "Synthetic images, made by dropsweep itself: what is found here says nothing "
                "about CIFAR-10."
            )
        return "Trained on the images of dataset.path, not on the full CIFAR-10."


@dataclass(frozen=True)
class ModelSpec(Section):
    """The net before training."""

    hidden_sizes: tuple[int, ...] | None
    """Units of each hidden layer; None if ``kept_units`` says it."""
    kept_units: tuple[int, ...] | None
    """Units that each hidden layer keeps on average, whatever the rate."""
    activation: Activation
    weight_scale: float
    """Standard deviation of the initial weights."""
    batch_norm: bool
    dtype: Dtype


@dataclass(frozen=True)
class DropoutSpec(Section):
    """The dropout of a run."""

    rate: float | None
    """Probability of dropping a hidden unit, in [0, 1); None if given as ``keep_prob``."""
    keep_prob: float | None
    """Probability of keeping a hidden unit, in (0, 1]: the other convention, with other masks."""
    kind: Kind
    input_rate: float
    """Probability of dropping a pixel, in [0, 1)."""
    layer_factors: tuple[float, ...] | None = None
    """Hidden layer i drops with rate x factor i; None for factors of 1."""
    schedule: Schedule = "constant"
    """The course of the rate over the epochs."""
    schedule_epochs: int | None = None
    """Epochs that the schedule is about; None if it is ``constant``."""


@dataclass(frozen=True)
class TrainingSpec(Section):
    """The training of the net."""

    epochs: int
    batch_size: int
    """Images in a batch."""
    sampling: Sampling
    optimizer: Optimizer
    learning_rate: float
    learning_rate_decay: float
    """Factor of the learning rate after every epoch."""
    l2: float
    """Strength of the penalty 0.5 l2 sum(W^2)."""
    l1: float
    """Strength of the penalty l1 sum(|W|)."""
    max_norm: float | None
    """Largest norm of a unit's incoming weights; None for no bound."""


@dataclass(frozen=True)
class EvaluationSpec(Section):
    """The measurements of a run."""

    monte_carlo_samples: tuple[int, ...]
    """Numbers of masked passes to average."""
    every: int = 1
    """Epochs between two points of the history; the last epoch always is one."""
    curve_images: int | None = None
    """Validation images that a point uses at most, the first ones; None for all."""


@dataclass(frozen=True)
class ResultsSpec(Section):
    """The files of a run beside its record."""

    keep_parameters: bool = False
    """Keep the parameters of the best epoch, and how active the hidden units are."""


@dataclass(frozen=True)
class RunSpec:
    """One run, in full: equal specs give equal numbers."""

    dataset: DatasetSpec
    model: ModelSpec
    dropout: DropoutSpec
    training: TrainingSpec
    evaluation: EvaluationSpec
    seed: int
    algorithm: int
    """`ALGORITHM` of the program that trains it."""
    results: ResultsSpec = ResultsSpec()

    @property
    def epochs_measured(self) -> tuple[int, ...]:
        """The epochs of a full history: 0, every ``every``-th and the last.

        Epoch 0, after the first iteration, is left out where an epoch is one iteration.
        """
        one = iterations_per_epoch(self.dataset.train_size, self.training.batch_size) == 1
        every = self.evaluation.every
        return _epochs(every if one else 0, self.training.epochs, every)

    @property
    def rate(self) -> float:
        """Probability of dropping a hidden unit, whichever way it was given."""
        given, keep = self.dropout.rate, self.dropout.keep_prob
        if given is not None:
            return given
        return 0.0 if keep is None else complement(keep)

    @property
    def flat(self) -> Mapping[str, Any]:
        """Its values by dotted config key."""
        flat: dict[str, Any] = {}
        for each in fields(self):
            section = getattr(self, each.name)
            if isinstance(section, Section):
                keys = [key.name for key in fields(section) if key.compare]
                flat |= {f"{each.name}.{key}": getattr(section, key) for key in keys}
            else:
                flat[each.name] = section
        return flat

    @functools.cached_property
    def run_id(self) -> str:
        """Readable prefix and ten hex digits of SHA-256 over the spec's canonical JSON."""
        parts = {each.name: getattr(self, each.name) for each in fields(self)}
        texts = (
            (name, part.canonical if isinstance(part, Section) else json.dumps(part))
            for name, part in sorted(parts.items())
        )
        named = (f'"{name}":{text}' for name, text in texts if text != _NOTHING)
        digest = hashlib.sha256(f"{{{','.join(named)}}}".encode()).hexdigest()[:10]
        keep = self.dropout.keep_prob
        level = f"rate-{format_rate(self.rate)}" if keep is None else f"keep-{format_rate(keep)}"
        return f"{level}_seed-{self.seed}_{digest}"

    def sharing(self) -> RunSpec:
        """An equal spec, whose sections are those of the equal specs before it."""
        parts = [getattr(self, each.name) for each in fields(self)]
        return type(self)(*(_first_equal(part, getattr(part, "content", None)) for part in parts))


@functools.lru_cache(maxsize=65_536)
def _first_equal(part: Any, content: Content | None) -> Any:  # noqa: ARG001 it is part of the key
    """The section or number, or the one of an earlier call that equals it."""
    return part


@functools.lru_cache(maxsize=64)
def _epochs(first: int, last: int, every: int) -> tuple[int, ...]:
    return (*range(first, last, every), last)


@functools.lru_cache(maxsize=1024)
def complement(keep_prob: float) -> float:
    """1 - p of the decimal as it is written: 0.3 for 0.7, not 0.30000000000000004."""
    return float(1 - Decimal(repr(keep_prob)))


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


def varying_keys(specs: Sequence[RunSpec]) -> tuple[str, ...]:
    """Dotted keys in which specs differ, other than the rate and the seed: the axes of a sweep.

    Runs that differ in one of them are different settings, never seeds of one setting. So are runs
    of one rate with different masks: those of both conventions, or of keep probabilities so close
    that their rates are one number.
    """
    if not specs:
        return ()
    swept = {"seed", "dropout.rate", "dropout.keep_prob"}
    masks = {(spec.rate, spec.dropout.keep_prob) for spec in specs}
    both = len({keep is None for _, keep in masks}) > 1
    if both or len({rate for rate, _ in masks}) < len(masks):
        swept.remove("dropout.keep_prob")
    found: list[str] = []
    for name in (each.name for each in fields(specs[0])):
        first, *others = {id(part): part for part in map(attrgetter(name), specs)}.values()
        if not isinstance(first, Section):
            found += [name] if any(other != first for other in others) else []
            continue
        for key in fields(first):  # of each object once, since runs share their sections
            value = getattr(first, key.name)
            if key.compare and any(getattr(other, key.name) != value for other in others):
                found.append(f"{name}.{key.name}")
    return tuple(key for key in found if key not in swept)
