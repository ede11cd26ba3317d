"""Limits: more images than there are, a net too large for memory, a sweep that never ends."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar

from pydantic import ValidationError

from dropsweep import errors
from dropsweep.config.models import (
    Config,
    Dataset,
    Dropout,
    Evaluation,
    Model,
    Training,
)
from dropsweep.config.values import Section
from dropsweep.errors import about_config as about
from dropsweep.records import CIFAR10_CONTENT, Content, complement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dropsweep.config.document import Document, KeyPath
    from dropsweep.records import Rows

MOST_PARAMETERS = 10**9
"""Of a net: some ten gigabytes while it is trained with Adam."""

MOST_RUNS = 10**6
"""Of a sweep: a year of training if a run takes half a minute."""

_LEAST = Content((1,), 2)
"""Inputs and classes of data that nobody has counted."""

_TRAIN_SIZE, _TEST_SIZE = ("dataset", "train_size"), ("dataset", "test_size")

S = TypeVar("S", bound=Section)

Sentences: TypeAlias = "dict[KeyPath, str]"
"""By the way to the value that each is about."""


class Images(Protocol):
    """The images of a data set, as far as they are a limit."""

    @property
    def train_images(self) -> int:
        """In its training batches, validation included."""

    @property
    def test_images(self) -> int | None:
        """In its test batch; None where they are cut off the end of the others."""

    @property
    def content(self) -> Content:
        """Its inputs and classes."""

    @property
    def rows(self) -> Rows:
        """The order of its training images."""


def beyond_limits(document: Document, known: Mapping[str, Images]) -> list[errors.Mistake]:
    """Mistakes of those sections that are right in themselves; ``known`` by ``dataset.name``."""
    dataset, model = _section(document, "dataset", Dataset), _section(document, "model", Model)
    dropout = _section(document, "dropout", Dropout)
    training = _section(document, "training", Training)
    evaluation = _section(document, "evaluation", Evaluation)
    found: Sentences = {}
    if dataset and dataset.path is None and dataset.name in known:
        found |= _beyond_images(dataset, known[dataset.name])
    if dataset and evaluation and (evaluation.curve_images or 0) > dataset.val_size:
        found["evaluation", "curve_images"] = about(
            "too_many_curve_images", evaluation.curve_images, val_size=dataset.val_size
        )
    if model:
        content = CIFAR10_CONTENT if dataset and dataset.name != "arrays" else _LEAST
        found |= _beyond_memory(model, dropout, content)
    if model and dropout:
        found |= _beyond_layers(model, dropout)
    begins = dropout.schedule_epochs or 0 if dropout and dropout.schedule == "late" else 0
    if training and begins >= training.epochs:
        late = about("schedule_never_begins", begins, epochs=training.epochs)
        found["dropout", "schedule_epochs"] = late
    return _mistakes(document, found)


def without_effect(document: Document, config: Config) -> list[errors.Mistake]:
    """A key that is given and never used, neither by the config nor by its grid."""
    dropout, axis = config.dropout, "dropout.schedule_epochs"
    if dropout.schedule != "constant" or "dropout.schedule" in config.grid:
        return []
    if any(each is not None for each in config.grid.get(axis, ())):
        sentence = errors.at_key(("grid", axis), about("schedule_idle"))
        return [document.key_place(("grid", axis)).mistake(sentence)]
    if dropout.schedule_epochs is None:
        return []
    return _mistakes(document, {("dropout", "schedule_epochs"): about("schedule_idle")})


def beyond_data(document: Document, config: Config, images: Images) -> list[errors.Mistake]:
    """Mistakes of a setting that show once its data are there."""
    found = _beyond_images(config.dataset, images)
    found |= _beyond_memory(config.model, config.dropout, images.content)
    return _mistakes(document, found or _beyond_classes(config.dataset, images))


def too_many_runs(document: Document, config: Config) -> list[errors.Mistake]:
    """A sweep that would never end; it is counted before it is planned."""
    levels = config.dropout.rate_list or config.dropout.keep_probs or ()
    seeds = len(config.seed_list)
    runs = len(levels) * seeds * math.prod(map(len, config.grid.values()))
    if runs <= MOST_RUNS:
        return []
    largest: KeyPath = ("seeds",) if config.seeds != "auto" else ("decision", "max_seeds")
    if runs > seeds * MOST_RUNS:
        largest = ("grid",)
    return [
        document.value_place(largest).mistake(about("too_many_runs", runs=runs, limit=MOST_RUNS))
    ]


def _beyond_images(dataset: Dataset, images: Images) -> Sentences:
    """A split that asks for more images than there are."""
    found: Sentences = {}
    train, val, test = dataset.train_size, dataset.val_size, dataset.test_size
    if images.test_images is None and test:
        if train + val + test > images.train_images:
            found[_TEST_SIZE] = about(
                "too_many_rows", test, images=images.train_images, train=train, val=val
            )
    elif train + val > images.train_images:
        found[_TRAIN_SIZE] = errors.too_many_train_images(train, images.train_images, val)
    if images.test_images is not None and test > images.test_images:
        found[_TEST_SIZE] = about("too_many_test_images", test, images=images.test_images)
    return found


def _beyond_classes(dataset: Dataset, images: Images) -> Sentences:
    """A split whose training images lack a class, or whose test images have only one."""
    found: Sentences = {}
    rows, pool = images.rows, images.train_images
    if images.test_images is None and dataset.test_size:
        pool -= dataset.test_size
        if 1 < dataset.test_size < rows.varied_end:
            found[_TEST_SIZE] = about("test_of_one_class", dataset.test_size)
        elif pool < rows.complete:
            found[_TEST_SIZE] = about("class_not_before_end", dataset.test_size, rows=rows.complete)
    if dataset.images == "first" and dataset.train_size < rows.complete <= pool:
        found[_TRAIN_SIZE] = about("class_not_in_first", dataset.train_size, rows=rows.complete)
    return found


def _beyond_layers(model: Model, dropout: Dropout) -> Sentences:
    """Factors that are not those of the layers, or that make a rate of 1 or more."""
    factors, layers = dropout.layer_factors, len(model.hidden_sizes or model.kept_units or ())
    if factors is None:
        return {}
    if len(factors) != layers:
        return {("dropout", "layer_factors"): errors.factors_miscounted(len(factors), layers)}
    highest = max(dropout.rate_list or map(complement, dropout.keep_probs or ()))
    return {
        ("dropout", "layer_factors", at): about("factor_too_large", factor, rate=highest)
        for at, factor in enumerate(factors)
        if factor * highest >= 1
    }


def _beyond_memory(model: Model, dropout: Dropout | None, content: Content) -> Sentences:
    key, sizes = "hidden_sizes", model.hidden_sizes or ()
    if model.kept_units is not None:
        kept = _least_kept(dropout, len(model.kept_units))
        widest = (  # never infinite
            min(units / least, MOST_PARAMETERS) if least > 0 else 0
            for units, least in zip(model.kept_units, kept, strict=False)
        )
        key, sizes = "kept_units", tuple(map(round, widest))
    widths = (content.inputs, *sizes, content.classes)
    parameters = sum((before + 1) * after for before, after in pairwise(widths))
    if parameters <= MOST_PARAMETERS:
        return {}
    return {
        ("model", key): about("too_many_parameters", parameters=parameters, limit=MOST_PARAMETERS)
    }


def _least_kept(dropout: Dropout | None, layers: int) -> list[float]:
    """The smallest keep probability of each layer, which makes it widest."""
    if dropout is None:
        return [1.0] * layers
    least = min(dropout.keep_probs or [complement(rate) for rate in dropout.rate_list])
    return [
        least if factor == 1 else 1 - (1 - least) * factor
        for factor in dropout.layer_factors or (1.0,) * layers
    ]


def _mistakes(document: Document, found: Sentences) -> list[errors.Mistake]:
    return [
        document.value_place(path).mistake(errors.at_key(path, sentence))
        for path, sentence in found.items()
    ]


def _section(document: Document, name: str, model: type[S]) -> S | None:
    """A section by itself; None where it has mistakes of its own."""
    data = document.data.get(name, {}) if isinstance(document.data, dict) else None
    try:
        return model.model_validate(data)
    except ValidationError:
        return None
