"""The keys of a config: one model per section, each key with its type, range, default and meaning.

To add a key, edit two files: add its field, default and docstring here, and the field with the same
default to the spec of the same section in `dropsweep.records`; there raise `SCHEMA` too. While a
key has its default, run ids are what they were before it was added, so that finished runs are found
again. A default therefore never changes.
"""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 read by pydantic
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from dropsweep import records
from dropsweep.config.values import (
    LONGEST_NAME,
    NAME,
    Count,
    Factors,
    Grid,
    KeepProbs,
    Margin,
    NotNegative,
    Positive,
    Range,
    Rate,
    Rates,
    SampleCounts,
    Section,
    Seeds,
    Sizes,
    Text,
)


def _exactly_one(section: BaseModel, first: str, second: str) -> None:
    """Two keys of a section that say the same in two ways: one of them must be given."""
    given = [key for key in (first, second) if getattr(section, key) is not None]
    if not given:
        raise PydanticCustomError("one_needed", "one", {"keys": (first, second)})
    if len(given) > 1:
        raise PydanticCustomError("one_too_many", "both", {"inside": (second,), "other": first})


class Dataset(Section):
    """The images, and their split."""

    name: Literal["cifar10", "synthetic", "arrays"] = "cifar10"
    """The data set; `synthetic` is generated and needs no download; `arrays` are your own."""
    path: Text | None = None
    """A CIFAR-10 archive or folder you already have, or the .npz file of `arrays`, relative to the
    current directory."""
    identity: Text | None = None
    """The identity that the data of `path` must have, as a results folder's config.yaml has it."""
    images: records.Images = "first"
    """The first training and last validation images for every seed; or each seed draws its own, of
    `arrays` by class shares."""
    train_size: Annotated[int, Field(ge=1)] = 500
    """Number of training images."""
    val_size: Annotated[int, Field(ge=1)] = 1000
    """Number of validation images, which are never trained on."""
    test_size: Annotated[int, Field(ge=0)] = 1000
    """Number of test images, the first of the test batch, or the last rows of `arrays` without
    `x_test`; 0 for none."""
    preprocessing: records.Preprocessing = "mean_image"
    """Subtract the mean image; `standardize` also divides each pixel by its standard deviation."""

    @model_validator(mode="after")
    def _path_is_read(self) -> Dataset:
        if self.name == "synthetic" and self.path is not None:
            raise PydanticCustomError("path_of_synthetic", "no file", {"inside": ("path",)})
        if self.name == "arrays" and self.path is None:
            raise PydanticCustomError("arrays_without_path", "no file", {"inside": ("name",)})
        return self


class Model(Section):
    """The net before training."""

    hidden_sizes: Sizes | None = (500,)
    """Units of each hidden layer."""
    kept_units: Sizes | None = None
    """Instead of hidden_sizes: units kept on average; a layer gets round(n / keep probability)."""
    activation: records.Activation = "relu"
    """Nonlinearity after each hidden layer."""
    weight_scale: Positive = 0.01
    """Standard deviation of the initial weights."""
    batch_norm: bool = False
    """Normalize each hidden layer's inputs over the batch, before the activation."""
    dtype: records.Dtype = "float32"
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
    """The dropout rates, and how units are dropped."""

    rates: Rates | None = None
    """Probabilities of DROPPING a unit, in [0, 1): a list, or {from: 0, to: 0.9, step: 0.3}."""
    keep_probs: KeepProbs | None = None
    """Instead of rates: probabilities of KEEPING a hidden unit, each in (0, 1]."""
    kind: records.Kind = "inverted"
    """The distribution of the mask; the scale is corrected in training, or (vanilla) in testing."""
    input_rate: Rate = 0.0
    """Probability of dropping a pixel."""
    layer_factors: Factors | None = None
    """One per hidden layer: layer i drops with rate x factor i; null: factors of 1."""
    schedule: records.Schedule = "constant"
    """Drop always, only in the first (early) or after the first (late) `schedule_epochs`, or with a
    rate that falls to 0 (decreasing) or rises from 0 (increasing) over them."""
    schedule_epochs: Count | None = None
    """Epochs that the schedule is about; needed unless it is constant."""

    @property
    def rate_list(self) -> tuple[float, ...]:
        """Every rate; empty where keep probabilities are given."""
        return self.rates.rates if isinstance(self.rates, Range) else self.rates or ()

    @model_validator(mode="after")
    def _one_convention(self) -> Dropout:
        _exactly_one(self, "rates", "keep_probs")
        return self

    @model_validator(mode="after")
    def _schedule_has_epochs(self) -> Dropout:
        if self.schedule != "constant" and self.schedule_epochs is None:
            context = {"inside": ("schedule",), "schedule": self.schedule}
            raise PydanticCustomError("schedule_without_epochs", "no epochs", context)
        return self


class Training(Section):
    """The training of the net."""

    epochs: Count = 25
    """Passes over the training images."""
    batch_size: Count = 100
    """Images in a batch."""
    sampling: records.Sampling = "replacement"
    """Every batch is drawn with replacement, or every epoch is a new order of all images."""
    optimizer: records.Optimizer = "adam"
    """The update rule."""
    learning_rate: Positive = 5e-4
    """Step size of the update rule."""
    learning_rate_decay: Positive = 1.0
    """Factor of the learning rate after every epoch."""
    l2: NotNegative = 0.0
    """Strength of the penalty 0.5 l2 sum(W^2) on the weights."""
    l1: NotNegative = 0.0
    """Strength of the penalty l1 sum(|W|) on the weights."""
    max_norm: Positive | None = None
    """Largest norm of a unit's incoming weights, held after every update."""


class Evaluation(Section):
    """The measurements of a run."""

    every: Count = 1
    """Epochs between two measured points; the last epoch always is one."""
    curve_images: Count | None = None
    """Validation images that a point uses, the first ones; null: all. At the end all are used."""
    monte_carlo_samples: SampleCounts = ()
    """Numbers k: the validation accuracy of k averaged masked passes, of the best epoch's net."""


class Results(Section):
    """The files of a run beside its numbers."""

    keep_parameters: bool = False
    """Keep the best epoch's net in parameters/, and draw its first layer and its activations."""


class DecisionSection(Section):
    """The decision between the rates; it changes no run."""

    margin: Margin = 0.01
    """Rates whose accuracies differ by less count as equally good; at most 4 decimals."""
    max_seeds: Annotated[int, Field(ge=1, le=10_000)] = 100
    """Seeds at most, where `seeds` is `auto`."""


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
    seeds: Seeds = 1
    """Repetitions of every rate: a count n for the seeds 0 to n - 1, a list of seeds, or `auto`."""
    decision_section: DecisionSection = Field(DecisionSection(), alias="decision")
    grid: Grid = Field({})
    """More axes, dotted key to list of values: every combination is run at every rate and seed."""

    @model_validator(mode="after")
    def _auto_has_rates_to_compare(self) -> Config:
        if self.seeds == "auto":
            rates = self.decision.rates
            if len(rates) == 1:
                raise PydanticCustomError("auto_of_one_rate", "one rate", {"inside": ("seeds",)})
            if len(set(rates)) < len(rates):  # they are settings with other masks, not rates
                raise PydanticCustomError("auto_of_equal_rates", "equal", {"inside": ("seeds",)})
        return self

    @property
    def seed_list(self) -> Sequence[int]:
        """Every seed, in order; where they are added until the answer is sure, all that may be."""
        if self.seeds == "auto":
            return range(self.decision_section.max_seeds)
        return range(self.seeds) if isinstance(self.seeds, int) else self.seeds

    @property
    def decision(self) -> records.Decision:
        """The decision between the rates, with every rate of the config."""
        section, dropout = self.decision_section, self.dropout
        rates = dropout.rate_list or map(records.complement, dropout.keep_probs or ())
        return records.Decision(
            margin=Fraction(repr(section.margin)),
            auto=self.seeds == "auto",
            max_seeds=section.max_seeds,
            rates=tuple(rates),
        )


def known_keys() -> dict[str, tuple[str, ...]]:
    """The keys of each section; those of the top level under an empty name."""
    fields = Config.model_fields.items()
    top: dict[str, Any] = {field.alias or name: field.annotation for name, field in fields}
    sections = {
        name: tuple(model.model_fields)
        for name, model in top.items()
        if isinstance(model, type) and issubclass(model, Section)
    }
    return {"": tuple(top)} | sections
