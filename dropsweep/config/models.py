"""The keys of a config: one model per section, each key with its type, range, default and meaning.

To add a key, edit two files: add its field, default and docstring here, and the field with the same
default to the spec of the same section in `dropsweep.records`; there raise `SCHEMA` too. While a
key has its default, run ids are what they were before it was added, so that finished runs are found
again. A default therefore never changes.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from dropsweep.config.scalars import MOST_DIGITS

T = TypeVar("T", int, float)

COUNT, LIST = "<count>", "<list>"
"""The two ways to give seeds, as they appear in pydantic's locations."""

LONGEST_NAME = 100
"""Characters, so that file names made from it stay within what file systems take."""

NAME = re.compile(r"^[A-Za-z0-9._-]*[A-Za-z0-9_-][A-Za-z0-9._-]*$")
"""Letters, digits, - _ . but not dots alone."""


def _distinct(values: tuple[T, ...]) -> tuple[T, ...]:
    again = tuple(i for i, value in enumerate(values) if value in values[:i])
    if again:
        raise PydanticCustomError("repeated", "repeated", {"inside": again})
    return values


def _count_or_list(value: object) -> str:
    return LIST if isinstance(value, list | tuple) else COUNT


Count: TypeAlias = Annotated[int, Field(ge=1, le=1_000_000)]
"""Beyond a million epochs, units or images in a batch there are only slips of the finger."""

Positive: TypeAlias = Annotated[float, Field(gt=0)]
Rate: TypeAlias = Annotated[float, Field(ge=0, lt=1), AfterValidator(lambda rate: rate + 0.0)]
"""Adding 0.0 makes -0.0 the 0.0 it equals, so that both name one run."""

Seed: TypeAlias = Annotated[int, Field(ge=0, lt=10**MOST_DIGITS)]
Text: TypeAlias = Annotated[str, Field(min_length=1)]

# Strictness would ask for a tuple, which YAML cannot write; the items stay strict.
Sizes: TypeAlias = Annotated[tuple[Count, ...], Field(min_length=1, strict=False)]
Rates: TypeAlias = Annotated[
    tuple[Rate, ...], Field(min_length=1, strict=False), AfterValidator(_distinct)
]
SeedList: TypeAlias = Annotated[
    tuple[Seed, ...], Field(min_length=1, strict=False), AfterValidator(_distinct)
]


KeepProb: TypeAlias = Annotated[float, Field(gt=0, le=1)]
NotNegative: TypeAlias = Annotated[float, Field(ge=0), AfterValidator(lambda value: value + 0.0)]
KeepProbs: TypeAlias = Annotated[
    tuple[KeepProb, ...], Field(min_length=1, strict=False), AfterValidator(_distinct)
]
SampleCounts: TypeAlias = Annotated[
    tuple[Annotated[int, Field(ge=1, le=10_000)], ...],
    Field(strict=False),
    AfterValidator(_distinct),
]


Grid: TypeAlias = dict[
    str, Annotated[tuple[Any, ...], Field(min_length=1, strict=False), AfterValidator(_distinct)]
]


def _exactly_one(section: BaseModel, first: str, second: str) -> None:
    """Two keys of a section that say the same in two ways: one of them must be given."""
    given = [key for key in (first, second) if getattr(section, key) is not None]
    if not given:
        raise PydanticCustomError("one_needed", "one", {"keys": (first, second)})
    if len(given) > 1:
        raise PydanticCustomError("one_too_many", "both", {"inside": (second,), "other": first})


class Section(BaseModel):
    """Keys that mean what they say: no unknown ones, no conversions, no infinities."""

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )


class Dataset(Section):
    """Which images are trained on, and how they are split."""

    name: Literal["cifar10", "synthetic"] = "cifar10"
    """The data set; `synthetic` is generated and needs no download."""
    path: Text | None = None
    """A CIFAR-10 archive or folder you already have, relative to the current directory."""
    identity: Text | None = None
    """What the data of `path` must be; written into the results folder's config.yaml."""
    train_size: Annotated[int, Field(ge=1)] = 500
    """Images to train on: the first of the training pool."""
    val_size: Annotated[int, Field(ge=1)] = 1000
    """Images to validate on: the last of the training batches, never in the pool."""
    test_size: Annotated[int, Field(ge=0)] = 1000
    """Images to test on: the first of the test batch; 0 for none."""
    preprocessing: Literal["mean_image", "standardize", "none"] = "mean_image"
    """The pool's mean image is subtracted; or, pixel by pixel, the deviation also divided out."""

    @model_validator(mode="after")
    def _path_is_read(self) -> Dataset:
        if self.name == "synthetic" and self.path is not None:
            raise PydanticCustomError("path_of_synthetic", "no file", {"inside": ("path",)})
        return self


class Model(Section):
    """The net before training."""

    hidden_sizes: Sizes | None = (500,)
    """Units of each hidden layer."""
    kept_units: Sizes | None = None
    """Instead of hidden_sizes: units kept on average; a layer gets round(n / keep probability)."""
    activation: Literal["relu", "sigmoid", "tanh"] = "relu"
    """Nonlinearity after each hidden layer."""
    weight_scale: Positive = 0.01
    """Standard deviation of the initial weights."""
    batch_norm: bool = False
    """Normalize each hidden layer's inputs over the batch, before the activation."""
    dtype: Literal["float32", "float64"] = "float32"
    """Floating-point type of the computation."""

    @model_validator(mode="before")
    @classmethod
    def _kept_units_replace_the_default(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("kept_units") is not None:
            return {"hidden_sizes": None} | data
        return data

    @model_validator(mode="after")
    def _one_way_to_give_sizes(self) -> Model:
        _exactly_one(self, "hidden_sizes", "kept_units")
        return self


class Dropout(Section):
    """Which units are dropped, and how."""

    rates: Rates | None = None
    """Probabilities of DROPPING a hidden unit, each in [0, 1): one run each, per seed."""
    keep_probs: KeepProbs | None = None
    """Instead of rates: probabilities of KEEPING a hidden unit, each in (0, 1]."""
    kind: Literal["inverted", "vanilla", "binomial", "shared", "gaussian"] = "inverted"
    """How the mask is drawn, and where it is made up for: in training, or (vanilla) in testing."""
    input_rate: Rate = 0.0
    """Probability of dropping a pixel."""

    @model_validator(mode="after")
    def _one_convention(self) -> Dropout:
        _exactly_one(self, "rates", "keep_probs")
        return self


class Training(Section):
    """How the net is trained."""

    epochs: Count = 25
    """Passes over the training images."""
    batch_size: Count = 100
    """Images in a batch."""
    sampling: Literal["replacement", "shuffle"] = "replacement"
    """Every batch drawn afresh with replacement, or every epoch a new order of all images."""
    optimizer: Literal["sgd", "momentum", "rmsprop", "adam"] = "adam"
    """The update rule."""
    learning_rate: Positive = 5e-4
    """Step size of the update rule."""
    learning_rate_decay: Positive = 1.0
    """What the learning rate is multiplied by after every epoch."""
    l2: NotNegative = 0.0
    """Strength of the penalty 0.5 l2 sum(W^2) on the weights."""
    l1: NotNegative = 0.0
    """Strength of the penalty l1 sum(|W|) on the weights."""
    max_norm: Positive | None = None
    """Largest norm of a unit's incoming weights, held after every update."""


class Evaluation(Section):
    """What is measured beside the accuracies."""

    monte_carlo_samples: SampleCounts = ()
    """Numbers k: validation accuracy of k averaged masked passes, with the best epoch's net."""


class Results(Section):
    """What a run leaves beside its numbers."""

    keep_parameters: bool = False
    """Keep the best epoch's net in parameters/, and draw its first layer and its activations."""


class Config(Section):
    """A dropsweep config: one net is trained per dropout rate and seed."""

    # The sections' own docstrings describe them, here and in the JSON Schema.

    name: Annotated[str, Field(pattern=NAME.pattern, max_length=LONGEST_NAME)] = "stdin"
    """Names results/<name>: letters, digits, - _ . only; default: the config's file name."""
    dataset: Dataset = Dataset()
    model: Model = Model()
    dropout: Dropout
    training: Training = Training()
    evaluation: Evaluation = Evaluation()
    results: Results = Results()
    seeds: Annotated[
        Annotated[Count, Tag(COUNT)] | Annotated[SeedList, Tag(LIST)],
        Discriminator(_count_or_list),
    ] = 1
    """Repetitions of every rate: a count n for the seeds 0 to n - 1, or a list of seeds."""
    grid: Grid = {}
    """More axes, dotted key to list of values: every combination is run at every rate and seed."""

    @property
    def seed_list(self) -> tuple[int, ...]:
        """Every seed, in order."""
        return tuple(range(self.seeds)) if isinstance(self.seeds, int) else self.seeds


def known_keys() -> dict[str, tuple[str, ...]]:
    """The keys of each section; those of the top level under an empty name."""
    top: dict[str, Any] = {name: field.annotation for name, field in Config.model_fields.items()}
    sections = {
        name: tuple(model.model_fields)
        for name, model in top.items()
        if isinstance(model, type) and issubclass(model, Section)
    }
    return {"": tuple(top)} | sections
